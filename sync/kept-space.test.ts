import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { MembershipLog } from '../mesh/membership.ts'
import { cardNamed, identityNamed, noHead } from '../mesh/membership.fixtures.ts'
import { rejects } from '../tools/assert.ts'
import { arrivalStepMs } from './arrivals.ts'
import type { Entry } from './entry.ts'
import { keptScene } from './kept-space.fixtures.ts'
import type { Author } from './receive.fixtures.ts'
import { openSqliteStore } from './store.node.ts'

const dayMs = 24 * 3600 * 1000

async function written(author: Author, count: number, text = 'x'): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let index = 0; index < count; index++) entries.push(await author.write({ [`i${author.seq}.0`]: text }))
  return entries
}

const isCode = (code: string) => (error: unknown) => isKinmeshError(error, code)
const outcome = ({ accepted, refused }: { accepted: readonly { seq: number }[]; refused: readonly { seq: number; error: KinmeshError }[] }) => [accepted.map(({ seq }) => seq), refused.map(({ seq, error }) => `${seq} ${error.code}`)]

test('a keeper takes what passes the checks that need no key, and takes it once', async () => {
  const it = await keptScene()
  const entries = await written(it.phone, 3)
  assert.equal(outcome(await it.take(entries)), [[1, 2, 3], []])
  assert.equal(outcome(await it.take(entries)), [[], []])
  assert.equal(outcome(await it.take([...entries, ...entries])), [[], []])
  assert.equal(it.seqs(it.phone.id), [1, 2, 3])
  assert.equal(it.keeperStore.entries(it.kept.id, it.phone.id, 2, 1)[0]?.bytes, entries[1]!.bytes)
})

test('the checks, in their order, each refuse', async () => {
  const it = await keptScene()
  const [first, second, third] = await written(it.phone, 3)
  await rejects(() => it.take([new Uint8Array([1, 2])]), isCode('MalformedBytes'))
  const forged = second!.bytes.slice()
  forged[forged.length - 1]! ^= 1
  await rejects(() => it.take([forged]), isCode('BadSignature'))
  await rejects(async () => it.take([await it.phone.write({ 'a.0': 'x' }, { space: new Uint8Array(32), aside: true })]), isCode('WrongSpace'))
  const stranger = await it.author('stranger')
  assert.equal(outcome(await it.take(await written(stranger, 1))), [[], ['1 NotAMember']])
  const keeper = await it.author('keeper')
  assert.equal(outcome(await it.take(await written(keeper, 1))), [[], ['1 NotAWriter']], 'a keeper writes nothing')
  assert.equal(outcome(await it.take([first!, third!])), [[1], ['3 LogGap']])
  // Entries that nobody could read are the author's own share of the quota: a keeper cannot tell.
  assert.equal(outcome(await it.take([second!, third!, await it.phone.entry(new Uint8Array([9, 9]))])), [[2, 3, 4], []])
})

test('a fork freezes the log, and the honest part stays', async () => {
  const it = await keptScene()
  const [first] = await written(it.phone, 1)
  const other = await it.phone.write({ 'b.0': 'other' }, { aside: true })
  const [second] = await written(it.phone, 1)
  await it.take([first!, second!])
  assert.equal(outcome(await it.take([other])), [[], ['2 LogFrozen']])
  assert.equal(outcome(await it.take(await written(it.phone, 1))), [[], ['3 LogFrozen']])
  assert.equal(it.seqs(it.phone.id), [1, 2])
  assert.ok(it.keeperStore.faults().some(({ kind }) => kind === 'Equivocation'))
})

test('what every reader is known to hold goes; what a sleeper lacks stays, however long it was silent', async () => {
  const it = await keptScene()
  await it.take(await written(it.phone, 5))
  it.heights.note(it.laptop.id, it.phone.id, 5)
  await it.kept.keepHouse(it.heights)
  assert.equal(it.seqs(it.phone.id), [1, 2, 3, 4, 5], 'the mini PC never said that it has any')
  it.heights.note(it.mini.id, it.phone.id, 3)
  await it.kept.keepHouse(it.heights)
  assert.equal(it.seqs(it.phone.id), [4, 5])
  it.heights.note(it.mini.id, it.phone.id, 5)
  await it.kept.keepHouse(it.heights)
  assert.equal([it.seqs(it.phone.id), it.kept.kept().entries, it.kept.kept().bytes, it.kept.kept().oldestAt], [[], 0, 0, undefined])
  assert.is(it.kept.state.logRow(it.phone.id).height, 5)
  assert.equal(outcome(await it.take(await written(it.phone, 1))), [[6], []], 'the log goes on')
})

test('entries go when they are older than 30 days, not before, also after a restart', async () => {
  const it = await keptScene()
  await it.take(await written(it.phone, 2))
  it.time.now += arrivalStepMs
  await it.kept.keepHouse(it.heights)
  it.time.now += dayMs - arrivalStepMs
  await it.take(await written(it.phone, 1))
  assert.ok(it.kept.kept().oldestAt! <= it.time.now - dayMs)
  it.time.now += arrivalStepMs
  for (let day = 1; day < 29; day++) {
    await it.kept.keepHouse(it.heights)
    it.time.now += dayMs
  }
  const again = await it.reopen()
  await again.keepHouse(it.heights)
  assert.equal(it.seqs(it.phone.id), [1, 2, 3], 'not a day early')
  it.time.now += dayMs
  const later = await it.reopen()
  await later.keepHouse(it.heights)
  assert.equal(it.seqs(it.phone.id), [3])
  it.time.now += dayMs
  await later.keepHouse(it.heights)
  assert.equal([it.seqs(it.phone.id), later.kept().bytes], [[], 0])
})

test('a clock that was years ahead for a moment does not keep entries for years', async () => {
  const it = await keptScene()
  it.time.now += 3 * 365 * dayMs
  await it.take(await written(it.phone, 1))
  it.time.now -= 3 * 365 * dayMs
  await it.take(await written(it.phone, 1))
  assert.ok(it.kept.kept().oldestAt! <= it.time.now)
  it.time.now += arrivalStepMs
  await it.kept.keepHouse(it.heights)
  it.time.now += 31 * dayMs
  await it.kept.keepHouse(it.heights)
  assert.equal(it.seqs(it.phone.id), [])
})

test('over the quota the log that takes most gives way, oldest first, and keeps its end; others keep their share', async () => {
  const it = await keptScene({ quotaBytes: 64 * 1024 })
  const small = await written(it.mini, 20)
  await it.take(small)
  const smallBytes = small.reduce((sum, { bytes }) => sum + bytes.length, 0)
  for (let round = 0; round < 8; round++) {
    await it.take(await written(it.phone, 30, 'y'.repeat(1000)))
    assert.ok(it.kept.kept().bytes <= 64 * 1024, `${it.kept.kept().bytes} bytes`)
  }
  assert.is(it.seqs(it.mini.id).length, 20)
  const left = it.seqs(it.phone.id)
  assert.equal([left.at(-1), left.length], [240, 240 - left[0]! + 1], 'the end, without gaps')
  const stored = [it.mini.id, it.phone.id].flatMap(id => it.keeperStore.entries(it.kept.id, id, 1, 1e6)).reduce((sum, { bytes }) => sum + bytes.length, 0)
  assert.is(it.kept.kept().bytes, stored, 'it counts what it has')
  assert.ok(stored > smallBytes)
  assert.is((await it.reopen()).kept().bytes, stored)
})

test('a log may begin late, or go on later, only where it was told to, and chains from there', async () => {
  const it = await keptScene()
  const entries = await written(it.phone, 8)
  assert.equal(outcome(await it.take(entries.slice(4))), [[], ['5 LogGap']])
  assert.equal(outcome(await it.take(entries.slice(4, 6), { [it.phone.id]: 5 })), [[5, 6], []])
  assert.equal(it.seqs(it.phone.id), [5, 6])
  assert.equal(outcome(await it.take([entries[7]!], { [it.phone.id]: 7 })), [[], ['8 LogGap']])
  const wrong = await it.phone.write({ 'w.0': 'x' }, { seq: 7, prevHash: new Uint8Array(32), aside: true })
  assert.equal(outcome(await it.take([wrong])), [[], ['7 LogFrozen']], 'what does not link to the head is a fork, as everywhere')

  const other = await keptScene()
  const log = await written(other.phone, 8)
  await other.take(log.slice(0, 3))
  assert.equal(outcome(await other.take(log.slice(5), { [other.phone.id]: 6 })), [[6, 7, 8], []])
  assert.equal([other.seqs(other.phone.id), other.kept.kept().entries], [[6, 7, 8], 3], 'no gap stays inside')
})

test('whose word is enough for a log to go on later', async () => {
  const it = await keptScene()
  const { phone, mini, laptop } = it
  assert.ok(it.kept.mayBegin(phone.id, mini.id), 'nothing is held, nothing is given up')
  await it.take(await written(phone, 2))
  assert.not(it.kept.mayBegin(phone.id, mini.id), 'a member cannot make the keeper give up what another wrote')
  assert.ok(it.kept.mayBegin(phone.id, phone.id))
  await it.membership.remove(identityNamed('laptop'), phone.id, { lastSeq: 2, head: noHead }, it.time.now)
  assert.ok(it.kept.mayBegin(phone.id, laptop.id), 'its author cannot say anything any more')
})

test('the log of a removed device is cut where its removal says', async () => {
  for (const [lastSeq, from, left, height] of [[3, 1, [1, 2, 3], 3], [4, 5, [], 4], [0, 1, [], 0], [2, 5, [], 0], [9, 1, [1, 2, 3, 4, 5, 6], 6]] as const) {
    const it = await keptScene()
    const entries = await written(it.phone, 6)
    await it.take(entries.slice(from - 1), { [it.phone.id]: from })
    await it.membership.remove(identityNamed('laptop'), it.phone.id, { lastSeq, head: noHead }, it.time.now)
    await it.kept.membershipGrew()
    const row = it.kept.state.logRow(it.phone.id)
    assert.equal([it.seqs(it.phone.id), row.height], [left, height], `cut at ${lastSeq} of a log from ${from}`)
    if (height > 0) assert.equal(row.head, entries[height - 1]!.hash)
    if (height === lastSeq) assert.equal(outcome(await it.take(entries.slice(height, height + 1))), [[], [`${height + 1} RemovedAuthor`]])
    assert.is(it.kept.kept().bytes, it.keeperStore.entries(it.kept.id, it.phone.id, 1, 99).reduce((sum, { bytes }) => sum + bytes.length, 0))
  }
})

test('nothing is kept of a device whose admission turned out to be void', async () => {
  const it = await keptScene()
  const [laptop, mini] = await Promise.all([0, 1].map(() => MembershipLog.load(it.membership.statements())))
  await it.membership.merge(await mini!.add(identityNamed('mini'), cardNamed('friend'), it.time.now))
  await it.take(await written(it.phone, 2))
  const friend = await it.author('friend')
  assert.equal(outcome(await it.take(await written(friend, 3))), [[1, 2, 3], []])
  await it.membership.merge(await laptop!.remove(identityNamed('laptop'), identityNamed('mini').id, { lastSeq: 0, head: noHead }, it.time.now))
  await it.kept.membershipGrew()
  assert.equal([it.seqs(friend.id), it.seqs(it.phone.id)], [[], [1, 2]])
  assert.is(it.kept.kept().entries, 2)
  assert.equal(outcome(await it.take(await written(friend, 1))), [[], ['4 NotAMember']])
})

test('on SQLite it is the same', async () => {
  const it = await keptScene({ quotaBytes: 16 * 1024 }, openSqliteStore(':memory:'))
  await it.take(await written(it.phone, 60))
  const left = it.seqs(it.phone.id)
  assert.ok(left.length < 60 && left.at(-1) === 60)
  assert.equal((await it.reopen()).kept(), it.kept.kept())
  it.keeperStore.close()
})

test.run()
