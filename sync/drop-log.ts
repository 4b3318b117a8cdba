import type { DeviceId } from '../mesh/types.ts'
import type { SpaceState } from './space-state.ts'
import { Stage } from './stage.ts'

/** Forgets a log altogether, so that the next HAVE fetches it anew. Own versions must have been put aside by then. `meta` is stored with it. */
export async function dropLog(state: SpaceState, author: DeviceId, meta: Readonly<Record<string, string>> = {}): Promise<void> {
  const stage = new Stage(state)
  for (const row of state.context.store.logVersions(state.id, author)) stage.view.clear(row.id, author)
  stage.also({ dropLogs: [author], meta })
  await stage.commit()
  state.logs.delete(author)
  state.partial.delete(author)
  state.docs.forget(author)
}

/** Forgets what came of logs that were not taken over to their end. Run it alone: nothing is being taken over then. True when there were any. */
export async function dropAbandoned(state: SpaceState): Promise<boolean> {
  const abandoned = [...state.partial]
  for (const author of abandoned) await dropLog(state, author)
  return abandoned.length > 0
}

/**
 * A crash in the middle of taking a snapshot leaves bases and versions of a log that has no entries yet. They show half of what the
 * author wrote: they go, and the log is fetched anew.
 */
export async function dropHalfTaken(state: SpaceState): Promise<void> {
  const { membership, context } = state
  for (const author of [...membership.members().keys(), ...membership.removedDevices().keys()]) {
    if (state.logRow(author).height === 0 && context.store.bases(state.id, author).length > 0) await dropLog(state, author)
  }
}
