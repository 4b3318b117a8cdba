import { decodeRoundState, encodeRoundState, frameBytes, maxRoundStateBytes, type RoundStates } from './round-states.ts'
import { openTaskFiles } from './task-files.node.ts'

/** In files of `dir`. Saves of one task are made one after the other, in the order in which they were asked for. @throws KinmeshError `StoreFailed` */
export async function openRoundStates(dir: string): Promise<RoundStates> {
  const files = await openTaskFiles(dir, { kind: 'round', maxBytes: maxRoundStateBytes + frameBytes })
  const before = new Map<string, Promise<unknown>>()
  const inTurn = <T>(task: string, work: () => Promise<T>): Promise<T> => {
    const turn = (before.get(task) ?? Promise.resolve()).then(work)
    const settled = turn.catch(() => {}) // its caller hears of it
    before.set(task, settled)
    void settled.then(() => { if (before.get(task) === settled) before.delete(task) })
    return turn
  }
  return {
    load: task => inTurn(task, async () => {
      const stored = await files.read(task)
      return stored && decodeRoundState(task, stored)
    }),
    save: async (task, bytes) => {
      const state = encodeRoundState(task, bytes)
      await inTurn(task, () => files.write(task, state))
    },
    remove: task => inTurn(task, () => files.remove(task))
  }
}
