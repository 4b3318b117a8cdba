import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { manifestOf, sha256Of } from '../store/model.fixtures.ts'
import { openModelStore } from '../store/store.node.ts'
import type { ModelStore, StoredModel } from '../store/store.ts'
import { openChosenEncoder } from './chosen-encoder.node.ts'
import { publishedEncoder, writeEncoder } from './encoder.fixtures.ts'

async function added(store: ModelStore, name: string, seed: number, broken = false): Promise<StoredModel> {
  const staging = await store.stage()
  const files = publishedEncoder(broken ? { 'onnx/model.onnx': 'no graph' } : {}, { seed })
  writeEncoder(staging.dir, files)
  const listed = Object.entries(files).map(([path, content]) => ({ path, bytes: Buffer.byteLength(content as Uint8Array), sha256: sha256Of(content) }))
  return store.add(staging, manifestOf({}, { name, kind: 'encoder', files: listed }))
}

test('the encoder that is chosen now, loaded once; one that does not load says why, and the next one is taken', () => withTempDir(async dir => {
  const models = join(dir, 'models')
  const slot = openChosenEncoder(models)
  assert.equal([await slot.name(), await slot.ready()], [null, null])
  const store = await openModelStore(models)
  const [one, broken, two] = [await added(store, 'one', 1), await added(store, 'broken', 2, true), await added(store, 'two', 3)]
  await store.use(one.id)
  assert.is(await slot.name(), 'one')
  const [first, same] = await Promise.all([slot.ready(), slot.ready()])
  assert.ok(first?.name === 'one' && first.encoder === same?.encoder)
  const vector = (await first.encoder.embed(['tea']))[0]
  await store.use(broken.id)
  await rejects(slot.ready(), (error: unknown) => isKinmeshError(error, 'ModelFailed'))
  await store.remove(one.id)
  await store.use(two.id)
  const other = await slot.ready()
  assert.is(other?.name, 'two')
  assert.not.equal((await other?.encoder.embed(['tea']))?.[0], vector)
  await slot.close()
  await slot.close()
  await rejects(slot.ready(), (error: unknown) => isKinmeshError(error, 'DeviceStopped'))
}))

test.run()
