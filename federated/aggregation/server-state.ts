import { KinmeshError, isKinmeshError } from '../../mesh/errors.ts'
import { FieldReader, decodeCbor, encodeCbor } from '../../mesh/codec.ts'
import type { ServerOptimizer, ServerState } from './server-optimizer.ts'

const version = 1
const bytesPerValue = 8

/** CBOR: [version, the optimiser's name, momentum, variance], the last two f64 one behind the other, little-endian. */
export function encodeServerState({ name }: ServerOptimizer, { momentum, variance }: ServerState): Uint8Array {
  return encodeCbor([version, name, toBytes(momentum), toBytes(variance)])
}

/**
 * What encodeServerState wrote for this optimiser and a model of this many `values`.
 * @throws KinmeshError `BadServerState`
 */
export function decodeServerState(optimizer: ServerOptimizer, values: number, bytes: Uint8Array): ServerState {
  const expected = optimizer.start(values)
  try {
    const fields = new FieldReader(decodeCbor(bytes), 'state of a server optimiser')
    const [foundVersion, foundName] = [fields.uint('version'), fields.text('optimiser', 32)]
    if (foundVersion !== version || foundName !== optimizer.name) throw bad(`it is of ${foundName}, version ${foundVersion}`)
    const vector = (field: string, { length }: Float64Array) => fromBytes(fields.bytes(field, { length: length * bytesPerValue }))
    const state = { momentum: vector('momentum', expected.momentum), variance: vector('variance', expected.variance) }
    fields.end()
    if (!state.momentum.every(Number.isFinite) || !state.variance.every(value => value >= 0 && Number.isFinite(value))) throw bad('it holds what no round leaves behind')
    return state
  } catch (error) {
    throw isKinmeshError(error, 'MalformedBytes') ? bad(error.message, error) : error
  }
}

function bad(problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError('BadServerState', `the optimiser's state does not fit (${problem}): take that of another participant, or start anew`, { cause })
}

function toBytes(values: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * bytesPerValue))
  for (let at = 0; at < values.length; at++) view.setFloat64(at * bytesPerValue, values[at]!, true)
  return new Uint8Array(view.buffer)
}

function fromBytes(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const values = new Float64Array(bytes.length / bytesPerValue)
  for (let at = 0; at < values.length; at++) values[at] = view.getFloat64(at * bytesPerValue, true)
  return values
}
