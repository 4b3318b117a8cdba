import { cardNamed, identityNamed } from '../mesh/membership.fixtures.ts'
import type { DeviceId } from '../mesh/types.ts'
import type { Entry } from './entry.ts'
import { type Keeping, KeptSpace } from './kept-space.ts'
import { PeerHeights } from './peer-heights.ts'
import type { Receipt } from './receive.ts'
import { type Scene, scene, startMs } from './receive.fixtures.ts'
import { createMemoryStore } from './store-memory.ts'
import type { Store } from './store.ts'

export type KeptScene = Scene & {
  readonly kept: KeptSpace
  readonly keeperStore: Store
  readonly heights: PeerHeights
  readonly time: { now: number }
  /** From some peer; `due` names entries that a log may go on with. */
  take(entries: readonly (Entry | Uint8Array)[], due?: Partial<Record<DeviceId, number>>): Promise<Receipt>
  /** Seqs that are kept of a log. */
  seqs(author: DeviceId): number[]
  /** The same keeper started again. */
  reopen(): Promise<KeptSpace>
}

/** For tests: a keeper of the scene's space, with a clock of its own. */
export async function keptScene(keeping: Partial<Keeping> = {}, keeperStore: Store = createMemoryStore()): Promise<KeptScene> {
  const set = await scene()
  await set.membership.add(identityNamed('laptop'), cardNamed('keeper'), startMs, 'keeper')
  const time = { now: startMs }
  const context = { ...set.state.context, identity: identityNamed('keeper'), store: keeperStore, now: () => time.now }
  const reopen = () => KeptSpace.open(context, 'personal', set.membership, keeping)
  const kept = await reopen()
  return {
    ...set,
    kept,
    keeperStore,
    time,
    heights: new PeerHeights(keeperStore, kept.id, context.now),
    take: (entries, due = {}) => kept.receive(entries.map(entry => (entry instanceof Uint8Array ? entry : entry.bytes)), author => due[author] ?? kept.state.logRow(author).height + 1),
    seqs: author => keeperStore.entries(kept.id, author, 1, 1e6).map(row => row.seq),
    reopen
  }
}
