import { type Bench, type Context, type Values, numberOf } from './bench.ts'
import { LongRun, type Sample } from './soak/long-run.ts'
import { slopeOf } from './soak/slope.ts'
import { row, type Row } from './report.ts'

/** Of the run, so much is warming up: code is compiled, caches fill, the first checkpoints come. */
const warmUpShare = 0.25

export const soakBench: Bench = {
  name: 'soak',
  about: 'devices in use for an hour, with restarts and cuts: does what they hold grow?',
  options: { quick: { type: 'boolean' }, minutes: { type: 'string' }, devices: { type: 'string' }, live: { type: 'string' }, every: { type: 'string' }, samples: { type: 'string' }, seed: { type: 'string' } },
  help: [
    '--quick            ten seconds: shows that it works, says nothing about growth',
    '--minutes N        (default 60), of which the first quarter warms up, at four times the pace',
    '--devices N        (default 5), --live N memories that each keeps of its own (default 200), --every MS between two acts of each (default 1000)',
    '--samples FILE     appends what each device holds, once a minute, one JSON document a line',
    '--seed N           repeats the choices of an earlier run'
  ],
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  const quick = values['quick'] === true
  const samplesFile = typeof values['samples'] === 'string' ? values['samples'] : undefined
  const [sampleMs, intervals] = quick ? [1000, 10] : [60_000, numberOf(values, 'minutes', 60, 4)]
  const soak = new LongRun(context, {
    devices: numberOf(values, 'devices', quick ? 3 : 5, 2), live: numberOf(values, 'live', quick ? 20 : 200), everyMs: numberOf(values, 'every', quick ? 100 : 1000),
    sampleMs, seed: numberOf(values, 'seed', Math.floor(Math.random() * 2 ** 31), 0), samplesFile
  })
  try {
    await soak.start()
    for (let n = 1; n <= intervals; n++) {
      await soak.interval(n)
      const told = soak.latest().map(({ heapMB, rssMB, handles, fds }) => `${heapMB.toFixed(2)} of ${rssMB.toFixed(0)} MB, ${handles} handles, ${fds} files`)
      context.say(`${n} of ${intervals}: ${told.join(' · ')}`)
      if (n === Math.floor(intervals * warmUpShare)) await soak.warmedUp()
    }
    await soak.compare()
  } finally {
    await soak.stop()
  }
  for (const fault of soak.faults) context.say(`fault: ${fault}`)
  return [...growth(soak.samples, soak.restarted, context), ...[
    row('acknowledged', soak.acknowledged, 'count'), row('restarts', soak.restarts, 'count'), row('cuts', soak.cuts, 'count'),
    row('lost', soak.lost, 'count'), row('faults', soak.faults.size, 'count')
  ]]
}

/** The worst device of those that ran from the beginning to the end. */
function growth(samples: readonly Sample[], restarted: string, context: Context): Row[] {
  const warmAt = Math.max(...samples.map(({ at }) => at)) * warmUpShare
  const perDevice = [...Map.groupBy(samples.filter(({ device, at }) => device !== restarted && at >= warmAt), ({ device }) => device).values()]
  const worst = (name: string, of: (sample: Sample) => number) => {
    const slopes = perDevice.map(own => slopeOf(own.map(sample => ({ at: sample.at, value: of(sample) }))))
    context.say(`${name} per hour: ${slopes.map(({ perHour, error }) => `${perHour.toFixed(2)} ± ${error.toFixed(2)}`).join(', ')}`)
    return Math.max(...slopes.map(({ perHour }) => perHour))
  }
  const edges = (metric: string, unit: string, of: (sample: Sample) => number) =>
    ([['first', 0], ['last', -1]] as const).map(([name, at]) => row(`${metric}_${name}`, Math.max(...perDevice.flatMap(own => own.slice(at).slice(0, 1)).map(of)), unit))
  return [
    row('heap_slope', worst('heap, MB', ({ heapMB }) => heapMB), 'MB/h'),
    row('heap_slope', worst('heap without compiled code, MB', ({ heapMB, codeMB }) => heapMB - codeMB), 'MB/h', 'without compiled code'),
    row('buffers_slope', worst('memory outside the heap, MB', ({ externalMB }) => externalMB), 'MB/h'),
    row('rss_slope', worst('resident memory, MB', ({ rssMB }) => rssMB), 'MB/h'), row('handles_slope', worst('handles', ({ handles }) => handles), 'per h'),
    ...edges('heap', 'MB', ({ heapMB }) => heapMB), ...edges('rss', 'MB', ({ rssMB }) => rssMB),
    ...edges('handles', 'count', ({ handles }) => handles), ...edges('fds', 'count', ({ fds }) => fds),
    row('cpu', Math.max(...perDevice.map(cpuShare)) * 100, '% of a core')
  ]
}

/** CPU time over time, of one device. */
function cpuShare(own: readonly Sample[]): number {
  const [first, last] = [own[0], own.at(-1)]
  return first && last ? (last.cpuMs - first.cpuMs) / ((last.at - first.at) * 3_600_000) : 0
}
