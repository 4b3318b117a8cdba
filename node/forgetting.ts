import { type Memory, findOne, forget } from './memory.ts'
import type { DeviceParts } from './parts.ts'

/** How long connected devices are waited for, in ms: what they hold follows within half a second in a home, and over a poor connection within a few. */
const waitMs = 3000

/** What became of a forgotten memory. `index`: nothing of it is found here any more. `gone`: names of the other devices that hold nothing of it; `waiting`: of those that hear of it when they are connected again. */
export type Forgotten = { readonly forgotten: Memory; readonly index: boolean; readonly gone: readonly string[]; readonly waiting: readonly string[] }

/**
 * Forgets a memory, here and on every device that shares it, and tells where that is done already. What was said of it a moment ago is not learned either.
 * @throws KinmeshError `NoSuchMemory`, `StoreFailed`
 */
export async function forgetEverywhere({ sync, recall, learner }: Pick<DeviceParts, 'sync' | 'recall' | 'learner'>, id: string): Promise<Forgotten> {
  // First, so that it is not learned meanwhile.
  learner.leaveOut(findOne(sync, id).text)
  const forgotten = await forget(sync, id)
  await recall.ready()
  // The space `device` is on no other one.
  const others = () => (forgotten.space === 'device' ? [] : sync.peers().filter(({ role }) => role !== 'keeper'))
  await until(sync, () => others().every(({ connected, synced }) => !connected || synced))
  const [gone, waiting] = [true, false].map(isDone => others().filter(({ connected, synced }) => (connected && synced) === isDone).map(({ name }) => name))
  return { forgotten, index: true, gone: gone ?? [], waiting: waiting ?? [] }
}

/** Resolves when `isDone` holds, and else after a while. */
function until(sync: DeviceParts['sync'], isDone: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(end, waitMs)
    const stop = sync.onPeers(() => {
      if (isDone()) end()
    })
    if (isDone()) end()
  })
}
