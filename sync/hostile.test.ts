import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { FakeTime } from '../mesh/timers.fixtures.ts'
import { decodeFrame } from './frames.ts'
import { type Material, brokenFrame, frameTypes, hostileEntries, lie } from './hostile.fixtures.ts'
import { seededTest } from './random.fixtures.ts'
import { picture, refusals, seqs, take } from './receive-checks.fixtures.ts'
import { type Scene, scene, startMs } from './receive.fixtures.ts'
import { Hand, Side, pipe } from './session.fixtures.ts'
import { SpaceState } from './space-state.ts'

const framesPerType = 120

async function materialOf({ phone, laptop, mini, membership }: Scene): Promise<Material> {
  const entries = Object.values(await hostileEntries(phone, laptop.identity.signing.publicKey))
  return { spaceId: membership.space, members: membership.version(), statements: membership.statements(), authors: [phone, laptop, mini].map(({ identity }) => identity.signing.publicKey), entries }
}

/** The laptop of a scene listens to frame after frame, in as many sessions as it takes. Returns what ended them. */
async function listens(set: Scene, time: FakeTime, state: SpaceState, frames: readonly Uint8Array[], greeted: boolean): Promise<string[]> {
  const endings: string[] = []
  const left = [...frames]
  while (left.length > 0) {
    const [near, far] = pipe(set.laptop.id, set.phone.id)
    const side = new Side(state, near, time)
    const hand = new Hand(far, () => time.run(0))
    if (greeted) await hand.greet(state.spaceId, set.membership.version())
    while (left.length > 0 && !hand.ended) {
      await far.send(left.shift() ?? new Uint8Array()).catch(() => undefined) // it ended meanwhile
      await hand.barrier()
      await time.run(1)
    }
    await side.session.bye('Stopping').catch(() => undefined)
    await time.run(1)
    await side.done
    endings.push(...side.warned)
  }
  return endings
}

for (const [how, make] of [['broken', brokenFrame], ['lying', lie]] as const) {
  for (const type of frameTypes) {
    seededTest(`${how} ${type} frames end a session with a word for it, or change nothing`, 'hostile', 1, async random => {
      const set = await scene()
      const time = new FakeTime()
      time.now = startMs
      const state = await SpaceState.open({ ...set.state.context, now: time.clock }, 'personal', set.membership)
      const it: Scene = { ...set, state }
      await take(it, await set.mini.write({ 'm.0': 'honest' }))
      const before = { members: set.membership.version(), items: state.view.list('', 10), digest: state.view.digest() }
      const material = await materialOf(set)
      const frames = Array.from({ length: framesPerType }, () => make(random, material, type))
      const endings = [...(await listens(it, time, state, frames, true)), ...(await listens(it, time, state, frames.slice(0, 20), false))]
      for (const ending of endings) assert.match(ending, /^(session ended|the stream closed before the last word): [A-Z][A-Za-z]+$/, 'an error that nobody expected')
      assert.equal({ members: set.membership.version(), items: state.view.list('', 10), digest: state.view.digest() }, before)
      // Whatever was said, the honest go on, and so does the phone once it is itself again.
      assert.equal(seqs(await take(it, await set.mini.write({ 'n.0': 'still here' }), await set.phone.write({ 'p.0': 'repaired' }))).length, 2)
    })
  }
}

seededTest('bytes that are no frame are told from frames, and nothing else happens', 'hostile', 3, async random => {
  const set = await scene()
  const material = await materialOf(set)
  let refused = 0
  for (let count = 0; count < 5000; count++) refused += Number(isRefused(() => decodeFrame(brokenFrame(random, material, random.pick(frameTypes)))))
  assert.ok(refused > 3000, `${refused} refused`)
})

test('each hostile entry is refused for itself, quickly, and leaves no trace', async () => {
  const set = await scene()
  const entries = await hostileEntries(set.phone, set.laptop.identity.signing.publicKey)
  for (const [what, entry] of Object.entries(entries)) {
    const before = picture(set)
    const heapBefore = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
    const startedAt = performance.now()
    const { accepted, refused } = await take(set, entry)
    const elapsedMs = performance.now() - startedAt
    assert.equal([accepted, refused.length], [[], 1], what)
    assert.equal(picture(set), before, what)
    assert.ok(elapsedMs < 500, `${what} took ${elapsedMs} ms`)
    assert.ok(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - heapBefore < 64 * 2 ** 20, `${what} took memory`)
  }
})

test('a gap of 10,000 entries is not kept, and not waited for', async () => {
  const set = await scene()
  const receipt = await take(set, await set.phone.write({ 'a.0': 'x' }, { seq: 10_001, aside: true }), await set.phone.write({ 'a.0': 'x' }, { seq: 10_002, aside: true }))
  assert.equal(refusals(receipt), [[set.phone.id, 10_001, 'LogGap']])
  assert.equal(set.store.entries(set.state.id, set.phone.id, 0, 9), [])
  assert.is(seqs(await take(set, await set.phone.write({ 'a.0': 'the first' }))).length, 1)
})

function isRefused(act: () => unknown): boolean {
  try {
    act()
    return false
  } catch (error) {
    assert.ok(isKinmeshError(error, 'MalformedBytes'), String(error))
    return true
  }
}

test.run()
