import 'reflect-metadata'
import { X509Certificate, X509CertificateGenerator } from '@peculiar/x509'
import { base64pad, base64url } from 'multiformats/bases/base64'
import { sha256 } from 'multiformats/hashes/sha2'
import { decodeCbor, encodeCbor, FieldReader } from './codec.ts'
import { KinmeshError } from './errors.ts'

/** Where the webrtc-direct certificate survives a restart. */
export type CertificateStore = { load(): Promise<Uint8Array | undefined>; save(bytes: Uint8Array): Promise<void> }

/** As @libp2p/webrtc takes it: PEM texts and the multihash that stands in the address. */
export type TransportCertificate = { privateKey: string; pem: string; certhash: string }

const magic = 'kinmesh-certificate'
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
/** Nobody checks the dates, as peers pin the certificate's hash; a renewal would change this device's address. */
const lifetimeYears = 100
/** PKCS #8 of a P-256 key takes 138 bytes, the certificate about 300. */
const maxPartBytes = 4096

/**
 * The certificate of this device's webrtc-direct address, made at its first start.
 * @throws KinmeshError `BadCertificate` when what is stored is damaged
 */
export async function loadCertificate(store: CertificateStore | undefined, now: number): Promise<TransportCertificate> {
  const stored = await store?.load()
  if (stored) return parse(stored)
  const made = await make(now)
  await store?.save(made)
  return parse(made)
}

async function make(now: number): Promise<Uint8Array> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const notBefore = new Date(now)
  notBefore.setUTCMilliseconds(0)
  const notAfter = new Date(notBefore)
  notAfter.setUTCFullYear(notBefore.getUTCFullYear() + lifetimeYears)
  const serialNumber = Array.from(crypto.getRandomValues(new Uint8Array(8)), byte => (byte | 1).toString(16).padStart(2, '0')).join('')
  const certificate = await X509CertificateGenerator.createSelfSigned({ serialNumber, name: 'CN=kinmesh', notBefore, notAfter, keys, signingAlgorithm: algorithm }, crypto)
  const privateKey = new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey))
  return encodeCbor([magic, 1, privateKey, new Uint8Array(certificate.rawData)])
}

async function parse(bytes: Uint8Array): Promise<TransportCertificate> {
  try {
    const fields = new FieldReader(decodeCbor(bytes), 'certificate')
    if (fields.text('magic', magic.length) !== magic || fields.uint('version') !== 1) throw new Error('not a certificate of this version')
    const privateKey = fields.bytes('privateKey', { max: maxPartBytes })
    const der = fields.bytes('certificate', { max: maxPartBytes })
    fields.end()
    const pem = new X509Certificate(new Uint8Array(der)).toString('pem')
    await crypto.subtle.importKey('pkcs8', new Uint8Array(privateKey), algorithm, false, ['sign'])
    const certhash = base64url.encode((await sha256.digest(der)).bytes)
    return { privateKey: pemOf('PRIVATE KEY', privateKey), pem, certhash }
  } catch (cause) {
    throw new KinmeshError('BadCertificate', 'the stored webrtc certificate is damaged: remove it, and a new one is made (addresses in old invites then change)', { cause })
  }
}

function pemOf(label: string, bytes: Uint8Array): string {
  const lines = base64pad.baseEncode(bytes).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')
}
