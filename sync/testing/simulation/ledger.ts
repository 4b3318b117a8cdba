import type { MembershipLog } from '../../../mesh/membership.ts'
import type { DeviceId } from '../../../mesh/types.ts'
import { hexOf } from '../../stage.ts'
import type { Commit, VersionRow } from '../../store.ts'
import { readEntry } from '../../entry.ts'
import type { SimulatedDevice } from './simulated-device.ts'

/** An acknowledged write: what the device said is on its disk. */
export type Acknowledged = { readonly device: string; readonly author: DeviceId; readonly id: string; readonly hlc: number; readonly text: string }

/** Where a version of an item is, that an acknowledged one explains or follows: on whose disk, in whose log. */
type Copy = { readonly holder: string; readonly isOwn: boolean; readonly author: DeviceId; readonly seq: number }
type Membership = Pick<MembershipLog, 'members' | 'removedDevices'>
/** Who belongs to the mesh in the end, and what its members take the members to be. */
export type Outlook = { readonly names: ReadonlySet<string>; readonly membership: Membership }

/** What happened, told apart from what the devices make of it: every entry that reached a disk, every write that was acknowledged. */
export class Ledger {
  readonly acknowledged: Acknowledged[] = []
  /** Acknowledged writes that the disk of their own device lost, and the copies of them that there were then and have been since. */
  readonly #lost = new Map<Acknowledged, Copy[]>()
  /** Items that anybody tried to remove. */
  readonly removals = new Set<string>()
  /** Texts that anybody tried to write, by item. */
  readonly #texts = new Map<string, Set<string>>()
  /** Texts of new items whose id nobody heard: the device that wrote one ended before it could say so, and the item may be there all the same. */
  readonly #unnamed = new Set<string>()
  readonly #entries = new Map<string, Uint8Array>()

  /** Which entry others than its author hold at a place of a log, or held before they took a snapshot. */
  readonly #stored = new Map<string, string>()
  readonly #epochs = new Map<string, Set<string>>()
  readonly #forked = new Set<DeviceId>()

  /** A commit of the device `by` is on its disk. */
  committed(batch: Commit, by: SimulatedDevice): void {
    const left = (copy: Copy) => copy.holder !== by.name || copy.isOwn || !letsGo(batch, by, copy)
    for (const [write, copies] of this.#lost) this.#lost.set(write, [...copies.filter(left), ...copiesOf(write, by, (batch.versions ?? []).filter(({ id }) => id === write.id))])
    for (const { author, seq, hash, bytes } of batch.entries ?? []) {
      const name = hexOf(hash)
      if (!this.#entries.has(name)) this.#noteEpoch(batch.space, bytes)
      this.#entries.set(name, bytes)
      if (author !== by.id) this.#note(batch.space, author, seq, name)
    }
  }

  /** Whoever stored an entry relies on all before it, those that its snapshot summed up as well. */
  #note(space: string, author: DeviceId, seq: number, name: string): void {
    for (let at = seq, hash: string | undefined = name; hash !== undefined && at > 0; at--) {
      const place = `${space} ${author} ${at}`
      const stored = this.#stored.get(place)
      if (stored === hash) return
      if (stored !== undefined) this.#forked.add(author)
      this.#stored.set(place, hash)
      const bytes = this.#entries.get(hash)
      hash = bytes && hexOf(readEntry(bytes).prevHash)
    }
  }

  /** The disk of a device goes back: what it alone held is lost, and nobody promised otherwise. */
  wentBack(device: SimulatedDevice, devices: readonly SimulatedDevice[]): void {
    const lost = (write: Acknowledged) => write.device === device.name && !this.#lost.has(write) && copiesOn(device, write).length === 0
    for (const write of this.acknowledged.filter(lost)) this.#lost.set(write, devices.filter(other => other !== device).flatMap(other => copiesOn(other, write)))
    for (const [write, copies] of this.#lost) this.#lost.set(write, [...copies.filter(({ holder }) => holder !== device.name), ...copiesOn(device, write)])
  }

  /** A device takes along to a new key what its view has, which was damaged and is compared with nobody's: what it alone held is lost. */
  carriedOver({ name }: SimulatedDevice, damaged: ReadonlySet<string>): void {
    for (const [write, copies] of this.#lost) if (damaged.has(write.id)) this.#lost.set(write, copies.filter(({ holder }) => holder !== name))
  }

  /**
   * The acknowledged writes that must be there in the end. What the disk of its own device lost is there only while another one
   * that has it belongs to the mesh: when a person removes that one, or a removal cuts off what it took, no device could know of it.
   */
  owed({ names, membership }: Outlook): Acknowledged[] {
    const counts = (copy: Copy) => names.has(copy.holder) && (copy.isOwn || !isCut(membership, copy))
    return this.acknowledged.filter(write => this.#lost.get(write)?.some(counts) ?? true)
  }

  /** Hex names of the keys that entries of a space were sealed with. */
  epochs(space: string): string[] {
    return [...(this.#epochs.get(space) ?? [])]
  }

  #noteEpoch(space: string, bytes: Uint8Array): void {
    this.#epochs.set(space, (this.#epochs.get(space) ?? new Set<string>()).add(hexOf(readEntry(bytes).epoch)))
  }

  /** Authors of whose log two branches are out: other devices stored different entries at one place of it. */
  get forked(): ReadonlySet<DeviceId> {
    return this.#forked
  }

  /** Without an id: of a new item, which gets one. */
  wrote(id: string | undefined, text: string): void {
    if (id === undefined) return void this.#unnamed.add(text)
    this.#unnamed.delete(text)
    this.#texts.set(id, (this.#texts.get(id) ?? new Set()).add(text))
  }

  knows(id: string, text: string): boolean {
    return this.#unnamed.has(text) || (this.#texts.get(id)?.has(text) ?? false)
  }

  /** The chain of entries that ends in `head`, from the first on; undefined when one of them never reached any disk. */
  chain(head: Uint8Array, height: number): Uint8Array[] | undefined {
    const chain: Uint8Array[] = []
    for (let hash = head, seq = height; seq > 0; seq--) {
      const bytes = this.#entries.get(hexOf(hash))
      if (!bytes) return undefined
      chain.push(bytes)
      hash = readEntry(bytes).prevHash
    }
    return chain.reverse()
  }
}

function copiesOn(device: SimulatedDevice, write: Acknowledged): Copy[] {
  const { content } = device.disk
  return copiesOf(write, device, content.spaces().flatMap(space => content.versions(space.id, write.id)))
}

function copiesOf({ hlc }: Acknowledged, { id, name }: SimulatedDevice, rows: readonly VersionRow[]): Copy[] {
  return rows.filter(row => Math.max(row.hlc, row.pending ?? 0) >= hlc).map(({ author, seq }) => ({ holder: name, isOwn: author === id, author, seq }))
}

/** It is beyond what counts of a removed device, or of one whose admission turned out to be void. */
function isCut(membership: Membership, { author, seq }: Pick<Copy, 'author' | 'seq'>): boolean {
  return !membership.members().has(author) && seq > (membership.removedDevices().get(author)?.lastSeq ?? 0)
}

/** The commit takes the copy out, for its author's membership asks for that. That device may be let in again later; the copy is gone by then. */
function letsGo({ truncate = [], dropLogs = [] }: Commit, by: SimulatedDevice, copy: Copy): boolean {
  const goes = truncate.some(({ author, above }) => author === copy.author && copy.seq > above) || dropLogs.includes(copy.author)
  return goes && by.ready && isCut(by.personal.state.membership, copy)
}
