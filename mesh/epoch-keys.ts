import { equals } from 'uint8arrays/equals'
import { encodeCbor } from './codec.ts'
import { deriveKey, hashBytes, hpkeOpen, hpkeSeal } from './crypto.ts'
import { isKinmeshError } from './errors.ts'
import { createSpaceField, epochIdBytes, epochOf, hexOf, type Statement } from './statement.ts'
import type { DeviceCard, Identity } from './types.ts'

const sealDomain = 'kinmesh/epoch-key/1'
const commitmentDomain = 'kinmesh/epoch-commitment/1'
const unnamedEpoch = new Uint8Array(epochIdBytes)

/** Tells a space key from any other without telling anything about it: whoever is handed the key can check that it is the right one. */
export function keyCommitment(key: Uint8Array): Uint8Array {
  return deriveKey(key, commitmentDomain, hashBytes)
}

/** Seals a new epoch's key, in the create or rekey statement whose hash will name the epoch. */
export function sealNewKey(space: Uint8Array, author: Uint8Array, recipient: DeviceCard, key: Uint8Array): Promise<Uint8Array> {
  return hpkeSeal(recipient.encryptionKey, sealInfo(space, unnamedEpoch, author, recipient.publicKey), key)
}

/** Seals the key of an epoch that exists, for a device that came later. */
export function sealHandedKey(space: Uint8Array, epoch: Uint8Array, author: Uint8Array, recipient: DeviceCard, key: Uint8Array): Promise<Uint8Array> {
  return hpkeSeal(recipient.encryptionKey, sealInfo(space, epoch, author, recipient.publicKey), key)
}

/** A key sealed to one device somewhere in the log, not yet opened. */
export type SealedKey = { readonly epoch: string; readonly commitment: Uint8Array; readonly info: Uint8Array; readonly sealed: Uint8Array }

/** Everything in the log that was sealed to `identity`. One epoch may appear several times: several devices may have handed it over. */
export function keysSealedTo(identity: Identity, space: Uint8Array, statements: Iterable<Statement>): SealedKey[] {
  const self = identity.signing.publicKey
  const commitments = new Map<string, Uint8Array>()
  const found: SealedKey[] = []
  const list = [...statements]
  for (const statement of list) {
    const { body, authorKey } = statement
    if (body.type !== 'create' && body.type !== 'rekey') continue
    const epoch = epochOf(statement)
    commitments.set(epoch, body.commitment)
    const place = body.type === 'create' ? createSpaceField : space
    const sealed = body.type === 'create' ? (statement.author === identity.id ? [body.sealed] : []) : body.recipients.filter(to => equals(to.recipient, self)).map(to => to.sealed)
    for (const one of sealed) found.push({ epoch, commitment: body.commitment, info: sealInfo(place, unnamedEpoch, authorKey, self), sealed: one })
  }
  for (const { body, authorKey } of list) {
    if (body.type !== 'addDevice' || body.card.id !== identity.id) continue
    for (const key of body.keys) {
      const commitment = commitments.get(hexOf(key.epoch))
      if (commitment) found.push({ epoch: hexOf(key.epoch), commitment, info: sealInfo(space, key.epoch, authorKey, self), sealed: key.sealed })
    }
  }
  return found
}

/** The key, or undefined when it was not really sealed to this device or is not the key of that epoch. */
export async function openKey(identity: Identity, { info, sealed, commitment }: SealedKey): Promise<Uint8Array | undefined> {
  try {
    const key = await hpkeOpen(identity.encryption, info, sealed)
    return equals(keyCommitment(key), commitment) ? key : undefined
  } catch (error) {
    // A member that seals rubbish harms the epochs it made and no others: the rest of the keyring still opens.
    if (isKinmeshError(error, 'CannotDecrypt')) return undefined
    throw error
  }
}

function sealInfo(space: Uint8Array, epoch: Uint8Array, author: Uint8Array, recipient: Uint8Array): Uint8Array {
  return encodeCbor([sealDomain, space, epoch, author, recipient])
}
