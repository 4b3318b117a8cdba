import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError, isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { Adapters, maxAdapters } from './adapters.ts'
import { peftAdapter } from './peft-adapter.fixtures.ts'
import { memoryFiles } from './safetensors.fixtures.ts'
import { tinyConfigs } from './testing/tiny-models.ts'

const config = tinyConfigs['tied head']!
const files = (seed: number) => memoryFiles(peftAdapter(config, seed, ['q_proj']))
const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)

test('as many are held as may be, also when they come at once; there is room for one again when one is unloaded', async () => {
  const adapters = new Adapters(config, async () => undefined)
  const results = await Promise.allSettled(Array.from({ length: maxAdapters + 3 }, (_, index) => adapters.load(files(index + 1))))
  const ids = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  assert.is(ids.length, maxAdapters)
  assert.ok(results.every(result => result.status === 'fulfilled' || coded('TooManyAdapters')(result.reason)))
  const held = results.findIndex(({ status }) => status === 'fulfilled')
  assert.is(await adapters.load(files(held + 1)), ids[0], 'one that is held already takes no room')
  adapters.unload(ids[0]!)
  const id = await adapters.load(files(1000))
  assert.is(adapters.get(id).id, id)
})

test('what the decoder cannot run is not held', async () => {
  let ready = false
  const adapters = new Adapters(config, async () => {
    if (!ready) throw new KinmeshError('ModelFailed', 'no memory')
  })
  await rejects(adapters.load(files(1)), coded('ModelFailed'))
  ready = true
  const id = await adapters.load(files(1))
  assert.is(adapters.get(id).id, id)
})

test.run()
