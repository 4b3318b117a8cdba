import { equals } from 'uint8arrays/equals'
import { type CborValue, decodeCbor, encodeCbor, FieldReader, malformed } from '../../mesh/codec.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { deviceIdOf, publicKeyOf } from '../../mesh/identity.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { decodeFixedPoint, encodeFixedPoint } from '../aggregation/fixed-point.ts'
import { agreedId, type Deals, dealsOf, rosterOf, survivorsOf } from '../secure/gather.ts'
import { type Message, type MessageType, readMessage } from '../secure/messages.ts'
import { agree, type Agreed, type Dealt, dealShares, type Masked, maskVector, type Offered, offerKeys, reveal } from '../secure/participant.ts'
import { placeOf, type SecureRound, secureRound } from '../secure/round.ts'
import { unmask } from '../secure/unmask.ts'
import { maxCohort, type RoundManifest, wordsOf } from './manifest.ts'
import { bytesOfFloats, fixedPointOf } from './mean.ts'
import type { Payload, Said } from './messages.ts'
import { securePhases } from './state.ts'
import { admitted, checkFloats, checkResult, type Closed, type Prepared, type Work, type WorkHost } from './work.ts'

const maxListedBytes = 16 * 1024
/** Messages that are kept read: each phase looks at those of the phases before, and each of their signatures takes a third of a millisecond. */
const maxKnownBytes = 64 * 1024 * 1024

type Read<T extends MessageType> = { readonly bytes: Uint8Array; readonly message: Message<T> }

/** This device's masks of one attempt: in memory alone, and gone with it. */
type Session = { readonly attempt: number; offered?: Offered; dealt?: Dealt; masked?: Masked; agreed?: Agreed }

/** Of rounds whose contributions nobody sees: the five phases of secure/. */
export function secureWork({ manifest, identity, payloads, policy }: WorkHost): Work {
  let session: Session | undefined
  /** By attempt, type and payload. */
  const known = new Map<string, Read<MessageType>>()
  let knownBytes = 0

  const messagesOf = async (payload: Payload | undefined, from: readonly DeviceId[], signal: AbortSignal) => readList(await payloads.obtain(payload!, from, signal))
  const read = async <T extends MessageType>(attempt: number, type: T, offers: readonly Said<'offer'>[], from: readonly DeviceId[], signal: AbortSignal): Promise<Read<T>[]> => {
    const round = roundOf(manifest, attempt)
    const found: Read<T>[] = []
    for (const offer of offers) {
      const name = `${attempt} ${type} ${offer.payload.root}`
      const before = known.get(name) as Read<T> | undefined
      const one = before ?? (await readOne(round, type, offer, from, signal))
      if (one.message.author !== placeOf(round, offer.author)) throw new KinmeshError('SecureStranger', `${offer.author} offers what another device has signed`)
      found.push(one)
      if (!before) keep(name, one)
    }
    return found
  }
  const readOne = async <T extends MessageType>(round: SecureRound, type: T, offer: Said<'offer'>, from: readonly DeviceId[], signal: AbortSignal): Promise<Read<T>> => {
    const bytes = await payloads.obtain(offer.payload, [...new Set([...from, offer.author])], signal)
    return { bytes, message: await readMessage(round, type, bytes) }
  }
  const keep = (name: string, one: Read<MessageType>) => {
    if (knownBytes + one.bytes.length > maxKnownBytes) {
      known.clear()
      knownBytes = 0
    }
    known.set(name, one)
    knownBytes += one.bytes.length
  }
  const dealsAt = async (attempt: number, keys: readonly Said<'offer'>[], shares: readonly Said<'offer'>[], signal: AbortSignal): Promise<Deals> => {
    const roster = rosterOf(roundOf(manifest, attempt), (await read(attempt, 'keys', keys, [], signal)).map(({ message }) => message))
    return dealsOf(roster, (await read(attempt, 'shares', shares, [], signal)).map(({ message }) => message))
  }

  const prepareNext = async (attempt: number, phase: number, shown: readonly Payload[], from: readonly DeviceId[], signal: AbortSignal): Promise<{ message: Uint8Array; examples?: number }> => {
    if (phase === 0) {
      const { state, message } = await offerKeys(roundOf(manifest, attempt), identity)
      session = { attempt, offered: state }
      return { message }
    }
    const current = session?.attempt === attempt ? session : undefined
    const last = await messagesOf(shown[phase - 1], from, signal)
    if (phase === 1 && current?.offered) {
      const { state, message } = await dealShares(current.offered, last)
      current.dealt = state
      return { message }
    }
    if (phase === 2 && current?.dealt) {
      const { delta, numExamples } = await policy.update(manifest, { attempt, signal })
      const update = admitted(manifest, identity.id, numExamples, delta, manifest.base)
      const { state, message } = await maskVector(current.dealt, last, encodeFixedPoint(fixedPointOf(manifest), update))
      current.masked = state
      return { message, examples: numExamples }
    }
    if (phase === 3 && current?.masked) {
      const { state, message } = await agree(current.masked, last.map(deviceIdOf))
      current.agreed = state
      return { message }
    }
    if (phase === 4 && current?.agreed) return { message: await reveal(current.agreed, last) }
    throw new KinmeshError('RoundRestarted', 'this device was started again since the attempt began, and has no part in the rest of it')
  }

  return {
    async prepare({ attempt, phase, shown, from }, signal): Promise<Prepared> {
      const { message, examples } = await prepareNext(attempt, phase, shown, [from], signal)
      const payload = await payloads.keep(message)
      if (examples !== undefined) await policy.upload(manifest, { attempt, examples, hash: payload.root, bytes: payload.bytes })
      return { payload, examples: 0 }
    },

    async check({ attempt, offer, before: [keys = [], shares = [], masked = [], agreements = []] }, signal) {
      const type = securePhases[offer.phase]!
      const [found] = await read(attempt, type, [offer], [], signal)
      if (type === 'keys') return
      if (type === 'shares') {
        const roster = rosterOf(roundOf(manifest, attempt), (await read(attempt, 'keys', keys, [], signal)).map(({ message }) => message))
        const { roster: theirs, sealed } = found!.message as Message<'shares'>
        if (!equals(theirs, roster.id) || sealed.length !== roster.keys.length - 1) throw new KinmeshError('SecureOtherRoster', `${offer.author} shares secrets of other keys than those it was shown`)
        return
      }
      const deals = await dealsAt(attempt, keys, shares, signal)
      const { message } = found! as { message: Message<'masked'> | Message<'agreement'> | Message<'reveal'> }
      const survivors = masked.map(({ author }) => placeOf(deals.roster.round, author)).sort((a, b) => a - b)
      const isOfAgreement = () => agreements.some(({ author }) => author === offer.author)
      const fits = message.type === 'reveal'
        ? equals(message.agreed, agreedId(deals, survivors)) && message.shares.length === deals.shares.length && isOfAgreement()
        : equals(message.deals, deals.id) && (message.type === 'masked' || message.survivors.join() === survivors.join())
      if (!fits) throw new KinmeshError('SecureSplitView', `${offer.author} answers for another sum than the one that it was shown`)
    },

    async close({ attempt, phase, offers }, signal): Promise<Closed> {
      const name = securePhases[phase]!
      const [keys, shares, masked, , reveals] = offers
      if (name === 'masked') {
        const deals = await dealsAt(attempt, keys!, shares!, signal)
        survivorsOf(deals, masked!.map(({ author }) => placeOf(deals.roster.round, author)))
        return { shown: await payloads.keep(encodeCbor(masked!.map(({ author }) => publicKeyOf(author)))), value: null, named: [] }
      }
      if (name !== 'reveal') {
        const said = await read(attempt, name, offers[phase]!, [], signal)
        return { shown: await payloads.keep(encodeCbor(said.map(({ bytes }) => bytes))), value: null, named: [] }
      }
      const parts = await Promise.all(([['keys', keys], ['shares', shares], ['reveal', reveals]] as const).map(async ([type, those]) => (await read(attempt, type, those!, [], signal)).map(({ bytes }) => bytes)))
      const vectors = (await read(attempt, 'masked', masked!, [], signal)).map(({ message }) => message)
      const { result, weight, liars } = await sumOf(manifest, attempt, parts, vectors)
      return { shown: null, named: liars, value: { result: await payloads.keep(result), transcript: await payloads.keep(encodeCbor(parts)), weight } }
    },

    async verify({ value, from }, signal) {
      if (manifest.check === 'own') return checkFloats(await payloads.obtain(value.result, from, signal))
      const parts = readTranscript(await payloads.obtain(value.transcript!, from, signal))
      const vectors = (await read(value.attempt, 'masked', value.offers, from.slice(0, 1), signal)).map(({ message }) => message)
      const { result, weight } = await sumOf(manifest, value.attempt, parts, vectors)
      if (weight !== value.weight) throw new KinmeshError('CommitWrongWeight', 'the result says another weight than its sum')
      checkResult(value, await payloads.keep(result))
    },

    residualOf: () => undefined
  }
}

function roundOf({ task, round, quorum, cohort, ...rest }: RoundManifest, attempt: number): SecureRound {
  return secureRound({ task, round, attempt, threshold: quorum, words: wordsOf({ task, round, quorum, cohort, ...rest }), cohort })
}

/** Takes the masks off. `parts`: messages of keys, shares and reveals. */
async function sumOf(manifest: RoundManifest, attempt: number, [keys, shares, reveals]: readonly (readonly Uint8Array[])[], vectors: readonly Message<'masked'>[]): Promise<{ result: Uint8Array; weight: number; liars: readonly DeviceId[] }> {
  const round = roundOf(manifest, attempt)
  const readAll = <T extends MessageType>(type: T, messages: readonly Uint8Array[]) => Promise.all(messages.map(bytes => readMessage(round, type, bytes)))
  const deals = dealsOf(rosterOf(round, await readAll('keys', keys!)), await readAll('shares', shares!))
  const { sum, survivors, liars } = await unmask(deals, vectors, await readAll('reveal', reveals!))
  const { mean, totalWeight } = decodeFixedPoint(fixedPointOf(manifest), sum, survivors.length)
  return { result: bytesOfFloats(mean), weight: totalWeight, liars }
}

/** Messages, or keys of devices. @throws KinmeshError `MalformedBytes` */
function readList(bytes: Uint8Array): Uint8Array[] {
  return list(decodeCbor(bytes))
}

function readTranscript(bytes: Uint8Array): Uint8Array[][] {
  const fields = new FieldReader(decodeCbor(bytes), 'transcript')
  const parts = [list(fields.list('keys', maxCohort, one => one)), list(fields.list('shares', maxCohort, one => one)), list(fields.list('reveals', maxCohort, one => one))]
  fields.end()
  return parts
}

function list(value: CborValue): Uint8Array[] {
  return new FieldReader([value], 'list').list('items', maxCohort, one => {
    if (one instanceof Uint8Array && one.length <= maxListedBytes) return one
    throw malformed('list', 'an item is not a message')
  })
}

