import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { composedRdp, epsilonOf, roundsWithin, type Rounds } from './accountant.ts'
import { badPrivacyTerms, type Budget, checkBudget, checkCount, checkRoundNoise, type RoundNoise } from './terms.ts'

/** One upload of a device. */
export type Charge = RoundNoise & {
  readonly round: number
  /** Of that round, from 0. Each draws new noise: with the old one, the difference of two sums would show one device's update behind its own share of noise alone. */
  readonly attempt: number
  /** SHA-256 of the update with its noise, before any mask, as 64 hex digits: the same attempt may be sent again, and nothing else in its place. */
  readonly update: string
}

/** What one device has given away of itself to one task. */
export type Ledger = {
  readonly device: DeviceId
  readonly task: string
  readonly budget: Budget
  /** In the order in which they were made. */
  readonly charges: readonly Charge[]
}

/** A round a day for 27 years. */
export const maxCharges = 10_000
/** Different noise and sampling rates in one ledger: each costs up to some tens of ms to account. */
export const maxKindsOfRound = 64
/** The highest number of a round or attempt. */
export const maxRoundNumber = 2 ** 32 - 1
export const maxTaskChars = 200
/** A device's id has 52 characters. */
export const maxDeviceChars = 128

/** @throws KinmeshError `BadPrivacyTerms` */
export function newLedger({ device, task, budget }: Omit<Ledger, 'charges'>): Ledger {
  checkBudget(budget)
  for (const [what, text, most] of [['a task', task, maxTaskChars], ['a device', device, maxDeviceChars]] as const) {
    if (text.length === 0 || text.length > most) throw badPrivacyTerms(`${what} is named by 1 to ${most} characters, not ${text.length}`)
  }
  return { device, task, budget, charges: [] }
}

/** With another budget; what is spent stays spent. @throws KinmeshError `BadPrivacyTerms` */
export function withBudget(ledger: Ledger, budget: Budget): Ledger {
  checkBudget(budget)
  return budget.epsilon === ledger.budget.epsilon && budget.delta === ledger.budget.delta ? ledger : { ...ledger, budget }
}

/** ε spent so far, at the δ of the budget. */
export function spentEpsilon({ budget, charges }: Ledger): number {
  return charges.length === 0 ? 0 : epsilonOf(composedRdp(kinds(charges)), budget.delta).epsilon
}

/** How many more rounds of this noise the budget allows. @throws KinmeshError `BadPrivacyTerms` */
export function roundsLeft({ budget, charges }: Ledger, round: RoundNoise): number {
  return Math.min(maxCharges - charges.length, roundsWithin(budget, round, composedRdp(kinds(charges))))
}

/**
 * The ledger with this upload paid for; itself when it was paid for before. To be on disk before the upload begins.
 * @throws KinmeshError `PrivacyBudgetSpent` · `PrivacyChargeConflict`: the attempt was paid for with another update or noise, or the update, noise and all, was sent in another attempt · `PrivacyLedgerFull` · `BadPrivacyTerms`
 */
export function charge(ledger: Ledger, upload: Charge): Ledger {
  checkCharge(upload)
  const { budget, charges, task } = ledger
  const { round, attempt, noiseMultiplier, sampleRate, update } = upload
  const where = `round ${round}, attempt ${attempt} of ${task}`
  const paid = charges.find(each => each.round === round && each.attempt === attempt)
  if (paid) {
    if (paid.update === update && paid.noiseMultiplier === noiseMultiplier && paid.sampleRate === sampleRate) return ledger
    throw new KinmeshError('PrivacyChargeConflict', `${where} was paid for with another update: send that one again, or make a new attempt`)
  }
  if (charges.some(each => each.update === update)) throw new KinmeshError('PrivacyChargeConflict', `${where} would send what was sent before, with the same noise: add new noise to the update`)
  const all = [...charges, { round, attempt, noiseMultiplier, sampleRate, update }]
  if (all.length > maxCharges || kinds(all).length > maxKindsOfRound) throw new KinmeshError('PrivacyLedgerFull', `${where} cannot be accounted: a task has at most ${maxCharges} uploads with ${maxKindsOfRound} kinds of noise; begin a new task`)
  const after = { ...ledger, charges: all }
  const epsilon = spentEpsilon(after)
  if (epsilon > budget.epsilon) {
    throw new KinmeshError('PrivacyBudgetSpent', `${where} would bring this device to ε = ${epsilon.toFixed(3)} at δ = ${budget.delta}, and its budget is ${budget.epsilon} (spent: ${spentEpsilon(ledger).toFixed(3)}): stay out of this task, or allow it a larger budget`)
  }
  return after
}

/** @throws KinmeshError `BadPrivacyTerms` */
function checkCharge(upload: Charge): void {
  checkRoundNoise(upload)
  // Both are numbered from 0.
  checkCount('a round plus one', upload.round + 1, maxRoundNumber + 1)
  checkCount('an attempt plus one', upload.attempt + 1, maxRoundNumber + 1)
  if (!/^[0-9a-f]{64}$/.test(upload.update)) throw badPrivacyTerms('an update is named by its SHA-256, in 64 hex digits')
}

/** Uploads of one noise together: it costs far less to account them so, and gives the same whatever their order. */
export function kinds(charges: readonly RoundNoise[]): Rounds[] {
  const found = new Map<string, Rounds>()
  for (const { noiseMultiplier, sampleRate } of charges) {
    const key = `${noiseMultiplier} ${sampleRate}`
    found.set(key, { noiseMultiplier, sampleRate, rounds: (found.get(key)?.rounds ?? 0) + 1 })
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rounds]) => rounds)
}
