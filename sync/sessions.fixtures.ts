import { silentLogger } from '../mesh/log.ts'
import { FakeTime } from '../mesh/timers.fixtures.ts'
import type { ChannelHandler, DeviceId } from '../mesh/types.ts'
import { PeerHeights } from './peer-heights.ts'
import { type Scene, scene, startMs } from './receive.fixtures.ts'
import { Hand, pipe } from './session.fixtures.ts'
import { Sessions } from './sessions.ts'
import { LocalSpace } from './space.ts'
import { SpaceState } from './space-state.ts'

export type Hub = Scene & { time: FakeTime; sessions: Sessions; space: LocalSpace; connect(peer: DeviceId, greet?: boolean): Promise<Hand>; reconnect(peer: DeviceId): void; opened: Hand[] }

/** The sessions of the laptop of a scene; the test plays its peers. */
export async function hub(): Promise<Hub> {
  const set = await scene()
  const time = new FakeTime()
  time.now = startMs
  const state = await SpaceState.open({ ...set.state.context, now: time.clock }, 'personal', set.membership)
  const space = new LocalSpace(state, () => 0)
  const heights = new PeerHeights(set.store, state.id, time.clock)
  const peers = new Set<DeviceId>()
  const opened: Hand[] = []
  let handler: ChannelHandler = async () => undefined
  let tell: (peer: DeviceId, connected: boolean) => void = () => undefined
  const arrived = new Map<string, Uint8Array>()
  const sessions: Sessions = new Sessions(
    {
      handle: (_protocol, handle) => void (handler = handle),
      async open(peer) {
        const [near, far] = pipe(state.self, peer)
        opened.push(new Hand(far))
        return near
      },
      onPeer: listener => {
        tell = listener
        return () => undefined
      },
      peers: () => [...peers].map(id => ({ id, connected: true, addrs: [], lastSeen: 0 }))
    },
    {
      self: state.self,
      log: silentLogger,
      timers: time,
      now: time.clock,
      spaces: () => [space],
      isMember: peer => set.membership.members().has(peer),
      members: async (_space, statements) => void (await set.membership.merge(statements)),
      space: () => ({ heights, arrived: () => arrived, refused: () => undefined, forked: () => undefined, damaged: async () => undefined, diverged: () => undefined }),
      changed: () => undefined
    }
  )
  space.onAppended(authors => sessions.appended(space, authors))
  const connect = async (peer: DeviceId, greet = true) => {
    const [near, far] = pipe(state.self, peer)
    peers.add(peer)
    void handler(near)
    const hand = new Hand(far)
    if (!greet) return hand
    await hand.greet(state.spaceId, set.membership.version())
    await hand.barrier()
    return hand
  }
  return { ...set, state, time, sessions, space, connect, reconnect: peer => tell(peer, true), opened }
}
