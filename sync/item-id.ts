import { KinmeshError } from '../mesh/errors.ts'
import { randomBytes } from '../mesh/crypto.ts'
import { maxIdChars, maxShards } from './limits.ts'

// Crockford's base 32 in lower case: no i, l, o, u, so that an id can be read aloud and typed.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const randomChars = 12 // 60 bits: a collision is unlikely below a billion items
const pattern = /^[0-9a-z_-]+\.([0-9a-z]{1,3})$/

/** `xxxxxxxxxxxx.s`: random characters first, so that a few of them name an item; then its shard in base 36. */
export function newItemId(shard: number): string {
  let random = ''
  for (const byte of randomBytes(randomChars)) random += alphabet[byte % alphabet.length]
  return `${random}.${shard.toString(36)}`
}

/** The shard an id belongs to, or undefined for a text that is no item id. */
export function shardOfId(id: string): number | undefined {
  const digits = id.length <= maxIdChars ? pattern.exec(id)?.[1] : undefined
  const shard = digits === undefined ? Number.NaN : Number.parseInt(digits, 36)
  return shard < maxShards && shard.toString(36) === digits ? shard : undefined
}

export function noSuchItem(id: string): KinmeshError {
  return new KinmeshError('NoSuchItem', `there is no item "${id.slice(0, maxIdChars)}"; list what there is with: kinmesh memories`)
}
