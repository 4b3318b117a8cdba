import type { DeviceId } from '../mesh/types.ts'
import type { SpaceState } from './space-state.ts'
import { Stage } from './stage.ts'

/** Forgets a log altogether, so that the next HAVE fetches it anew. Own versions must have been put aside by then. */
export async function dropLog(state: SpaceState, author: DeviceId): Promise<void> {
  const stage = new Stage(state)
  for (const row of state.context.store.logVersions(state.id, author)) stage.view.clear(row.id, author)
  stage.also({ dropLogs: [author] })
  await stage.commit()
  state.logs.delete(author)
  state.docs.forget(author)
}
