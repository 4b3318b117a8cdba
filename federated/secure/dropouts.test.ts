import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rejects } from '../../tools/assert.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { again, attempt, dealAll, dealsFrom, finish, type LastPhase, maskAll, members, offerAll, plainSum, roundOf } from './secure.fixtures.ts'

const words = 9
const tooFew = (error: unknown) => isKinmeshError(error, 'SecureTooFew')
const subsets = (count: number) => Array.from({ length: 2 ** count }, (_, bits) => Array.from({ length: count }, (_, at) => (bits >> at) % 2 === 1))

// Those who have dropped out in phase 1 or 2 leave less work to the rest; those of the later phases share what was done before.
for (const count of [3, 4, 5]) {
  for (let threshold = Math.floor(count / 2) + 1; threshold <= count; threshold++) {
    test(`${count} devices, threshold ${threshold}: every set that drops out, at every phase`, async () => {
      const group = await members(count, words)
      const round = roundOf(group, { threshold })
      for (const stays of subsets(count)) {
        const rest = stays.filter(one => one).length
        const ids = group.filter((_, at) => stays[at]).map(({ identity }) => identity.id)
        for (const phase of [0, 1] as const) {
          const run = attempt(round, group, stays.map((one): LastPhase => (one ? 5 : phase)))
          if (rest < threshold) await rejects(run, tooFew)
          else assert.equal((await run).sum, plainSum(group, ids))
        }
      }
      const offered = await offerAll(round, group)
      const dealt = await dealAll(offered)
      const deals = await dealsFrom(round, offered, dealt)
      const masked = await maskAll(dealt, group)
      for (const stays of subsets(count)) {
        const ids = group.filter((_, at) => stays[at]).map(({ identity }) => identity.id)
        const is = (id: string) => ids.includes(id)
        const anyone = () => true
        const ways = [
          // Dropped out before the masked vector, before agreeing, before answering.
          { vectors: ids, run: () => finish(deals, again(masked).filter(({ state }) => is(state.signer.id)), anyone, anyone) },
          { vectors: group.map(({ identity }) => identity.id), run: () => finish(deals, again(masked), is, anyone) },
          { vectors: group.map(({ identity }) => identity.id), run: () => finish(deals, again(masked), anyone, is) }
        ]
        for (const { vectors, run } of ways) {
          if (ids.length < threshold) await rejects(run, tooFew)
          else assert.equal((await run()).sum, plainSum(group, vectors))
        }
      }
    })
  }
}

test('devices that leave at different phases of one attempt', async () => {
  const group = await members(5, words)
  const round = roundOf(group, { threshold: 3 })
  for (const [last, summed] of [[[5, 5, 5, 1, 2], [0, 1, 2]], [[2, 5, 5, 5, 3], [1, 2, 3, 4]], [[5, 0, 5, 4, 5], [0, 2, 3, 4]], [[3, 5, 4, 5, 5], [0, 1, 2, 3, 4]]] as const) {
    const { sum, survivors, liars } = await attempt(round, group, last)
    const ids = group.filter((_, at) => summed.some(one => one === at)).map(({ identity }) => identity.id)
    assert.equal(survivors, ids)
    assert.equal(liars, [])
    assert.equal(sum, plainSum(group, ids))
  }
})

test.run()
