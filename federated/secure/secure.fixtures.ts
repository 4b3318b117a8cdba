import { createIdentity } from '../../mesh/identity.ts'
import type { Identity } from '../../mesh/types.ts'
import { dealsOf, type Deals, rosterOf } from './gather.ts'
import { type MessageType, readMessage } from './messages.ts'
import { agree, type Dealt, dealShares, type Masked, maskVector, type Offered, offerKeys, reveal } from './participant.ts'
import { type RoundTerms, type SecureRound, secureRound } from './round.ts'
import { unmask, type Unmasked } from './unmask.ts'

/** The phase in which a participant says its last word; 5 stays to the end. A participant that keeps silent from the first is 0. */
export type LastPhase = 0 | 1 | 2 | 3 | 4 | 5

export type Member = { readonly identity: Identity; readonly vector: Uint32Array }

/** `count` devices in the order of the cohort; their vectors go all over the ring (multiples of the golden ratio's). */
export async function members(count: number, words: number): Promise<Member[]> {
  const made = await Promise.all(Array.from({ length: count }, async (_, number) => ({ identity: await createIdentity(), vector: Uint32Array.from({ length: words }, (_, at) => Math.imul(at * count + number + 1, 0x9e3779b1)) })))
  const { cohort } = roundOf(made, { threshold: count, words })
  return cohort.map(({ id }) => made.find(({ identity }) => identity.id === id)!)
}

export function roundOf(group: readonly Member[], terms: Partial<RoundTerms> & Pick<RoundTerms, 'threshold'>): SecureRound {
  return secureRound({ task: 'test', round: 1, attempt: 0, words: group[0]!.vector.length, cohort: group.map(({ identity }) => identity.id), ...terms })
}

export type Said<State> = { readonly state: State; readonly message: Uint8Array }

export const messagesOf = (said: readonly { readonly message: Uint8Array }[]): Uint8Array[] => said.map(({ message }) => message)

export function readEach<T extends MessageType>(round: SecureRound, type: T, messages: readonly Uint8Array[]) {
  return Promise.all(messages.map(bytes => readMessage(round, type, bytes)))
}

export function offerAll(round: SecureRound, group: readonly Member[]): Promise<Said<Offered>[]> {
  return Promise.all(group.map(({ identity }) => offerKeys(round, identity)))
}

export function dealAll(offered: readonly Said<Offered>[]): Promise<Said<Dealt>[]> {
  return Promise.all(offered.map(({ state }) => dealShares(state, messagesOf(offered))))
}

export function maskAll(dealt: readonly Said<Dealt>[], group: readonly Member[]): Promise<Said<Masked>[]> {
  return Promise.all(dealt.map(({ state }) => maskVector(state, messagesOf(dealt), group.find(({ identity }) => identity.id === state.signer.id)!.vector)))
}

/** A state that was not used yet, so that a test can go two ways from one. */
export const again = <State>(said: readonly Said<State>[]): Said<State>[] => said.map(({ state, message }) => ({ state: { ...state }, message }))

export async function dealsFrom(round: SecureRound, offered: readonly Said<unknown>[], dealt: readonly Said<unknown>[]): Promise<Deals> {
  return dealsOf(rosterOf(round, await readEach(round, 'keys', messagesOf(offered))), await readEach(round, 'shares', messagesOf(dealt)))
}

/** From the masked vectors on: those of `masked` arrived, `agreeing` of them agree, `revealing` of these answer. */
export async function finish(deals: Deals, masked: readonly Said<Masked>[], agreeing: (id: string) => boolean, revealing: (id: string) => boolean): Promise<Unmasked> {
  const { round } = deals.roster
  const survivors = masked.map(({ state }) => state.signer.id)
  const agreed = await Promise.all(masked.filter(({ state }) => agreeing(state.signer.id)).map(({ state }) => agree(state, survivors)))
  const answers = await Promise.all(agreed.filter(({ state }) => revealing(state.signer.id)).map(({ state }) => reveal(state, messagesOf(agreed))))
  return unmask(deals, await readEach(round, 'masked', messagesOf(masked)), await readEach(round, 'reveal', answers))
}

/** A whole attempt in which each member keeps silent after its last phase. */
export async function attempt(round: SecureRound, group: readonly Member[], last: readonly LastPhase[]): Promise<Unmasked> {
  const lastOf = new Map(group.map(({ identity }, at) => [identity.id, last[at]!]))
  const staying = (phase: LastPhase) => (id: string) => lastOf.get(id)! >= phase
  const of = <State extends { readonly signer: { readonly id: string } }>(said: readonly Said<State>[], phase: LastPhase) => said.filter(({ state }) => staying(phase)(state.signer.id))
  const offered = await offerAll(round, group.filter(({ identity }) => staying(1)(identity.id)))
  // Who drops out computed nothing that counts: only what arrived is shown to the others.
  const dealt = await Promise.all(of(offered, 2).map(({ state }) => dealShares(state, messagesOf(offered))))
  const deals = await dealsFrom(round, offered, dealt)
  const masked = await Promise.all(of(dealt, 3).map(({ state }) => maskVector(state, messagesOf(dealt), group.find(({ identity }) => identity.id === state.signer.id)!.vector)))
  return finish(deals, masked, staying(4), staying(5))
}

/** The obvious sum. */
export function plainSum(group: readonly Member[], ids: readonly string[]): Uint32Array {
  const sum = new Uint32Array(group[0]!.vector.length)
  for (const { identity, vector } of group) if (ids.includes(identity.id)) vector.forEach((word, at) => { sum[at] = (sum[at]! + word) % 2 ** 32 })
  return sum
}
