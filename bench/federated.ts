import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { checkExperiment, type ExperimentInput } from '../federated/simulation/experiment.ts'
import { simulate, type Simulated } from '../federated/simulation/simulate.ts'
import { openTask } from '../node/simulation/open-task.node.ts'
import { centralisedRows } from './federated-centralised.ts'
import { roundParts, roundRows } from './federated/rounds.ts'
import { type Bench, type Context, listOf, numberOf, UsageError, type Values } from './bench.ts'
import { row, type Row } from './report.ts'

/** As McMahan et al. 2017 (arXiv:1602.05629), table 2: 100 clients, C = 0.1, E = 1, B = 10. The rate was chosen among 0.05 and 0.1 for inputs in deviations from their mean. */
const mnist: Omit<ExperimentInput, 'local' | 'rounds'> = { task: 'mnist-2nn', target: 0.97, clients: 100, fraction: 0.1 }
const cases: Readonly<Record<string, ExperimentInput>> = {
  'iid': { ...mnist, rounds: 100, local: { batch: 10, rate: 0.1 } },
  'non-iid': { ...mnist, rounds: 500, split: { kind: 'pathological', shards: 2 }, local: { batch: 10, rate: 0.1 } }
}
const manyRounds = 10

export const federatedBench: Bench = {
  name: 'federated',
  about: 'learning together: rounds between devices in processes of their own; simulated: until MNIST is known, how much of the gain of one place rounds have, and how many participants one machine simulates',
  options: {
    'data': { type: 'string' }, 'quick': { type: 'boolean' }, 'only': { type: 'string' }, 'seed': { type: 'string' }, 'threads': { type: 'string' }, 'model': { type: 'string' }, 'participants': { type: 'string' }, 'runs': { type: 'string' }
  },
  help: [
    '--data DIR          folder that holds mnist/ with the four files of MNIST (.gz); without it only what needs no data',
    `--only LIST         of ${[...roundParts, ...Object.keys(cases)].join(', ')}, centralised, participants (default: all); --quick: small updates, a hundred participants and two rounds of MNIST`,
    '--runs N            rounds of each case between devices (default 7)',
    '--model DIR         a converted model that ten users learn beside, together, in one place and alone (default: the starter model)',
    '--seed N (default 1), --threads N (default: the cores), --participants LIST (default 1000,10000)'
  ],
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  const { say } = context
  const quick = values['quick'] === true
  const parts = [...roundParts, ...Object.keys(cases), 'centralised', 'participants']
  const only = listOf(values, 'only', parts)
  const unknown = only.find(each => !parts.includes(each))
  if (unknown !== undefined) throw new UsageError(`--only takes ${parts.join(', ')}, not "${unknown}"`)
  const options = { data: typeof values['data'] === 'string' ? resolve(values['data']) : undefined, threads: numberOf(values, 'threads', availableParallelism()) }
  if (options.data === undefined && Object.keys(cases).some(each => only.includes(each))) say('without the cases of MNIST, which need --data DIR')
  const seed = numberOf(values, 'seed', 1, 0)
  const runs = numberOf(values, 'runs', quick ? 1 : 7)
  const participants = listOf(values, 'participants', quick ? ['100'] : ['1000', '10000']).map(participantsOf)
  const rows: Row[] = []
  for (const part of roundParts) if (only.includes(part)) rows.push(...(await roundRows(part, context, { quick, runs })))
  for (const [name, experiment] of Object.entries(cases).filter(([name]) => options.data !== undefined && only.includes(name))) {
    const { simulated: { reached, records }, seconds } = await timed({ ...experiment, seed, ...(quick && { rounds: 2 }) }, options, say, name)
    const { accuracy } = records.at(-1)!
    if (reached === null && !quick) say(`${name}: ${accuracy} after ${records.length - 1} rounds, and no row for it`)
    if (reached !== null) rows.push(row('rounds_to_97', reached, 'count', name), row('seconds_to_97', seconds, 's', name))
    if (quick) rows.push(row('accuracy_of_2_rounds', accuracy ?? 0, 'share', name))
    rows.push(row('simulated_round', (1000 * seconds) / (records.length - 1), 'ms', name))
  }
  if (only.includes('centralised')) rows.push(...(await centralisedRows(values, { seed, threads: options.threads }, say)))
  if (!only.includes('participants')) return rows
  for (const clients of participants) {
    const { seconds } = await timed({ task: 'synthetic', rounds: manyRounds, clients, seed, split: { kind: 'by-speaker' }, local: { batch: 10, rate: 0.1 } }, options, say, `${clients} participants`)
    rows.push(row('simulated_10_rounds', seconds, 's', `${clients} participants`))
  }
  return rows
}

function participantsOf(text: string): number {
  const clients = Number(text)
  if (!(Number.isInteger(clients) && clients > 0)) throw new UsageError(`--participants takes whole numbers above 0, not "${text}"`)
  return clients
}

/** `seconds`: from the first round to the end of the last, assessment included; reading the data and starting threads is not. */
async function timed(given: ExperimentInput, options: { readonly data: string | undefined; readonly threads: number }, say: Context['say'], what: string): Promise<{ simulated: Simulated; seconds: number }> {
  const experiment = checkExperiment(given)
  const { task } = await openTask(experiment, options)
  try {
    const [from, processor] = [performance.now(), process.cpuUsage()]
    const simulated = await simulate(experiment, task, { onRound: ({ round, accuracy }) => { if (round % 10 === 0) say(`${what}: round ${round}, accuracy ${accuracy}`) } })
    const seconds = (performance.now() - from) / 1000
    const { user, system } = process.cpuUsage(processor)
    say(`${what}: ${seconds.toFixed(1)} s, of which the processor worked ${((user + system) / 1e6).toFixed(1)} s`)
    return { simulated, seconds }
  } finally {
    await task.close()
  }
}
