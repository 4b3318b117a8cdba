import type { DeviceId } from '../mesh/types.ts'
import { keptForAbsent, preImageMs } from './limits.ts'
import type { PeerHeights } from './peer-heights.ts'
import { release } from './receive.ts'
import type { SpaceState } from './space-state.ts'
import { Stage } from './stage.ts'

/**
 * Entries below a checkpoint that every active device holds are never asked for again: who lacks them takes a snapshot. Of the own log
 * some stay for members that were away for longer: they may hold what a disk here lost, and one entry of theirs that can be compared shows it.
 */
export async function prune(state: SpaceState, heights: PeerHeights, lowestAck: (author: DeviceId) => number): Promise<void> {
  const readers = [...state.membership.members().values()].filter(({ id, role }) => id !== state.self && role !== 'keeper')
  for (const log of [...state.logs.values()]) {
    if (lowestAck(log.author) < log.checkpoint) continue
    const isBehind = log.author === state.self && readers.some(({ id }) => heights.height(id, log.author) < log.checkpoint)
    const below = isBehind ? log.checkpoint - keptForAbsent : log.checkpoint
    if (below <= log.lowest) continue
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
