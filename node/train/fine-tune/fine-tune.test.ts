import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { openThreadedModel } from '../../model/worker/threaded-model.node.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { isHeldOut, readConversation } from '../examples/conversation.ts'
import { answer, conversation, madeModel } from './fine-tune.fixtures.ts'
import type { FineTuneOptions, FineTuneProgress } from './fine-tune-report.ts'
import { prepareFineTune } from './fine-tune.node.ts'
import { openFineTune } from './threaded-fine-tune.node.ts'

const line = (index: number, content?: string) => JSON.stringify(conversation(index, content))
const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)

async function start(dir: string, lines = Array.from({ length: 40 }, (_, index) => line(index))): Promise<FineTuneOptions> {
  await madeModel(dir, join(dir, 'made'), { bits: 8, block: 32, zeroPoints: false, small: true })
  writeFileSync(join(dir, 'talk.jsonl'), lines.join('\n'))
  return { model: join(dir, 'made'), source: { kind: 'file', path: join(dir, 'talk.jsonl') }, work: join(dir, 'work'), out: join(dir, 'adapters', 'talk'), rate: 0.01, threads: 1 }
}

test('in a thread: an adapter that answers better on what it never saw, with a report; cancelled in the middle it goes on to the same numbers', () => withTempDir(async dir => {
  const options = await start(dir)
  const cancel = new AbortController()
  const first = await openFineTune(options)
  assert.is(first.summary.continues, null)
  await rejects(first.run({ signal: cancel.signal, onProgress: progress => void (progress.phase === 'train' && progress.step === 30 && cancel.abort('enough')) }), (reason: unknown) => reason === 'enough')
  await first.close()
  assert.not(existsSync(options.out))

  const steps: number[] = []
  const second = await openFineTune(options)
  assert.ok(second.summary.continues !== null && second.summary.estimateMs > 0)
  const report = await second.run({ onProgress: (progress: FineTuneProgress) => void (progress.phase === 'train' && steps.push(progress.step)) })
  await second.close()
  assert.ok(steps[0]! > 30, `it went on with step ${steps[0]}`)

  assert.equal([report.data.conversations, report.data.examples + report.data.heldOut, report.model.name, report.memorised.learned.before], [40, 40, 'made', 0])
  assert.ok(report.holdoutLoss!.after < report.holdoutLoss!.before / 3, JSON.stringify(report.holdoutLoss))
  assert.equal(report.memorised.learned, { of: 20, before: 0, after: 20 })
  assert.ok(report.samples.length > 0 && report.samples.every(({ question, expected, before }) => question.startsWith('say ') && expected === answer && before !== answer), JSON.stringify(report.samples))
  assert.equal(report.samples.map(({ after }) => after), report.samples.map(() => answer))
  assert.equal(readdirSync(options.out).sort(), ['adapter_config.json', 'adapter_model.safetensors', 'loss.svg', 'report.json'])
  const written = readFileSync(join(options.out, 'report.json'), 'utf8')
  assert.not.match(written, /say \d/, 'what was said is no part of what may be passed on')
  assert.equal((JSON.parse(written) as typeof report).holdoutLoss, report.holdoutLoss)
  assert.equal(readdirSync(options.work), ['lock'])

  const model = await openThreadedModel({ dir: options.model, name: 'tiny', threads: 1 })
  const { text } = await model.generate([{ role: 'user', text: 'say 7' }], { adapter: await model.loadAdapter(options.out), maxTokens: 8, sampling: { temperature: 0 } })
  assert.is(text, answer)
  await model.close()

  const whole = await prepareFineTune({ ...options, work: join(dir, 'whole'), out: join(dir, 'whole adapter') })
  await whole.run()
  await whole.close()
  assert.equal(readFileSync(join(dir, 'whole adapter', 'adapter_model.safetensors')), readFileSync(join(options.out, 'adapter_model.safetensors')), 'a pause changes no bit')
}))

test('what cannot be is refused by name before anything is written', () => withTempDir(async dir => {
  const options = await start(dir)
  const refused = (other: Partial<FineTuneOptions>, code: string) => rejects(prepareFineTune({ ...options, ...other }), coded(code)) as Promise<Error>
  await refused({ maxMemoryBytes: 2 ** 20 }, 'TooLittleMemory')
  await refused({ rank: 0 }, 'InvalidOption')
  await refused({ rate: -1 }, 'InvalidOption')
  await refused({ out: options.model }, 'FolderExists')
  await refused({ model: join(dir, 'published') }, 'BadManifest')
  await refused({ source: { kind: 'file', path: join(dir, 'nowhere.jsonl') } }, 'BadTrainingData')
  await refused({ source: { kind: 'conversations', database: join(dir, 'conversations.db') } }, 'NoTrainingData')
  writeFileSync(join(dir, 'bad.jsonl'), `${line(1)}\n{"messages": [secret`)
  const { message } = await refused({ source: { kind: 'file', path: join(dir, 'bad.jsonl') } }, 'BadTrainingData')
  assert.match(message, /line 2/)
  assert.not.match(message, 'secret')
  const first = await prepareFineTune(options)
  await refused({}, 'TrainingBusy')
  await first.close()
  assert.not(existsSync(join(dir, 'adapters')))
}))

test('where training makes no held-out answer likelier nothing is written', () => withTempDir(async dir => {
  // What is held back is what the rest makes less likely.
  const isOut = (text: string) => isHeldOut(readConversation({ line: 1, text }), 0.1)
  const other = 'QZ#%&*'.repeat(20)
  const lines = Array.from({ length: 200 }, (_, index) => [line(index), line(index, other)].find((each, at) => isOut(each) === (at === 1))).filter(each => each !== undefined)
  const options = await start(dir, lines)
  const tuning = await prepareFineTune({ ...options, rate: 0.05 })
  const error = (await rejects(tuning.run(), coded('NoBetter'))) as Error
  await tuning.close()
  assert.match(error.message, /rate/)
  assert.not(existsSync(options.out))
}))

test('other options than those of an interrupted training are named; it can be begun anew', () => withTempDir(async dir => {
  const options = await start(dir)
  const cancel = new AbortController()
  const first = await prepareFineTune(options)
  await rejects(first.run({ signal: cancel.signal, onProgress: () => cancel.abort('enough') }), (reason: unknown) => reason === 'enough')
  await first.close()
  const other = await prepareFineTune({ ...options, rate: 0.02 })
  assert.match(((await rejects(other.run(), coded('CheckpointMismatch'))) as Error).message, /schedule.*--restart/)
  await other.close()
  const anew = await prepareFineTune({ ...options, rate: 0.02, restart: true, epochs: 1 })
  assert.is(anew.summary.continues, null)
  await anew.run()
  await anew.close()
}))

test.run()
