import { multiaddr } from '@multiformats/multiaddr'
import { TCP, WebRTCDirect, WebSockets, WebSocketsSecure } from '@multiformats/multiaddr-matcher'
import type { Logger } from './log.ts'
import type { AddressBook, DeviceId } from './types.ts'

/** A device with a few interfaces, three transports and two address families announces about this many. */
export const maxAddrsPerDevice = 16
/** Addresses by multicast or from another member are hearsay: few are kept, never on disk, and they displace none that the device itself told. */
export const maxHintsPerDevice = 6
/** Characters of one address: webrtc-direct over IPv6 with a certificate hash and a device id takes about 200. */
export const maxAddrChars = 255

/** Where the members of the mesh may be found, best first. */
export class Addresses {
  readonly #book: AddressBook
  readonly #log: Logger
  readonly #known = new Map<DeviceId, string[]>()
  readonly #hints = new Map<DeviceId, string[]>()
  #saving: Promise<void> = Promise.resolve()
  #saveWanted = false

  private constructor(book: AddressBook, log: Logger) {
    this.#book = book
    this.#log = log
  }

  static async load(book: AddressBook, log: Logger): Promise<Addresses> {
    const addresses = new Addresses(book, log)
    for (const [id, addrs] of Object.entries(await book.load())) addresses.#known.set(id, clean(id, addrs).slice(0, maxAddrsPerDevice))
    return addresses
  }

  /** What to dial, in this order: told by the device itself and heard by multicast, in turns. */
  of(id: DeviceId): string[] {
    const known = this.#known.get(id) ?? []
    const hints = (this.#hints.get(id) ?? []).filter(addr => !known.includes(addr))
    const turns = Math.max(known.length, hints.length)
    return Array.from({ length: turns }, (_, i) => [known[i], hints[i]]).flat().filter(addr => addr !== undefined)
  }

  /** Those of `of` that are its own, not a relay's. */
  direct(id: DeviceId): string[] {
    return this.of(id).filter(addr => relayOf(addr) === undefined)
  }

  /** Relays through which it can be found. */
  relays(id: DeviceId): DeviceId[] {
    return this.of(id).flatMap(addr => relayOf(addr) ?? [])
  }

  /** What the device itself said, or where it was reached: worth telling to others. */
  known(id: DeviceId): readonly string[] {
    return this.#known.get(id) ?? []
  }

  /** The device said that it listens there (over a connection that proved who it is). True when that is news. */
  learn(id: DeviceId, addrs: readonly string[]): boolean {
    return this.#put(id, [...(this.#known.get(id) ?? []).slice(0, 1), ...clean(id, addrs), ...(this.#known.get(id) ?? [])])
  }

  /** A dial to this address reached the device. */
  confirm(id: DeviceId, addr: string): void {
    this.#put(id, [...clean(id, [addr]), ...(this.#known.get(id) ?? [])])
  }

  /** Somebody on the network, or another member, says that the device listens there. True when that is news. */
  hint(id: DeviceId, addrs: readonly string[]): boolean {
    const before = this.of(id)
    const fresh = clean(id, addrs).filter(addr => !before.includes(addr))
    if (fresh.length === 0) return false
    this.#hints.set(id, [...fresh, ...(this.#hints.get(id) ?? [])].slice(0, maxHintsPerDevice))
    return true
  }

  /** Forgets every device but these. */
  retain(members: ReadonlySet<DeviceId>): void {
    for (const id of this.#hints.keys()) if (!members.has(id)) this.#hints.delete(id)
    const gone = [...this.#known.keys()].filter(id => !members.has(id))
    for (const id of gone) this.#known.delete(id)
    if (gone.length > 0) this.#save()
  }

  /** Resolves when what is known is stored. */
  async flush(): Promise<void> {
    await this.#saving
  }

  #put(id: DeviceId, addrs: readonly string[]): boolean {
    const next = [...new Set(addrs)].slice(0, maxAddrsPerDevice)
    if (next.join() === (this.#known.get(id) ?? []).join()) return false
    this.#known.set(id, next)
    this.#save()
    return true
  }

  /** One write at a time, and the last state always gets written. */
  #save(): void {
    if (this.#saveWanted) return
    this.#saveWanted = true
    this.#saving = this.#saving.then(async () => {
      this.#saveWanted = false
      try {
        await this.#book.save(Object.fromEntries(this.#known))
      } catch (error) {
        // Addresses are found again by multicast; losing them must not stop the device.
        this.#log.warn('could not store addresses', { error: String(error) })
      }
    })
  }
}

/** Where a device can be found that waits at a relay. The relay is a member, too, whose own addresses are known as any member's. */
export function relayedAddr(relay: DeviceId): string {
  return `/p2p/${relay}/p2p-circuit`
}

/** The relay of a `relayedAddr`. */
export function relayOf(addr: string): DeviceId | undefined {
  return /^\/p2p\/(12D3KooW[1-9A-HJ-NP-Za-km-z]{44})\/p2p-circuit$/.exec(addr)?.[1]
}

/** Those of `addrs` that can be dialled to reach `id`, in canonical text without /p2p, and relays' as `relayedAddr` writes them. */
export function clean(id: DeviceId, addrs: readonly string[]): string[] {
  return [...new Set(addrs.flatMap(addr => {
    if (addr.length > maxAddrChars) return []
    if (relayOf(addr) !== undefined) return [addr]
    const dialable = dialableAddr(addr)
    return dialable && (dialable.id === undefined || dialable.id === id) ? [dialable.addr] : []
  }))]
}

/** An address split from the device id at its end, if it names a transport of ours. */
export function dialableAddr(text: string): { addr: string; id: DeviceId | undefined } | undefined {
  try {
    const full = multiaddr(text)
    const components = full.getComponents()
    const id = components.findLast(component => component.name === 'p2p')?.value
    const bare = id === undefined ? full : full.decapsulate(`/p2p/${id}`)
    const ours = [TCP, WebSockets, WebSocketsSecure, WebRTCDirect].some(transport => transport.exactMatch(bare))
    const anywhere = components.some(component => component.value === '0.0.0.0' || component.value === '::')
    return ours && !anywhere ? { addr: bare.toString(), id } : undefined
  } catch {
    return undefined // not a multiaddr: whoever handed it in is told nothing more than that it is of no use
  }
}
