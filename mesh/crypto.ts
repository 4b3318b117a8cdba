import { sha256, sha256Hex } from '#mesh/sha256'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { KinmeshError } from './errors.ts'

/** Sizes in bytes. */
export const hashBytes = 32
export const keyBytes = 32
export const nonceBytes = 24
export const signatureBytes = 64

export { sha256, sha256Hex }

export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return hmac(nobleSha256, key, bytes)
}

/** HKDF-SHA-256 (RFC 5869) without salt; `info` separates the purposes. */
export function deriveKey(secret: Uint8Array, info: string, length = keyBytes): Uint8Array {
  return hkdf(nobleSha256, secret, undefined, new TextEncoder().encode(info), length)
}

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** XChaCha20-Poly1305: its 192-bit nonce may be random for the life of a key. */
export function seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Uint8Array {
  return xchacha20poly1305(key, nonce, associated).encrypt(plaintext)
}

/** @throws KinmeshError `CannotDecrypt` when key, nonce, associated data or bytes do not belong together */
export function open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Uint8Array {
  try {
    return xchacha20poly1305(key, nonce, associated).decrypt(sealed)
  } catch (cause) {
    throw new KinmeshError('CannotDecrypt', 'sealed bytes do not open with this key', { cause })
  }
}

/** An Ed25519 key pair; `privateKey` is the 32-byte seed of RFC 8032. */
export type SigningKeys = { publicKey: Uint8Array; privateKey: Uint8Array }

export function generateSigningKeys(): SigningKeys {
  const privateKey = ed25519.utils.randomSecretKey()
  return { privateKey, publicKey: ed25519.getPublicKey(privateKey) }
}

// WebCrypto signs about ten times faster than the portable code, and plain-http pages lack it altogether: use it where it is.
const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle
// PKCS #8 wrapping of an Ed25519 seed (RFC 8410 §7): WebCrypto imports raw public keys only.
const pkcs8Prefix = new Uint8Array([0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20])

/** Returns a signer that keeps the imported key, for one import per process rather than one per signature. */
export function signer(keys: SigningKeys): (bytes: Uint8Array) => Promise<Uint8Array> {
  const portable = async (bytes: Uint8Array) => ed25519.sign(bytes, keys.privateKey)
  if (!subtle) return portable
  const imported = subtle.importKey('pkcs8', new Uint8Array([...pkcs8Prefix, ...keys.privateKey]), 'Ed25519', false, ['sign']).catch(() => null)
  return async bytes => {
    const key = await imported
    return key ? new Uint8Array(await subtle.sign('Ed25519', key, ownBuffer(bytes))) : portable(bytes)
  }
}

// One imported key per author: a person has a handful of devices, and a stranger's key never gets this far.
const maxCachedVerifyKeys = 256
const verifyKeys = new Map<string, Promise<CryptoKey | null>>()

export async function verify(publicKey: Uint8Array, signature: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  const key = subtle ? await importedVerifyKey(subtle, publicKey) : null
  if (subtle && key) return subtle.verify('Ed25519', key, ownBuffer(signature), ownBuffer(bytes))
  try {
    return ed25519.verify(signature, bytes, publicKey)
  } catch {
    return false // noble throws on points that are not on the curve; to a caller that is a bad signature like any other
  }
}

function importedVerifyKey(subtle: SubtleCrypto, publicKey: Uint8Array): Promise<CryptoKey | null> {
  const id = publicKey.join()
  let key = verifyKeys.get(id)
  if (!key) {
    if (verifyKeys.size >= maxCachedVerifyKeys) verifyKeys.clear()
    key = subtle.importKey('raw', ownBuffer(publicKey), 'Ed25519', false, ['verify']).catch(() => null)
    verifyKeys.set(id, key)
  }
  return key
}

function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}

// RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
const hpke = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** An X25519 key pair, both halves raw (32 bytes). */
export type EncryptionKeys = { publicKey: Uint8Array; privateKey: Uint8Array }

export async function generateEncryptionKeys(): Promise<EncryptionKeys> {
  const pair = await hpke.kem.generateKeyPair()
  return {
    publicKey: new Uint8Array(await hpke.kem.serializePublicKey(pair.publicKey)),
    privateKey: new Uint8Array(await hpke.kem.serializePrivateKey(pair.privateKey))
  }
}

const encapsulatedBytes = 32

/** Seals to one recipient; returns the encapsulated key (32 bytes) followed by the ciphertext. `info` binds the purpose and place. */
export async function hpkeSeal(recipientPublicKey: Uint8Array, info: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const recipient = await hpke.kem.deserializePublicKey(ownBuffer(recipientPublicKey))
  const { ct, enc } = await hpke.seal({ recipientPublicKey: recipient, info: ownBuffer(info) }, ownBuffer(plaintext))
  const sealed = new Uint8Array(encapsulatedBytes + ct.byteLength)
  sealed.set(new Uint8Array(enc))
  sealed.set(new Uint8Array(ct), encapsulatedBytes)
  return sealed
}

/** @throws KinmeshError `CannotDecrypt` */
export async function hpkeOpen(keys: EncryptionKeys, info: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  try {
    const recipientKey = await hpke.kem.deserializePrivateKey(ownBuffer(keys.privateKey))
    const enc = sealed.slice(0, encapsulatedBytes)
    return new Uint8Array(await hpke.open({ recipientKey, enc, info: ownBuffer(info) }, sealed.slice(encapsulatedBytes)))
  } catch (cause) {
    throw new KinmeshError('CannotDecrypt', 'this key was not sealed to this device', { cause })
  }
}
