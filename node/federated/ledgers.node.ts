import { createLedgerStore, type LedgerStore } from '../../federated/privacy/ledger-store.ts'
import { maxCharges } from '../../federated/privacy/ledger.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { openTaskFiles } from './task-files.node.ts'

/** A charge has about 200 characters. */
const maxLedgerBytes = 400 * maxCharges

/**
 * The privacy ledgers of this device, a file for each task in `dir`; durable when a change resolves, so that a crash may waste budget and never exceeds it.
 * @throws KinmeshError `StoreFailed`
 */
export async function openLedgers(dir: string, device: DeviceId): Promise<LedgerStore> {
  const files = await openTaskFiles(dir, { kind: 'ledger', maxBytes: maxLedgerBytes })
  const [encoder, decoder] = [new TextEncoder(), new TextDecoder()]
  return createLedgerStore(device, {
    // Bytes that are no text become a text that is no ledger, and are told as damaged with the rest.
    read: async task => {
      const bytes = await files.read(task)
      return bytes && decoder.decode(bytes)
    },
    write: (task, text) => files.write(task, encoder.encode(text))
  })
}
