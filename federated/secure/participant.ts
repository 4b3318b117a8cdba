import { concat } from 'uint8arrays/concat'
import { equals } from 'uint8arrays/equals'
import { encodeCbor } from '../../mesh/codec.ts'
import { type EncryptionKeys, generateEncryptionKeys, hpkeOpen, hpkeSeal, sha256 } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { agreedId, checkAgreement, type Deals, dealsOf, type Roster, rosterOf, survivorsOf } from './gather.ts'
import { addMask, maskKeysOf, pairMaskKey, selfMaskKey } from './masks.ts'
import { type Message, type MessageType, readMessage, scalarBytes, signMessage, type Signer } from './messages.ts'
import { bytesOfWords } from './ring.ts'
import { nameOf, placeOf, type SecureRound } from './round.ts'
import { dealSecret, isShare, randomSecret } from './sharing.ts'

// A participant's side of double masking (Bonawitz et al. 2017, figure 4), one function per phase. Each takes the state that the phase before
// left and everybody's messages as they came, and gives the next state and what to send. Randomness is the only thing they take from elsewhere.
//
// States live in memory and are not for storing: a device that goes back to an earlier state could answer twice, for two different sets. One
// that crashes is a dropout of this attempt, which the others survive.

export type Offered = {
  readonly round: SecureRound
  readonly signer: Signer
  readonly maskSecret: Uint8Array
  readonly selfSecret: Uint8Array
  readonly maskKeys: { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array }
  readonly shareKeys: EncryptionKeys
  /** Hash of the message. */
  readonly said: Uint8Array
}

export type Dealt = Offered & {
  readonly roster: Roster
  /** The shares that this device holds of its own secrets. */
  readonly own: Held
}

/** One dealer's shares as this device holds them. At most one of the two is ever given out. */
type Held = { readonly mask: Uint8Array; readonly self: Uint8Array }

export type Masked = {
  readonly round: SecureRound
  readonly signer: Signer
  readonly deals: Deals
  /** In the order of the deals. */
  readonly held: readonly Held[]
}

export type Agreed = Masked & { readonly survivors: readonly number[] }

type Step<State> = { readonly state: State; readonly message: Uint8Array }

const spent = new WeakSet<object>()

/** A state serves one step: two vectors under one mask, or answers for two sets, would open what is masked. A step that failed has said nothing and may be tried again. */
async function once<T>(state: object, step: () => Promise<T>): Promise<T> {
  if (spent.has(state)) throw new KinmeshError('SecureStateSpent', 'this device has done this step already: a second answer could uncover what the first one hides')
  spent.add(state)
  try {
    return await step()
  } catch (error) {
    spent.delete(state)
    throw error
  }
}

/** Phase 1: fresh keys for this attempt. @throws KinmeshError `SecureStranger` for a device outside of the cohort */
export async function offerKeys(round: SecureRound, signer: Signer): Promise<Step<Offered>> {
  const maskSecret = randomSecret()
  const maskKeys = maskKeysOf(maskSecret)
  const shareKeys = await generateEncryptionKeys()
  const message = await signMessage(round, signer, 'keys', { maskKey: maskKeys.publicKey, shareKey: shareKeys.publicKey })
  return { message, state: { round, signer, maskSecret, selfSecret: randomSecret(), maskKeys, shareKeys, said: sha256(message) } }
}

/** Phase 2: both secrets in shares, sealed to those who offered keys. @throws KinmeshError what `readMessage` and `rosterOf` throw, `SecureLeftOut` */
export async function dealShares(state: Offered, keyMessages: readonly Uint8Array[]): Promise<Step<Dealt>> {
  return once(state, async () => {
    const { round, signer } = state
    const roster = rosterOf(round, await readAll(round, 'keys', keyMessages))
    const mine = roster.keys.findIndex(({ hash }) => equals(hash, state.said))
    if (mine < 0) throw leftOut()
    const mask = dealSecret(state.maskSecret, roster.keys.length, round.threshold)
    const self = dealSecret(state.selfSecret, roster.keys.length, round.threshold)
    const sealed = await Promise.all(roster.keys.flatMap(({ author, shareKey }, place) =>
      place === mine ? [] : [hpkeSeal(shareKey, sealInfo(roster, roster.keys[mine]!.author, author), concat([mask.shares[place]!, self.shares[place]!]))]
    ))
    const message = await signMessage(round, signer, 'shares', { roster: roster.id, maskCommitments: mask.commitments, selfCommitments: self.commitments, sealed })
    return { message, state: { ...state, roster, own: { mask: mask.shares[mine]!, self: self.shares[mine]! }, said: sha256(message) } }
  })
}

/**
 * Phase 3: the vector under its masks. `vector`: `round.words` words, left as they are.
 * @throws KinmeshError what `readMessage` and `dealsOf` throw, `SecureLeftOut`, `SecureWrongShare` (names the dealer), `SecureBadVector`
 */
export async function maskVector(state: Dealt, shareMessages: readonly Uint8Array[], vector: Uint32Array): Promise<Step<Masked>> {
  return once(state, async () => {
    const { round, signer, roster } = state
    if (vector.length !== round.words) throw new KinmeshError('SecureBadVector', `the vector has ${vector.length} words, and this round sums ${round.words}`)
    const deals = dealsOf(roster, await readAll(round, 'shares', shareMessages))
    const mine = deals.shares.find(({ hash }) => equals(hash, state.said))
    if (!mine) throw leftOut()
    const held: Held[] = []
    for (const one of deals.shares) held.push(one === mine ? state.own : await openShares(state, mine.author, one))
    const masked = vector.slice()
    await addMask(masked, selfMaskKey(state.selfSecret, roster.id), 1)
    for (const { author, maskKey } of roster.keys) {
      const isPartner = author !== mine.author && deals.shares.some(one => one.author === author)
      if (isPartner) await addMask(masked, pairMaskKey(state.maskKeys.privateKey, maskKey, roster.id), pairSign(mine.author, author))
    }
    const message = await signMessage(round, signer, 'masked', { deals: deals.id, vector: bytesOfWords(masked) })
    return { message, state: { round, signer, deals, held } }
  })
}

/**
 * Phase 4: the devices whose vectors have arrived, signed. Nothing secret is said yet: everybody sees first that everybody is told the same.
 * @throws KinmeshError what `survivorsOf` throws, `SecureLeftOut` where this device's own vector is not among them
 */
export async function agree(state: Masked, survivors: readonly DeviceId[]): Promise<Step<Agreed>> {
  return once(state, async () => {
    const { round, signer, deals } = state
    const places = survivorsOf(deals, survivors.map(id => placeOf(round, id)))
    if (!places.includes(placeOf(round, signer.id))) throw leftOut()
    const message = await signMessage(round, signer, 'agreement', { deals: deals.id, survivors: places })
    return { message, state: { ...state, survivors: places } }
  })
}

/**
 * Phase 5: per dealer one share, of its self-mask where its vector is summed and of its mask key where it is not. Which one follows from what was
 * agreed on by `threshold` devices, more than half of all, so no two such sets exist in one attempt.
 * @throws KinmeshError what `readMessage` and `checkAgreement` throw
 */
export async function reveal(state: Agreed, agreementMessages: readonly Uint8Array[]): Promise<Uint8Array> {
  return once(state, async () => {
    const { round, signer, deals, survivors, held } = state
    checkAgreement(deals, survivors, await readAll(round, 'agreement', agreementMessages))
    const shares = deals.shares.map(({ author }, at) => (survivors.includes(author) ? held[at]!.self : held[at]!.mask))
    return signMessage(round, signer, 'reveal', { agreed: agreedId(deals, survivors), shares })
  })
}

/** What `me` does with the mask that it shares with `other`. */
export function pairSign(me: number, other: number): 1 | -1 {
  return me < other ? 1 : -1
}

async function openShares({ roster, shareKeys }: Dealt, me: number, dealer: Message<'shares'>): Promise<Held> {
  const { round } = roster
  const place = roster.keys.findIndex(({ author }) => author === me)
  // The dealer seals nothing to itself.
  const at = me > dealer.author ? place - 1 : place
  let both: Uint8Array
  try {
    both = await hpkeOpen(shareKeys, sealInfo(roster, dealer.author, me), dealer.sealed[at]!)
  } catch (cause) {
    throw wrongShare(round, dealer.author, cause)
  }
  const held = { mask: both.slice(0, scalarBytes), self: both.slice(scalarBytes) }
  if (!isShare(dealer.maskCommitments, place, held.mask) || !isShare(dealer.selfCommitments, place, held.self)) throw wrongShare(round, dealer.author)
  return held
}

function sealInfo(roster: Roster, from: number, to: number): Uint8Array {
  return encodeCbor(['kinmesh-secure-shares', roster.id, from, to])
}

function readAll<T extends MessageType>(round: SecureRound, type: T, messages: readonly Uint8Array[]): Promise<Message<T>[]> {
  return Promise.all(messages.map(bytes => readMessage(round, type, bytes)))
}

function wrongShare(round: SecureRound, dealer: number, cause?: unknown): KinmeshError {
  return new KinmeshError('SecureWrongShare', `${nameOf(round, dealer)} gave this device a share that does not fit what it committed to: start again without it`, { cause })
}

function leftOut(): KinmeshError {
  return new KinmeshError('SecureLeftOut', 'what this device said is not among what it is shown: it takes no part in the rest of this attempt')
}
