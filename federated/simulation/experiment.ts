import * as v from 'valibot'
import { KinmeshError } from '../../mesh/errors.ts'
import { nearest } from '../../mesh/nearest.ts'
import { defaultLoraMethod, loraMethod, loraMethodNames } from '../aggregation/lora-methods.ts'
import { robustRule, robustRuleNames } from '../aggregation/robust.ts'
import { serverOptimizer, serverOptimizerNames } from '../aggregation/server-optimizer.ts'
import { clipNormBounds } from '../privacy/clip.ts'
import { deltaBounds, noiseMultiplierBounds } from '../privacy/terms.ts'

// experiment.json: what a simulation does, all of it. Strict: a misspelt key is refused by name, with the one that may have been meant.

/** Of experiment.json. A trace of 10,000 clients over 100 rounds is smaller. */
export const maxExperimentBytes = 16 * 1024 * 1024
export const maxClients = 100_000
const maxCount = 1e6
/** Errors that are told at once; the rest follows when these are mended. */
const maxTold = 5

const whole = (least: number, most = maxCount) => v.pipe(v.number(), v.integer('a whole number'), v.minValue(least, `${least} at least`), v.maxValue(most, `${most} at most`))
const within = (least: number, most: number) => v.pipe(v.number(), v.minValue(least, `${least} at least`), v.maxValue(most, `${most} at most`))
const positive = (most = maxCount) => v.pipe(v.number(), v.check(value => value > 0, 'a number above 0'), v.maxValue(most, `${most} at most`))
const oneOf = <const T extends string>(names: readonly T[]) => v.picklist(names, ({ input, received }) => `${received} is none of ${names.join(', ')}${meant(input, names)}`)
const options = v.optional(v.record(v.string(), v.number()), {})

/** An object of these keys and no others. */
function section<const T extends v.ObjectEntries>(entries: T) {
  return v.strictObject(entries, ({ expected, received, input }) => {
    if (expected === 'never') return `there is no such key${meant(input, Object.keys(entries)) || `: there are ${Object.keys(entries).join(', ')}`}`
    return expected === 'Object' ? `an object, not ${received}` : 'this key is missing'
  })
}

function meant(given: unknown, names: readonly string[]): string {
  const found = typeof given === 'string' ? nearest(given, names) : undefined
  return found === undefined ? '' : `; did you mean "${found}"?`
}

/** Objects that say by one key what the others are. */
const kinds = <const T extends v.VariantOptions<'kind'>>(all: T, names: readonly string[]) => v.variant('kind', all, ({ input, received, path }) => kindProblem('kind', names, input, received, path))
const named = <const T extends v.VariantOptions<'name'>>(all: T, names: readonly string[]) => v.variant('name', all, ({ input, received, path }) => kindProblem('name', names, input, received, path))

function kindProblem(key: string, names: readonly string[], input: unknown, received: string, path: unknown): string {
  return path === undefined ? `an object with "${key}", one of ${names.join(', ')}, not ${received}` : `${received} is none of ${names.join(', ')}${meant(input, names)}`
}

const splitSchema = kinds([
  section({ kind: v.literal('iid') }),
  section({ kind: v.literal('pathological'), shards: v.optional(whole(1, 1000), 2) }),
  section({ kind: v.literal('dirichlet'), alpha: v.optional(positive(1e4), 0.5), minExamples: v.optional(whole(1), 1) }),
  section({ kind: v.literal('by-speaker'), minExamples: v.optional(whole(1), 1) })
], ['iid', 'pathological', 'dirichlet', 'by-speaker'])

const localSchema = section({
  /** E */
  epochs: v.optional(whole(1, 1000), 1),
  /** B; null: all that a client has in one step. */
  batch: v.nullable(whole(1, 10_000)),
  optimizer: v.optional(named([
    section({ name: v.literal('sgd'), momentum: v.optional(v.pipe(within(0, 1), v.check(value => value < 1, 'below 1')), 0) }),
    section({ name: v.literal('adamw'), decay: v.optional(within(0, 10), 0.01) })
  ], ['sgd', 'adamw']), { name: 'sgd' }),
  rate: positive(1e3),
  /** mu of FedProx. */
  proximal: v.optional(within(0, 1e6), 0)
})

const clockSchema = section({
  medianSeconds: v.optional(within(0, 1e9), 1),
  spread: v.optional(within(0, 10), 0),
  jitter: v.optional(within(0, 10), 0),
  dropout: v.optional(within(0, 1), 0),
  deadlineSeconds: v.optional(v.nullable(positive(1e9)), null),
  quorum: v.optional(within(0, 1), 0),
  trace: v.optional(v.pipe(v.array(section({ round: whole(1), client: whole(0), drops: v.optional(v.boolean()), seconds: v.optional(within(0, 1e9)) })), v.maxLength(maxCount, `${maxCount} entries at most`)), [])
})

const privacySchema = section({
  clipNorm: within(clipNormBounds.least, clipNormBounds.most),
  noiseMultiplier: within(noiseMultiplierBounds.least, noiseMultiplierBounds.most),
  noiseIn: v.optional(oneOf(['sum', 'each']), 'sum'),
  delta: v.optional(within(deltaBounds.least, deltaBounds.most), 1e-5),
  /** Goes on where the noise is longer than what is learned, which is refused else. */
  evenIfDrowned: v.optional(v.boolean(), false)
})

/** Of the task that learns an adapter beside a model. */
const adapterSchema = section({ rank: v.optional(whole(1, 256), 8), alpha: v.optional(positive(1e4), 16) })

/** What becomes of the adapters of a round. */
const aggregationSchema = oneOf(loraMethodNames)

/** What stays with each client of what it learned (aggregation/personal.ts): `shared-a`, its B; `shared-b`, its A; `mixed`, an adapter that it learns alone beside the one of all, and uses with it, `share` of all's. */
const personalSchema = kinds([
  section({ kind: v.literal('shared-a') }),
  section({ kind: v.literal('shared-b') }),
  section({ kind: v.literal('mixed'), share: v.optional(within(0, 1), 0.5) })
], ['shared-a', 'shared-b', 'mixed'])

/** How its users differ, each of whom is a speaker. */
const usersSchema = section({
  /** Conversations of each to learn from, and held out. */
  examples: v.optional(whole(1, 10_000), 40),
  heldOut: v.optional(whole(1, 1000), 10),
  /** Of the Dirichlet distribution that each user's shares of topics are drawn from: the smaller, the fewer things a user talks of. */
  topics: v.optional(positive(1e4), 0.5),
  /** Ways in which users like to be answered; who has which goes round. */
  styles: v.optional(whole(1, 8), 4)
})

/** Their models tell how likely what comes next is, and not what is most likely. */
const withoutAccuracy: readonly string[] = ['shakespeare', 'starter']
export const taskNames = ['mnist-2nn', 'mnist-cnn', 'shakespeare', 'synthetic', 'starter', 'layers-model'] as const

export const experimentSchema = section({
  task: oneOf(taskNames),
  /** The folder that holds mnist/ and text/. */
  data: v.optional(v.string()),
  /** The folder of the model that is learned beside. */
  model: v.optional(v.string()),
  adapter: v.optional(adapterSchema),
  aggregation: v.optional(aggregationSchema),
  personal: v.optional(personalSchema),
  users: v.optional(usersSchema),
  seed: v.optional(whole(0, 0xffff_ffff), 1),
  rounds: whole(1),
  /** Ends with the first round of this accuracy. */
  target: v.optional(v.nullable(within(0, 1)), null),
  /** Rounds from one assessment of the shared parameters to the next. */
  assessEvery: v.optional(whole(1), 1),
  /** K */
  clients: whole(1, maxClients),
  /** C: share of the clients that each round invites, one at least. */
  fraction: v.optional(v.pipe(within(0, 1)), 1),
  local: localSchema,
  server: v.optional(section({ name: v.optional(oneOf(serverOptimizerNames), 'fedavg'), options }), {}),
  split: v.optional(splitSchema, { kind: 'iid' }),
  clock: v.optional(clockSchema, {}),
  compression: v.optional(v.nullable(named([section({ name: v.literal('int8') }), section({ name: v.literal('top-k'), share: v.pipe(positive(1)) })], ['int8', 'top-k'])), null),
  robust: v.optional(v.nullable(section({ name: oneOf(robustRuleNames), options })), null),
  privacy: v.optional(v.nullable(privacySchema), null),
  /** More examples than these weigh no more. */
  maxExamples: v.optional(whole(1, 1e6), 1e6),
  /** Largest magnitude of one value of a contribution. */
  maxAbs: v.optional(positive(1e9), 1e3)
})

export type Experiment = v.InferOutput<typeof experimentSchema>
export type AdapterTerms = v.InferOutput<typeof adapterSchema>
export type PersonalTerms = v.InferOutput<typeof personalSchema>
export type UsersTerms = v.InferOutput<typeof usersSchema>
/** As it may be written: what has a default may be left out. */
export type ExperimentInput = v.InferInput<typeof experimentSchema>

/** `text`: of experiment.json. @throws as `checkExperiment` */
export function readExperiment(text: string): Experiment {
  if (text.length > maxExperimentBytes) throw badExperiment(`it is longer than ${maxExperimentBytes} characters`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw badExperiment(`it is no JSON (${cause instanceof Error ? cause.message : String(cause)})`, cause)
  }
  return checkExperiment(json)
}

/** With its defaults. @throws KinmeshError `BadExperiment` naming each key that is wrong; `BadAggregationOption` · `TooFewContributions` of what it would average with */
export function checkExperiment(given: unknown): Experiment {
  const result = v.safeParse(experimentSchema, given)
  if (!result.success) {
    const problems = result.issues.map(issue => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`)
    const rest = problems.length - maxTold
    throw badExperiment(`${problems.slice(0, maxTold).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`)
  }
  const experiment = result.output.task === 'starter' ? withStarterDefaults(result.output) : result.output
  checkTogether(experiment)
  return experiment
}

function withStarterDefaults(given: Experiment): Experiment {
  const { adapter = v.parse(adapterSchema, {}), users = v.parse(usersSchema, {}), personal, aggregation } = given
  return { ...given, adapter, users, ...(isDivided(personal) ? {} : { aggregation: aggregation ?? defaultLoraMethod }) }
}

/** One matrix of the adapter goes round, and is averaged by itself: no method makes one adapter of several. */
function isDivided(personal: PersonalTerms | undefined): boolean {
  return personal !== undefined && personal.kind !== 'mixed'
}

/** Clients of a round. */
export function cohortSize({ clients, fraction }: Experiment): number {
  return Math.max(1, Math.round(clients * fraction))
}

/** Contributions without which a round has no result. */
export function quorumOf(experiment: Experiment): number {
  return Math.max(1, Math.ceil(experiment.clock.quorum * cohortSize(experiment)))
}

/** What each key allows by itself, and not beside another one. */
function checkTogether(experiment: Experiment): void {
  const { task, target, privacy, compression, robust, server, clock, clients, rounds, personal, split, aggregation } = experiment
  if (privacy && compression) throw badExperiment('compression: keeps what it lost for the next round, so that an update is longer than privacy.clipNorm: leave out one of both')
  if (privacy?.noiseIn === 'sum' && robust) throw badExperiment('robust: looks at each contribution, and with privacy.noiseIn "sum" nobody may: choose "each", or leave it out')
  for (const [at, { client, round }] of clock.trace.entries()) {
    if (client >= clients) throw badExperiment(`clock.trace.${at}.client: there is no client ${client}: they are 0 to ${clients - 1}`)
    if (round > rounds) throw badExperiment(`clock.trace.${at}.round: there is no round ${round}: there are ${rounds}`)
  }
  const stray = task === 'starter' ? undefined : (['adapter', 'aggregation', 'personal', 'users', 'model'] as const).find(key => experiment[key] !== undefined && !(key === 'model' && task === 'layers-model'))
  if (stray !== undefined) throw badExperiment(`${stray}: ${stray === 'model' ? 'only starter and layers-model learn from one' : 'only the task starter has one'}: leave it out`)
  if (target !== null && withoutAccuracy.includes(task)) throw badExperiment(`target: ${task} has a loss and no accuracy: leave it out`)
  if (personal && split.kind !== 'by-speaker') throw badExperiment('personal: each client is one user, which the split "by-speaker" alone sees to: take that one')
  if (isDivided(personal) && aggregation !== undefined) throw badExperiment(`aggregation: beside "personal": "${personal?.kind}" one matrix is averaged by itself: leave it out`)
  if (personal?.kind === 'mixed' && aggregation !== defaultLoraMethod) throw badExperiment(`aggregation: beside "personal": "mixed" it is ${defaultLoraMethod}, whose A is the same for all: change one of both`)
  serverOptimizer(server.name, server.options)
  checkAggregation(experiment)
  // Told by what averages, before anything is trained.
  if (robust) robustRule(robust.name).apply(Array.from({ length: cohortSize(experiment) }, (_, at) => ({ participant: String(at), weight: 1, values: Float32Array.of(0) })), robust.options)
}

/** A method that does not add up values goes with nothing that takes its result for the mean of what was sent. A robust rule is a method by itself, in the place of `ffa`. */
function checkAggregation({ aggregation = defaultLoraMethod, server, compression, robust, privacy }: Experiment): void {
  if (robust && aggregation !== defaultLoraMethod) throw badExperiment(`robust: beside "aggregation": "${aggregation}" it is none, as it is a method by itself: change one of both`)
  if (loraMethod(aggregation).maskable) return
  const problems = { server: server.name !== 'fedavg' && 'fedavg, as the numbers of two rounds do not belong together', compression: compression && 'none, as what is left over belongs to other numbers', privacy: privacy && 'none, as noise is for a sum of values' }
  for (const [key, problem] of Object.entries(problems)) if (problem) throw badExperiment(`${key}: beside "aggregation": "${aggregation}" it is ${problem}: change one of both`)
}

function badExperiment(problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError('BadExperiment', `experiment.json: ${problem}`, { cause })
}
