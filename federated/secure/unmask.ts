import { equals } from 'uint8arrays/equals'
import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { agreedId, type Deals, enough, idsOf, onePerAuthor, survivorsOf, tooFew } from './gather.ts'
import { addMask, maskKeysOf, pairMaskKey, selfMaskKey } from './masks.ts'
import type { Message } from './messages.ts'
import { pairSign } from './participant.ts'
import { addWords, wordsOf } from './ring.ts'
import { nameOf } from './round.ts'
import { combineShares, type HeldShare } from './sharing.ts'

export type Unmasked = {
  /** Sum of the survivors' vectors mod 2³². */
  readonly sum: Uint32Array
  /** Whose vectors are in it, ascending by key. */
  readonly survivors: readonly DeviceId[]
  /** Who gave out shares that are not the ones it was given; known as far as the sum depended on them. */
  readonly liars: readonly DeviceId[]
}

/**
 * Takes the masks off the sum: the self-masks of those whose vectors are in it, and what masks shared with the others have left in it.
 * @throws KinmeshError `SecureDuplicate`, `SecureOtherShares` (masked for other partners), `SecureSplitView` (answers for another set), `SecureTooFew`, `SecureBadSurvivors`,
 *   `SecureWrongKey` (names who shared another key than it offered)
 */
export async function unmask(deals: Deals, masked: readonly Message<'masked'>[], reveals: readonly Message<'reveal'>[]): Promise<Unmasked> {
  const { roster } = deals
  const { round } = roster
  const vectors = onePerAuthor(round, masked)
  for (const { author, deals: theirs } of vectors) {
    if (!equals(theirs, deals.id)) throw new KinmeshError('SecureOtherShares', `${nameOf(round, author)} masked its vector for other partners than the rest: its mask would stay in the sum`)
  }
  const survivors = survivorsOf(deals, vectors.map(({ author }) => author))
  const answers = onePerAuthor(round, reveals)
  checkAnswers(deals, survivors, answers)
  enough(round, answers, 'gave out their shares')

  const sum = new Uint32Array(round.words)
  for (const { vector } of vectors) addWords(sum, wordsOf(vector))
  const liars = new Set<number>()
  for (const [at, { author, maskCommitments, selfCommitments }] of deals.shares.entries()) {
    const isSurvivor = survivors.includes(author)
    const held: HeldShare[] = answers.map(answer => ({ place: roster.keys.findIndex(one => one.author === answer.author), share: answer.shares[at]! }))
    const { secret, wrong } = combineShares(isSurvivor ? selfCommitments : maskCommitments, held)
    for (const place of wrong) liars.add(roster.keys[place]!.author)
    if (!secret) throw tooFew(round, answers.length - wrong.length, `gave out right shares of what ${nameOf(round, author)} shared (wrong ones: ${idsOf(round, [...liars]).join(', ')})`)
    if (isSurvivor) await addMask(sum, selfMaskKey(secret, roster.id), -1)
    else await takeOffPairMasks(deals, sum, author, secret, survivors)
  }
  return { sum, survivors: idsOf(round, survivors), liars: idsOf(round, [...liars].sort((a, b) => a - b)) }
}

function checkAnswers(deals: Deals, survivors: readonly number[], answers: readonly Message<'reveal'>[]): void {
  const { round } = deals.roster
  const agreed = agreedId(deals, survivors)
  for (const { author, agreed: theirs, shares } of answers) {
    if (!equals(theirs, agreed) || shares.length !== deals.shares.length) throw new KinmeshError('SecureSplitView', `${nameOf(round, author)} answers for another set of vectors than the one to be summed`)
    if (!survivors.includes(author)) throw new KinmeshError('SecureBadSurvivors', `${nameOf(round, author)} answers for a sum that it is no part of`)
  }
}

/** What the survivors' masks with `dropped` left in the sum, since its own vector, which would have cancelled them, is not there. */
async function takeOffPairMasks({ roster }: Deals, sum: Uint32Array, dropped: number, secret: Uint8Array, survivors: readonly number[]): Promise<void> {
  const { privateKey, publicKey } = maskKeysOf(secret)
  const offered = roster.keys.find(({ author }) => author === dropped)!
  if (!equals(publicKey, offered.maskKey)) throw new KinmeshError('SecureWrongKey', `${nameOf(roster.round, dropped)} shared another key than the one it offered: its masks stay on, start again without it`)
  for (const { author, maskKey } of roster.keys) {
    if (survivors.includes(author)) await addMask(sum, pairMaskKey(privateKey, maskKey, roster.id), pairSign(author, dropped) === 1 ? -1 : 1)
  }
}
