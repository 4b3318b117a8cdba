import type { Item, Space } from '../../sync/types.ts'

export type Placed = { readonly space: Space; readonly item: Item }

type Seen = { readonly space: Space; rev: number; readonly items: Map<string, Item> }

/** Items of one sort, among all that there are: looked for once, and from then on kept in step with the spaces. */
export class ItemView {
  readonly #spaces: () => readonly Space[]
  readonly #isWanted: (item: Item) => boolean
  readonly #seen = new Map<string, Seen>()

  constructor(spaces: () => readonly Space[], isWanted: (item: Item) => boolean) {
    this.#spaces = spaces
    this.#isWanted = isWanted
  }

  /** As they are now, in the order in which they were written. */
  items(): Placed[] {
    const all = this.#spaces().flatMap(space => {
      const { items } = this.#upTo(space)
      return [...items.values()].map(item => ({ space, item }))
    })
    return all.sort((a, b) => a.item.hlc - b.item.hlc || (a.item.id < b.item.id ? -1 : 1))
  }

  #upTo(space: Space): Seen {
    const known = this.#seen.get(space.name)
    // Joining a mesh replaces a space.
    const seen = known?.space === space ? known : this.#lookThrough(space)
    this.#seen.set(space.name, seen)
    if (seen.rev < space.rev) {
      for (const { id, item } of space.changesSince(seen.rev)) {
        if (item && this.#isWanted(item)) seen.items.set(id, item)
        else seen.items.delete(id)
      }
      seen.rev = space.rev
    }
    return seen
  }

  #lookThrough(space: Space): Seen {
    const { rev } = space
    return { space, rev, items: new Map(space.list().filter(this.#isWanted).map(item => [item.id, item])) }
  }
}
