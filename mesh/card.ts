import { FieldReader, malformed, type CborValue } from './codec.ts'
import { keyBytes } from './crypto.ts'
import { KinmeshError } from './errors.ts'
import { deviceIdOf } from './identity.ts'
import type { DeviceCard, Identity } from './types.ts'

/** UTF-16 units: a device name has to fit on one line beside others. */
export const maxNameChars = 64
/** UTF-16 units: "linux x64, node 24" and the like. */
export const maxPlaceChars = 128

// Names of other devices are printed to terminals and asked about: control characters and direction overrides could forge what a person reads.
const deceptive = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

/** @throws KinmeshError `BadName` */
export function cardOf(identity: Identity, name: string, place: string): DeviceCard {
  checkText('name', name, maxNameChars)
  checkText('place', place, maxPlaceChars)
  return { id: identity.id, publicKey: identity.signing.publicKey, encryptionKey: identity.encryption.publicKey, name, place }
}

/** `[publicKey, encryptionKey, name, place]`; the id follows from the public key. */
export function cardFields(card: DeviceCard): CborValue {
  return [card.publicKey, card.encryptionKey, card.name, card.place]
}

/** @throws KinmeshError `MalformedBytes` */
export function readCard(value: CborValue | undefined): DeviceCard {
  const fields = new FieldReader(value, 'device card')
  const publicKey = fields.bytes('publicKey', { length: keyBytes })
  const encryptionKey = fields.bytes('encryptionKey', { length: keyBytes })
  const name = fields.text('name', maxNameChars)
  const place = fields.text('place', maxPlaceChars)
  fields.end()
  if (name === '' || deceptive.test(name) || deceptive.test(place)) throw malformed('device card', 'has an empty name or control characters')
  return { id: deviceIdOf(publicKey), publicKey, encryptionKey, name, place }
}

function checkText(what: string, text: string, maxChars: number): void {
  if (text.length > maxChars || deceptive.test(text) || !text.isWellFormed() || (what === 'name' && text.trim() === '')) {
    throw new KinmeshError('BadName', `the ${what} of a device is one line of at most ${maxChars} characters: choose another`)
  }
}
