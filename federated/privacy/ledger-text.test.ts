import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sha256Hex } from '../../mesh/crypto.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { charge, type Ledger, newLedger } from './ledger.ts'
import { readLedger, writeLedger } from './ledger-text.ts'

const names = { device: '12D3KooWDevice', task: 'answers "well"\n' }
const hash = (number: number) => number.toString(16).padStart(64, '0')
const upload = (round: number) => ({ round, attempt: 0, noiseMultiplier: 1.1, sampleRate: 256 / 60_000, update: hash(round) })
const ledger = [upload(1), upload(2)].reduce<Ledger>(charge, newLedger({ ...names, budget: { epsilon: 2.5, delta: 1e-6 } }))
const named = (code: string, pattern = /./) => (error: Error) => error.name === code && pattern.test(error.message)
/** With a check sum that fits. */
const summed = (value: unknown) => `${JSON.stringify(value)}\n${sha256Hex(JSON.stringify(value))}\n`
const plain = { format: 1, ...ledger }

test('what was written is read', () => {
  assert.equal(readLedger(writeLedger(ledger), names), ledger)
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }), fc.array(fc.double({ min: 0.05, max: 1e6, noNaN: true }), { maxLength: 5 }), (task, noises) => {
    const any: Ledger = { ...ledger, task, charges: noises.map((noiseMultiplier, round) => ({ ...upload(round), noiseMultiplier })) }
    if (task.length <= 200) assert.equal(readLedger(writeLedger(any), any), any)
  }))
})

test('a ledger of format 1 is read for ever', () => {
  const text = '{"format":1,"device":"d","task":"t","budget":{"epsilon":2,"delta":0.00001},"charges":[{"round":7,"attempt":1,"noiseMultiplier":1.1,"sampleRate":1,"update":"00000000000000000000000000000000000000000000000000000000000000ff"}]}'
  const sum = '892e8d9d6e7f301083d69ea5d9ee5619e90037ba0050000c28857e394726c396'
  const names = { device: 'd', task: 't' }
  assert.equal(readLedger(`${text}\n${sum}\n`, names), { ...names, budget: { epsilon: 2, delta: 1e-5 }, charges: [{ round: 7, attempt: 1, noiseMultiplier: 1.1, sampleRate: 1, update: hash(255) }] })
})

test('every damage is found: each character changed, lost, doubled, and each end', () => {
  const text = writeLedger(ledger)
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === '1' ? '2' : '1'
    for (const damaged of [text.slice(0, at) + other + text.slice(at + 1), text.slice(0, at) + text.slice(at + 1), text.slice(0, at), text.slice(0, at) + text[at] + text.slice(at)]) {
      assert.throws(() => readLedger(damaged, names), (error: Error) => isKinmeshError(error, 'PrivacyLedgerDamaged', 'PrivacyLedgerNewer'), `at ${at}: ${damaged.slice(Math.max(0, at - 10), at + 10)}`)
    }
  }
  for (const more of ['\n', 'x', '\u0000']) assert.throws(() => readLedger(text + more, names), named('PrivacyLedgerDamaged'))
})

/** What is wrong although the sum is right, and what is said of it. */
const wrong: [what: string, value: unknown, said: RegExp][] = [
  ['nothing', null, /it: /],
  ['an older format', { ...plain, format: 0 }, /format/],
  ['a key too many', { ...plain, extra: 1 }, /extra/],
  ['no budget', { ...plain, budget: undefined }, /budget/],
  ['a budget without end', { ...plain, budget: { epsilon: 1e9, delta: 1e-5 } }, /budget\.epsilon/],
  ['a δ that promises nothing', { ...plain, budget: { epsilon: 1, delta: 0.5 } }, /budget\.delta/],
  ['noise of nothing', { ...plain, charges: [{ ...upload(1), noiseMultiplier: 0 }] }, /charges\.0\.noiseMultiplier/],
  ['a number as text', { ...plain, charges: [{ ...upload(1), sampleRate: '1' }] }, /charges\.0\.sampleRate/],
  ['a rate above 1', { ...plain, charges: [{ ...upload(1), sampleRate: 1.5 }] }, /charges\.0\.sampleRate/],
  ['half a round', { ...plain, charges: [{ ...upload(1), round: 0.5 }] }, /charges\.0\.round/],
  ['an update without a hash', { ...plain, charges: [{ ...upload(1), update: 'abc' }] }, /charges\.0\.update/],
  ['an attempt twice', { ...plain, charges: [upload(1), { ...upload(1), update: hash(9) }] }, /an attempt is in it twice/],
  ['an update twice', { ...plain, charges: [upload(1), { ...upload(2), update: hash(1) }] }, /an update is in it twice/],
  ['too many kinds of noise', { ...plain, charges: Array.from({ length: 65 }, (_, at) => ({ ...upload(at), noiseMultiplier: at + 1 })) }, /too many kinds/],
  ['too many charges', { ...plain, charges: Array.from({ length: 10_001 }, (_, at) => upload(at)) }, /charges/],
  ['another device', { ...plain, device: 'other' }, /another device or task/],
  ['another task', { ...plain, task: 'other' }, /another device or task/]
]
for (const [what, value, said] of wrong) {
  test(`refused by name: ${what}`, () => {
    assert.throws(() => readLedger(summed(value), names), named('PrivacyLedgerDamaged', said))
  })
}

test('a later format is told from damage, whatever its sum', () => {
  assert.throws(() => readLedger('{"format":2,"anything":[]}\nunknown', names), named('PrivacyLedgerNewer', /update this one/))
})

test('a text without end is not parsed', () => {
  assert.throws(() => readLedger(' '.repeat(2 ** 23 + 1), names), named('PrivacyLedgerDamaged', /too long/))
})

test.run()
