import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { MemoryNet, startDevice, textsOf, untilSynced } from './devices.fixtures.ts'
import {
  type Files, type History, frameBytes, frameHeaderBytes, integrityOf, laid, liveThrough, pageBytes, started, walHeaderBytes, withFolder
} from './power.fixtures.ts'
import { openSqliteStore } from './store.node.ts'

// A power cut leaves a file of SQLite with any prefix of what was written since the last fsync, or with some pages of it and not others.
// KINMESH_SWEEP=1 cuts at every byte of the last commits, and not only around the seams of every frame: about ten minutes.
const everyByte = process.env['KINMESH_SWEEP'] !== undefined
export const deadlineMs = everyByte ? 3_600_000 : 180_000

/** Commits at the end of the log whose frames are cut and dropped. */
const tailCommits = everyByte ? 6 : 2

/** The last moment whose commit lies within the first `bytes` of the log. */
const momentAt = ({ moments }: History, bytes: number) => moments.findLast(moment => moment.walBytes <= bytes)

/** Lengths to cut the log at: all of the tail, or what lies around the start, the middle and the end of each frame of it, header included. */
function cuts({ moments, wal }: History): number[] {
  const from = moments.at(-1 - tailCommits)?.walBytes ?? 0
  if (everyByte) return Array.from({ length: wal.length - from + 1 }, (_, n) => from + n)
  const within = [0, 1, 8, frameHeaderBytes - 1, frameHeaderBytes, frameHeaderBytes + 1, frameBytes >> 1, frameBytes - 1]
  const frames = Array.from({ length: (wal.length - from) / frameBytes }, (_, n) => from + n * frameBytes)
  return [...frames.flatMap(start => within.map(offset => start + offset)), wal.length]
}

test('the log cut at any length holds every commit that was acknowledged by then, whole, and nothing of the one that was torn', () =>
  withFolder(async dir => {
    const history = await liveThrough(join(dir, 'home'), 40)
    assert.ok(history.moments.length > 40)
    let shownAt = ''
    for (const length of cuts(history)) {
      const path = laid(join(dir, 'cut'), { db: history.db, wal: history.wal.subarray(0, length) })
      const { shown, damages, stop } = await started(path, history.identity)
      await stop()
      const due = momentAt(history, length)?.shown ?? ''
      assert.ok(shown === due, `cut at byte ${length}: something other shows than after the last whole commit`)
      assert.equal(damages, [], `cut at byte ${length}`)
      if (shown !== shownAt) assert.is(integrityOf(path), 'ok')
      shownAt = shown
    }
    assert.is(shownAt, history.moments.at(-1)?.shown)
  }))

test('the log of the first commits, cut at any length, gives a device that works, or one that starts from nothing', () =>
  withFolder(async dir => {
    const history = await liveThrough(join(dir, 'home'), 1)
    const step = everyByte ? 7 : 1999
    for (let length = 0; length <= history.wal.length; length += length < walHeaderBytes + frameHeaderBytes ? 1 : step) {
      const { shown, damages, stop } = await started(laid(join(dir, 'cut'), { db: history.db, wal: history.wal.subarray(0, length) }), history.identity)
      await stop()
      assert.equal(damages, [], `cut at byte ${length}`)
      const due = momentAt(history, length)
      if (due) assert.is(shown, due.shown, `cut at byte ${length}`)
    }
  }))

/** Starts on these files. What is wrong with them is named, or mended; where all is well, what shows was shown at one moment of the history. */
async function outcomeOf(dir: string, files: Files, history: History): Promise<'named' | 'mended' | 'earlier' | 'whole'> {
  const path = laid(dir, files)
  try {
    const { shown, damages, faults, stop } = await started(path, history.identity)
    await stop()
    assert.equal(damages, [])
    assert.is(integrityOf(path), 'ok')
    const at = history.moments.findIndex(moment => moment.shown === shown)
    if (faults.includes('StoreDamaged')) return 'mended'
    assert.ok(at >= 0, 'what shows never showed before, and nobody was told')
    return at === history.moments.length - 1 ? 'whole' : 'earlier'
  } catch (error) {
    assert.ok(isKinmeshError(error, 'StoreCorrupt', 'MissingParent', 'BadSignature', 'MalformedBytes'), String(error instanceof Error ? error.stack : error))
    return 'named'
  }
}

/** How often each outcome came. */
function counted(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

const pageOf = (wal: Buffer, frame: number) => wal.readUInt32BE(walHeaderBytes + frame * frameBytes)
const contentAt = (frame: number) => walHeaderBytes + frame * frameBytes + frameHeaderBytes

test('a page that the log lacks ends it at the commit before: an earlier state, and never a mixture', () =>
  withFolder(async dir => {
    const history = await liveThrough(join(dir, 'home'), 40)
    const { db, wal, moments } = history
    const frames = (wal.length - walHeaderBytes) / frameBytes
    const first = Math.floor(((moments.at(-1 - tailCommits)?.walBytes ?? 0) - walHeaderBytes) / frameBytes)
    for (let frame = first; frame < frames; frame++) {
      const before = Array.from({ length: frame }, (_, n) => n).findLast(n => pageOf(wal, n) === pageOf(wal, frame))
      const zeroed = Buffer.from(wal).fill(0, contentAt(frame) - frameHeaderBytes, contentAt(frame) + pageBytes)
      const emptied = Buffer.from(wal).fill(0, contentAt(frame), contentAt(frame) + pageBytes)
      const older = Buffer.from(wal)
      if (before !== undefined) wal.copy(older, contentAt(frame), contentAt(before), contentAt(before) + pageBytes)
      const due = momentAt(history, contentAt(frame))
      for (const [what, spoilt] of Object.entries({ zeroed, emptied, older })) {
        if (spoilt.equals(wal)) continue
        const { shown, damages, stop } = await started(laid(join(dir, 'spoilt'), { db, wal: spoilt }), history.identity)
        await stop()
        assert.is(shown, due?.shown, `frame ${frame} ${what}`)
        assert.equal(damages, [])
      }
    }
  }))

test('the shared-memory file does not matter: missing, older, or rubbish', () =>
  withFolder(async dir => {
    const early = await liveThrough(join(dir, 'early'), 3)
    const history = await liveThrough(join(dir, 'home'), 20)
    const { db, wal } = history
    for (const shm of [undefined, early.shm, history.shm, Buffer.alloc(32768), Buffer.alloc(32768, 0xa5), history.shm.subarray(0, 100)]) {
      assert.is(await outcomeOf(join(dir, 'other'), { db, wal, ...(shm ? { shm } : {}) }, history), 'whole')
    }
  }))

/** A device before and after some more writes, with all of both in the file itself, and the log that lies between. */
async function twoGenerations(dir: string): Promise<{ early: Buffer; late: History & { db: Buffer }; whole: Buffer; earlyLog: Buffer }> {
  const before = await liveThrough(join(dir, 'home'), 30)
  const path = join(dir, 'home', 'sync.db')
  const early = readFileSync(path)
  const late = await liveThrough(join(dir, 'home'), 30, { identity: before.identity })
  return { early, late: { ...late, moments: [...before.moments, ...late.moments] }, whole: readFileSync(path), earlyLog: before.wal }
}

test('a log of an older generation over a newer file is no mixture that nobody hears of', () =>
  withFolder(async dir => {
    const { late, whole, early, earlyLog } = await twoGenerations(dir)
    // Its salts do not fit those of the file's own log: of two logs in one file the first counts, and what follows it is of no use.
    const spliced = Buffer.concat([late.wal.subarray(0, late.moments.at(-3)?.walBytes), earlyLog.subarray(late.moments.at(-3)?.walBytes)])
    assert.is(await outcomeOf(join(dir, 'spliced'), { db: late.db, wal: spliced }, late), 'earlier')
    assert.is(await outcomeOf(join(dir, 'no log'), { db: whole }, late), 'whole')
    assert.is(await outcomeOf(join(dir, 'no log yet'), { db: early }, late), 'earlier')
    await outcomeOf(join(dir, 'old log'), { db: whole, wal: earlyLog }, late)
  }))

test('pages of the file that never reached the disk, although it said so, are named or mended', () =>
  withFolder(async dir => {
    const { early, late, whole } = await twoGenerations(dir)
    const outcomes: string[] = []
    for (let page = 0; page < whole.length / pageBytes; page += everyByte ? 1 : 2) {
      const [from, to] = [page * pageBytes, (page + 1) * pageBytes]
      const zeroed = Buffer.from(whole).fill(0, from, to)
      const older = Buffer.from(whole)
      if (to <= early.length) early.copy(older, from, from, to)
      const short = whole.subarray(0, from)
      for (const db of [zeroed, older, short]) if (!db.equals(whole)) outcomes.push(await outcomeOf(join(dir, 'page'), { db }, late))
    }
    const { named = 0 } = counted(outcomes)
    assert.ok(named > 10, JSON.stringify(counted(outcomes)))
  }))

test('a file cut off while it was made is made anew, or named', () =>
  withFolder(async dir => {
    const path = join(dir, 'sync.db')
    // As openSqliteStore begins: the journal of the switch to WAL mode, and the first page.
    const db = new DatabaseSync(path)
    db.exec('PRAGMA journal_mode = WAL')
    const first = readFileSync(path)
    db.close()
    for (let length = 0; length <= first.length; length += everyByte || length < 120 ? 9 : 397) {
      const cut = laid(join(dir, 'cut'), { db: first.subarray(0, length) })
      try {
        const store = openSqliteStore(cut)
        await store.commit({ space: 's', meta: { a: '1' } })
        assert.is(store.meta('a'), '1')
        store.close()
      } catch (error) {
        assert.ok(isKinmeshError(error, 'StoreCorrupt'), `cut at byte ${length}: ${String(error)}`)
        assert.equal(readFileSync(cut).length, length, 'it was not touched')
      }
    }
  }))

test('what a device lost with the end of its log comes back from another one, and what only it wrote since stays', () =>
  withFolder(async dir => {
    const net = new MemoryNet()
    const path = join(dir, 'sync.db')
    const laptop = await startDevice(net, 'laptop')
    let mini = await startDevice(net, 'mini', { store: openSqliteStore(path) })
    await mini.sync.adopt(await laptop.sync.admit(mini.card))
    net.link(laptop.identity.id, mini.identity.id)
    await mini.personal.put({ text: 'early' })
    await untilSynced(laptop, mini)
    const early = { db: readFileSync(path), wal: readFileSync(`${path}-wal`) }
    await mini.personal.put({ text: 'lost here' })
    await laptop.personal.put({ text: 'of the laptop' })
    await untilSynced(laptop, mini)
    await mini.stop()
    mini = await startDevice(net, 'mini', { identity: mini.identity, store: openSqliteStore(laid(join(dir, 'back'), early)) })
    assert.equal(textsOf(mini), ['early'])
    await mini.personal.put({ text: 'since' })
    net.link(laptop.identity.id, mini.identity.id)
    await untilSynced(laptop, mini)
    for (const device of [laptop, mini]) {
      assert.equal(textsOf(device), ['early', 'lost here', 'of the laptop', 'since'])
      await device.stop()
    }
  }))

test('the next start of the same machine looks less closely, and that of another looks again', () =>
  withFolder(async dir => {
    const history = await liveThrough(join(dir, 'home'), 3)
    const path = laid(join(dir, 'again'), history)
    const hour = 3_600_000
    const doubtful = (bootedAt: number): boolean | undefined => {
      const store = openSqliteStore(path, { bootedAt })
      const is = store.doubtful?.()
      store.close()
      return is
    }
    await (await started(path, history.identity, hour)).stop()
    assert.equal([hour, hour + 900, 2 * hour, 0].map(doubtful), [false, false, true, true])
  }))

test.run()
