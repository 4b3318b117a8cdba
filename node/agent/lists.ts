import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Item, Sync } from '../../sync/types.ts'
import { remember, textOf } from '../memory.ts'
import { ItemView, type Placed } from './item-view.ts'

/** Most that one list holds. */
export const maxListItems = 1000

/**
 * Lists that all devices share. Each thing on a list is a memory of its own, so what two devices add or take off at the same time is all done. Names and things are the same whatever
 * their case and spaces.
 */
export class Lists {
  readonly #sync: Sync
  readonly #device: DeviceId
  readonly #clock: () => number
  readonly #view: ItemView

  constructor({ sync, device, clock }: { sync: Sync; device: DeviceId; clock: () => number }) {
    this.#sync = sync
    this.#device = device
    this.#clock = clock
    this.#view = new ItemView(() => sync.spaces(), item => item.value['kind'] === 'list' && nameOf(item) !== undefined)
  }

  /** Puts things on a list, in their order; what is there already stays. Their ids. @throws KinmeshError `ListTooLong`, and those of `remember` */
  async add(list: string, things: readonly string[]): Promise<string[]> {
    const there = new Set(this.#of(list).map(thingOf))
    const fresh = once(things).filter(thing => !there.has(plain(thing)))
    if (there.size + fresh.length > maxListItems) throw new KinmeshError('ListTooLong', `a list holds ${maxListItems} things at most: take some off first`)
    const added: string[] = []
    for (const text of fresh) added.push((await remember(this.#sync, this.#device, { text, kind: 'list', subject: list }, { now: this.#clock() })).id)
    return added
  }

  /** Takes things off a list. The ids of those that were there. @throws KinmeshError `StoreFailed` */
  async remove(list: string, things: readonly string[]): Promise<string[]> {
    const wanted = new Set(things.map(plain))
    const found = this.#of(list).filter(placed => wanted.has(thingOf(placed)))
    for (const { space, item } of found) await space.remove(item.id)
    return found.map(({ item }) => item.id)
  }

  /** What is on a list, in the order in which it came there. */
  show(list: string): string[] {
    // Two devices may have put the same there at the same time.
    return once(this.#of(list).map(({ item }) => textOf(item)))
  }

  /** Names of the lists that hold something. */
  names(): string[] {
    return once(this.#view.items().flatMap(({ item }) => nameOf(item) ?? []))
  }

  #of(list: string): Placed[] {
    return this.#view.items().filter(({ item }) => plain(nameOf(item) ?? '') === plain(list))
  }
}

/** The list that it is on. */
function nameOf({ value: { subject } }: Item): string | undefined {
  return typeof subject === 'string' ? subject : undefined
}

function thingOf({ item }: Placed): string {
  return plain(textOf(item))
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}

/** Each as it was said first. */
function once(texts: readonly string[]): string[] {
  const said = new Map<string, string>()
  for (const text of texts) if (!said.has(plain(text))) said.set(plain(text), text)
  return [...said.values()]
}
