import { join } from 'node:path'
import { type Bench, type Context, type Values, numberOf } from './bench.ts'
import { Network } from './lan/network.ts'
import { row, type Row } from './report.ts'
import { quantile, spread } from './statistics.ts'
import { measureWake, type Fate, type WakeOptions } from './wake/sleeper.ts'

/** RTT of the links that a device with --vswitch wakes on, in ms. */
const rtts = [0, 100] as const

export const wakeBench: Bench = {
  name: 'wake',
  about: 'a device that slept for half an hour: how soon is it in sync?',
  options: { quick: { type: 'boolean' }, runs: { type: 'string' }, minutes: { type: 'string' }, writes: { type: 'string' }, vswitch: { type: 'string' } },
  help: [
    '--quick            once, with few writes',
    '--runs N           of each case (default 5), --minutes N asleep (default 30), --writes N of the other device meanwhile (default 100)',
    '--vswitch FILE     also in network namespaces, with cables that are out and addresses that change: the virtual switch or its C source; needs root'
  ],
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  const quick = values['quick'] === true
  const options = { sleptMs: numberOf(values, 'minutes', 30) * 60_000, writes: numberOf(values, 'writes', quick ? 10 : 100), runs: numberOf(values, 'runs', quick ? 1 : 5) }
  const { vswitch } = values
  if (typeof vswitch === 'string') Network.check(vswitch)
  const rows: Row[] = []
  const measure = async (context: Context, fate: Fate) => void rows.push(...(await oneCase(context, fate, options)))
  await measure(context, { name: 'the connection held', asleep: async () => undefined, waking: () => undefined })
  await measure(context, { name: 'the other side gave up', asleep: drop => drop(), waking: () => undefined })
  if (typeof vswitch !== 'string') return rows
  for (const rttMs of rtts) {
    for (const fateOf of [unnoticed, unheard, moved]) {
      const network = await Network.create(vswitch, 2, { rttMs, lossPercent: 0, rateMbit: 0 })
      try {
        await measure({ ...context, placeOf: name => ({ ...network.placeOf(name), host: '0.0.0.0' }) }, fateOf(network, rttMs))
      } finally {
        network.close()
      }
    }
  }
  return rows
}

/** Nothing came through, and both sides take the connection for a good one: the other side repeats what it sent, ever more seldom. */
function unnoticed(network: Network, rttMs: number): Fate {
  return { name: `nobody noticed, ${rttMs} ms`, asleep: async () => network.plug('sleeper', false), waking: () => network.plug('sleeper', true) }
}

/** The other side gave up, and the sleeper did not hear of it: it holds a connection that nobody else knows of. */
function unheard(network: Network, rttMs: number): Fate {
  return {
    name: `half open, ${rttMs} ms`,
    async asleep(drop) {
      network.plug('sleeper', false)
      await drop()
    },
    waking: () => network.plug('sleeper', true)
  }
}

/** It wakes on another network: what it sends over its old connection goes nowhere, and nothing tells it so. */
function moved(network: Network, rttMs: number): Fate {
  return {
    name: `another address, ${rttMs} ms`,
    asleep: async () => network.plug('sleeper', false),
    waking: () => {
      network.move('sleeper')
      network.plug('sleeper', true)
    }
  }
}

async function oneCase(context: Context, fate: Fate, options: WakeOptions): Promise<Row[]> {
  const times = await measureWake({ ...context, dir: join(context.dir, fate.name) }, fate, options)
  context.say(`${fate.name}: in sync ${spread(times)} ms after waking`)
  return [row('wake_synced_p50', quantile(times, 0.5), 'ms', fate.name), row('wake_synced_worst', Math.max(...times), 'ms', fate.name)]
}
