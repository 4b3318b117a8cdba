import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { silentLogger } from '../../mesh/log.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { openChosenModel } from './chosen-model.node.ts'
import { convertFiles } from './convert.node.ts'
import { publishedModel, writeModel } from './published-model.fixtures.ts'
import { manifestOf } from './store/model.fixtures.ts'
import { openModelStore } from './store/store.node.ts'
import type { ModelStore, StoredModel } from './store/store.ts'

/** Adds a model to the store; `broken`: one whose files are whole, and no model. */
async function added(store: ModelStore, dir: string, name: string, seed: number, broken = false): Promise<StoredModel> {
  const staging = await store.stage()
  if (broken) {
    const files = { 'config.json': '{}', 'model.onnx': 'no graph' }
    writeModel(staging.dir, files)
    return store.add(staging, manifestOf(files, { name }))
  }
  const { files } = await convertFiles(writeModel(join(dir, name), publishedModel(seed)), staging.dir, { bits: 32, block: 32, zeroPoints: false, small: false })
  return store.add(staging, manifestOf({}, { name, files }))
}

test('a device takes the model that is chosen, another one without a restart, and keeps the one it has when that does not load', () => withTempDir(async dir => {
  const models = join(dir, 'models')
  const store = await openModelStore(models)
  const [one, two, broken] = [await added(store, dir, 'one', 1), await added(store, dir, 'two', 2), await added(store, dir, 'broken', 3, true)]
  // Not even the one that comes with kinmesh.
  await store.useNone()
  const slot = openChosenModel(models, silentLogger)
  const state = () => [slot.current?.name ?? null, slot.problem]
  assert.equal([await slot.ready(), ...state()], [null, null, null])
  await store.use(one.id)
  await slot.reload()
  assert.equal(state(), ['one', null])
  await rejects(store.remove(one.id, { force: false }), (error: unknown) => isKinmeshError(error, 'ModelInUse'))
  const answer = slot.current!.generate([{ role: 'user', text: 'hello' }], {})
  await store.use(two.id)
  const switched = slot.reload()
  assert.is(slot.current?.name, 'one', 'it answers until the other one is there')
  await switched
  assert.ok((await answer).tokens.completion > 0, 'and writes to its end what it began')
  assert.equal(state(), ['two', null])
  assert.equal(readdirSync(join(models, 'packed')), [two.id], 'what is packed of the one before takes no room')
  await store.remove(one.id)
  await store.use(broken.id)
  await slot.reload()
  assert.equal([slot.current?.name, typeof slot.problem], ['two', 'string'])
  await store.use(two.id)
  await slot.reload()
  assert.equal(state(), ['two', null])
  await slot.close()
  assert.is(slot.current, null)
  await store.remove(two.id, { force: true })
  assert.equal(readdirSync(join(models, 'packed')), [])
}))

test('it is loaded when it is first asked for, and once', () => withTempDir(async dir => {
  const models = join(dir, 'models')
  const store = await openModelStore(models)
  await store.use((await added(store, dir, 'one', 1)).id)
  const slot = openChosenModel(models, silentLogger)
  assert.is(slot.current, null)
  const [a, b] = await Promise.all([slot.ready(), slot.ready()])
  assert.ok(a !== null && a === b)
  await slot.close()
}))

test.run()
