import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { epsilonOfRounds } from './accountant.ts'
import { charge, type Charge, type Ledger, maxCharges, maxKindsOfRound, newLedger, roundsLeft, spentEpsilon, withBudget } from './ledger.ts'

const delta = 1e-5
const named = (code: string) => (error: Error) => error.name === code
const fresh = (epsilon = 8) => newLedger({ device: '12D3KooWDevice', task: 'answers', budget: { epsilon, delta } })
const upload = (round: number, more: Partial<Charge> = {}): Charge => ({ round, attempt: 0, noiseMultiplier: 2, sampleRate: 0.1, update: (round * 1000 + (more.attempt ?? 0)).toString(16).padStart(64, '0'), ...more })
const charged = (ledger: Ledger, ...uploads: readonly Charge[]) => uploads.reduce(charge, ledger)

test('an upload costs what the accountant says, and the ledger it was added to is as it was', () => {
  const before = fresh()
  const after = charged(before, upload(1), upload(2), upload(3, { noiseMultiplier: 1.5 }))
  assert.is(spentEpsilon(before), 0)
  assert.is(before.charges.length, 0)
  assert.is(spentEpsilon(after), epsilonOfRounds([{ noiseMultiplier: 1.5, sampleRate: 0.1, rounds: 1 }, { noiseMultiplier: 2, sampleRate: 0.1, rounds: 2 }], delta))
})

test('the same attempt counts once, another attempt counts anew', () => {
  const once = charged(fresh(), upload(1), upload(2))
  assert.is(charge(once, upload(1)), once)
  assert.is(charge(once, upload(2)), once)
  const again = charge(once, upload(1, { attempt: 1 }))
  assert.is(again.charges.length, 3)
  assert.ok(spentEpsilon(again) > spentEpsilon(once))
})

test('an attempt that was paid for stays free when the budget is spent', () => {
  const full = withBudget(charged(fresh(), upload(1), upload(2)), { epsilon: 0.01, delta })
  assert.is(charge(full, upload(2)), full)
  assert.throws(() => charge(full, upload(3)), named('PrivacyBudgetSpent'))
})

test('an attempt is not another update, and noise is not used twice', () => {
  const once = charged(fresh(), upload(1))
  for (const other of [{ update: 'f'.repeat(64) }, { noiseMultiplier: 3 }, { sampleRate: 0.2 }]) assert.throws(() => charge(once, upload(1, other)), named('PrivacyChargeConflict'))
  for (const other of [{ attempt: 1 }, { round: 2 }]) assert.throws(() => charge(once, { ...upload(1), ...other }), named('PrivacyChargeConflict'))
})

test('the last round that the budget allows is paid for, the next one is refused and says why', () => {
  let ledger = fresh(2)
  const left = roundsLeft(ledger, upload(0))
  assert.ok(left > 3 && left < 200)
  for (let round = 1; round <= left; round++) {
    assert.is(roundsLeft(ledger, upload(0)), left - round + 1)
    ledger = charge(ledger, upload(round))
  }
  assert.is(roundsLeft(ledger, upload(0)), 0)
  assert.throws(() => charge(ledger, upload(left + 1)), (error: Error) => error.name === 'PrivacyBudgetSpent' && /would bring this device to ε = 2\.\d+ at δ = 0\.00001, and its budget is 2 \(spent: 1\.9\d+\): stay out/.test(error.message))
  // More noise costs less, and may still fit.
  assert.ok(roundsLeft(ledger, upload(0, { noiseMultiplier: 50 })) > 0)
  assert.ok(charge(withBudget(ledger, { epsilon: 3, delta }), upload(left + 1)))
})

test('whatever is charged in whatever order, replays included: ε is that of the set, and within the budget', () => {
  const uploads = fc.array(fc.record({ round: fc.integer({ min: 0, max: 9 }), attempt: fc.integer({ min: 0, max: 2 }) }), { maxLength: 40 })
  fc.assert(fc.property(uploads, all => {
    let ledger = fresh(3)
    let refused = 0
    for (const { round, attempt } of all) {
      try {
        // The noise of an attempt follows from its number here, so that replays are replays.
        ledger = charge(ledger, upload(round, { attempt, noiseMultiplier: 4 + ((round + attempt) % 3) * 2.3, sampleRate: 1 }))
      } catch (error) {
        assert.is((error as Error).name, 'PrivacyBudgetSpent')
        refused++
      }
    }
    assert.ok(spentEpsilon(ledger) <= 3)
    const distinct = new Set(all.map(({ round, attempt }) => `${round} ${attempt}`))
    assert.ok(ledger.charges.length <= distinct.size && (refused > 0 || ledger.charges.length === distinct.size))
    assert.is(spentEpsilon(ledger), spentEpsilon({ ...ledger, charges: [...ledger.charges].reverse() }))
  }), { numRuns: 50 })
})

test('a ledger has an end, and names it', () => {
  const charges = Array.from({ length: maxCharges }, (_, round) => upload(round, { noiseMultiplier: 1e6 }))
  assert.throws(() => charge({ ...fresh(), charges }, upload(maxCharges, { noiseMultiplier: 1e6 })), named('PrivacyLedgerFull'))
  assert.is(roundsLeft({ ...fresh(), charges }, upload(0, { noiseMultiplier: 1e6 })), 0)
  const kinds = Array.from({ length: maxKindsOfRound }, (_, round) => upload(round, { noiseMultiplier: 1e5 + round, sampleRate: 1 }))
  const varied = charged(fresh(), ...kinds)
  assert.throws(() => charge(varied, upload(100, { noiseMultiplier: 2e5, sampleRate: 1 })), named('PrivacyLedgerFull'))
  assert.ok(charge(varied, upload(100, { noiseMultiplier: 1e5, sampleRate: 1 })))
})

test('what is no charge, and no budget, is refused', () => {
  for (const bad of [{ round: -1 }, { round: 1.5 }, { attempt: NaN }, { round: 2 ** 32 }, { noiseMultiplier: 0 }, { sampleRate: 2 }, { update: '' }, { update: 'F'.repeat(64) }]) assert.throws(() => charge(fresh(), upload(1, bad)), named('BadPrivacyTerms'))
  for (const bad of [{ epsilon: 0, delta }, { epsilon: 21, delta }, { epsilon: NaN, delta }, { epsilon: 1, delta: 0 }, { epsilon: 1, delta: 0.1 }]) assert.throws(() => withBudget(fresh(), bad), named('BadPrivacyTerms'))
  for (const bad of ['', 'x'.repeat(201)]) assert.throws(() => newLedger({ ...fresh(), task: bad }), named('BadPrivacyTerms'))
})

test.run()
