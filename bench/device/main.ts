import { isKinmeshError } from '../../mesh/errors.ts'
import { BenchDevice } from './bench-device.ts'
import type { Answer, Ask, Said } from './calls.ts'

// One device in a process of its own: what `kinmesh up` runs, driven over the pipe to the bench instead of HTTP.

const tell = (said: Said): void => {
  process.send?.(said)
}
const device = new BenchDevice(ack => tell({ ack }))

process.on('message', (ask: Ask) => {
  void answer(ask).then(tell)
})
// The bench is gone: so is this.
process.on('disconnect', () => process.exit())

async function answer({ call, n, args }: Ask): Promise<Answer> {
  try {
    const work = device[call].bind(device) as (...args: unknown[]) => Promise<unknown>
    return { n, result: await work(...args) }
  } catch (error) {
    return { n, error: isKinmeshError(error) ? `${error.code}: ${error.message}` : error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
