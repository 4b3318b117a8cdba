import { base32hex } from 'multiformats/bases/base32'
import { dialableAddr, maxAddrChars } from './addresses.ts'
import { randomBytes } from './crypto.ts'
import { KinmeshError } from './errors.ts'
import { publicKeyOf } from './identity.ts'
import type { DeviceId } from './types.ts'

/** 80 bits: beyond guessing from a captured proof, and 16 characters to type. */
export const codeBytes = 10
export const codeChars = 16
/** Addresses in an invite: its QR code has to stay coarse enough for a phone's camera. */
export const maxInviteAddrs = 6
/** Characters of an invite; six addresses with certificate hashes take about 1,100. */
export const maxUriChars = 2048

// Crockford's alphabet has no I, L, O, U. Otherwise it is base32hex (RFC 4648 §7): the same digits of five bits under other letters.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const hexAlphabet = '0123456789abcdefghijklmnopqrstuv'
const translate = (text: string, from: string, to: string) => Array.from(text, char => to[from.indexOf(char)]).join('')

export type InviteTarget = { id: DeviceId; addrs: string[]; code: Uint8Array }

export function newCode(): Uint8Array {
  return randomBytes(codeBytes)
}

/** "ABCD-EFGH-JKMN-PQRS" */
export function formatCode(code: Uint8Array): string {
  return translate(base32hex.baseEncode(code), hexAlphabet, alphabet).match(/.{4}/g)!.join('-')
}

/** Takes lower case, spaces, other dashes or none, and O, I, L for 0, 1, 1. @throws KinmeshError `BadCode` */
export function parseCode(text: string): Uint8Array {
  const typed = text.normalize('NFKC').toUpperCase().replace(/[\s\p{Pd}_.]/gu, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  const wrong = Array.from(typed).find(char => !alphabet.includes(char))
  if (wrong !== undefined) throw new KinmeshError('BadCode', `a code has no "${wrong}": compare it with the other screen`)
  if (typed.length !== codeChars) throw new KinmeshError('BadCode', `a code has ${codeChars} characters, this one has ${typed.length}: compare it with the other screen`)
  return base32hex.baseDecode(translate(typed, alphabet, hexAlphabet))
}

/** kinmesh:join?id=…&code=…&a=…&a=… */
export function formatInvite({ id, addrs, code }: InviteTarget): string {
  const query = new URLSearchParams([['id', id], ['code', formatCode(code)], ...addrs.slice(0, maxInviteAddrs).map((addr): [string, string] => ['a', addr])])
  // Slashes may stand in a query; leaving them makes the QR code a fifth smaller.
  return `kinmesh:join?${query.toString().replaceAll('%2F', '/')}`
}

/** @throws KinmeshError `BadInvite`, `BadCode` */
export function parseInvite(text: string): InviteTarget {
  const url = text.length <= maxUriChars ? URL.parse(text.trim()) : null
  if (!url || url.protocol !== 'kinmesh:' || url.pathname !== 'join') throw badInvite()
  const { searchParams } = url
  const id = searchParams.get('id') ?? ''
  try {
    publicKeyOf(id)
  } catch (cause) {
    throw badInvite(cause)
  }
  const addrs = searchParams.getAll('a').slice(0, maxInviteAddrs).filter(addr => addr.length <= maxAddrChars && dialableAddr(addr))
  const code = searchParams.get('code')
  if (code === null) throw new KinmeshError('BadInvite', 'the end of this invite is missing: a shell cuts it at its first &, so put it in quotes')
  return { id, addrs, code: parseCode(code) }
}

/** "192.168.1.7:4455", "[fe80::1]:4455", "mini.local:4455" or a multiaddr, as multiaddr text. @throws KinmeshError `BadAddress` */
export function parseAddress(text: string): { addr: string; id: DeviceId | undefined } {
  const address = dialableAddr(text.startsWith('/') ? text : hostAndPort(text))
  if (!address) throw new KinmeshError('BadAddress', `"${text}" is not an address: write it like 192.168.1.7:4455`)
  return address
}

function hostAndPort(text: string): string {
  const url = URL.parse(`tcp://${text}`)
  if (!url || url.port === '') return ''
  const host = url.hostname
  if (host.startsWith('[')) return `/ip6/${host.slice(1, -1)}/tcp/${url.port}`
  return /^[\d.]+$/.test(host) ? `/ip4/${host}/tcp/${url.port}` : `/dns/${host}/tcp/${url.port}`
}

function badInvite(cause?: unknown): KinmeshError {
  return new KinmeshError('BadInvite', 'this is not a whole kinmesh invite: copy it again, or type the code', { cause })
}
