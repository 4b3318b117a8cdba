import { KinmeshError } from '../mesh/errors.ts'
import type { DeviceId } from '../mesh/types.ts'
import type { Item, ItemValue, Space, Sync } from '../sync/types.ts'
import { isSecret } from './context/learn/secrets.ts'

export const memoryKinds = ['fact', 'preference', 'event', 'task', 'list', 'note', 'person'] as const
export type MemoryKind = (typeof memoryKinds)[number]
/** The kind of an approval (agent/permissions.ts). Not one of those that can be remembered: nothing that is said, learned or imported becomes one. */
export const permissionKind = 'permission'

/** A memory is a statement; what is longer is a document. In UTF-8 bytes. */
export const maxTextBytes = 8 * 1024
/** subject, attribute and value name things: a line at most. In characters. */
export const maxFieldChars = 256
/** Format of the value in a space; a reader skips what is newer. */
const memoryVersion = 1
const defaultSpace = 'personal'
/** Of this device alone: where secrets are kept, unless somebody says otherwise. */
const secretSpace = 'device'
/** What JavaScript's Date holds (ECMA-262, 21.4.1.1). Unix ms. */
const maxTimeMs = 8.64e15
/** A hybrid logical clock counts so many steps in a millisecond (sync/types.ts). */
const hlcPerMs = 1024

/** What a person or the assistant hands over to be remembered. */
export type NewMemory = {
  text: string
  kind?: MemoryKind | undefined
  subject?: string | undefined
  attribute?: string | undefined
  value?: string | undefined
  /** Unix ms; default now. */
  observedAt?: number | undefined
  /** Id of a memory that this one takes the place of: it is kept, as what was known until then. */
  supersedes?: string | undefined
  /** Unix ms from which on it does not hold any more. */
  validTo?: number | undefined
  /** Names where it came from on this device, and is opaque: never the words of a conversation. */
  ref?: string | undefined
  /** Nobody asked for it to be remembered: it was learned from what was said. */
  learned?: boolean | undefined
}

/** Where a memory came from. `device`: where it was told; `ref`: names the conversation and the turn there, or the turn. */
export type Source = { readonly device: DeviceId; readonly how: 'told' | 'learned'; readonly ref?: string }

export type Memory = {
  readonly id: string
  readonly space: string
  readonly text: string
  readonly kind: MemoryKind | typeof permissionKind
  readonly subject?: string
  readonly attribute?: string
  readonly value?: string
  /** Unix ms of what it speaks of, or of its telling. */
  readonly at: number
  /** Unix ms from which on it does not hold any more. */
  readonly validTo?: number
  /** The memory that it took the place of. */
  readonly supersedes?: string
  /** The device that wrote it last, as its signature proved. */
  readonly device: DeviceId
  /** None: whoever wrote it did not say. */
  readonly source?: Source
  /** How many other versions were written at the same time and are kept. */
  readonly others: number
}

/**
 * Writes a memory; it is on disk when this resolves. What it supersedes holds until it was observed, and stays in its space. `space`: where; what gives a secret away stays on this device if it is not given.
 * `idOf`: its id, for a space; by default a random one.
 * @throws `InvalidText`, `TextTooLong`, `UnknownSpace`, `NoSuchMemory`, `KeeperCannotRead`, `StoreFailed`
 */
export async function remember(sync: Sync, device: DeviceId, memory: NewMemory, options: { space?: string | undefined; now: number; idOf?: (space: Space, supersedes: string | undefined) => string | undefined }): Promise<Memory> {
  const text = checkText(memory.text)
  const superseded = memory.supersedes === undefined ? undefined : findItem(sync, memory.supersedes)
  const isMoreSecret = isSecret(text) && !(superseded && isSecret(textOf(superseded.item)))
  const space = findSpace(sync, options.space ?? (isMoreSecret ? secretSpace : (superseded?.space.name ?? defaultSpace)))
  const value: Record<string, ItemValue[string]> = { v: memoryVersion, kind: memory.kind ?? 'fact', text }
  for (const field of ['subject', 'attribute', 'value'] as const) {
    const given = memory[field]
    if (given !== undefined) value[field] = checkField(field, given)
  }
  const at = memory.observedAt ?? options.now
  value['observedAt'] = at
  if (memory.validTo !== undefined) value['validTo'] = memory.validTo
  if (superseded) value['supersedes'] = superseded.item.id
  value['source'] = { device, ...(memory.ref === undefined ? {} : { ref: memory.ref }), ...(memory.learned ? { how: 'learned' } : {}) }
  const written = toMemory(space, await space.put(value, options.idOf?.(space, superseded?.item.id)))
  // Second, so that a crash between the two leaves both: what changed is then told twice, and never not at all.
  if (superseded) await endAt(superseded, at)
  return written
}

/** A memory holds until `at` (Unix ms) and is kept. @throws `NoSuchMemory`, `StoreFailed` */
export async function endMemory(sync: Sync, id: string, at: number): Promise<void> {
  await endAt(findItem(sync, id), at)
}

async function endAt({ space, item }: { space: Space; item: Item }, at: number): Promise<void> {
  await space.put({ ...item.value, validTo: Math.max(at, observedAt(item)) }, item.id)
}

/** Removes a memory from whichever space holds it. @throws `NoSuchMemory`, `StoreFailed` */
export async function forget(sync: Sync, id: string): Promise<Memory> {
  const { space, item } = findItem(sync, id)
  await space.remove(id)
  return toMemory(space, item)
}

/** The memory of an id, in whichever space. */
export function findMemory(sync: Sync, id: string): Memory | undefined {
  for (const space of sync.spaces()) {
    const item = space.get(id)
    if (item) return toMemory(space, item)
  }
  return undefined
}

/** @throws `NoSuchMemory` */
export function findOne(sync: Sync, id: string): Memory {
  const { space, item } = findItem(sync, id)
  return toMemory(space, item)
}

/** @throws `NoSuchMemory` */
function findItem(sync: Sync, id: string): { space: Space; item: Item } {
  for (const space of sync.spaces()) {
    const item = space.get(id)
    if (item) return { space, item }
  }
  throw new KinmeshError('NoSuchMemory', `there is no memory "${printable(id)}": list them with kinmesh memories`)
}

/** A keeper that has no memories of its own says why it finds none. @throws `KeeperCannotRead` */
export function checkReads(sync: Sync): void {
  if (sync.spaces().every(({ count }) => count === 0)) findSpace(sync, defaultSpace)
}

/** @throws `UnknownSpace` listing those there are, `KeeperCannotRead` */
export function findSpace(sync: Sync, name: string): Space {
  const space = sync.spaces().find(each => each.name === name)
  if (space) return space
  if (sync.kept() && name === defaultSpace) return sync.space(name) // which says why not
  const names = sync.spaces().map(each => each.name)
  throw new KinmeshError('UnknownSpace', `there is no space "${printable(name)}": choose one of ${names.join(', ')}`)
}

/** Reads an item that any member may have written, by any program: what is missing or odd gets a plain default, never an error. */
export function toMemory(space: Pick<Space, 'name'>, item: Item): Memory {
  const { value } = item
  const kind = ([...memoryKinds, permissionKind] as const).find(each => each === value['kind']) ?? 'note'
  const until = validTo(item)
  const source = sourceOf(item)
  const fields: { subject?: string; attribute?: string; value?: string; supersedes?: string; validTo?: number } = until === undefined ? {} : { validTo: until }
  for (const field of ['subject', 'attribute', 'value', 'supersedes'] as const) {
    const found = value[field]
    if (typeof found === 'string') fields[field] = found
  }
  // An approval has no words of its own, so that no search finds it and no model reads it.
  const text = kind === permissionKind ? `may be used: ${typeof value['tool'] === 'string' ? value['tool'] : '?'}` : textOf(item)
  return { id: item.id, space: space.name, text, kind, ...fields, at: observedAt(item), device: item.device, ...(source ? { source } : {}), others: item.others.length }
}

function sourceOf({ value: { source } }: Item): Source | undefined {
  if (typeof source !== 'object' || source === null || !('device' in source)) return undefined
  const { device, ref, how } = source
  return typeof device === 'string' ? { device, how: how === 'learned' ? 'learned' : 'told', ...(typeof ref === 'string' ? { ref } : {}) } : undefined
}

/** Unix ms of what it speaks of, or of its telling; else of its writing (`hlc`). */
export function observedAt({ value, hlc }: Pick<Item, 'value' | 'hlc'>): number {
  return timeIn(value['observedAt']) ?? Math.floor(hlc / hlcPerMs)
}

/** Unix ms from which on it does not hold any more; undefined: it holds. */
export function validTo({ value }: Pick<Item, 'value'>): number | undefined {
  return timeIn(value['validTo'])
}

/** What another program wrote may be a time that no calendar has. */
function timeIn(given: ItemValue[string] | undefined): number | undefined {
  return typeof given === 'number' && Math.abs(given) <= maxTimeMs ? given : undefined
}

/** The words of an item; empty for one that has none. */
export function textOf(item: Pick<Item, 'value'>): string {
  const text = item.value['text']
  return typeof text === 'string' ? text : ''
}

/** Trims, and refuses what could not be stored, shown or read back as it is. @throws `InvalidText`, `TextTooLong` */
export function checkText(text: string): string {
  // A lone surrogate has no UTF-8 form: it would come back as another text than was given.
  if (!text.isWellFormed()) throw new KinmeshError('InvalidText', 'the text is not valid Unicode: give it as UTF-8')
  const trimmed = text.trim()
  if (trimmed === '') throw new KinmeshError('InvalidText', 'there is no text: say what to remember')
  // Line breaks and tabs are text; other control characters could steer the terminal of whoever lists memories.
  if (/[^\P{Cc}\n\r\t]/u.test(trimmed)) throw new KinmeshError('InvalidText', 'the text holds control characters: remove them and try again')
  const bytes = new TextEncoder().encode(trimmed).length
  if (bytes > maxTextBytes) throw new KinmeshError('TextTooLong', `the text has ${bytes} bytes, and may have ${maxTextBytes}: say it shorter, or in several pieces`)
  return trimmed
}

/** A line that names something. @throws `InvalidText`, `TextTooLong` */
export function checkField(name: string, given: string): string {
  const field = checkText(given)
  if (field.length > maxFieldChars) throw new KinmeshError('TextTooLong', `the ${name} has ${field.length} characters, and may have ${maxFieldChars}: say it shorter`)
  return field
}

/** User input inside an error line: short, and without control characters. */
export function printable(text: string): string {
  const plain = text.toWellFormed().replaceAll(/\p{Cc}/gu, ' ')
  return plain.length > 64 ? `${plain.slice(0, 64)}…` : plain
}
