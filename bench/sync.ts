import { type Bench, type Context, UsageError, type Values, listOf, numberOf, sizesOf } from './bench.ts'
import { measureLan } from './lan/matrix.ts'
import { compare, compareParts, compareSubjects } from './peers/compare.ts'
import type { Row } from './report.ts'
import { measureBurst } from './sync/burst.ts'
import { measureEdits, measureRelayed } from './sync/edits.ts'
import { measureLarge } from './sync/large.ts'
import { measureRejoin } from './sync/rejoin.ts'

const parts = ['edits', 'relay', 'burst', 'rejoin', 'large'] as const
/** A person's pace is slower still; twice the usual edits a second of a fast typist. */
const defaultEveryMs = 20
/** With --peers: half the pace of `sync`, so that 1,000 edits, which also tell the bytes of one, take no longer. */
const peersEveryMs = 10
/** What a peer may take for one part before it is left out: the whole must end in minutes. */
const peersPatienceMs = 45_000
/** On a link that loses packets, edits that follow closely repair one another; apart like this each has to get through by itself. */
const lanEveryMs = 100

export const syncBench: Bench = {
  name: 'sync',
  about: 'edit → visible, bursts, rejoining, cold join, restart and memory, between devices in processes of their own',
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    runs: { type: 'string' },
    edits: { type: 'string' },
    every: { type: 'string' },
    devices: { type: 'string' },
    writes: { type: 'string' },
    concurrency: { type: 'string' },
    offline: { type: 'string' },
    sizes: { type: 'string' },
    peers: { type: 'boolean' },
    lan: { type: 'boolean' },
    vswitch: { type: 'string' },
    rtt: { type: 'string' },
    loss: { type: 'string' },
    rate: { type: 'string' }
  },
  help: [
    '--quick            tiny numbers: shows that it works, says nothing about speed',
    `--only LIST        of ${parts.join(', ')}`,
    '--runs N           of each part (default 3; rejoin 5)',
    '--edits N          edits per run (default 500), --every MS between them (default 20), --devices LIST (default 2,5)',
    '--writes N         of the burst (default 10000), --concurrency N writers (default 256)',
    '--offline N        writes that the device which rejoins has missed (default 1000)',
    '--sizes LIST       memories of the large meshes (default 10k,100k)',
    `--peers            the same work beside other systems instead; --only then takes parts (${compareParts.join(', ')}) and systems (${compareSubjects.join(', ')})`,
    '--lan              on slow and lossy links instead, in network namespaces: needs root, iproute2 and --vswitch FILE, the virtual switch or its C source',
    '                   --rtt LIST of ms (default 20,100,300), --loss LIST of % (default 0,1,3), --rate LIST of Mbit/s (default 1,20);',
    '                   --edits N per link (default 500), --every MS (default 100), --writes N of burst and return (default 1000)'
  ],
  sectionOf: values => (values['lan'] === true ? 'sync --lan' : values['peers'] === true ? 'sync --peers' : 'sync'),
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  if (values['peers'] === true) return runPeers(values, context)
  if (values['lan'] === true) return runLan(values, context)
  const quick = values['quick'] === true
  const wanted = listOf(values, 'only', parts)
  const unknown = wanted.find(each => !(parts as readonly string[]).includes(each))
  if (unknown !== undefined) throw new UsageError(`--only knows ${parts.join(', ')}, not "${unknown}"`)
  const runs = numberOf(values, 'runs', quick ? 1 : 3)
  const edits = numberOf(values, 'edits', quick ? 20 : 500)
  const everyMs = numberOf(values, 'every', defaultEveryMs)
  const devices = listOf(values, 'devices', quick ? ['2'] : ['2', '5']).map(each => numberOf({ devices: each }, 'devices', 2, 2))
  const sizes = sizesOf(values, quick)
  const rows: Row[] = []
  if (wanted.includes('edits')) for (const size of devices) rows.push(...(await measureEdits(context, { devices: size, edits, everyMs, runs })))
  if (wanted.includes('relay')) rows.push(...(await measureRelayed(context, { edits, everyMs, runs })))
  if (wanted.includes('burst')) rows.push(...(await measureBurst(context, { writes: numberOf(values, 'writes', quick ? 200 : 10_000), concurrency: numberOf(values, 'concurrency', quick ? 16 : 256), runs })))
  if (wanted.includes('rejoin')) rows.push(...(await measureRejoin(context, { writes: numberOf(values, 'offline', quick ? 30 : 1000), runs: numberOf(values, 'runs', quick ? 1 : 5) })))
  if (wanted.includes('large')) for (const { label, memories } of sizes) rows.push(...(await measureLarge(context, { memories, label, runs })))
  return rows
}

function runLan(values: Values, context: Context): Promise<Row[]> {
  const { vswitch } = values
  if (typeof vswitch !== 'string') throw new UsageError('--lan needs --vswitch FILE: the virtual switch, or its source in C')
  const quick = values['quick'] === true
  const numbers = (name: string, otherwise: string[]) => listOf(values, name, otherwise).map(each => numberOf({ [name]: each }, name, 0, 0))
  const links = numbers('rtt', quick ? ['20'] : ['20', '100', '300']).flatMap(rttMs =>
    numbers('loss', quick ? ['1'] : ['0', '1', '3']).flatMap(lossPercent => numbers('rate', quick ? ['20'] : ['1', '20']).map(rateMbit => ({ rttMs, lossPercent, rateMbit }))))
  return measureLan(context, {
    vswitch, links,
    // What a slow link does to a burst is its rate; what loss and delay do shows where the rate is no limit.
    full: ({ rateMbit, lossPercent }) => !quick && rateMbit > 1 && lossPercent < 3,
    edits: numberOf(values, 'edits', quick ? 20 : 500), everyMs: numberOf(values, 'every', lanEveryMs), writes: numberOf(values, 'writes', 1000)
  })
}

function runPeers(values: Values, context: Context): Promise<Row[]> {
  const quick = values['quick'] === true
  const known: readonly string[] = [...compareParts, ...compareSubjects]
  const only = listOf(values, 'only', [])
  const unknown = only.find(each => !known.includes(each))
  if (unknown !== undefined) throw new UsageError(`--only knows ${known.join(', ')} with --peers, not "${unknown}"`)
  return compare(context, {
    only, edits: numberOf(values, 'edits', quick ? 20 : 1000), everyMs: numberOf(values, 'every', peersEveryMs),
    writes: numberOf(values, 'writes', quick ? 200 : 10_000), concurrency: numberOf(values, 'concurrency', quick ? 16 : 256), killAfter: quick ? 50 : 1000,
    sizes: sizesOf(values, quick), runs: numberOf(values, 'runs', quick ? 1 : 3), patienceMs: peersPatienceMs
  })
}
