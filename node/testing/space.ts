import { KinmeshError } from '../../mesh/errors.ts'
import type { Change, Item, ItemValue, Space, SpaceName, Sync } from '../../sync/types.ts'

let lastHlc = 0

/** A space without logs, keys or disk, for tests of what only reads and writes items. */
export function testSpace(name: SpaceName, device = 'device-under-test'): Space & { fail?: Error } {
  const items = new Map<string, Item>()
  const changes = new Map<string, Change>()
  const listeners = new Set<(rev: number) => void>()
  let rev = 0
  let made = 0
  const change = (id: string, item: Item | null) => {
    changes.delete(id)
    changes.set(id, { id, rev: ++rev, item })
    if (item) items.set(id, item)
    else items.delete(id)
    for (const listener of listeners) listener(rev)
  }
  const put = async (value: ItemValue, id = `${name}${String(made++).padStart(8, '0')}`): Promise<Item> => {
    if (space.fail) throw space.fail
    const item: Item = { id, value, hlc: ++lastHlc, device, others: [] }
    change(id, item)
    return item
  }
  const space: Space & { fail?: Error } = {
    name,
    id: name,
    get count() {
      return items.size
    },
    get rev() {
      return rev
    },
    digest: () => [...items.values()].map(item => `${item.id}@${item.hlc}`).sort().join(),
    put,
    putMany: values => Promise.all(values.map(value => put(value))),
    async remove(id) {
      if (!items.has(id)) throw new KinmeshError('NoSuchItem', `there is no item "${id}"`)
      change(id, null)
    },
    get: id => items.get(id),
    list: ({ after = '', limit = Infinity } = {}) => [...items.values()].filter(item => item.id > after).sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit),
    changesSince: (since, limit = Infinity) => [...changes.values()].filter(each => each.rev > since).slice(0, limit),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    }
  }
  return space
}

/** As much of a Sync as the memories and the assistant use. */
export function testSync(...spaces: Space[]): Sync {
  return { space: (name: string) => spaces.find(space => space.name === name), spaces: () => spaces, kept: () => undefined } as Sync
}
