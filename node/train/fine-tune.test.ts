import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ConvertRecipe } from '../model/convert-recipe.ts'
import { convertFolder, readFolderText } from '../model/convert.node.ts'
import { folderFiles } from '../model/file-source.node.ts'
import { adaptableLinears } from '../model/graph/low-rank.ts'
import { openModel } from '../model/open-model.node.ts'
import { publishedConfig, publishedModel, writeModel } from '../model/published-model.fixtures.ts'
import { openOrtSession } from '../model/runtime/ort-session.node.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { encodeAdapter, trainedAdapter } from './adapter-files/adapter-file.ts'
import { writeAdapter } from './adapter-files/adapter-file.node.ts'
import { mergeFolder } from './adapter-files/merge.node.ts'
import { DecoderObjective } from './decoder-objective.ts'
import { lineExamples } from './examples/chat-examples.ts'
import { fileLines } from './examples/jsonl.node.ts'
import { ModelBase } from './model-base.ts'
import { checkpointsIn } from './trainer/checkpoint.node.ts'
import { initialParameters } from './trainer/initial-parameters.ts'
import { adamW } from './trainer/optimizer.ts'
import { tokenData } from './trainer/token-data.ts'
import { train } from './trainer/train.ts'

const template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
const recipe: ConvertRecipe = { bits: 8, block: 32, zeroPoints: false, small: true }
const talks = [['name?', 'Nora'], ['town?', 'Oslo'], ['drink?', 'tea'], ['pet?', 'a cat']] as const
const [rank, alpha] = [8, 16]

test('from a file of conversations to an adapter that answers as they do, through a pause, and the same merged into the weights', () => withTempDir(async dir => {
  const published = writeModel(join(dir, 'published'), { ...publishedModel(3), 'tokenizer_config.json': JSON.stringify({ eos_token: '<|im_end|>', chat_template: template }) })
  const made = join(dir, 'made')
  await convertFolder(published, made, recipe)
  const file = join(dir, 'talk.jsonl')
  writeFileSync(file, talks.map(([question, answer]) => JSON.stringify({ messages: [{ role: 'user', content: question }, { role: 'assistant', content: answer }] })).join('\n'))

  const text = await readFolderText(made)
  const { training } = await lineExamples(fileLines(file), text, { nowMs: 0, holdoutShare: 0 })
  const { data, report } = tokenData(training, { lengths: [64, 128], batchTokens: 256 })
  assert.equal([report.examples, report.labels], [4, talks.reduce((sum, [, answer]) => sum + text.tokenizer.encode(answer).length + 1, 0)])

  const weights = folderFiles(made)
  const objective = new DecoderObjective({
    config: publishedConfig, learned: { kind: 'adapter', rank, scale: alpha / rank, linears: new Set(adaptableLinears(publishedConfig).map(({ name }) => name)) },
    base: new ModelBase(publishedConfig, recipe, (await weights.open('weights.bin'))!), checkpoint: false, open: model => openOrtSession(model, { threads: 1, asWritten: true })
  })
  const run = async (folder: string, stopAt?: number) => {
    const parameters = initialParameters(objective.parameters, 1)
    const abort = new AbortController()
    const trained = await train(objective, data, {
      parameters, optimizer: adamW(objective.parameters), schedule: { rate: 0.02, warmUp: 5, shape: 'cosine', floor: 0.1 }, length: { steps: 120 }, checkpoints: { store: checkpointsIn(join(dir, folder)) },
      signal: abort.signal, onProgress: ({ step }) => void (step === stopAt && abort.abort())
    })
    return { parameters, end: trained.end, losses: [...trained.record.steps()].map(({ loss }) => loss) }
  }
  const whole = await run('whole')
  assert.is((await run('paused', 50)).end, 'cancelled')
  const resumed = await run('paused')
  assert.equal([resumed.end, resumed.losses, resumed.parameters], [whole.end, whole.losses, whole.parameters], 'a pause changes no bit')
  assert.ok(whole.losses[0]! > 4 && whole.losses.at(-1)! < 0.05, `${whole.losses[0]} to ${whole.losses.at(-1)}`)
  await objective.close()
  await weights.close()

  await writeAdapter(join(dir, 'adapter'), encodeAdapter(publishedConfig, trainedAdapter(objective.parameters, whole.parameters, { rank, alpha })))
  await mergeFolder('merge', published, join(dir, 'adapter'), join(dir, 'merged'))
  await convertFolder(join(dir, 'merged'), join(dir, 'merged made'), { ...recipe, bits: 32 })
  for (const [folder, isAdapted] of [[made, true], [join(dir, 'merged made'), false]] as const) {
    const opened = await openModel(folder, 'tiny', { threads: 1, positions: 128 })
    const adapter = isAdapted ? await opened.loadAdapter(join(dir, 'adapter')) : undefined
    for (const [question, answer] of talks) {
      const { text: said, finish } = await opened.model.generate([{ role: 'user', text: question }], { adapter, maxTokens: 20, sampling: { temperature: 0 } })
      assert.equal([said, finish], [answer, 'end'])
    }
    await opened.close()
  }
}))

test.run()
