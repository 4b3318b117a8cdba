import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId, Identity } from '../../mesh/types.ts'
import { Admission } from '../aggregation/admission.ts'
import type { WeightedUpdate } from '../aggregation/contribution.ts'
import { compressUpdate } from '../compression/feedback.ts'
import { decodeUpdate } from '../compression/payload.ts'
import type { Job } from './events.ts'
import { type RoundManifest, valuesOf } from './manifest.ts'
import { bytesOfFloats, floatsOf, meanOf } from './mean.ts'
import type { Payload, Said, Value } from './messages.ts'
import type { Payloads } from './payloads.ts'
import { weightOf } from './result-checks.ts'
import type { LocalUpdate, RoundPolicy } from './task.ts'

/** Updates that a coordinator keeps decoded between looking at them and adding them up. */
const maxSeenBytes = 64 * 1024 * 1024

export type Prepared = { readonly payload: Payload; readonly examples: number }
export type Closed = { readonly shown: Payload | null; readonly value: Pick<Value, 'result' | 'transcript' | 'weight'> | null; readonly named: readonly DeviceId[] }
type JobOf<Kind extends Job['do']> = Job & { readonly do: Kind }

/** What is computed in a round. Each function throws a KinmeshError for what is wrong with what it was given. */
export type Work = {
  prepare(job: JobOf<'prepare'>, signal: AbortSignal): Promise<Prepared>
  check(job: JobOf<'check'>, signal: AbortSignal): Promise<void>
  close(job: JobOf<'close'>, signal: AbortSignal): Promise<Closed>
  verify(job: Pick<JobOf<'verify'>, 'value' | 'from'>, signal: AbortSignal): Promise<void>
  /** Error feedback of a contribution. */
  residualOf(offer: Said<'offer'> | undefined): Float32Array | undefined
}

export type WorkHost = { readonly manifest: RoundManifest; readonly identity: Identity; readonly payloads: Payloads; readonly policy: RoundPolicy }

/** Of rounds whose contributions everybody of the cohort may see. */
export function plainWork(host: WorkHost): Work {
  const { manifest, identity, payloads, policy } = host
  const residuals = new Map<string, Float32Array>()
  /** What was looked at once, by the offer's signature. */
  const seen = new Map<string, WeightedUpdate>()
  /** What this device gave last, as the others read it. */
  let own: { readonly root: string; readonly values: Float32Array } | undefined
  const maxSeen = maxSeenBytes / (4 * valuesOf(manifest))

  const read = async (offer: Said<'offer'>, from: readonly DeviceId[], signal: AbortSignal): Promise<WeightedUpdate> => {
    const before = seen.get(offer.signature)
    if (before) return before
    const values = own?.root === offer.payload.root ? own.values : decode(manifest, await payloads.obtain(offer.payload, from, signal))
    const update = admitted(manifest, offer.author, offer.examples, values, offer.base)
    if (seen.size >= maxSeen) seen.clear()
    if (maxSeen >= 1) seen.set(offer.signature, update)
    return update
  }
  const resultOf = async (offers: readonly Said<'offer'>[], from: readonly DeviceId[], signal: AbortSignal) => {
    const updates: WeightedUpdate[] = []
    for (const offer of offers) updates.push(await read(offer, [...new Set([...from, offer.author])], signal))
    return bytesOfFloats(meanOf(manifest, updates))
  }

  return {
    async prepare({ attempt }, signal) {
      const local = await policy.update(manifest, { attempt, signal })
      const { payload: bytes, sent, residual } = encode(manifest, identity.id, local)
      const payload = await payloads.keep(bytes)
      own = { root: payload.root, values: sent }
      await policy.upload(manifest, { attempt, examples: local.numExamples, hash: payload.root, bytes: payload.bytes })
      if (residual) residuals.set(payload.root, residual)
      return { payload, examples: local.numExamples }
    },
    check: async ({ offer }, signal) => void (await read(offer, [offer.author], signal)),
    async close({ offers: [offers] }, signal) {
      const weight = offers!.reduce((sum, offer) => sum + weightOf(manifest, offer), 0)
      return { shown: null, named: [], value: { result: await payloads.keep(await resultOf(offers!, [], signal)), transcript: null, weight } }
    },
    async verify({ value, from }, signal) {
      if (manifest.check === 'own') return checkFloats(await payloads.obtain(value.result, from, signal))
      const result = await resultOf(value.offers, from.slice(0, 1), signal)
      checkResult(value, await payloads.keep(result))
    },
    residualOf: offer => offer && residuals.get(offer.payload.root)
  }
}

function encode(manifest: RoundManifest, self: DeviceId, { delta, numExamples, residual }: LocalUpdate): { payload: Uint8Array; sent: Float32Array; residual: Float32Array | undefined } {
  const { compression, base } = manifest
  admitted(manifest, self, numExamples, delta, base)
  if (!compression) {
    const sent = delta.slice()
    return { payload: bytesOfFloats(sent), sent, residual: undefined }
  }
  const compressed = compressUpdate(delta, residual, compression)
  // With what was left over, or rounded, a value may lie beyond what the others admit: it is noticed here and not there.
  admitted(manifest, self, numExamples, compressed.sent, base)
  return compressed
}

function decode(manifest: RoundManifest, bytes: Uint8Array): Float32Array {
  if (manifest.compression) return decodeUpdate(bytes, valuesOf(manifest))
  if (bytes.length !== 4 * valuesOf(manifest)) throw new KinmeshError('WrongShape', `an update of ${bytes.length} bytes is not ${valuesOf(manifest)} values`)
  return floatsOf(bytes)
}

/** @throws KinmeshError as `Admission` does */
export function admitted({ base: baseHash, shapes, maxExamples, maxAbs }: RoundManifest, participant: DeviceId, numExamples: number, delta: Float32Array, base: string): WeightedUpdate {
  return new Admission({ baseHash, shapes, maxExamples, maxAbs }).admit({ participant, baseHash: base, numExamples, shapes, delta })
}

/** @throws KinmeshError `CommitWrongSum` */
export function checkResult({ result }: Value, right: Payload): void {
  if (right.root !== result.root) throw new KinmeshError('CommitWrongSum', 'the result is not the mean of the contributions that it names: it is refused')
}

/** @throws KinmeshError `NotFinite` */
export function checkFloats(bytes: Uint8Array): void {
  const values = floatsOf(bytes)
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at]!)) throw new KinmeshError('NotFinite', 'the result holds values that are none: it is refused')
}
