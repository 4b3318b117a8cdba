import type { KinmeshError } from '../../mesh/errors.ts'

/** One layer that was looked at. */
export type Check = {
  /** The layer: home, disk, store, clock, certificate, port, interface, multicast, relay, or `peer NAME`. */
  readonly name: string
  readonly result: 'ok' | 'warn' | 'fail'
  /** What was found. */
  readonly text: string
  /** What to do about it. */
  readonly fix?: string
}

export function ok(name: string, text: string): Check {
  return { name, result: 'ok', text }
}

export function warn(name: string, text: string, fix: string): Check {
  return { name, result: 'warn', text, fix }
}

export function fail(name: string, text: string, fix: string): Check {
  return { name, result: 'fail', text, fix }
}

/** The layer that keeps a device from starting, by the error's code; any other error is of no layer. */
const layers: Readonly<Record<string, string>> = {
  BadCertificate: 'certificate',
  BadHost: 'interface',
  BadIdentity: 'identity',
  CannotListen: 'port',
  ClockInPast: 'clock',
  FileCorrupt: 'home',
  HomeInUse: 'home',
  HomeUnusable: 'home',
  PortInUse: 'port',
  StoreCorrupt: 'store',
  StoreFailed: 'store',
  StoreNewer: 'store'
}

/** What keeps a device from starting, as a finding: the one that cannot start needs a doctor most. */
export function failedStart({ code, message }: KinmeshError): Check {
  // Messages read "what is wrong: what to do".
  const colon = message.lastIndexOf(': ')
  const [text, fix] = colon < 0 ? [message, 'see kinmesh --help'] : [message.slice(0, colon), message.slice(colon + 2)]
  return fail(layers[code] ?? 'start', text, fix)
}
