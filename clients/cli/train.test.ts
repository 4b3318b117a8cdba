import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, readdirSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openConversations } from '../../node/conversations.node.ts'
import { publishedModel, writeModel } from '../../node/model/published-model.fixtures.ts'
import { withoutModel } from '../../node/model/store/model.fixtures.ts'
import { openThreadedModel } from '../../node/model/worker/threaded-model.node.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import type { FineTuneReport } from '../../node/train/fine-tune/fine-tune-report.ts'
import { document, kinmesh, refused, up } from './testing/processes.node.ts'

type Trained = FineTuneReport & { name: string; dir: string }
type Listed = { adapters: { name: string; current: boolean; holdoutLoss?: { after: number } }[]; interrupted: string[] }

const main = new URL('main.ts', import.meta.url).pathname
const template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
const answer = 'yes sir'
const dayMs = 86_400_000
const line = (index: number) => JSON.stringify({ messages: [{ role: 'user', content: `say ${index}` }, { role: 'assistant', content: answer }] })

/** A home with a model in use that answers with the likeliest token, and a file to learn from. */
async function start(dir: string): Promise<{ home: string; model: string; data: string }> {
  const [home, model, data] = [join(dir, 'home'), join(dir, 'tiny'), join(dir, 'talk.jsonl')]
  const published = writeModel(join(dir, 'published'), { ...publishedModel(3), 'tokenizer_config.json': JSON.stringify({ eos_token: '<|im_end|>', chat_template: template }), 'generation_config.json': '{"do_sample":false}' })
  await document(home, ['model', 'convert', published, '--bits', '8', '--small', '--out', model])
  await document(home, ['model', 'use', model])
  writeFileSync(data, Array.from({ length: 40 }, (_, index) => line(index)).join('\n'))
  return { home, model, data }
}

test('a file is learned: what is read is said before, what came of it after; the adapter answers, is listed and removed', () => withTempDir(async dir => {
  const { home, model, data } = await start(dir)
  const { code, stdout, stderr } = await kinmesh(home, ['train', '--data', data, '--rate', '0.01', '--yes'])
  assert.is(code, 0, stderr)
  for (const said of [/^tiny will learn from .*talk\.jsonl\n/, /40 conversations: \d+ examples with \d+ tokens to learn, and [1-9]\d* held back/, /about .* and up to .* of memory/, /leaves +nothing/, /loss of \d+ held-out examples: \d.* before, .* after/, /20 of 20 learned answers \(0 before\)/, /after {3}yes sir\n/]) assert.match(stdout, said)
  const out = join(home, 'adapters', 'talk')
  assert.equal(readdirSync(out).sort(), ['adapter_config.json', 'adapter_model.safetensors', 'loss.svg', 'report.json'])
  const opened = await openThreadedModel({ dir: model, name: 'tiny', threads: 1 })
  const ask = async (adapter?: string) => (await opened.generate([{ role: 'user', text: 'say 77' }], { adapter, maxTokens: 8, sampling: { temperature: 0 } })).text
  assert.is(await ask(await opened.loadAdapter(out)), answer)
  assert.is.not(await ask(), answer)
  await opened.close()

  assert.match(await refused(home, ['train', '--data', data, '--yes'], 'FolderExists'), /another name/)
  const listed = await document<Listed>(home, ['train', 'list'])
  assert.equal([listed.adapters.map(({ name }) => name), listed.interrupted], [['talk'], []])
  assert.ok(listed.adapters[0]!.holdoutLoss!.after < 1)
  await document(home, ['train', 'remove', 'talk'])
  assert.equal(await document<Listed>(home, ['train', 'list']), { adapters: [], interrupted: [] })
  await refused(home, ['train', 'remove', 'talk'], 'UnknownAdapterName')
}))

test('killed in the middle, and interrupted after that, it goes on to the same adapter as one that was left alone', () => withTempDir(async dir => {
  const { home, data } = await start(dir)
  const args = ['train', '--data', data, '--rate', '0.005', '--epochs', '120', '--yes']
  const killed = launch(home, args)
  await until(home, () => checkpoints(home, 'talk').length > 0)
  killed.kill('SIGKILL')
  await once(killed, 'close')
  const [first] = checkpoints(home, 'talk')
  assert.equal([(await document<Listed>(home, ['train', 'list'])).interrupted, existsSync(join(home, 'adapters', 'talk'))], [['talk'], false])

  const stopped = launch(home, args)
  const stderr = heard(stopped)
  await until(home, () => !checkpoints(home, 'talk').includes(first!) || checkpoints(home, 'talk').length > 1)
  stopped.kill('SIGINT')
  assert.equal(await once(stopped, 'close'), [1, null])
  assert.match(stderr(), /interrupted: what was learned is kept, and the same command goes on with it/)

  assert.match(await refused(home, [...args, '--rank', '4'], 'CheckpointMismatch'), /--restart/)
  const trained = await document<Trained>(home, args)
  const alone = await document<Trained>(home, [...args, '--name', 'alone'])
  assert.equal([trained.made, trained.holdoutLoss, trained.memorised], [alone.made, alone.holdoutLoss, alone.memorised])
  assert.equal(weights(trained.dir), weights(alone.dir))
}))

test('what was said on this device is learned only when it is asked for, also while the device runs, and it then answers so; what was corrected is not learned', () => withTempDir(async dir => {
  const { home } = await start(dir)
  assert.match(await refused(home, ['train', '--yes'], 'Usage', { exit: 2 }), '--conversations')
  assert.match(await refused(home, ['train', '--conversations', '--yes'], 'NoTrainingData'), /no conversation/)
  mkdirSync(home, { recursive: true })
  const store = openConversations(join(home, 'conversations.db'))
  // On many days up to now, and in half of them with no turns before: time and turns are in a prompt, and a model of some thousand numbers that saw one kind alone says "yes s sir" to the other.
  const now = Date.now()
  for (let index = 0; index < 30; index++) {
    for (const [at, text] of [`say ${index}`, 'quite wrong', 'No, say it properly', answer].slice(index % 2 === 0 ? 0 : 2).entries()) store.append(`c${index}`, at % 2 === 0 ? 'user' : 'assistant', text, now - (30 - index) * 11.3 * dayMs + at)
  }
  store.close()
  const device = await up(home)
  try {
    const { data, samples, model } = await document<Trained>(home, ['train', '--conversations', '--rate', '0.01', '--yes'])
    assert.equal([data.conversations, data.examples + data.heldOut, model.name], [30, 30, 'tiny'])
    const ask = async () => {
      const { text, model } = await document<{ text: string; model: string }>(home, ['ask', 'No, say it properly'])
      return [model, text === answer]
    }
    assert.equal(await ask(), ['tiny', false])
    await document(home, ['train', 'use', 'conversations'])
    assert.equal(await ask(), ['tiny + conversations', true])
    assert.is((await document<Listed>(home, ['train', 'list'])).adapters[0]?.current, true)
    await document(home, ['train', 'use', '--none'])
    assert.equal(await ask(), ['tiny', false])
    writeFileSync(join(home, 'adapters', 'conversations', 'adapter_model.safetensors'), 'spoilt')
    assert.match(await refused(home, ['train', 'use', 'conversations'], 'ModelNotLoaded'), 'tiny answers without it')
    assert.equal(await ask(), ['tiny', false])
    await document(home, ['train', 'remove', 'conversations'])
    writeFileSync(join(home, 'adapters', '.current.json'), '{')
    assert.equal(await ask(), ['tiny', false], 'a damaged choice is none')
    assert.match(await refused(home, ['train', 'list'], 'FileCorrupt'), 'train use --none')
    await document(home, ['train', 'use', '--none'])
    await refused(home, ['train', 'use', 'conversations'], 'UnknownAdapterName')
    assert.equal([...new Set(samples.map(({ question, expected }) => `${question}: ${expected}`))], [`No, say it properly: ${answer}`])
  } finally {
    await device.stop()
  }
}))

test('what cannot be is refused by name, and leaves nothing behind', () => withTempDir(async dir => {
  await withoutModel(join(dir, 'empty'))
  assert.match(await refused(join(dir, 'empty'), ['train', '--data', 'x.jsonl', '--yes'], 'NoModel'), 'kinmesh model use')
  const { home, data } = await start(dir)
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  assert.match(await refused(home, ['train', '--data', data], 'Usage', { exit: 2 }), '--yes')
  await refused(home, ['train', '--data', data, '--conversations', '--yes'], 'Usage', { exit: 2 })
  await refused(home, ['train', '--data', data, '--rank', 'two', '--yes'], 'Usage', { exit: 2 })
  await refused(home, ['train', '--data', join(dir, 'none.jsonl'), '--yes'], 'BadTrainingData')
  await refused(home, ['train', '--data', file('empty.jsonl', '\n\n'), '--yes'], 'NoTrainingData')
  const message = await refused(home, ['train', '--data', file('bad.jsonl', `${line(1)}\n{"messages": [private`), '--yes'], 'BadTrainingData')
  assert.match(message, 'line 2')
  assert.not.match(message, 'private')
  await refused(home, ['train', '--data', data, '--max-memory', '1', '--yes'], 'TooLittleMemory')
  await refused(home, ['train', '--data', data, '--name', '../up', '--yes'], 'InvalidOption')
  await refused(home, ['train', '--data', data, '--rank', '5000', '--yes'], 'InvalidOption')
  assert.not(existsSync(join(home, 'adapters')))
}))

function launch(home: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['-C', 'development', main, ...args], { env: { ...process.env, KINMESH_HOME: home }, stdio: ['ignore', 'ignore', 'pipe'] })
}

function heard({ stderr }: ChildProcess): () => string {
  const chunks: Buffer[] = []
  stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

/** Resolves when `wanted` holds, looking at every change in a folder. */
async function until(dir: string, wanted: () => boolean): Promise<void> {
  const changes = watch(dir, { recursive: true })
  try {
    while (!wanted()) await once(changes, 'change')
  } finally {
    changes.close()
  }
}

function checkpoints(home: string, name: string): string[] {
  const dir = join(home, 'training', name, 'checkpoints')
  return existsSync(dir) ? readdirSync(dir).filter(file => file.endsWith('.checkpoint')) : []
}

function weights(dir: string): Buffer {
  return readFileSync(join(dir, 'adapter_model.safetensors'))
}

test.run()
