import { join } from 'node:path'
import type { Context } from '../bench.ts'
import { row, type Row } from '../report.ts'
import { measureBurst } from '../sync/burst.ts'
import { measureEdits } from '../sync/edits.ts'
import { measureRejoin } from '../sync/rejoin.ts'
import { Network, type Link } from './network.ts'

export type LanOptions = {
  /** The virtual switch: its program or its source. */
  readonly vswitch: string
  readonly links: readonly Link[]
  /** Links on which a burst and a return are measured too: they take long where the link is slow. */
  readonly full: (link: Link) => boolean
  readonly edits: number
  readonly everyMs: number
  readonly writes: number
}

/** Two devices on every link: edits from both sides; on some links a burst and a return as well. */
export async function measureLan(context: Context, { vswitch, links, full, edits, everyMs, writes }: LanOptions): Promise<Row[]> {
  const rows: Row[] = []
  for (const link of links) {
    const name = caseOf(link)
    const on = async (part: string, measure: (context: Context) => Promise<Row[]>) => {
      const network = await Network.create(vswitch, 2, link)
      try {
        const found = await measure({ ...context, dir: join(context.dir, `${part} ${name}`), placeOf: device => network.placeOf(device) })
        rows.push(...found.map(each => row(each.metric, each.value, each.unit, each.case === undefined || each.case === '2' ? name : `${name}, ${each.case}`)))
      } finally {
        network.close()
      }
    }
    context.say(`${name}:`)
    await on('edits', inPlace => measureEdits(inPlace, { devices: 2, edits, everyMs, runs: 1 }))
    if (!full(link)) continue
    await on('burst', inPlace => measureBurst(inPlace, { writes, concurrency: 256, runs: 1 }))
    await on('rejoin', inPlace => measureRejoin(inPlace, { writes, runs: 1 }))
  }
  return rows
}

export function caseOf({ rttMs, lossPercent, rateMbit }: Link): string {
  return `${rttMs} ms, ${lossPercent} %, ${rateMbit} Mbit/s`
}
