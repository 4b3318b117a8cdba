import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { rejects } from '../tools/assert.ts'
import { MemoryNet, type TestDevice, startDevice, textsOf, untilSynced } from './devices.fixtures.ts'
import { withFolder } from './power.fixtures.ts'
import { openSqliteStore } from './store.node.ts'
import { verifySpace } from './verify.ts'

/** A laptop, and a mini PC with its store in a file; each wrote two memories that both hold. The mini PC is stopped. */
async function household(dir: string): Promise<{ net: MemoryNet; laptop: TestDevice; mini: TestDevice; path: string; start(bootedAt: number): Promise<TestDevice> }> {
  const net = new MemoryNet()
  const path = join(dir, 'sync.db')
  const laptop = await startDevice(net, 'laptop')
  const mini = await startDevice(net, 'mini', { store: openSqliteStore(path, { bootedAt: 0 }) })
  await mini.sync.adopt(await laptop.sync.admit(mini.card))
  net.link(laptop.identity.id, mini.identity.id)
  for (const device of [laptop, mini]) for (const n of [1, 2]) await device.personal.put({ text: `${device.name} ${n}` })
  await untilSynced(laptop, mini)
  await mini.stop()
  return { net, laptop, mini, path, start: bootedAt => startDevice(net, 'mini', { identity: mini.identity, store: openSqliteStore(path, { bootedAt }) }) }
}

function change(path: string, sql: string, ...values: string[]): void {
  const db = new DatabaseSync(path)
  assert.ok(Number(db.prepare(sql).run(...values).changes) > 0)
  db.close()
}

const written = ['laptop 1', 'laptop 2', 'mini 1', 'mini 2']
const anHour = 3_600_000
const ofLog = 'log = (SELECT n FROM logs WHERE author = ? AND height > 0)'

test('after the machine started anew, a view that lost something shows what the logs say, and the person is told', () =>
  withFolder(async dir => {
    const { laptop, path, start } = await household(dir)
    change(path, `UPDATE versions SET body = '{"text":"never said"}' WHERE body LIKE '%laptop 1%'`)
    let mini = await start(1000)
    assert.ok(textsOf(mini).includes('never said'), 'the same run of the machine is not looked at: nothing can have been lost')
    await mini.stop()
    mini = await start(anHour)
    assert.equal(textsOf(mini), written)
    assert.equal(verifySpace(mini.personal.state), [])
    assert.equal(mini.sync.faults().map(({ kind }) => kind), ['StoreDamaged'])
    await mini.stop()
    mini = await start(2 * anHour)
    assert.is(mini.sync.faults().length, 1, 'told once')
    for (const device of [mini, laptop]) await device.stop()
  }))

test('the damaged log of another device goes, and comes back whole', () =>
  withFolder(async dir => {
    const { net, laptop, path, start } = await household(dir)
    change(path, `DELETE FROM entries WHERE seq = 1 AND ${ofLog}`, laptop.identity.id)
    const mini = await start(anHour)
    assert.equal(textsOf(mini), ['mini 1', 'mini 2'])
    net.link(laptop.identity.id, mini.identity.id)
    await untilSynced(laptop, mini)
    assert.equal(textsOf(mini), written)
    assert.equal(mini.sync.faults().map(({ kind }) => kind), ['StoreDamaged'])
    for (const device of [mini, laptop]) await device.stop()
  }))

test('damage in the own log is named, and the device does not start', () =>
  withFolder(async dir => {
    const { laptop, mini, path, start } = await household(dir)
    change(path, `UPDATE entries SET bytes = zeroblob(length(bytes)) WHERE seq = 2 AND ${ofLog}`, mini.identity.id)
    const error = await rejects(start(anHour), failure => isKinmeshError(failure, 'StoreCorrupt'))
    assert.match(error instanceof Error ? error.message : '', /entry 2 is damaged.*kinmesh join/)
    await laptop.stop()
  }))

test.run()
