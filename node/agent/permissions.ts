import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Item, Sync } from '../../sync/types.ts'
import { findSpace, observedAt, permissionKind, printable } from '../memory.ts'
import { ItemView } from './item-view.ts'

/** What is allowed: a tool as it was when a person looked at it. `hash`: SHA-256 of all that it is, as hex; a tool that changes is another one. `shown`: one line for people. */
export type Allowed = { readonly tool: string; readonly hash: string; readonly shown: string }
/** `device`: the one on which a person allowed it. `at`: Unix ms. */
export type Permission = Allowed & { readonly id: string; readonly device: DeviceId; readonly at: number }

export type PermissionsParts = { readonly sync: Sync; readonly device: DeviceId; readonly clock: () => number }

/** Where approvals live: with all devices of the person, and nobody else. */
const permissionSpace = 'personal'
/** Format of an approval in its space; a reader counts no other one. */
const permissionVersion = 1
/** A line of a table. In characters. */
const maxShown = 300

/**
 * What a person allowed tools of other programs to do: given once, known on all of their devices, and revocable. Each is an item of a kind of its own (`permission`), which nothing writes but
 * `allow`, called for a person's own act; a text that is remembered or learned has another kind, whatever it says. It has no words (`text`), so that recall shows it to no model.
 *
 * An approval counts as long as the device that signed it is a member that may write. Revoking removes it; one that another device gives at the same time stays, as it is another act of the person.
 */
export class Permissions {
  readonly #parts: PermissionsParts
  readonly #view: ItemView

  constructor(parts: PermissionsParts) {
    this.#parts = parts
    this.#view = new ItemView(() => parts.sync.spaces().filter(({ name }) => name === permissionSpace), item => permissionOf(item) !== undefined)
  }

  /** Those that count, in the order in which they were given. */
  list(): Permission[] {
    const writers = new Set(this.#parts.sync.members().flatMap(({ id, role }) => (role === 'admin' || role === 'writer' ? [id] : [])))
    return this.#all().filter(({ device }) => writers.has(device))
  }

  permits({ tool, hash }: Pick<Allowed, 'tool' | 'hash'>): boolean {
    return this.list().some(each => each.tool === tool && each.hash === hash)
  }

  /** A person allowed it: it is on disk when this resolves. @throws KinmeshError `KeeperCannotRead`, `StoreFailed` */
  async allow({ tool, hash, shown }: Allowed): Promise<Permission> {
    const given = this.list().find(each => each.tool === tool && each.hash === hash)
    if (given) return given
    const { sync, device, clock } = this.#parts
    const item = await findSpace(sync, permissionSpace).put({ v: permissionVersion, kind: permissionKind, tool, hash, shown: shown.slice(0, maxShown).toWellFormed(), observedAt: clock(), source: { device } })
    return permissionOf(item)!
  }

  /** Takes back all that was allowed to a tool, named by itself or by one of its approvals. What was taken back. @throws KinmeshError `NoSuchPermission`, `StoreFailed` */
  async revoke(named: string): Promise<Permission[]> {
    // Those that do not count as well: their device may be let in again.
    const all = this.#all()
    const tool = all.find(({ id }) => id === named)?.tool ?? named
    const given = all.filter(each => each.tool === tool)
    if (given.length === 0) throw new KinmeshError('NoSuchPermission', `nothing is allowed to "${printable(named)}": list what is with kinmesh permissions`)
    for (const { id } of given) await findSpace(this.#parts.sync, permissionSpace).remove(id)
    return given
  }

  #all(): Permission[] {
    return this.#view.items().flatMap(({ item }) => permissionOf(item) ?? [])
  }
}

/** Strict: what is not exactly an approval is none. */
function permissionOf(item: Item): Permission | undefined {
  const { v, kind, tool, hash, shown, validTo } = item.value
  if (v !== permissionVersion || kind !== permissionKind || validTo !== undefined) return undefined
  if (typeof tool !== 'string' || typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return undefined
  return { id: item.id, tool, hash, shown: typeof shown === 'string' ? shown : '', device: item.device, at: observedAt(item) }
}
