import { readFileSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeSynced } from '../../durable-file.node.ts'
import { narrow } from '../../model/float-narrow.ts'
import { openOrtSession } from '../../model/runtime/ort-session.node.ts'
import { safetensorsBeginning } from '../../model/safetensors-writer.ts'
import { readTokenizer } from '../../model/text/tokenizer.ts'
import { DecoderObjective } from '../../train/decoder-objective.ts'
import type { Parameter } from '../../train/objective.ts'
import { checkpointsIn } from '../../train/trainer/checkpoint.node.ts'
import { lossCurve } from '../../train/trainer/loss-curve.ts'
import { adamW } from '../../train/trainer/optimizer.ts'
import type { Evaluation, StepRecord } from '../../train/trainer/record.ts'
import { train } from '../../train/trainer/train.ts'
import { maxPositions, vocabSize } from '../tokenizer-files.ts'
import { readEarlier } from './earlier.node.ts'
import { GeneratedData, type GeneratedOptions, seedsPerBatch } from './generated-data.ts'
import { hubConfig, recipe, starterConfig } from './recipe.ts'
import { startingWeights } from './starting-weights.ts'

// npm run starter:train -- [--dir DIR] [--from DIR] [--minutes N] [--threads N]: trains the starter model, and goes on from where it was. Ctrl-C ends it with a checkpoint.
// --from: the last cycle alone, from what an earlier training left in another folder, whatever it read.

const { values } = parseArgs({ options: { dir: { type: 'string', default: 'starter-training' }, from: { type: 'string' }, minutes: { type: 'string' }, threads: { type: 'string', default: String(availableParallelism()) } } })
const dir = resolve(values.dir)
const files = join(import.meta.dirname, '..', 'model')
const textFiles = ['tokenizer.json', 'tokenizer_config.json'] as const

const [tokenizerJson, tokenizerConfig] = textFiles.map((name): unknown => JSON.parse(readFileSync(join(files, name), 'utf8')))
const tokenizer = readTokenizer(tokenizerJson, tokenizerConfig, vocabSize)
const config = starterConfig(vocabSize, idOf('<|im_end|>'), idOf('<|endoftext|>'))
const data = (split: 'train' | 'validation', seed: number, batchesPerEpoch: number, { readEvery, drillEvery, renames }: Pick<GeneratedOptions, 'readEvery' | 'drillEvery' | 'renames'>) =>
  new GeneratedData(tokenizer, { split, seed, rows: recipe.rows, length: maxPositions, batchesPerEpoch, readEvery, drillEvery, renames })
const base = { format: { bits: 32 } as const, tensor: async () => Promise.reject(new Error('all weights are learned')) }
const objective = new DecoderObjective({ config, learned: { kind: 'all' }, base, checkpoint: false, open: model => openOrtSession(model, { threads: Number(values.threads), asWritten: true }) })
const earlier = values.from === undefined ? undefined : await readEarlier(resolve(values.from), objective.parameters)
const parameters = earlier?.parameters ?? startingWeights(config, objective.parameters, recipe.seed)

const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort())
if (values.minutes !== undefined) setTimeout(() => ending.abort(), Number(values.minutes) * 60_000).unref()

await mkdir(dir, { recursive: true })
const allSteps = recipe.cycles.reduce((sum, { steps }) => sum + steps, 0)
const [trained, evaluated]: [StepRecord[], Evaluation[]] = [[...(earlier?.trained ?? [])], [...(earlier?.evaluated ?? [])]]
const notes: string[] = []
let told = 0
let before = earlier?.trained.length ?? 0
for (const [index, { steps, schedule }] of recipe.cycles.entries()) {
  if (earlier && index < recipe.cycles.length - 1) continue
  const report = await train(objective, data('train', before * recipe.batchesPerStep * seedsPerBatch, steps * recipe.batchesPerStep, { ...recipe, renames: true }), {
    parameters, optimizer: adamW(objective.parameters, recipe.adam), schedule, length: { steps }, batchesPerStep: recipe.batchesPerStep, clipNorm: recipe.clipNorm,
    holdout: { data: data('validation', 0, recipe.holdoutBatches, { readEvery: 0, drillEvery: 0, renames: false }), everySteps: recipe.holdoutEverySteps },
    checkpoints: { store: checkpointsIn(join(dir, index === 0 ? 'checkpoints' : `checkpoints-${index + 1}`)), everySeconds: 120 }, signal: ending.signal,
    onProgress({ step, loss, rate, perSecond, leftMs, holdoutLoss }) {
      if (performance.now() - told < 10_000) return
      told = performance.now()
      process.stderr.write(`step ${before + step} of ${allSteps}, loss ${loss.toFixed(4)}, holdout ${holdoutLoss?.toFixed(4)}, rate ${rate.toExponential(2)}, ${perSecond.toFixed(0)} tokens/s, ${(leftMs / 60_000).toFixed(0)} min left of this cycle\n`)
    }
  })
  for (const entry of report.record.steps()) trained.push({ ...entry, step: before + entry.step })
  // What a cycle begins with is what the one before ended with.
  for (const entry of report.record.evaluations) if (before === 0 || entry.step > 0) evaluated.push({ ...entry, step: before + entry.step })
  notes.push(...report.notes)
  before += report.steps
  if (report.end === 'cancelled') break
}
await objective.close()
await publish(join(dir, 'published'))
process.stderr.write(`${before} of ${allSteps} steps; the model is in ${join(dir, 'published')}\n${notes.join('\n')}`)

/** Writes the model as others are published, with what the training did. */
async function publish(out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  for (const name of textFiles) await copyFile(join(files, name), join(out, name))
  await writeFile(join(out, 'config.json'), `${JSON.stringify(hubConfig(config), null, 2)}\n`)
  // Facts are not to be chosen by chance.
  await writeFile(join(out, 'generation_config.json'), `${JSON.stringify({ do_sample: false, eos_token_id: config.eosIds[0], pad_token_id: config.padId }, null, 2)}\n`)
  await writeSynced(join(out, 'model.safetensors'), safetensors(objective.parameters, parameters))
  await writeFile(join(dir, 'loss.svg'), lossCurve({ title: `The starter model, ${before.toLocaleString('en')} steps`, training: trained, holdout: evaluated }))
  const lines = [...trained, ...evaluated.map(({ step, loss }) => ({ step, holdout: loss }))].map(line => JSON.stringify(line))
  await writeFile(join(dir, 'steps.jsonl'), `${lines.join('\n')}\n`)
}

function safetensors(shapes: readonly Parameter[], flat: Float32Array): Uint8Array {
  return Buffer.concat([safetensorsBeginning(shapes.map(({ name, shape }) => ({ name, shape, type: 'F32' })), { format: 'pt' }), narrow('F32', flat)])
}

function idOf(token: string): number {
  const id = tokenizer.idOf(token)
  if (id === undefined) throw new Error(`the tokenizer has no ${token}`)
  return id
}
