import { decodeCbor, encodeCbor, FieldReader } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { maxTaskChars } from '../../federated/privacy/ledger.ts'
import { equals } from 'uint8arrays/equals'

/** Where the state of a round rests between two steps of it, one for each task; what the bytes say is the round's affair. */
export type RoundStates = {
  /** Undefined where there is none. @throws KinmeshError `RoundStateDamaged` · `RoundStateNewer` · `StoreFailed` */
  load(task: string): Promise<Uint8Array | undefined>
  /** In the place of the one before, durable when it resolves. @throws KinmeshError `RoundStateTooLarge` · `StoreFailed` · `DiskFull` */
  save(task: string, bytes: Uint8Array): Promise<void>
  remove(task: string): Promise<void>
}

/** Contributions of 15 devices with a million parameters each, in four bytes. */
export const maxRoundStateBytes = 64 * 1024 * 1024
/** Around the bytes: a version, the task's name, a hash. */
export const frameBytes = 1024
const what = 'kinmesh round state'
const version = 1

/** CBOR [what, version, task, SHA-256 of the bytes, bytes]. @throws KinmeshError `RoundStateTooLarge` */
export function encodeRoundState(task: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length > maxRoundStateBytes) throw new KinmeshError('RoundStateTooLarge', `the state of a round of ${task} has ${bytes.length} bytes, and ${maxRoundStateBytes} are kept: plan rounds of fewer devices or parameters`)
  return encodeCbor([what, version, task, sha256(bytes), bytes])
}

/** @throws KinmeshError `RoundStateDamaged` · `RoundStateNewer` */
export function decodeRoundState(task: string, stored: Uint8Array): Uint8Array {
  try {
    const value = decodeCbor(stored)
    const [kind, found] = Array.isArray(value) ? value : []
    if (kind === what && typeof found === 'number' && found > version) throw new KinmeshError('RoundStateNewer', `the state of a round of ${task} was written by a newer kinmesh: update kinmesh on this device`)
    const fields = new FieldReader(value, what)
    const [itsKind, its, of, hash, bytes] = [fields.text('kind', 40), fields.uint('version', version), fields.text('task', maxTaskChars), fields.bytes('hash', { length: 32 }), fields.bytes('state', { max: maxRoundStateBytes })]
    fields.end()
    if (itsKind === what && its === version && of === task && equals(sha256(bytes), hash)) return bytes
  } catch (cause) {
    if (cause instanceof KinmeshError && cause.code === 'RoundStateNewer') throw cause
    throw damaged(task, cause)
  }
  throw damaged(task)
}

function damaged(task: string, cause?: unknown): KinmeshError {
  return new KinmeshError('RoundStateDamaged', `the state of a round of ${task} on this device is damaged: forget this round, and the device takes part in the next one`, { cause })
}

/** For simulations: it ends with the process. */
export function createMemoryRoundStates(): RoundStates {
  const states = new Map<string, Uint8Array>()
  return {
    load: async task => {
      const stored = states.get(task)
      return stored && decodeRoundState(task, stored)
    },
    save: async (task, bytes) => void states.set(task, encodeRoundState(task, bytes)),
    remove: async task => void states.delete(task)
  }
}
