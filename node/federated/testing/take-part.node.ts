import { join } from 'node:path'
import { chargeUpload } from '../../../federated/privacy/ledger-store.ts'
import { openLedgers } from '../ledgers.node.ts'
import { openRoundStore } from '../round-store.node.ts'
import { openUploadLog } from '../upload-log.node.ts'
import { uploadOf } from './upload-of.ts'

/** For tests: does what a round does with the disk. It keeps its state, pays, writes down, and says that it sent. */
export async function takePart(dir: string, first: number, last: number, sent: (round: number) => void): Promise<void> {
  const ledgers = await openLedgers(join(dir, 'tasks'), 'a device')
  const states = await openRoundStore(join(dir, 'tasks'))
  const log = await openUploadLog(join(dir, 'uploads.log'))
  for (let round = first; round <= last; round++) {
    const bytes = new TextEncoder().encode(`update ${round}`)
    await states.save('a round', bytes)
    const upload = uploadOf(bytes, { at: round, task: 'a task', round, attempt: 0, to: 'another', kind: 'contribution', epsilon: 0.5 })
    await chargeUpload(ledgers, { device: 'a device', task: 'a task', budget: { epsilon: 20, delta: 1e-5 } }, { round, attempt: 0, noiseMultiplier: 4, sampleRate: 1, update: upload.sha256 })
    await log.add(upload)
    sent(round)
  }
}
