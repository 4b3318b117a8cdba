import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Experiment, checkExperiment } from '../federated/simulation/experiment.ts'
import type { LocalTerms } from '../federated/simulation/local-task.ts'
import { simulate } from '../federated/simulation/simulate.ts'
import { split, type Split } from '../federated/simulation/splits.ts'
import { type LearnerPool, openLearnerPool } from '../node/simulation/learner-pool.node.ts'
import type { Counted } from '../node/simulation/learner.ts'
import { readStarter, type StarterTerms } from '../node/simulation/starter.node.ts'
import { type Context, UsageError, type Values } from './bench.ts'
import { row, type Row } from './report.ts'

const starterModel = join(import.meta.dirname, '..', 'node', 'starter', 'model')

type Options = { readonly seed: number; readonly threads: number }

/** With the model of --model, or else the starter model; that one not in a quick run. */
export async function centralisedRows(values: Values, { seed, threads }: Options, say: Context['say']): Promise<Row[]> {
  const [given, quick] = [values['model'], values['quick'] === true]
  const model = typeof given === 'string' ? resolve(given) : starterModel
  if (existsSync(join(model, 'model.onnx'))) return given === undefined && quick ? [] : measured(model, experimentOf(seed, quick), threads, say)
  if (given !== undefined) throw new UsageError(`there is no converted model in ${model}: give one with --model, made by kinmesh model convert`)
  say('without centralised_share, which needs --model DIR as long as no starter model is there')
  return []
}

/** Ten users, all of whom take part in every round. */
function experimentOf(seed: number, quick: boolean): Experiment & StarterTerms {
  const { adapter, users, ...rest } = checkExperiment({
    task: 'starter', seed, rounds: quick ? 2 : 10, clients: quick ? 3 : 10, split: { kind: 'by-speaker' }, users: quick ? { examples: 6, heldOut: 2 } : { examples: 24, heldOut: 8 },
    local: { batch: 8, rate: 0.01, optimizer: { name: 'adamw', decay: 0 } }
  })
  return { ...rest, adapter: adapter!, users: users! }
}

/**
 * How much of what one adapter learns from everybody's texts in one place the same adapter learns by rounds, and what each device learns alone: in nats, over what all users have held out. Each way goes as often through the
 * texts, in as many steps one after the other. In one place a step takes a batch as large as those of all users together; alone each user's loss is that of its own adapter on its own texts.
 */
async function measured(model: string, experiment: Experiment & StarterTerms, threads: number, say: Context['say']): Promise<Row[]> {
  const { clients, rounds, local, seed } = experiment
  const { learning } = await readStarter(model, experiment)
  const own = split(experiment.split, learning.training, clients, seed)
  const epochs = rounds * local.epochs
  const open = (terms: LocalTerms, divided: Split) => openLearnerPool({ ...learning, local: terms }, divided, { threads: Math.min(threads, clients), seed })
  const federated = await used(await open(local, own), async pool => {
    const before = await parts(pool, clients, () => pool.start())
    const { parameters } = await simulate({ ...experiment, assessEvery: rounds }, pool, { onRound: ({ round, trainLoss }) => say(`federated: round ${round} of ${rounds}, training loss ${trainLoss}`) })
    return { before, after: await parts(pool, clients, () => parameters) }
  })
  say('in one place …')
  const everything = [Int32Array.from({ length: learning.training.count }, (_, at) => at)]
  const central = await used(await open({ ...local, epochs, batch: local.batch! * clients }, everything), async pool => {
    const parameters = await trained(pool, 0, seed)
    return parts(pool, clients, () => parameters)
  })
  say('each alone …')
  const alone = await used(await open({ ...local, epochs }, own), async pool => {
    const adapters = await Promise.all(own.map((_, user) => trained(pool, user, seed)))
    const onAll = await Promise.all(adapters.map(async adapter => meanOf(await parts(pool, clients, () => adapter))))
    return { own: await parts(pool, clients, user => adapters[user]!), onAll: onAll.reduce((sum, each) => sum + each, 0) / clients }
  })
  const before = meanOf(federated.before)
  const gain = { federated: before - meanOf(federated.after), centralised: before - meanOf(central), alone: before - meanOf(alone.own), 'alone, on the texts of all': before - alone.onAll }
  return [
    row('centralised_share', gain.federated / gain.centralised, 'share'),
    row('holdout_loss', before, 'nats', 'before'),
    ...Object.entries(gain).map(([name, nats]) => row('holdout_gain', nats, 'nats', name))
  ]
}

async function used<T>(pool: LearnerPool, use: (pool: LearnerPool) => Promise<T>): Promise<T> {
  try {
    return await use(pool)
  } finally {
    await pool.close()
  }
}

async function trained(pool: LearnerPool, client: number, seed: number): Promise<Float32Array> {
  const start = pool.start()
  const { delta } = await pool.train({ client, seed, parameters: start })
  return start.map((value, at) => value + delta[at]!)
}

/** What each user has held out, through the adapter that is given for it. */
function parts(pool: LearnerPool, users: number, adapterOf: (user: number) => Float32Array): Promise<Counted[]> {
  return Promise.all(Array.from({ length: users }, (_, user) => pool.assessPart(adapterOf(user), user)))
}

/** Over the labels of all. */
function meanOf(counted: readonly Counted[]): number {
  return counted.reduce((sum, { loss }) => sum + loss, 0) / counted.reduce((sum, { labels }) => sum + labels, 0)
}
