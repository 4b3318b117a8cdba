import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeFixedPoint, fixedPoint } from '../../federated/aggregation/fixed-point.ts'
import { encodeUpdate } from '../../federated/compression/payload.ts'
import { chargeUpload } from '../../federated/privacy/ledger-store.ts'
import { identityNamed } from '../../mesh/membership.fixtures.ts'
import { readAdapter } from '../model/adapter.ts'
import { folderFiles } from '../model/file-source.node.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { encodeAdapter } from '../train/adapter-files/adapter-file.ts'
import { conversationExamples } from '../train/examples/chat-examples.ts'
import { readConversation, type TrainingConversation } from '../train/examples/conversation.ts'
import { AdoptedAdapters } from './adopted.node.ts'
import { judge } from './adoption.ts'
import { openConsents } from './consents.node.ts'
import { defaultEligibility, eligibility } from './eligibility.ts'
import { countExamples } from './examples.ts'
import { taskOf, tinyModel } from './federated.fixtures.ts'
import { holdoutLosses } from './holdout.ts'
import { openLedgers } from './ledgers.node.ts'
import { afterRound } from './after-round.ts'
import { localUpdate } from './local-update.ts'
import { plainWords } from './plain-words.ts'
import { encodeNotes } from './notes.ts'
import { openRoundStore } from './round-store.node.ts'
import { SharedAdapter } from './shared-adapter.ts'
import { termsHash } from './task.ts'
import { baseOf } from './task-states.ts'
import { openTaskStates } from './task-states.node.ts'
import { uploadOf } from './testing/upload-of.ts'
import { openUploadLog } from './upload-log.node.ts'

// Promise 1 again, for what is learned together: a sentence that stands in every conversation is in no byte that is handed out to be sent, in no file but the model's own, and in no message.
// The number is long enough to stand nowhere by chance, as four digits did among times and hashes.
const canary = 'Xylander-4711083652 sleeps'
const maxMemoryBytes = 2 ** 30

test('a sentence of the training text is in no byte that leaves, in no file of a task, in no log and in no error', () => withTempDir(async dir => {
  const model = await tinyModel(dir)
  const said: TrainingConversation[] = Array.from({ length: 30 }, (_, index) => readConversation({ line: index, text: JSON.stringify({ messages: [{ role: 'user', content: `who sleeps? ${index}` }, { role: 'assistant', content: canary }] }) }))
  const examples = await conversationExamples(said, model.text, { nowMs: 0 })
  const [task, identity] = [taskOf({ parameters: 5000 }), identityNamed('one')]
  const home = join(dir, 'home')
  const [consents, ledgers, states, log] = [await openConsents(join(home, 'federated'), () => 1), await openLedgers(join(home, 'federated'), identity.id), await openRoundStore(join(home, 'federated')), await openUploadLog(join(home, 'federated', 'uploads.log'))]
  const adopted = new AdoptedAdapters(join(home, 'adapters'), () => 1)
  const [sent, texts]: [Uint8Array[], string[]] = [[], []]

  await consents.agree(task, termsHash(task))
  texts.push(JSON.stringify(plainWords(task)), JSON.stringify(await eligibility(task, defaultEligibility, { idleMs: () => 0, power: () => 'unknown', network: () => 'unknown', examples: () => countExamples(said.slice(0, 3)).training, consent: each => consents.state(each), uploadsLeft: () => undefined })))
  const shared = new SharedAdapter(model.text.config, { rank: 4, alpha: 8, seed: 'seed' })
  const { delta, examples: weight } = await localUpdate(shared, shared.beginning(), { length: { steps: 30 }, rate: 0.02 }, 100, { model, examples, maxMemoryBytes, onProgress: progress => texts.push(JSON.stringify(progress)) })
  const words = encodeFixedPoint(fixedPoint({ maxParticipants: 3, maxWeight: 100, maxAbs: 100 }), { participant: identity.id, weight, values: delta.values })
  for (const bytes of [new Uint8Array(delta.values.buffer), new Uint8Array(words.buffer), encodeUpdate(delta.values, { name: 'int8' })]) {
    const upload = uploadOf(bytes, { at: 1, task: task.id, round: sent.length, attempt: 0, to: 'another', kind: 'contribution', epsilon: 0.1 })
    await chargeUpload(ledgers, { device: identity.id, task: task.id, budget: { epsilon: 8, delta: 1e-5 } }, { round: sent.length, attempt: 0, noiseMultiplier: 4, sampleRate: 1, update: upload.sha256 })
    await states.save(`round ${sent.length}`, bytes)
    await log.add(upload)
    sent.push(bytes)
  }

  const flat = afterRound(shared.beginning(), delta.values)
  const files = encodeAdapter(model.text.config, shared.trained(flat))
  const name = await adopted.keep(files, { config: model.text.config })
  sent.push(...Object.values(files))
  const folder = folderFiles(join(home, 'adapters', name))
  const [before, after] = await holdoutLosses(model, examples, [undefined, await readAdapter(folder.open, model.text.config)], { maxMemoryBytes })
  await folder.close()
  assert.ok(after!.loss < before!.loss / 2, 'it was learned, and is what the model would say')
  texts.push(judge(after!, before!, { margin: 0, leastLabels: 1 }).text)
  sent.push(encodeNotes({ type: 'notes', notes: [{ task, number: 1, height: 1, base: baseOf(task, flat), verdict: { adapter: name, says: 'yes' } }] }))
  await (await openTaskStates(join(home, 'federated'))).save(task, { number: 1, height: 1, flat, residual: null, candidate: { adapter: name, height: 1, at: 1, own: 'better' }, said: null })
  await adopted.adopt(name, { id: model.id, config: model.text.config }, { task: task.id, round: 1 })

  const failing: readonly (() => Promise<unknown>)[] = [
    () => localUpdate(shared, flat, { length: { steps: 3 }, rate: 1e30 }, 1, { model, examples, maxMemoryBytes }), () => localUpdate(shared, flat, { length: { steps: 3 }, rate: 0.1 }, 1, { model, examples, maxMemoryBytes: 1 }),
    () => localUpdate(shared, flat.subarray(1), { length: { steps: 3 }, rate: 0.1 }, 1, { model, examples, maxMemoryBytes }), async () => conversationExamples([{ ...said[0]!, messages: [] }], model.text, { nowMs: 0 }).then(none => holdoutLosses(model, none, [undefined], { maxMemoryBytes }))
  ]
  for (const fail of failing) {
    const error = await fail().then(() => undefined, (cause: unknown) => cause as Error)
    assert.ok(error, 'it fails')
    for (let cause: unknown = error; cause instanceof Error; { cause } = cause) texts.push(`${cause.name} ${cause.message} ${cause.stack}`)
  }
  await model.close()

  const ids = [...model.text.tokenizer.encode(canary)]
  assert.ok(ids.length > 3)
  const needles = [...['Xylander', '4711083652', 'sleeps', canary].map(text => Buffer.from(text)), ...[Int32Array, Float32Array, Uint16Array].map(Numbers => Buffer.from(Numbers.from(ids).buffer))]
  const paths = globSync('**', { cwd: home, withFileTypes: true }).filter(file => file.isFile()).map(file => join(file.parentPath, file.name))
  assert.ok(paths.length >= 6, paths.join())
  for (const needle of needles) {
    for (const bytes of sent) assert.is(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(needle), -1, `${needle.toString()} is sent`)
    for (const path of paths) assert.is(readFileSync(path).indexOf(needle), -1, `${needle.toString()} is in ${path}`)
    for (const text of texts) assert.not(text.includes(needle.toString('latin1')), text)
  }
  // What looks for it finds it where it is.
  assert.ok(Buffer.from(JSON.stringify(said)).includes(needles[0]!))
}))

test.run()
