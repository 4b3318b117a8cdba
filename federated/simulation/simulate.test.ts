import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { robustRule } from '../aggregation/robust.ts'
import { epsilonOfRounds } from '../privacy/accountant.ts'
import type { Experiment } from './experiment.ts'
import { sample, seededRandom } from './random.ts'
import { recordLine, recordsCsv } from './record.ts'
import { directRounds, type RoundPlan } from './round-runner.ts'
import { participantOf, simulate } from './simulate.ts'
import { experiment, placesTask, pulled } from './simulation.fixtures.ts'

/** Federated averaging of the places, as slowly and obviously as can be; `left`: who of the cohort contributes. */
function oracle({ seed, rounds }: Experiment, examples: readonly number[], left: (round: number, client: number) => boolean = () => true, rate = 1): number[] {
  let place = new Float64Array(4)
  for (let round = 1; round <= rounds; round++) {
    const cohort = sample(seededRandom(seed, 'cohort', round), 6, 12).filter(client => left(round, client))
    const total = cohort.reduce((sum, client) => sum + examples[client]!, 0)
    const moved = place.slice()
    for (const client of cohort) pulled({ client, seed: seededRandom(seed, 'local', round, client).word(), parameters: Float32Array.from(place) }).forEach((value, at) => { moved[at]! += (rate * value * examples[client]!) / total })
    place = moved
  }
  return [...place]
}

const close = (found: ArrayLike<number>, expected: readonly number[]) => assert.ok(expected.every((value, at) => Math.abs(value - found[at]!) < 1e-5 * Math.max(1, Math.abs(value))), `${Array.from(found).join()} for ${expected.join()}`)

test('federated averaging: the mean by examples of whoever was drawn, round after round', async () => {
  const task = placesTask(12)
  const given = experiment()
  const { parameters, records, reached } = await simulate(given, task)
  close(parameters, oracle(given, task.examples))
  assert.is(task.asked.length, 30)
  assert.is(reached, null)
  assert.equal(records.map(({ round, invited, contributors, quorum }) => [round, invited, contributors, quorum]), [[0, 0, 0, false], ...[1, 2, 3, 4, 5].map(round => [round, 6, 6, true])])
  assert.equal([records[3]!.bytesUp, records[3]!.bytesDown, records[3]!.seconds, records[3]!.clock], [96, 96, 1, 3])
})

test('the server optimiser takes the step', async () => {
  const task = placesTask(12)
  const given = experiment({ server: { name: 'fedavg', options: { rate: 0.5 } } })
  close((await simulate(given, task)).parameters, oracle(given, task.examples, undefined, 0.5))
  const [plain, momentum] = [await simulate(experiment({ rounds: 2 }), placesTask(12)), await simulate(experiment({ rounds: 2, server: { name: 'fedavgm' } }), placesTask(12))]
  // The first mean once more, nine tenths of it.
  close(momentum.parameters, [...plain.parameters].map((value, at) => value + 0.9 * oracle(experiment({ rounds: 1 }), placesTask(12).examples)[at]!))
})

test('two runs give the same lines, another seed gives others', async () => {
  const lines = async (seed: number) => (await simulate(experiment({ seed, clock: { dropout: 0.2, spread: 0.4, jitter: 0.2, deadlineSeconds: 2 }, compression: { name: 'int8' } }), placesTask(12))).records.map(recordLine).join('')
  const once = await lines(3)
  assert.is(await lines(3), once)
  assert.is.not(await lines(4), once)
})

test('a trace of faults: who drops out or is late is not trained and not in the mean; the round waits till the deadline', async () => {
  const task = placesTask(12)
  const clock = { deadlineSeconds: 9, medianSeconds: 4, trace: Array.from({ length: 12 }, (_, client) => [{ round: 2, client, drops: client % 3 === 0 }, { round: 4, client, seconds: client }]).flat() }
  const given = experiment({ clock })
  const { parameters, records } = await simulate(given, task)
  const left = (round: number, client: number) => (round === 2 ? client % 3 !== 0 : round !== 4 || client <= 9)
  close(parameters, oracle(given, task.examples, left))
  const cohort = (round: number) => sample(seededRandom(1, 'cohort', round), 6, 12)
  const [dropped, late] = [cohort(2).filter(client => client % 3 === 0).length, cohort(4).filter(client => client > 9).length]
  assert.ok(dropped > 0 && late > 0)
  assert.equal(records.slice(1).map(each => [each.contributors, each.dropped, each.late, each.seconds]), [[6, 0, 0, 4], [6 - dropped, dropped, 0, 9], [6, 0, 0, 4], [6 - late, 0, late, 9], [6, 0, 0, 4]])
  assert.is(task.asked.length, 30 - dropped - late)
})

test('without its quorum a round changes nothing, and is told so', async () => {
  const [first, second] = sample(seededRandom(1, 'cohort', 3), 6, 12)
  const trace = Array.from({ length: 12 }, (_, client) => ({ round: 3, client, drops: client !== first && client !== second }))
  const given = experiment({ clock: { quorum: 0.5, trace } })
  const task = placesTask(12)
  const { parameters, records } = await simulate(given, task)
  close(parameters, oracle(given, task.examples, round => round !== 3 && round <= 5))
  assert.equal(records.map(({ quorum }) => quorum), [false, true, true, false, true, true])
  assert.is(records[3]!.stepNorm, 0)
  assert.equal([records[3]!.contributors, records[3]!.dropped], [2, 4])
})

test('poisoned deltas are refused by name, and the round goes on without them', async () => {
  const spoilt: Record<number, (delta: Float32Array) => Float32Array> = { 1: delta => delta.fill(Number.NaN), 4: delta => delta.fill(1e6), 7: delta => delta.subarray(1), 8: () => new Float32Array(5) }
  const task = placesTask(12, (client, delta) => spoilt[client]?.(delta) ?? delta)
  const given = experiment({ maxAbs: 100 })
  const { parameters, records } = await simulate(given, task)
  close(parameters, oracle(given, task.examples, (_, client) => !(client in spoilt)))
  const refused = records.slice(1).map(({ refused }) => refused)
  for (const [at, round] of [1, 2, 3, 4, 5].entries()) {
    const cohort = sample(seededRandom(1, 'cohort', round), 6, 12)
    const expected = Object.entries({ OversizeContribution: 8, WrongShape: 7, NotFinite: 1, ValueTooLarge: 4 }).flatMap(([code, client]) => (cohort.includes(client) ? [[code, 1]] : []))
    assert.equal(refused[at], Object.fromEntries(expected))
  }
  assert.ok(new Set(refused.flatMap(Object.keys)).size >= 3)
})

test('so is a training that diverged, before it is compressed or clipped; another fault of a contribution is none of the round', async () => {
  for (const more of [{ compression: { name: 'int8' } }, { privacy: { clipNorm: 1, noiseMultiplier: 0.1, evenIfDrowned: true } }] as const) {
    const { records } = await simulate(experiment({ fraction: 1, rounds: 1, ...more }), placesTask(12, (client, delta) => (client === 3 ? delta.fill(Infinity) : delta)))
    assert.equal([records[1]!.contributors, records[1]!.refused, records[1]!.trainLoss !== null], [11, { NotFinite: 1 }, true])
  }
  await rejects(simulate(experiment(), placesTask(12), { rounds: { run: plan => directRounds.run({ ...plan, cohort: [{ ...plan.cohort[0]!, contribute: async () => undefined as never }] }) } }), (error: unknown) => error instanceof TypeError)
})

test('a robust rule takes the place of the mean', async () => {
  const given = experiment({ rounds: 1, robust: { name: 'median', options: { byzantine: 1 } } })
  const { parameters } = await simulate(given, placesTask(12))
  const cohort = sample(seededRandom(1, 'cohort', 1), 6, 12)
  const updates = cohort.map(client => ({ participant: participantOf(client), weight: 1, values: pulled({ client, seed: seededRandom(1, 'local', 1, client).word(), parameters: new Float32Array(4) }) }))
  assert.equal([...parameters], [...robustRule('median').apply(updates, { byzantine: 1 }).mean])
})

test('compressed updates are as large as they say, and what they lack comes with the next', async () => {
  const given = experiment({ fraction: 1, rounds: 20, compression: { name: 'top-k', share: 0.25 } })
  const always = [10, 4, 3, 2]
  const { parameters, records } = await simulate(given, placesTask(12, () => Float32Array.from(always)))
  const [last] = records.slice(-1)
  assert.ok(last!.compressionError! > 0.05 && last!.bytesUp === 12 * (20 + 1 + 4 + 1 + 8), JSON.stringify(last))
  // One of four values is sent: without feedback it would be the first one each time, and with it each is what it should be but for what is left.
  for (const [at, value] of always.entries()) assert.ok(Math.abs(parameters[at]! - 20 * value) < 20, parameters.join())
  assert.ok(parameters[3]! > 20)
})

test('differential privacy: everybody counts alike, updates are clipped, and what it costs is told', async () => {
  const privacy = { clipNorm: 0.5, noiseMultiplier: 0.2, delta: 1e-5 }
  const { records } = await simulate(experiment({ fraction: 1, privacy }), placesTask(12))
  // Six updates of 0.5 at most, and noise.
  assert.ok(records.slice(1).every(({ stepNorm }) => stepNorm > 0 && stepNorm < 0.7))
  assert.equal(records.map(({ epsilon }) => epsilon), [0, 1, 2, 3, 4, 5].map(rounds => (rounds === 0 ? 0 : epsilonOfRounds([{ noiseMultiplier: 0.2, sampleRate: 1, rounds }], 1e-5))))
  const drowned = experiment({ privacy: { ...privacy, noiseMultiplier: 10 } })
  await rejects(async () => simulate(drowned, placesTask(12)), (error: unknown) => isKinmeshError(error, 'NoiseDrowns'))
  assert.is((await simulate(experiment({ privacy: { ...privacy, noiseMultiplier: 10, evenIfDrowned: true } }), placesTask(12))).records.length, 6)
})

test('noise in the sum has the deviation that was said; in each it is as much more as there are of them', async () => {
  const spread = async (noiseIn: 'sum' | 'each') => {
    const given = experiment({ fraction: 1, rounds: 300, clock: { quorum: 1 }, privacy: { clipNorm: 1, noiseMultiplier: 3, noiseIn, evenIfDrowned: true } })
    const { records } = await simulate(given, placesTask(12, (_, delta) => delta.fill(0)))
    // Four values of σ/12 each.
    return Math.sqrt(records.slice(1).reduce((sum, { stepNorm }) => sum + stepNorm ** 2, 0) / 300 / 4) * 12
  }
  const [sum, each] = [await spread('sum'), await spread('each')]
  assert.ok(Math.abs(sum - 3) < 0.25 && Math.abs(each - 3 * Math.sqrt(12)) < 0.9, `${sum} ${each}`)
})

test('it ends with the first round of the target, is assessed when it should be, and hears a signal', async () => {
  const all = await simulate(experiment({ fraction: 1 }), placesTask(12))
  const target = all.records[3]!.accuracy!
  const { records, reached } = await simulate(experiment({ fraction: 1, target }), placesTask(12))
  assert.equal([reached, records.length], [3, 4])
  const seldom = await simulate(experiment({ fraction: 1, assessEvery: 2 }), placesTask(12))
  assert.equal(seldom.records.map(({ accuracy }) => accuracy !== null), [true, false, true, false, true, true])
  const cancel = new AbortController()
  const told: number[] = []
  await rejects(simulate(experiment(), placesTask(12), { signal: cancel.signal, onRound: ({ round }) => { told.push(round); if (round === 2) cancel.abort(new Error('enough')) } }), /enough/)
  assert.equal(told, [0, 1, 2])
})

test('a signal is heard while clients train, and who told it does not wait for them', async () => {
  const cancel = new AbortController()
  const task = placesTask(12)
  const held = Promise.withResolvers<void>()
  const slow = { ...task, async train(work: Parameters<typeof task.train>[0]) {
    if (task.asked.length === 8) cancel.abort(new Error('enough'))
    const result = await task.train(work)
    if (task.asked.length > 6) await held.promise
    return result
  } }
  const told: number[] = []
  await rejects(simulate(experiment(), slow, { signal: cancel.signal, onRound: ({ round }) => void told.push(round) }), /enough/)
  assert.equal(told, [0, 1])
  held.resolve()
})

test('who runs rounds otherwise is given all that a round needs, and what it gives is taken', async () => {
  const plans: RoundPlan[] = []
  const task = placesTask(12)
  const { records } = await simulate(experiment({ rounds: 2 }), task, {
    rounds: { async run(plan) {
      plans.push(plan)
      const outcome = await directRounds.run(plan)
      return plan.round === 1 ? { ...outcome, mean: Float32Array.of(1, 2, 3, 4), seconds: 7 } : outcome
    } }
  })
  assert.equal([records[1]!.loss, records[1]!.clock], [1, 7])
  assert.is.not(plans[0]!.terms.baseHash, plans[1]!.terms.baseHash)
  assert.equal(plans[1]!.cohort.map(({ participant }) => participant), sample(seededRandom(1, 'cohort', 2), 6, 12).map(participantOf))
})

test('a fault in the training itself ends the simulation, and is no refused contribution', async () => {
  const task = { ...placesTask(12), train: () => Promise.reject(new Error('no memory')) }
  await rejects(simulate(experiment(), task), /no memory/)
})

test('records as lines and as a table: the same numbers, nothing where there is nothing', async () => {
  const { records } = await simulate(experiment({ rounds: 1 }), placesTask(12, (client, delta) => (client % 2 ? delta.fill(Infinity) : delta)))
  const [head, first, second, end] = recordsCsv(records).split('\n')
  const columns = head!.split(',')
  const json = records.map(record => JSON.parse(recordLine(record)) as Record<string, unknown>)
  assert.equal(Object.keys(json[1]!), columns)
  assert.is(end, '')
  for (const [row, line] of [first, second].entries()) {
    for (const [at, cell] of line!.split(',').entries()) {
      const value = json[row]![columns[at]!]
      assert.is(cell, value === null ? '' : columns[at] === 'refused' ? String(Object.values(value as object).reduce((a: number, b: number) => a + b, 0)) : String(value))
    }
  }
})

test('what stays with a client comes back to it alone, is kept where its contribution is refused, and is what it is assessed with', async () => {
  const task = placesTask(4)
  const [asked, assessed]: [string[], string[]] = [[], []]
  const { records } = await simulate(experiment({ rounds: 3, clients: 4, fraction: 0.5, maxAbs: 1.2 }), {
    ...task,
    async train(work) {
      asked.push(`${work.client} ${work.own?.join('') ?? ''}`)
      return { ...(await task.train(work)), own: Float32Array.of(...(work.own ?? []), work.client) }
    },
    assess(parameters, own) {
      assessed.push([...own].sort(([a], [b]) => a - b).map(([client, values]) => `${client}:${values.join('')}`).join(' '))
      return task.assess(parameters, own)
    }
  })
  assert.ok(records.some(({ refused }) => Object.keys(refused).length > 0))
  const trained = Array.from({ length: 4 }, () => '')
  asked.forEach((line, at) => {
    const client = Number(line[0])
    assert.is(line, `${client} ${trained[client]}`)
    trained[client]! += client
    if (at % 2 === 1) assert.is(assessed[(at + 1) / 2], trained.flatMap((each, of) => (each === '' ? [] : [`${of}:${each}`])).join(' '))
  })
  assert.is(assessed[0], '')
})

test.run()
