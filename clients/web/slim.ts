import type { Plugin } from 'vite'

/** What is left out of a page, and the names that others import of it. The bundle is a fifth smaller for it. */
const leftOut: readonly { readonly file: RegExp; readonly names: readonly string[]; readonly why: string }[] = [
  { file: /@libp2p\/crypto\/dist\/src\/keys\/ecdsa\/ecdsa\.js$/, names: ['ECDSAPrivateKey', 'ECDSAPublicKey'], why: 'devices have Ed25519 keys' },
  { file: /@libp2p\/crypto\/dist\/src\/keys\/ecdsa\/index\.js$/, names: ['ECDSA_P_256_OID', 'ECDSA_P_384_OID', 'ECDSA_P_521_OID'], why: 'devices have Ed25519 keys' },
  {
    file: /@libp2p\/crypto\/dist\/src\/keys\/ecdsa\/utils\.js$/, why: 'devices have Ed25519 keys',
    names: ['generateECDSAKeyPair', 'pkiMessageToECDSAPrivateKey', 'pkiMessageToECDSAPublicKey', 'unmarshalECDSAPrivateKey', 'unmarshalECDSAPublicKey']
  },
  { file: /@libp2p\/crypto\/dist\/src\/keys\/rsa\/der\.js$/, names: ['decodeDer'], why: 'devices have Ed25519 keys' },
  { file: /@libp2p\/crypto\/dist\/src\/keys\/rsa\/index(\.browser)?\.js$/, names: ['RSAES_PKCS1_V1_5_OID'], why: 'devices have Ed25519 keys' },
  {
    file: /@libp2p\/crypto\/dist\/src\/keys\/rsa\/utils\.js$/, why: 'devices have Ed25519 keys',
    names: ['pkcs1ToRSAPrivateKey', 'pkixToRSAPublicKey', 'generateRSAKeyPair', 'pkcs1MessageToRSAPrivateKey', 'pkixMessageToRSAPublicKey', 'jwkToRSAPrivateKey']
  },
  { file: /@libp2p\/crypto\/dist\/src\/keys\/secp256k1\/index(\.browser)?\.js$/, names: ['privateKeyLength', 'publicKeyLength'], why: 'devices have Ed25519 keys' },
  { file: /@libp2p\/crypto\/dist\/src\/keys\/secp256k1\/utils\.js$/, names: ['generateSecp256k1KeyPair', 'unmarshalSecp256k1PrivateKey', 'unmarshalSecp256k1PublicKey'], why: 'devices have Ed25519 keys' },
  { file: /@multiformats\/dns\/dist\/src\/index\.js$/, names: ['dns', 'RecordType'], why: 'devices are found by addresses, not by names' }
]

/** Stands in for the debug output of libp2p, which a page shows nobody; what matters is told to the mesh's own logger. */
const silentLogger = `
  const silent = () => Object.assign(() => {}, { enabled: false, error() {}, trace() {}, newScope: silent })
  export const logger = silent
  export const defaultLogger = () => ({ forComponent: silent })
`

/** Stands in for lib0/logging, which brings the rendering of coloured text with it. Yjs prints two warnings through it. */
const plainLogging = `
  const words = args => args.filter(each => typeof each === 'string')
  export const print = (...args) => console.log(...words(args))
  export const warn = (...args) => console.warn(...words(args))
  export const [ORANGE, BOLD, UNBOLD, RED] = []
`

/** Stands in for the tables of private networks: libp2p asks whether an address needs another device to confirm it, and those of a page, which are a relay's, never do. */
const anyAddressIsFine = 'export const isPrivateIp = () => true'

/** Stands in for the search for relays among strangers: devices name theirs. */
const noDiscovery = 'export class RelayDiscovery extends EventTarget { startDiscovery() {} stopDiscovery() {} }'

const standIns: Readonly<Record<string, string>> = {
  '/lib0/logging.js': plainLogging,
  '/@libp2p/logger/dist/src/index.js': silentLogger,
  '/@libp2p/utils/dist/src/private-ip.js': anyAddressIsFine,
  '/@libp2p/circuit-relay-v2/dist/src/transport/discovery.js': noDiscovery
}

/** Leaves out of a bundle what libraries bring along and kinmesh never calls. Whatever does get called fails, and says what it was. */
export function slim(): Plugin {
  return {
    name: 'kinmesh-slim',
    enforce: 'pre',
    load(id) {
      const path = id.split('?')[0] ?? id
      const standIn = Object.keys(standIns).find(file => path.endsWith(file))
      if (standIn !== undefined) return standIns[standIn]
      const found = leftOut.find(({ file }) => file.test(path))
      if (!found) return null
      // A function, so that "instanceof" and comparisons with it hold for nothing, and a call fails.
      const message = JSON.stringify(`left out of this page: ${found.why}`)
      return `function absent() { throw new Error(${message}) }\nexport { ${found.names.map(name => `absent as ${name}`).join(', ')} }`
    }
  }
}
