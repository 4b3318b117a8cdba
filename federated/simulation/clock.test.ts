import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VirtualClock, type ClockTerms } from './clock.ts'

const terms: ClockTerms = { medianSeconds: 10, spread: 0, jitter: 0, dropout: 0, deadlineSeconds: null, quorum: 0, trace: [] }
const fates = (more: Partial<ClockTerms>, count = 2000, seed = 1) => {
  const clock = new VirtualClock({ ...terms, ...more }, seed)
  return Array.from({ length: count }, (_, client) => clock.fate(1 + Math.floor(client / 400), client % 400))
}
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!

test('without chance everybody takes as long, and nobody drops out', () => {
  assert.ok(fates({}).every(({ drops, seconds }) => !drops && seconds === 10))
})

test('so many drop out as were said, each round anew; all, or none', () => {
  const share = fates({ dropout: 0.2 }).filter(({ drops }) => drops).length / 2000
  assert.ok(Math.abs(share - 0.2) < 0.03, String(share))
  assert.ok(fates({ dropout: 1 }).every(({ drops }) => drops))
})

test('devices differ by their spread, rounds by the jitter, about the same middle', () => {
  const clock = new VirtualClock({ ...terms, spread: 0.5 }, 1)
  assert.is(clock.fate(1, 3).seconds, clock.fate(9, 3).seconds)
  assert.is.not(clock.fate(1, 3).seconds, clock.fate(1, 4).seconds)
  const jittery = new VirtualClock({ ...terms, jitter: 0.5 }, 1)
  assert.is.not(jittery.fate(1, 3).seconds, jittery.fate(9, 3).seconds)
  for (const more of [{ spread: 0.5 }, { jitter: 0.5 }]) {
    const seconds = fates(more).map(fate => fate.seconds)
    assert.ok(Math.abs(Math.log(median(seconds) / 10)) < 0.1 && Math.max(...seconds) > 25 && Math.min(...seconds) < 4)
  }
})

test('a fate is drawn for itself: neither the order nor the others change it, another seed does', () => {
  const more = { dropout: 0.3, jitter: 0.4, spread: 0.2 }
  const [one, other] = [new VirtualClock({ ...terms, ...more }, 1), new VirtualClock({ ...terms, ...more }, 1)]
  other.fate(1, 1)
  assert.equal(one.fate(2, 5), other.fate(2, 5))
  assert.not.equal(fates(more, 50, 1), fates(more, 50, 2))
})

test('the trace says what happens in the place of what is drawn', () => {
  const clock = new VirtualClock({ ...terms, dropout: 1, trace: [{ round: 2, client: 3, drops: false, seconds: 99 }, { round: 2, client: 4, seconds: 5 }] }, 1)
  assert.equal([clock.fate(2, 3), clock.fate(2, 4), clock.fate(3, 3)], [{ drops: false, seconds: 99 }, { drops: true, seconds: 5 }, { drops: true, seconds: 10 }])
})

test.run()
