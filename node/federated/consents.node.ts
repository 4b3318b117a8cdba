import { Consents } from './consents.ts'
import { openTaskFiles } from './task-files.node.ts'

/** A task that lists as many devices as it may. */
const maxConsentBytes = 256 * 1024

/** In files of `dir`. @throws KinmeshError `StoreFailed` */
export async function openConsents(dir: string, clock: () => number): Promise<Consents> {
  const files = await openTaskFiles(dir, { kind: 'consent', maxBytes: maxConsentBytes })
  const [encoder, decoder] = [new TextEncoder(), new TextDecoder()]
  return new Consents({
    read: async task => {
      const bytes = await files.read(task)
      return bytes && decoder.decode(bytes)
    },
    write: (task, text) => files.write(task, encoder.encode(text)),
    all: async () => (await files.all()).map(bytes => decoder.decode(bytes))
  }, clock)
}
