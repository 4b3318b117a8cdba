import { createCipheriv, createDecipheriv, createHmac, createPrivateKey, createPublicKey, diffieHellman, hkdfSync, type KeyObject, randomFillSync, sign, verify } from 'node:crypto'

// WebCrypto answers from a pool of threads, in an order that nobody can repeat, and its random numbers neither. For simulations
// the same algorithms run here at once, by Node's other interface. Import this before anything that looks for `crypto`.

/** What a key is here: a KeyObject where Node has one for it, else its bytes. */
type Key = { readonly object?: KeyObject; readonly raw?: Uint8Array; readonly algorithm: { name: string }; readonly usages: string[] }
type Algorithm = string | { name: string; [field: string]: unknown }
type Bytes = ArrayBuffer | ArrayBufferView
type Jwk = { kty?: string; crv?: string; x?: string; d?: string }
type Gcm = { iv: Bytes; additionalData?: Bytes }

const curves = ['Ed25519', 'X25519']
const x25519Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex') // PKCS #8 of a raw X25519 key, RFC 8410 §7
const gcmTagBytes = 16

let source: ((bytes: Uint8Array) => void) | undefined

/** Where random numbers come from until the next call; undefined: the system. */
export function useRandomSource(fill: ((bytes: Uint8Array) => void) | undefined): void {
  source = fill
}

function fill<T extends ArrayBufferView>(view: T): T {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  if (source) source(bytes)
  else randomFillSync(bytes)
  return view
}

const nameOf = (algorithm: Algorithm): string => (typeof algorithm === 'string' ? algorithm : algorithm.name)
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
const viewOf = (data: Bytes): Uint8Array => (data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
const objectOf = (key: Key): KeyObject => {
  if (!key.object) throw new Error(`${key.algorithm.name} has no key object`)
  return key.object
}
const rawOf = (key: Key): Uint8Array => {
  if (!key.raw) throw new Error(`${key.algorithm.name} has no raw key`)
  return key.raw
}

/** Signatures that were made or checked already: every device checks each entry, and the answer is a function of the bytes. */
const checked = new WeakMap<KeyObject, Map<string, boolean>>()
const maxChecked = 20_000

function verified(key: KeyObject, signature: Uint8Array, data: Uint8Array): boolean {
  let answers = checked.get(key)
  if (!answers || answers.size > maxChecked) checked.set(key, (answers = new Map<string, boolean>()))
  const question = `${Buffer.from(signature).toString('latin1')} ${Buffer.from(data).toString('latin1')}`
  let answer = answers.get(question)
  if (answer === undefined) answers.set(question, (answer = verify(null, data, key, signature)))
  return answer
}

function importKey(format: string, data: Bytes | Jwk, algorithm: Algorithm, usages: string[]): Key {
  const name = nameOf(algorithm)
  const key = { algorithm: { name }, usages }
  if (!curves.includes(name)) return { ...key, raw: new Uint8Array(viewOf(data as Bytes)) }
  if (format === 'pkcs8') return { ...key, object: createPrivateKey({ key: Buffer.from(viewOf(data as Bytes)), format: 'der', type: 'pkcs8' }) }
  const jwk = format === 'raw' ? { kty: 'OKP', crv: name, x: Buffer.from(viewOf(data as Bytes)).toString('base64url') } : (data as Jwk)
  return { ...key, object: jwk.d ? createPrivateKey({ key: jwk, format: 'jwk' }) : createPublicKey({ key: jwk, format: 'jwk' }) }
}

function exportKey(format: string, key: Key): ArrayBuffer | Jwk {
  if (key.raw) return bufferOf(key.raw)
  const jwk = objectOf(key).export({ format: 'jwk' })
  return format === 'jwk' ? jwk : bufferOf(Buffer.from(jwk.x ?? '', 'base64url'))
}

function deriveBits(algorithm: Algorithm, key: Key, bits: number): ArrayBuffer {
  if (typeof algorithm === 'string') throw new Error('deriveBits takes an object')
  if (algorithm.name === 'HKDF') return hkdfSync('sha256', rawOf(key), viewOf(algorithm['salt'] as Bytes), viewOf(algorithm['info'] as Bytes), bits / 8)
  return bufferOf(diffieHellman({ privateKey: objectOf(key), publicKey: objectOf(algorithm['public'] as Key) }))
}

function encrypt(algorithm: Algorithm, key: Key, data: Bytes): ArrayBuffer {
  const { iv, additionalData } = algorithm as unknown as Gcm
  const cipher = createCipheriv('aes-256-gcm', rawOf(key), viewOf(iv))
  if (additionalData) cipher.setAAD(viewOf(additionalData))
  return bufferOf(Buffer.concat([cipher.update(viewOf(data)), cipher.final(), cipher.getAuthTag()]))
}

function decrypt(algorithm: Algorithm, key: Key, data: Bytes): ArrayBuffer {
  const { iv, additionalData } = algorithm as unknown as Gcm
  const bytes = viewOf(data)
  const cipher = createDecipheriv('aes-256-gcm', rawOf(key), viewOf(iv))
  if (additionalData) cipher.setAAD(viewOf(additionalData))
  cipher.setAuthTag(bytes.subarray(-gcmTagBytes))
  return bufferOf(Buffer.concat([cipher.update(bytes.subarray(0, -gcmTagBytes)), cipher.final()]))
}

const subtle = {
  importKey: async (format: string, data: Bytes | Jwk, algorithm: Algorithm, _extractable: boolean, usages: string[]) => importKey(format, data, algorithm, usages),
  exportKey: async (format: string, key: Key) => exportKey(format, key),
  async generateKey(algorithm: Algorithm, _extractable: boolean, usages: string[]) {
    if (nameOf(algorithm) !== 'X25519') throw new Error(`no ${nameOf(algorithm)} keys are made here`)
    const privateKey = createPrivateKey({ key: Buffer.concat([x25519Prefix, fill(new Uint8Array(32))]), format: 'der', type: 'pkcs8' })
    const named = { algorithm: { name: 'X25519' }, usages }
    return { privateKey: { ...named, object: privateKey }, publicKey: { ...named, object: createPublicKey(privateKey) } }
  },
  deriveBits: async (algorithm: Algorithm, key: Key, bits: number) => deriveBits(algorithm, key, bits),
  sign: async (algorithm: Algorithm, key: Key, data: Bytes) =>
    bufferOf(nameOf(algorithm) === 'HMAC' ? createHmac('sha256', rawOf(key)).update(viewOf(data)).digest() : sign(null, viewOf(data), objectOf(key))),
  verify: async (_algorithm: Algorithm, key: Key, signature: Bytes, data: Bytes) => verified(objectOf(key), viewOf(signature), viewOf(data)),
  encrypt: async (algorithm: Algorithm, key: Key, data: Bytes) => encrypt(algorithm, key, data),
  decrypt: async (algorithm: Algorithm, key: Key, data: Bytes) => decrypt(algorithm, key, data)
}

Object.defineProperty(globalThis, 'crypto', { value: { subtle, getRandomValues: fill }, configurable: true, writable: true })
