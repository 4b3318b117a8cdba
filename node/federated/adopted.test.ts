import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { chooseAdapter, chosenAdapter } from '../model/chosen-adapter.node.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { type Adoption, lastAdoption, maxAdoptions, readAdoptions, writeAdoptions } from './adopted.ts'
import { AdoptedAdapters, adapterId } from './adopted.node.ts'
import { adapterOf, forModel } from './testing/small-adapters.ts'

export const deadlineMs = 300_000

const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)
const model = forModel.id
const inUse = async (dir: string) => (await chosenAdapter(dir))?.name ?? null

test('adapters lie in folders named by what they hold; each adoption can be taken back, one after the other', () => withTempDir(async dir => {
  let now = 0
  const adopted = new AdoptedAdapters(dir, () => ++now)
  const [one, two] = [await adopted.keep(adapterOf(1), forModel), await adopted.keep(adapterOf(2), forModel)]
  assert.equal([one, await adopted.keep(adapterOf(1), forModel), one === two], [adapterId(adapterOf(1)), one, false])
  assert.equal([await inUse(dir), await adopted.history()], [null, []], 'what is kept is not in use yet')
  await adopted.adopt(one, forModel, { task: 'a', round: 1 })
  await adopted.adopt(two, forModel, { task: 'a', round: 2 })
  assert.equal(await adopted.adopt(two, forModel, { task: 'a', round: 3 }), { at: 2, action: 'adopted', task: 'a', round: 2, model, before: one, after: two, done: true }, 'it is adopted already')
  assert.is(await inUse(dir), two)

  const next = new AdoptedAdapters(dir, () => ++now)
  assert.equal(await next.undo(model), { at: 3, action: 'undone', task: 'a', round: 2, model, before: two, after: one, done: true })
  assert.is(await inUse(dir), one)
  assert.equal((await next.undo(model, 'rolled back')).after, null)
  assert.is(await inUse(dir), null)
  await rejects(next.undo(model), coded('NothingToUndo'))
  assert.equal((await next.history()).map(({ action, round, after }) => [action, round, after]), [['adopted', 1, one], ['adopted', 2, two], ['undone', 2, one], ['rolled back', 1, null]])
  assert.equal(readdirSync(dir).sort(), ['.adopted.json', one, two].sort())
}))

test('back and forth between two adapters is taken back step by step', () => withTempDir(async dir => {
  const adopted = new AdoptedAdapters(dir, () => 1)
  const [one, two] = [await adopted.keep(adapterOf(1), forModel), await adopted.keep(adapterOf(2), forModel)]
  for (const [round, name] of [one, two, one].entries()) await adopted.adopt(name, forModel, { task: 'a', round })
  const back = []
  for (let count = 0; count < 3; count++) back.push((await adopted.undo(model)).after)
  assert.equal(back, [two, one, null])
  await rejects(adopted.undo(model), coded('NothingToUndo'))
}))

test('what a person chose is not overruled by an undo, and comes back with one', () => withTempDir(async dir => {
  const adopted = new AdoptedAdapters(dir, () => 1)
  const one = await adopted.keep(adapterOf(1), forModel)
  mkdirSync(join(dir, 'evenings'))
  await adopted.adopt(one, forModel, { task: 'a', round: 1 })
  await chooseAdapter(dir, { name: 'evenings', model })
  await rejects(adopted.undo(model), coded('NothingToUndo'))
  const two = await adopted.keep(adapterOf(2), forModel)
  assert.is((await adopted.adopt(two, forModel, { task: 'a', round: 2 })).before, 'evenings')
  await rejects(adopted.undo('8'.repeat(64)), coded('NothingToUndo'))
  assert.is((await adopted.undo(model)).after, 'evenings')
  assert.is(await inUse(dir), 'evenings')
}))

test('an adapter that is not what its name says is not adopted, and is written anew', () => withTempDir(async dir => {
  const adopted = new AdoptedAdapters(dir, () => 1)
  const name = await adopted.keep(adapterOf(1), forModel)
  const path = join(dir, name, 'adapter_model.safetensors')
  const bytes = readFileSync(path)
  bytes[bytes.length - 1]! ^= 1
  for (const damaged of [bytes, bytes.subarray(0, 100)]) {
    writeFileSync(path, damaged)
    await rejects(adopted.adopt(name, forModel, { task: 'a', round: 1 }), coded('AdapterChanged'))
    assert.is(await inUse(dir), null)
  }
  await rejects(adopted.adopt('9'.repeat(64), forModel, { task: 'a', round: 1 }), coded('UnknownAdapterName'))
  assert.is(await adopted.keep(adapterOf(1), forModel), name)
  await adopted.adopt(name, forModel, { task: 'a', round: 1 })
  await rejects(adopted.drop(name), coded('AdapterInUse'))
  const other = await adopted.keep(adapterOf(2), forModel)
  await adopted.drop(other)
  await adopted.drop(other)
  assert.equal([existsSync(join(dir, other)), existsSync(join(dir, name))], [false, true])
}))

test('leaving a task for good deletes its adapters and no others', () => withTempDir(async dir => {
  const adopted = new AdoptedAdapters(dir, () => 1)
  const [one, two, three] = [await adopted.keep(adapterOf(1), forModel), await adopted.keep(adapterOf(2), forModel), await adopted.keep(adapterOf(3), forModel)]
  mkdirSync(join(dir, 'evenings'))
  await adopted.adopt(one, forModel, { task: 'a', round: 1 })
  await adopted.adopt(two, forModel, { task: 'b', round: 1 })
  await adopted.adopt(three, forModel, { task: 'a', round: 2 })
  await adopted.undo(model)
  await adopted.adopt(one, forModel, { task: 'a', round: 3 })
  assert.is(await adopted.forget('a'), 2)
  assert.equal([await inUse(dir), readdirSync(dir).filter(name => !name.startsWith('.')).sort()], [null, [two, 'evenings'].sort()])
  assert.is(await adopted.forget('a'), 0)
  await adopted.adopt(two, forModel, { task: 'b', round: 2 })
  assert.is(await adopted.forget('a'), 0)
  assert.is(await inUse(dir), two)
}))

test('a history that is damaged is refused by name; the oldest of too many are forgotten', () => withTempDir(async dir => {
  const adopted = new AdoptedAdapters(dir, () => 1)
  const name = await adopted.keep(adapterOf(1), forModel)
  for (const text of ['', '{"format":1}', '{"format":2,"entries":[]}']) {
    writeFileSync(join(dir, '.adopted.json'), text)
    await rejects(adopted.adopt(name, forModel, { task: 'a', round: 1 }), coded('FileCorrupt'))
    await rejects(adopted.undo(model), coded('FileCorrupt'))
  }
  const entry = (round: number): Adoption => ({ at: round, action: 'adopted', task: 'a', round, model, before: null, after: 'x', done: true })
  const entries = readAdoptions(writeAdoptions(Array.from({ length: maxAdoptions + 5 }, (_, round) => entry(round))))
  assert.equal([entries.length, entries[0]!.round], [maxAdoptions, 5])
  const last = (name: string, of = model) => lastAdoption([entry(1)], model, { name, model: of })?.round
  assert.equal([last('x'), last('y'), last('x', '8'.repeat(64)), lastAdoption([], model, undefined)], [1, undefined, undefined, undefined])
}))

const adopter = new URL('./testing/adopter.node.ts', import.meta.url).pathname
const crash = new URL('../model/store/testing/crash.node.ts', import.meta.url).href

test('ended with kill -9 at any change of the disk, the adapter of before or after is in use, and the history goes back from it', () => withTempDir(async home => {
  const [one, two] = [adapterId(adapterOf(1)), adapterId(adapterOf(2))]
  const prepared = join(home, 'prepared')
  const before = new AdoptedAdapters(prepared, () => 1)
  for (const number of [1, 2]) await before.keep(adapterOf(number), forModel)
  await before.adopt(one, forModel, { task: 'a task', round: 1 })
  let ended = 0
  const endedAt = async (crashAt: number) => {
    const dir = join(home, String(crashAt))
    cpSync(prepared, dir, { recursive: true })
    const child = spawn(process.execPath, ['-C', 'development', '--import', crash, adopter, dir], { env: { ...process.env, KINMESH_CRASH_AT: String(crashAt) }, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    const [, signal] = (await once(child, 'close')) as [number | null, string | null]
    if (signal !== null) ended++
    const where = `ended at ${crashAt}, after ${said}`
    const current = await inUse(dir)
    assert.ok(current === one || (current === two && !said.includes('undone')), `${where}: ${current}`)
    const adopted = new AdoptedAdapters(dir, () => 2)
    // Whatever was in use can be adopted over and comes back.
    const third = await adopted.keep(adapterOf(3), forModel)
    await adopted.adopt(third, forModel, { task: 'a task', round: 3 })
    assert.is((await adopted.undo(model)).after, current, where)
    assert.is((await adopted.undo(model)).after, current === two ? one : null, where)
  }
  for (let from = 1; ended === from - 1; from += 4) await Promise.all([0, 1, 2, 3].map(n => endedAt(from + n)))
  assert.ok(ended > 25, `only ${ended} changes were seen`)
}))

test.run()
