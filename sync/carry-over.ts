import type { LocalSpace } from './space.ts'
import type { SpaceState } from './space-state.ts'
import type { Store } from './store.ts'

/** Rows one step of carrying over reads. */
const pageRows = 1000
const recoveringKey = 'recovering'

// A device that goes on under a new key has a log of its own, with nothing to fetch.
const nameOf = ({ id, self }: SpaceState): string => `${id} ${self}`

/** What is stored in the commit that drops the own log: a device that stopped between the two would wait for ever for entries that do not fit what it holds. */
export function startRecovering(state: SpaceState): Readonly<Record<string, string>> {
  return { [recoveringKey]: nameOf(state) }
}

/** True from `startRecovering` until `recovered`, restarts included. */
export function isRecovering(state: SpaceState): boolean {
  return state.context.store.meta(recoveringKey) === nameOf(state)
}

export async function recovered(state: SpaceState): Promise<void> {
  await state.context.store.commit({ space: state.id, meta: { [recoveringKey]: '' } })
}

/** Writes what stands in spaces that were left into the one that took their place, where nothing newer stands, and then drops them. */
export async function carryOver(store: Store, space: LocalSpace): Promise<void> {
  for (const { id, into } of store.spaces()) {
    // What does not show would be dropped unseen; so would a space that is being left itself, which its housekeeping may still be about.
    if (into !== space.name || id === space.id || store.lostView?.(id)) continue
    let rev = 0
    for (let rows = store.changes(id, rev, pageRows); rows.length > 0; rows = store.changes(id, rev, pageRows)) {
      await space.carry(rows)
      rev = rows.at(-1)?.rev ?? rev
    }
    await store.commit({ space: id, dropSpace: true })
  }
}
