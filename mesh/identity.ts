import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { equals } from 'uint8arrays/equals'
import { decodeCbor, encodeCbor, FieldReader } from './codec.ts'
import { generateEncryptionKeys, generateSigningKeys, keyBytes, signer, type EncryptionKeys, type SigningKeys } from './crypto.ts'
import { KinmeshError } from './errors.ts'
import type { DeviceId, Identity } from './types.ts'

const identityMagic = 'kinmesh-identity'
const identityVersion = 1

/** Makes the keys of a new device. */
export async function createIdentity(): Promise<Identity> {
  return identityFrom(generateSigningKeys(), await generateEncryptionKeys())
}

/** What a device keeps secret, as bytes for its caller to store. Public keys are in it too: a damaged private key is then noticed. */
export function serializeIdentity(identity: Identity): Uint8Array {
  const { signing, encryption } = identity
  return encodeCbor([identityMagic, identityVersion, signing.privateKey, signing.publicKey, encryption.privateKey, encryption.publicKey])
}

/** @throws KinmeshError `BadIdentity` for anything that `serializeIdentity` did not write, `NewerVersion` for what a later kinmesh wrote */
export function parseIdentity(bytes: Uint8Array): Identity {
  let version: number
  let fields: FieldReader
  try {
    fields = new FieldReader(decodeCbor(bytes), 'identity')
    if (fields.text('magic', identityMagic.length) !== identityMagic) throw badIdentity()
    version = fields.uint('version')
  } catch (cause) {
    throw badIdentity(cause)
  }
  if (version !== identityVersion) throw new KinmeshError('NewerVersion', 'the identity was written by a newer kinmesh: update kinmesh on this device')
  try {
    const signing = readKeys(fields, 'signing', ed25519.getPublicKey)
    const encryption = readKeys(fields, 'encryption', x25519.getPublicKey)
    fields.end()
    return identityFrom(signing, encryption)
  } catch (cause) {
    throw badIdentity(cause)
  }
}

/** Every entry and frame names its author by key, and writing a key in base 58 takes longer than hashing an entry: ids and keys that were met before are known. */
const knownIds = new Map<string, DeviceId>()
const knownKeys = new Map<DeviceId, Uint8Array>()
/** Far more devices than a person has, and little memory for whoever makes names up. */
const maxKnown = 1024

function know<Value>(known: Map<string, Value>, name: string, value: Value): Value {
  if (known.size >= maxKnown) known.clear()
  known.set(name, value)
  return value
}

/** The text form of the PeerId whose key is `publicKey` (Ed25519, 32 bytes). @throws KinmeshError `BadDeviceId` */
export function deviceIdOf(publicKey: Uint8Array): DeviceId {
  const name = String.fromCharCode(...publicKey.subarray(0, keyBytes + 1))
  const known = knownIds.get(name)
  if (known !== undefined) return known
  try {
    return know(knownIds, name, peerIdFromPublicKey(publicKeyFromRaw(publicKey)).toString())
  } catch (cause) {
    throw new KinmeshError('BadDeviceId', 'these bytes are not an Ed25519 public key', { cause })
  }
}

/** The Ed25519 key inside a device id. @throws KinmeshError `BadDeviceId` unless `id` is the one text form of an Ed25519 PeerId */
export function publicKeyOf(id: DeviceId): Uint8Array {
  const known = knownKeys.get(id)
  if (known) return known.slice()
  try {
    const peerId = peerIdFromString(id)
    if (peerId.type === 'Ed25519' && peerId.toString() === id) return know(knownKeys, id, peerId.publicKey.raw).slice()
  } catch (cause) {
    throw new KinmeshError('BadDeviceId', 'this is not a device id', { cause })
  }
  throw new KinmeshError('BadDeviceId', 'this is not a device id')
}

function identityFrom(signing: SigningKeys, encryption: EncryptionKeys): Identity {
  return { id: deviceIdOf(signing.publicKey), signing, encryption, sign: signer(signing) }
}

function readKeys(fields: FieldReader, name: string, publicKeyFrom: (privateKey: Uint8Array) => Uint8Array): SigningKeys & EncryptionKeys {
  const privateKey = fields.bytes(`${name} private key`, { length: keyBytes })
  const publicKey = fields.bytes(`${name} public key`, { length: keyBytes })
  if (!equals(publicKeyFrom(privateKey), publicKey)) throw badIdentity()
  return { privateKey, publicKey }
}

function badIdentity(cause?: unknown): KinmeshError {
  return new KinmeshError('BadIdentity', 'the identity is damaged: restore it from a backup, or remove it to start as a new device', { cause })
}
