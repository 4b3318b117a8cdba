import type { Item, Space } from '../../sync/types.ts'

/** Items that are kept: a question looks at a hundred or two. */
const maxItems = 4096
/** Changes that are looked through for what is still the same; with more, all is read anew. */
const maxChanges = 256

/** What is made of items, kept as long as they stay as they are: reading one from the disk takes longer than everything else that a question does with it. `make`: of one that is there. */
export class ItemCache<T> {
  readonly #make: (space: Space, item: Item) => T
  readonly #spaces = new WeakMap<Space, { rev: number; readonly made: Map<string, T> }>()

  constructor(make: (space: Space, item: Item) => T) {
    this.#make = make
  }

  /** Undefined where no such item is there. */
  get(space: Space, id: string): T | undefined {
    const { made } = this.#upToDate(space)
    const known = made.get(id)
    if (known !== undefined) return known
    const item = space.get(id)
    if (!item) return undefined
    if (made.size >= maxItems) made.clear()
    const fresh = this.#make(space, item)
    made.set(id, fresh)
    return fresh
  }

  #upToDate(space: Space): { readonly made: Map<string, T> } {
    let held = this.#spaces.get(space)
    if (!held) this.#spaces.set(space, (held = { rev: space.rev, made: new Map() }))
    if (held.rev === space.rev) return held
    const changes = space.changesSince(held.rev, maxChanges)
    if (changes.length === maxChanges) held.made.clear()
    for (const { id } of changes) held.made.delete(id)
    held.rev = space.rev
    return held
  }
}
