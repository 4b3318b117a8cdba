import type { DeviceId } from '../mesh/types.ts'
import { preImageMs } from './limits.ts'
import type { PeerHeights } from './peer-heights.ts'
import { release } from './receive.ts'
import type { LogState, SpaceState } from './space-state.ts'
import { Stage } from './stage.ts'

/** The height of a log that every other active device holds. A keeper is none of them: it lets go of entries, and can take no snapshot. */
export function lowestAck(state: LogState, heights: PeerHeights, author: DeviceId): number {
  const members = state.membership.members()
  const others = [...members.values()].filter(({ id, role }) => id !== state.self && role !== 'keeper').map(({ id }) => id)
  return Math.min(state.logRow(author).height, heights.lowest(author, others, device => members.get(device)?.addedAt ?? 0))
}

/**
 * Entries below a checkpoint that every active device holds are never asked for again: who lacks them takes a snapshot. Their hashes
 * are listed by the checkpoint: a device that comes back may hold another branch of the log, which comparing one entry shows.
 */
export async function prune(state: SpaceState, lowestAck: (author: DeviceId) => number): Promise<void> {
  for (const log of [...state.logs.values()]) {
    const below = log.checkpoint
    if (lowestAck(log.author) < below || below <= log.lowest) continue
    const stage = new Stage(state)
    stage.setLog({ ...log, lowest: below })
    stage.also({ prune: [{ author: log.author, below }] })
    await stage.commit()
  }
}

/** Large deletions that nobody decided on in time count from here on. True when there were any. */
export async function releaseOverdue(state: SpaceState): Promise<boolean> {
  const { store, now } = state.context
  const overdue = store.held(state.id).filter(({ at }) => now() - at > preImageMs)
  for (const { ref } of overdue) {
    await state.exclusive(() => {
      const stage = new Stage(state)
      release(state, stage, ref)
      return stage.commit()
    })
  }
  return overdue.length > 0
}
