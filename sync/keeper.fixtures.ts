import { MemoryNet, type TestDevice, linkAll, startDevice, until } from './devices.fixtures.ts'
import type { Store } from './store.ts'

export const dayMs = 24 * 3600 * 1000
export const pace = { checkpointEvery: 512, housekeepingMs: 15 }
type Options = Parameters<typeof startDevice>[2]

export type Home = { net: MemoryNet; laptop: TestDevice; phone: TestDevice; keeper: TestDevice; time: { ms: number } }

/** A laptop and a phone, and a keeper for when one of them is away. All share a clock that stands still unless a test moves it. */
export async function home(options: { keeper?: Options; checkpointEvery?: number } = {}): Promise<Home> {
  const net = new MemoryNet()
  const time = { ms: Date.now() }
  const common = { clock: () => time.ms, pace: { ...pace, ...(options.checkpointEvery ? { checkpointEvery: options.checkpointEvery } : {}) } }
  const [laptop, phone, keeper] = [await startDevice(net, 'laptop', common), await startDevice(net, 'phone', common), await startDevice(net, 'keeper', { ...common, ...options.keeper })]
  await phone.sync.adopt(await laptop.sync.admit(phone.card))
  await keeper.sync.adopt(await laptop.sync.admit(keeper.card, 'keeper'))
  linkAll(net, [laptop, phone, keeper])
  return { net, laptop, phone, keeper, time }
}

/** The same device started again. */
export const again = (net: MemoryNet, { name, identity, store }: TestDevice, time: Home['time'], options: Options = {}): Promise<TestDevice> =>
  startDevice(net, name, { identity, store: unclosed(store), clock: () => time.ms, pace, ...options })

export const unclosed = (store: Store): Store => ({ ...store, close() {} })
export const stateOf = (device: TestDevice, peer: TestDevice) => device.sync.peers().find(({ id }) => id === peer.identity.id)!
export const synced = (device: TestDevice, peer: TestDevice): boolean => stateOf(device, peer).synced
export const agree = (what: string, device: TestDevice, peer: TestDevice): Promise<void> => until(what, () => synced(device, peer) && synced(peer, device))
export const heightOf = (keeper: TestDevice, space: string, author: TestDevice): number => keeper.store.logs(space).find(row => row.author === author.identity.id)?.height ?? 0
export const seqsOf = (keeper: TestDevice, space: string, author: TestDevice): number[] => keeper.store.entries(space, author.identity.id, 1, 1e6).map(({ seq }) => seq)
export const texts = (count: number, text: string) => Array.from({ length: count }, (_, index) => ({ text: `${text} ${String(index).padStart(3, '0')}` }))
export const stopAll = (...devices: TestDevice[]) => Promise.all(devices.map(device => device.stop()))
