import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Random } from '../../sync/random.fixtures.ts'
import { isRegressed, judge } from './adoption.ts'
import { firstGroup, groupVerdict, type Rollout, stageOf, tryingOrder } from './rollout.ts'
import { seededDeviceTest } from './seeded.fixtures.ts'

const candidate = 'a'.repeat(64)
const measured = (loss: number, labels = 500) => ({ loss, labels, examples: 10 })

test('a candidate may be a little worse and not more, and with too little held back nobody can tell', () => {
  const rule = { margin: 0.02, leastLabels: 200 }
  const verdict = (loss: number, labels?: number) => judge(measured(loss, labels), measured(2, labels), rule).verdict
  assert.equal([1.99, 2, 2.04, 2.0401, NaN, Infinity].map(loss => verdict(loss)), ['better', 'no worse', 'no worse', 'worse', 'worse', 'worse'])
  assert.equal([verdict(1, 199), verdict(9, 199), verdict(1, 200)], ['unknown', 'unknown', 'better'])
  assert.throws(() => judge(measured(1), measured(1, 400)), /same examples/)
  assert.match(judge(measured(3), measured(2), rule).text, /10 held-out examples is 3\.000 with the new adapter and 2\.000 as it is now: it is worse/)
  assert.equal([isRegressed(measured(2.05), measured(2), rule), isRegressed(measured(2.04), measured(2), rule), isRegressed(measured(9, 10), measured(2, 10), rule)], [true, false, false])
})

const cohort = Array.from({ length: 10 }, (_, at) => `device ${at}`)
const rollout = (other: Partial<Rollout> = {}): Rollout => ({ candidate, cohort, firstShare: 0.3, said: new Map(), passed: new Set(), ...other })

test('who tries first is the same for all, another for the next adapter, and nobody twice', () => {
  const order = tryingOrder(candidate, cohort)
  assert.equal([order.toSorted(), tryingOrder(candidate, cohort.toReversed()), tryingOrder(candidate, [...cohort, ...cohort])], [cohort, order, order])
  assert.not.equal(tryingOrder('b'.repeat(64), cohort), order)
  assert.equal(firstGroup(rollout()), order.slice(0, 3))
  assert.equal(firstGroup(rollout({ passed: new Set([order[1]!]) })), [order[0], order[2], order[3]])
  assert.equal([firstGroup(rollout({ firstShare: 0.01 })).length, firstGroup(rollout({ firstShare: 1 })).length, firstGroup(rollout({ cohort: [] }))], [1, 10, []])
  for (const firstShare of [0, 1.1, NaN]) assert.throws(() => firstGroup(rollout({ firstShare })))
})

test('the others wait for the first group: more than half yes and it goes on, half no and it ends', () => {
  const [one, two, three, four] = tryingOrder(candidate, cohort) as [string, string, string, string]
  const said = (...answers: [string, boolean][]) => rollout({ said: new Map(answers) })
  assert.is(groupVerdict(said()), 'waiting')
  assert.is(groupVerdict(said([one, true])), 'waiting')
  assert.is(groupVerdict(said([one, true], [three, true])), 'pass')
  assert.is(groupVerdict(said([one, true], [four, true])), 'waiting', 'somebody outside of the first group')
  assert.is(groupVerdict(said([one, false], [three, false])), 'fail')
  assert.is(groupVerdict(rollout({ firstShare: 0.2, said: new Map([[one, true], [two, false]]) })), 'fail', 'one of each')
  assert.is(groupVerdict(rollout({ passed: new Set(cohort) })), 'waiting')

  assert.equal([stageOf(one, said(), undefined), stageOf(four, said(), undefined), stageOf(four, said(), 'better'), stageOf('a stranger', said(), 'better')], ['judge', 'wait', 'wait', 'refuse'])
  assert.equal([stageOf(one, said(), 'better'), stageOf(one, said(), 'worse'), stageOf(one, said(), 'unknown')], ['adopt', 'refuse', 'wait'])
  const pass = said([one, true], [two, true])
  assert.equal([stageOf(four, pass, undefined), stageOf(four, pass, 'better'), stageOf(four, pass, 'unknown'), stageOf(four, pass, 'worse'), stageOf(three, pass, 'unknown')], ['judge', 'adopt', 'adopt', 'refuse', 'adopt'])
  const fail = said([two, false], [three, false])
  assert.equal([stageOf(one, fail, 'better'), stageOf(four, fail, 'better'), stageOf(four, fail, undefined)], ['refuse', 'refuse', 'refuse'])
})

seededDeviceTest('whatever is said, nobody takes what it found worse, and nobody outside the first group goes before its yes', 'adoption', 5, (random: Random) => {
  for (let round = 0; round < 400; round++) {
    const all = cohort.slice(0, 1 + random.below(10))
    const given = rollout({ cohort: all, firstShare: 0.05 + 0.95 * random.next(), passed: new Set(random.some(all, 0.2)), said: new Map(random.some(cohort, 0.6).map(device => [device, random.chance(0.5)])) })
    const group = firstGroup(given)
    const yes = group.filter(device => given.said.get(device) === true).length
    for (const device of all) for (const own of ['better', 'no worse', 'worse', 'unknown', undefined] as const) {
      const stage = stageOf(device, given, own)
      if (stage === 'adopt') assert.ok(own !== 'worse' && own !== undefined && (yes > group.length / 2 || (group.includes(device) && own !== 'unknown')), `${device} ${own}`)
      if (own === 'worse') assert.is(stage, 'refuse')
    }
  }
})

test.run()
