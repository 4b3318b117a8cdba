import { KinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Item, Space, Sync } from '../../sync/types.ts'
import { checkText, findSpace, observedAt, textOf, validTo } from '../memory.ts'
import { ItemView, type Placed } from './item-view.ts'
import { momentText } from './tools/times.ts'

/** `due`: Unix ms. */
export type Reminder = { readonly id: string; readonly text: string; readonly due: number; readonly kind: 'reminder' | 'timer' }

export type RemindersParts = {
  readonly sync: Sync
  readonly device: DeviceId
  /** All devices that may remind, in an order that is the same on each of them. */
  readonly devices: () => readonly DeviceId[]
  readonly clock: () => number
  readonly log: Logger
  /** Calls `work` after so many ms; returns how to prevent that. */
  readonly after: (ms: number, work: () => void) => () => void
}

/** Most that wait at one time. */
export const maxPending = 1000
/** A device that was used so recently is the one in use. */
const inUseMs = 2 * 60_000
/** Head start of devices in use before others, and of each device before the next one: what one of them tells has to reach the others meanwhile (in half a second). */
const idleDelayMs = 5000
const rankDelayMs = 1000
/** Of what fell due while this device was off or nobody looked: another one may have told it, which has to be heard first. */
const lateDelayMs = 3000
/** Clocks are put forward, and machines sleep: the next look is never further away. */
const longestWaitMs = 30_000

/**
 * Reminders and timers, which all devices of a person share: each is a memory that holds until somebody was told. It is told once, by a device where somebody looks (`onDue`): first by
 * the one that was used last, and by another one when that does not. Two devices that cannot reach each other both tell it.
 */
export class Reminders {
  readonly #parts: RemindersParts
  readonly #view: ItemView
  readonly #listeners = new Set<(reminder: Reminder) => void>()
  readonly #followed = new Map<Space, () => void>()
  /** Told here, and not yet on the disk. */
  readonly #telling = new Set<string>()
  #usedAt = -Infinity
  #readyAt = Infinity
  #cancelNext: (() => void) | undefined

  constructor(parts: RemindersParts) {
    this.#parts = parts
    this.#view = new ItemView(() => parts.sync.spaces(), item => kindOf(item) !== undefined && dueOf(item) !== undefined)
  }

  /** @throws KinmeshError `TimeInPast` · `TooManyReminders`, and those of writing a memory */
  async set(kind: Reminder['kind'], text: string, due: number): Promise<Reminder> {
    const { sync, device, clock } = this.#parts
    const now = clock()
    if (due <= now) throw new KinmeshError('TimeInPast', `${momentText(new Date(due))} is in the past: say a time that is to come`)
    if (this.pending().length >= maxPending) throw new KinmeshError('TooManyReminders', `${maxPending} reminders wait already: forget some first`)
    // `value` is for people, and for recall.
    const value = { v: 1, kind: 'task', text: checkText(text), attribute: kind, value: momentText(new Date(due)), due, observedAt: now, source: { device } }
    const item = await findSpace(sync, 'personal').put(value)
    this.#plan()
    return reminderOf(item)
  }

  /** Those that nobody was told yet, the next one first. */
  pending(): Reminder[] {
    return this.#waiting().map(({ item }) => reminderOf(item))
  }

  /** Somebody looks at this device, and is told what falls due. Returns how to end that. */
  onDue(listener: (reminder: Reminder) => void): () => void {
    if (this.#listeners.size === 0) this.#readyAt = this.#parts.clock() + lateDelayMs
    this.#listeners.add(listener)
    this.#plan()
    return () => {
      this.#listeners.delete(listener)
      this.#plan()
    }
  }

  /** Somebody used this device just now. */
  used(): void {
    this.#usedAt = this.#parts.clock()
  }

  close(): void {
    this.#cancelNext?.()
    this.#listeners.clear()
    for (const unsubscribe of this.#followed.values()) unsubscribe()
    this.#followed.clear()
  }

  #waiting(): Placed[] {
    return this.#view.items().filter(({ item }) => validTo(item) === undefined && !this.#telling.has(item.id)).sort((a, b) => dueOf(a.item)! - dueOf(b.item)! || (a.item.id < b.item.id ? -1 : 1))
  }

  /** Tells what is due, and looks again when the next is. */
  #plan(): void {
    this.#cancelNext?.()
    this.#cancelNext = undefined
    if (this.#listeners.size === 0) return
    this.#follow()
    const now = this.#parts.clock()
    // A clock that is set back makes nobody wait until it is where it was.
    this.#readyAt = Math.min(this.#readyAt, now + lateDelayMs)
    this.#usedAt = Math.min(this.#usedAt, now)
    for (const placed of this.#waiting()) {
      const leftMs = this.#tellAt(dueOf(placed.item)!) - now
      if (leftMs > 0) return this.#planIn(Math.min(leftMs, longestWaitMs))
      this.#tell(placed)
    }
    this.#planIn(longestWaitMs)
  }

  #planIn(ms: number): void {
    this.#cancelNext?.()
    this.#cancelNext = this.#parts.after(ms, () => this.#plan())
  }

  /** Hears of what other devices set and told. */
  #follow(): void {
    const spaces = new Set(this.#parts.sync.spaces())
    for (const [space, unsubscribe] of this.#followed) {
      if (spaces.has(space)) continue
      unsubscribe()
      this.#followed.delete(space)
    }
    for (const space of spaces) if (!this.#followed.has(space)) this.#followed.set(space, space.subscribe(() => this.#plan()))
  }

  #tellAt(due: number): number {
    const { clock, devices, device } = this.#parts
    const rank = Math.max(0, devices().indexOf(device))
    const isInUse = clock() - this.#usedAt < inUseMs
    return Math.max(due, due < this.#readyAt ? this.#readyAt : due) + rank * rankDelayMs + (isInUse ? 0 : idleDelayMs)
  }

  #tell({ space, item }: Placed): void {
    this.#telling.add(item.id)
    for (const listener of this.#listeners) listener(reminderOf(item))
    // Told first: a crash between the two tells it twice, and never not at all.
    space.put({ ...item.value, validTo: Math.max(this.#parts.clock(), observedAt(item)) }, item.id).then(
      () => this.#telling.delete(item.id),
      (error: unknown) => this.#parts.log.error('that a reminder was told could not be kept', { reason: error instanceof Error ? error.message : String(error) })
    )
  }
}

function kindOf({ value }: Item): Reminder['kind'] | undefined {
  return value['kind'] === 'task' ? (['reminder', 'timer'] as const).find(kind => kind === value['attribute']) : undefined
}

function dueOf({ value }: Item): number | undefined {
  return typeof value['due'] === 'number' && Math.abs(value['due']) <= 8.64e15 ? value['due'] : undefined
}

function reminderOf(item: Item): Reminder {
  return { id: item.id, text: textOf(item), due: dueOf(item) ?? 0, kind: kindOf(item) ?? 'reminder' }
}
