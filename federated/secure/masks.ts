import { ctr } from '@noble/ciphers/aes.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { toString } from 'uint8arrays/to-string'
import { deriveKey } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { addWords, subtractWords, wordsOf } from './ring.ts'

// WebCrypto makes 4 MiB of mask in 8 ms, the portable cipher in ten times that; plain-http pages have no other.
const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle
/** What is made at a time, so that a long vector needs no second one of its length. */
const chunkWords = 2 ** 20
const zeros = new Uint8Array(4 * chunkWords)
const blockBytes = 16

/** The X25519 key that goes with a shared secret: whoever recovers the secret has the key. Both halves 32 bytes. */
export function maskKeysOf(secret: Uint8Array): { privateKey: Uint8Array; publicKey: Uint8Array } {
  const privateKey = deriveKey(secret, 'kinmesh/secure/1/mask-key')
  return { privateKey, publicKey: x25519.getPublicKey(privateKey) }
}

/** Key of the mask that a participant puts on its own vector. `roster` (hash, 32 bytes) stands for the round, the attempt and everybody's keys. */
export function selfMaskKey(secret: Uint8Array, roster: Uint8Array): Uint8Array {
  return deriveKey(secret, `kinmesh/secure/1/self/${toString(roster, 'base16')}`)
}

/** Key of the mask that two participants share: the one of the lower number adds it, the other subtracts it. @throws KinmeshError `SecureBadKey` */
export function pairMaskKey(privateKey: Uint8Array, publicKey: Uint8Array, roster: Uint8Array): Uint8Array {
  let shared: Uint8Array
  try {
    shared = x25519.getSharedSecret(privateKey, publicKey)
  } catch (cause) {
    throw new KinmeshError('SecureBadKey', 'a participant offered a key of small order, with which nothing is secret', { cause })
  }
  return deriveKey(shared, `kinmesh/secure/1/pair/${toString(roster, 'base16')}`)
}

/** Adds to every word of `target` (in place), or subtracts, the AES-256-CTR stream of `key` from counter zero. A key serves one mask. */
export async function addMask(target: Uint32Array, key: Uint8Array, sign: 1 | -1): Promise<void> {
  const stream = await streamOf(key)
  for (let from = 0; from < target.length; from += chunkWords) {
    const part = target.subarray(from, from + chunkWords)
    const mask = wordsOf(await stream((4 * from) / blockBytes, 4 * part.length))
    if (sign === 1) addWords(part, mask)
    else subtractWords(part, mask)
  }
}

type Stream = (firstBlock: number, bytes: number) => Promise<Uint8Array>

async function streamOf(key: Uint8Array): Promise<Stream> {
  if (!subtle) return portableStream(key)
  const imported = await subtle.importKey('raw', new Uint8Array(key), 'AES-CTR', false, ['encrypt'])
  return async (firstBlock, bytes) => new Uint8Array(await subtle.encrypt({ name: 'AES-CTR', counter: counterOf(firstBlock), length: 64 }, imported, zeros.subarray(0, bytes)))
}

/** The same stream without WebCrypto. */
export function portableStream(key: Uint8Array): Stream {
  return async (firstBlock, bytes) => ctr(key, counterOf(firstBlock)).encrypt(zeros.subarray(0, bytes))
}

function counterOf(block: number): Uint8Array<ArrayBuffer> {
  const counter = new Uint8Array(blockBytes)
  new DataView(counter.buffer).setBigUint64(8, BigInt(block))
  return counter
}
