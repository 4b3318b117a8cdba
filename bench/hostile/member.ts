import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { greetingProtocol } from '../../mesh/greeting.ts'
import { parseIdentity } from '../../mesh/identity.ts'
import { MembershipLog } from '../../mesh/membership.ts'
import { createMesh } from '../../mesh/mesh.ts'
import { mutate } from '../../mesh/mutate.fixtures.ts'
import type { Channel, Mesh } from '../../mesh/types.ts'
import { encodeCbor } from '../../mesh/codec.ts'
import { type Frame, decodeFrame, encodeFrame } from '../../sync/frames.ts'
import { type Material, brokenFrame, frameTypes, hostileEntries, lie } from '../../sync/hostile.fixtures.ts'
import { newItemId } from '../../sync/item-id.ts'
import { Random } from '../../sync/random.fixtures.ts'
import { Author } from '../../sync/receive.fixtures.ts'
import { syncProtocol } from '../../sync/sessions.ts'
import { openSqliteStore } from '../../sync/store.node.ts'
import type { Deeds, MemberAttack, Order } from './orders.ts'

/** Between two tries to begin a session, in ms: a device that is refused everything tries as often as its network stack lets it. */
const retryMs = 5
/** How long the first session may take to begin, in ms: the attack lasts as long as ordered from then on. */
const patienceMs = 30_000

type Thief = { readonly mesh: Mesh; readonly author: Author; readonly material: Material; readonly random: Random; readonly order: Order; readonly deeds: Deeds; until: number }

/** Takes the home of a device that was a member a moment ago, and attacks another one with all that it knows. */
export async function attackAsMember(order: Order): Promise<Deeds> {
  const identity = parseIdentity(readFileSync(join(order.home, 'identity')))
  const store = openSqliteStore(join(order.home, 'sync.db'))
  const space = store.spaces().find(({ name }) => name === 'personal')?.id ?? ''
  const statements = store.statements(space)
  const log = store.logs(space).find(({ author }) => author === identity.id)
  const membership = await MembershipLog.load(statements)
  const key = (await membership.keyring(identity)).current()
  if (!key) throw new Error('the stolen device has no key')
  const author = new Author(identity, membership.space, key)
  Object.assign(author, { boot: order.seed, seq: log?.height ?? 0, head: log?.head ?? author.head, now: Date.now() })
  const authors = [...membership.members().values()].map(({ publicKey }) => publicKey)
  const victim = membership.members().get(order.target.id)?.publicKey ?? new Uint8Array(32)
  store.close()
  const addrs = { [order.target.id]: order.target.addrs.map(addr => addr.replace(/\/p2p\/[^/]+$/, '')) }
  const mesh = await createMesh({ identity, name: 'stolen', place: 'elsewhere', port: 0, host: '127.0.0.1', mdns: false, webrtc: false, addressBook: { load: async () => addrs, save: async () => {} } })
  // What the victim opens is of no use to the attacker, which wants to begin.
  mesh.handle(syncProtocol, channel => channel.close())
  mesh.setMembers(new Set([order.target.id]))
  const thief: Thief = {
    mesh, author, order, random: new Random(order.seed), deeds: { sent: 0, begun: 0, ended: 0 }, until: Date.now() + patienceMs,
    material: { spaceId: membership.space, members: membership.version(), statements, authors, entries: Object.values(await hostileEntries(author, victim)) }
  }
  try {
    await (attacks[order.attack as MemberAttack] ?? fuzz)(thief)
    return thief.deeds
  } finally {
    await mesh.stop()
  }
}

const isOver = ({ until, deeds, order }: Thief) => Date.now() >= until || deeds.sent >= order.frames

/** Sends what `make` makes, as fast as it is taken, in one session after the other. */
async function pour(thief: Thief, make: () => Uint8Array | Promise<Uint8Array>, { greet = true, read = true, protocol = syncProtocol } = {}): Promise<void> {
  while (!isOver(thief)) {
    const channel = await begin(thief, protocol)
    if (!channel) continue
    const reading = read ? drain(channel) : undefined
    try {
      if (greet) await say(thief, channel, encodeFrame({ type: 'hello', spaces: [{ id: thief.material.spaceId, members: thief.material.members }] }))
      while (!isOver(thief)) await say(thief, channel, await make())
    } catch {
      thief.deeds.ended++ // by the victim: what this is about
    }
    channel.abort(new Error('done'))
    await reading
  }
}

/** A deaf peer is not waited for beyond the end of the attack. */
async function say(thief: Thief, channel: Channel, frame: Uint8Array): Promise<void> {
  const sent = channel.send(frame)
  const late = new AbortController()
  try {
    await Promise.race([sent, wait(Math.max(1, thief.until - Date.now()), undefined, { signal: late.signal })])
  } finally {
    late.abort()
    sent.catch(() => undefined) // told by the race; later than its end, the attack is over
  }
  thief.deeds.sent++
}

async function begin(thief: Thief, protocol = syncProtocol): Promise<Channel | undefined> {
  try {
    const channel = await thief.mesh.open(thief.order.target.id, protocol, { signal: AbortSignal.timeout(5000) })
    if (thief.deeds.begun++ === 0) thief.until = Date.now() + thief.order.seconds * 1000
    return channel
  } catch {
    thief.deeds.ended++
    await wait(retryMs)
    return undefined
  }
}

async function drain(channel: Channel): Promise<void> {
  try {
    for await (const _frame of channel.frames) continue
  } catch {
    // The session ended, which whoever sends notices too.
  }
}

/** Frames that lie, of every type, which end no session; and at the end of each session one that is broken. */
function fuzz(thief: Thief): Promise<void> {
  const { random, material } = thief
  const types = frameTypes.filter(type => type !== 'hello' && type !== 'bye')
  return pour(thief, () => {
    for (;;) {
      const type = random.pick(types)
      if (random.chance(0.5)) return lie(random, material, type)
      const broken = brokenFrame(random, material, type)
      // Most that is broken ends the session, and the next one has to be waited for: a few in a thousand keep the decoder busy too.
      if (random.chance(0.001) || isFrame(broken)) return broken
    }
  })
}

function isFrame(bytes: Uint8Array): boolean {
  try {
    const frame = decodeFrame(bytes)
    return frame.type !== 'hello' && frame.type !== 'bye' && frame.type !== 'entry' && frame.type !== 'members'
  } catch {
    return false
  }
}

/** Enters a session, and says nothing or does not read what it asked for. */
async function hold(thief: Thief, greet: boolean): Promise<void> {
  await pour(thief, async () => {
    if (greet && thief.random.chance(0.5)) return lie(thief.random, thief.material, 'want')
    await wait(100)
    return encodeFrame({ type: 'ping', sentAt: 1 })
  }, { greet, read: false })
}

const framed = (thief: Thief, make: () => Frame | Promise<Frame>) => pour(thief, async () => encodeFrame(await make()))
const own = ({ author }: Thief) => author.identity.signing.publicKey

const attacks: Record<MemberAttack, (thief: Thief) => Promise<void>> = {
  fuzz,
  broken: thief => pour(thief, () => brokenFrame(thief.random, thief.material, thief.random.pick(frameTypes)), { greet: thief.random.chance(0.5) }),
  pings: thief => framed(thief, () => ({ type: 'ping', sentAt: 1 })),
  haves: thief => framed(thief, () => ({ type: 'have', space: 0, logs: Array.from({ length: 512 }, () => ({ author: thief.random.bytes(32), height: 1e9, head: new Uint8Array(32) })), more: false })),
  members: thief => framed(thief, () => ({ type: 'members', space: 0, statements: Array.from({ length: 100 }, () => thief.random.pick(thief.material.statements)).slice(0, 60) })),
  entries: thief => framed(thief, () => ({ type: 'entry', space: 0, entries: [thief.random.pick(thief.material.entries)] })),
  parts: thief => framed(thief, () => ({ type: 'part', space: 0, author: own(thief), seq: 1, shard: 0, offset: 0, bytes: new Uint8Array(48 * 1024) })),
  wants: thief => framed(thief, () => ({ type: 'want', space: 0, author: thief.random.pick(thief.material.authors), from: 1, credit: 1024 })),
  deaf: thief => hold(thief, true),
  silent: thief => hold(thief, false),
  gaps: thief => framed(thief, async () => (thief.random.chance(0.5)
    ? { type: 'have', space: 0, logs: thief.material.authors.map(author => ({ author, height: 10_000, head: new Uint8Array(32) })), more: false }
    : { type: 'entry', space: 0, entries: [(await thief.author.write({ 'a.0': 'x' }, { seq: thief.author.seq + 10_000, aside: true })).bytes] })),
  reopen: thief => pour(thief, () => new Uint8Array([255]), { greet: false }),
  greetings: thief => pour(thief, () => mutate(thief.random, encodeCbor([['/ip4/127.0.0.1/tcp/1'], [[thief.order.target.id, ['/ip4/127.0.0.1/tcp/2']]]])), { greet: false, protocol: greetingProtocol }),
  async replay(thief) {
    const entry = await thief.author.write({ [newItemId(0)]: 'said once' })
    await framed(thief, () => ({ type: 'entry', space: 0, entries: Array.from({ length: 20 }, () => entry.bytes) }))
  },
  async equivocation(thief) {
    const twins = [await thief.author.write({ [newItemId(0)]: 'one' }, { aside: true }), await thief.author.write({ [newItemId(0)]: 'two' }, { aside: true })]
    await framed(thief, () => ({ type: 'entry', space: 0, entries: [thief.random.pick(twins).bytes] }))
  },
  async 'mass-delete'(thief) {
    const store = openSqliteStore(join(thief.order.home, 'sync.db'))
    const space = store.spaces().find(({ name }) => name === 'personal')?.id ?? ''
    const ids = store.logs(space).flatMap(({ author }) => store.logVersions(space, author)).filter(({ shard, body }) => shard === 0 && body !== null).map(({ id }) => id).slice(0, 900)
    store.close()
    const entry = await thief.author.remove(ids)
    await framed(thief, async () => {
      await wait(10)
      return { type: 'entry', space: 0, entries: [entry.bytes] }
    })
  }
}
