import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { convertFolder } from '../convert.node.ts'
import { adaptedFiles } from '../graph/decoder.ts'
import { peftAdapter } from '../peft-adapter.fixtures.ts'
import { publishedConfig, publishedModel, writeModel } from '../published-model.fixtures.ts'
import { tinyConfigs } from '../testing/tiny-models.ts'
import { openThreadedModel } from './threaded-model.node.ts'

const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)
const say = (text: string) => [{ role: 'user', text }] as const

async function converted(dir: string, small = false): Promise<string> {
  const out = join(dir, 'made')
  await convertFolder(writeModel(join(dir, 'published'), publishedModel()), out, { bits: 4, block: 32, zeroPoints: false, small })
  return out
}

for (const small of [true, false]) {
  test(`texts through different adapters at the same time are each what they are alone${small ? '' : ', with a graph for prompts'}`, () => withTempDir(async dir => {
    const made = await converted(dir, small)
    const open = (packed?: string) => openThreadedModel({ dir: made, name: 'tiny', slots: 4, threads: 1, packed })
    const model = await open(join(dir, 'packed'))
    const write = async (adapter: string | undefined, text = 'hello the user', by = model) => (await by.generate(say(text), { maxTokens: 12, adapter, sampling: { temperature: 0 } })).text
    const base = await write(undefined)
    const ids = []
    for (const seed of [1, 2]) ids.push(await model.loadAdapter(writeModel(join(dir, `adapter ${seed}`), peftAdapter(publishedConfig, seed))))
    assert.is(await write(undefined), base, 'the model itself writes what it wrote before')
    const alone = []
    // A model of its own for each: nothing read before can help.
    for (const seed of [1, 2]) {
      const other = await open()
      alone.push(await write(await other.loadAdapter(join(dir, `adapter ${seed}`)), undefined, other))
      await other.close()
    }
    assert.is(new Set([base, ...alone]).size, 3, 'they say something else')
    const together = await Promise.all([ids[0], undefined, ids[1], ids[0], undefined, ids[1]].map(id => write(id)))
    assert.equal(together, [alone[0], base, alone[1], alone[0], base, alone[1]])
    await model.close()
  }))
}

test('loaded twice an adapter is one; unloaded it can be named no more, and a text that is being written goes on', () => withTempDir(async dir => {
  const model = await openThreadedModel({ dir: await converted(dir), name: 'tiny' })
  const files = writeModel(join(dir, 'adapter'), peftAdapter(publishedConfig))
  const id = await model.loadAdapter(files)
  assert.is(await model.loadAdapter(files), id)
  const heard = Promise.withResolvers<void>()
  const ask = (onToken?: () => void) => model.generate(say('hello'), { maxTokens: 200, adapter: id, sampling: { temperature: 0 }, onToken })
  const expected = (await ask()).text
  const text = ask(heard.resolve)
  await heard.promise
  await model.unloadAdapter(id)
  assert.is((await text).text, expected)
  await rejects(ask(), coded('AdapterNotLoaded'))
  await rejects(model.unloadAdapter(id), coded('AdapterNotLoaded'))
  assert.is(await model.loadAdapter(files), id)
  assert.is((await ask()).text, expected)
  await model.close()
  await rejects(model.loadAdapter(files), coded('DeviceStopped'))
}))

test('an adapter that cannot be, or a model that was made before there were any, is a named error, and the model goes on', () => withTempDir(async dir => {
  const made = await converted(dir, true)
  rmSync(join(made, adaptedFiles.graph))
  const model = await openThreadedModel({ dir: made, name: 'tiny' })
  const load = (name: string, files: ReturnType<typeof peftAdapter>) => model.loadAdapter(writeModel(join(dir, name), files))
  await rejects(model.loadAdapter(join(dir, 'nowhere')), coded('BadAdapter'))
  await rejects(load('no lora', { ...peftAdapter(publishedConfig), 'adapter_config.json': '{"peft_type":"IA3"}' }), coded('UnknownAdapter'))
  await rejects(load('of another model', peftAdapter(tinyConfigs['widths that are no multiple of a block']!)), coded('AdapterMismatch'))
  await rejects(load('sound', peftAdapter(publishedConfig)), coded('NotConverted'))
  await rejects(model.generate(say('hello'), { adapter: 'ab'.repeat(32) }), coded('AdapterNotLoaded'))
  assert.is((await model.generate(say('hello'), { maxTokens: 1 })).tokens.completion, 1)
  const last = rejects(model.loadAdapter(join(dir, 'sound')), () => true)
  await model.close()
  await last
}))

test.run()
