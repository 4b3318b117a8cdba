import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertFolder } from '../../node/model/convert.node.ts'
import type { ConvertRecipe } from '../../node/model/convert-recipe.ts'
import { folderFiles } from '../../node/model/file-source.node.ts'
import { pageFile } from '../../node/model/graph/decoder.ts'
import { type OpenedDecoder, nextTurn, openDecoder } from '../../node/model/open-model.node.ts'
import { DecoderSession } from '../../node/model/runtime/decoder-session.ts'
import { Engine } from '../../node/model/runtime/engine.ts'
import { openSession } from '../../node/model/runtime/open-session.node.ts'
import { openTensors } from '../../node/model/safetensors.ts'
import { encodePrompt } from '../../node/model/text/prompt.ts'
import { type Context, UsageError } from '../bench.ts'
import { type Row, row } from '../report.ts'

/** reference.json of a model: what another implementation made of a conversation. */
export type Reference = {
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[]
  /** Ids of the conversation; logits-reference.safetensors has `logits`, f32 [ids, vocabSize]. */
  readonly input_ids: readonly number[]
  /** The most likely ids that follow. */
  readonly greedy_ids: readonly number[]
  readonly tokenized: readonly { readonly text: string; readonly ids: readonly number[] }[]
}

const threads = 2
const blocks = { block: 32, zeroPoints: false, small: false } as const
const rounded: readonly { readonly name: string; readonly recipe: ConvertRecipe }[] = [
  { name: 'int8', recipe: { ...blocks, bits: 8 } }, { name: 'int4', recipe: { ...blocks, bits: 4 } }, { name: 'int4 with zero points', recipe: { ...blocks, bits: 4, zeroPoints: true } }
]

/** How exactly ours runs the models of a folder, in 32 bits and in fewer. */
export async function measureReferences({ dir, say }: Context, folder: string): Promise<Row[]> {
  const names = existsSync(folder) ? readdirSync(folder).filter(name => existsSync(join(folder, name, 'reference.json'))) : []
  if (names.length === 0) throw new UsageError(`--references takes a folder with models that have a reference.json, and ${folder} has none`)
  const rows: Row[] = []
  for (const name of names.sort()) {
    say(`${name} …`)
    const published = join(folder, name)
    const converted = async (label: string, recipe: ConvertRecipe) => {
      const out = join(dir, name, label)
      await convertFolder(published, out, recipe)
      return openDecoder(out, name, { threads })
    }
    const reference = JSON.parse(readFileSync(join(published, 'reference.json'), 'utf8')) as Reference
    const exact = await converted('f32', { ...blocks, bits: 32 })
    rows.push(...(await compareExact(name, published, exact, reference)))
    const expected = await logitsOf(exact, reference.input_ids)
    for (const { name: label, recipe } of rounded) {
      const opened = await converted(label, recipe)
      const whole = await opened.decoder.read(0, 0, reference.input_ids, [...reference.input_ids.keys()])
      rows.push(row('kl', meanDivergence(expected, await logitsOf(opened, reference.input_ids), exact.decoder.config.vocabSize), 'nats', `${name} ${label}`))
      rows.push(row('kl', meanDivergence(expected, whole, exact.decoder.config.vocabSize), 'nats', `${name} ${label}, as a prompt`))
      const page = { ...opened, decoder: await pageDecoder(join(dir, name, label), opened) }
      rows.push(row('kl', meanDivergence(expected, await logitsOf(page, reference.input_ids), exact.decoder.config.vocabSize), 'nats', `${name} ${label}, in a page`))
      page.decoder.close()
      opened.decoder.close()
    }
    exact.decoder.close()
  }
  return rows
}

/** By the graph that pages run, which rounds here as it does there. */
async function pageDecoder(folder: string, { decoder: { config, size } }: OpenedDecoder): Promise<DecoderSession> {
  return new DecoderSession(await openSession(join(folder, pageFile), { threads }), config, size)
}

async function compareExact(name: string, published: string, opened: OpenedDecoder, { messages, input_ids, greedy_ids, tokenized }: Reference): Promise<Row[]> {
  const { decoder, text } = opened
  const expected = await referenceLogits(published)
  const logits = await logitsOf(opened, input_ids)
  if (expected.length !== logits.length) throw new Error(`${name}: logits-reference.safetensors has ${expected.length} numbers, and this model gives ${logits.length}`)
  const wrong = (found: readonly number[], wanted: readonly number[]) => Array.from({ length: Math.max(found.length, wanted.length) }, (_, at) => found[at] !== wanted[at]).filter(Boolean).length
  const engine = new Engine(decoder, { turn: nextTurn })
  const { ids } = await engine.generate({ prompt: input_ids, maxTokens: greedy_ids.length, endIds: new Set(), pick: indexOfGreatest })
  const prompt = encodePrompt(text.tokenizer, text.template, messages, { nowMs: 0 })
  return [
    row('logits_error', Math.max(...logits.map((value, at) => Math.abs(value - expected[at]!))), 'max abs', `${name} f32`),
    row('greedy_wrong', wrong(ids, greedy_ids), 'count', `${name} f32, of ${greedy_ids.length}`),
    row('template_wrong', wrong(prompt, input_ids), 'count', `${name}, of ${input_ids.length}`),
    row('tokens_wrong', tokenized.reduce((sum, each) => sum + wrong(text.tokenizer.encodeText(each.text), each.ids), 0), 'count', `${name}, of ${tokenized.flatMap(each => each.ids).length}`)
  ]
}

/** Of every position, as they are when tokens are read one after the other: f32 [ids, vocabSize]. */
function logitsOf({ decoder }: OpenedDecoder, ids: readonly number[]): Promise<Float32Array> {
  return decoder.readAsSteps(0, 0, ids)
}

async function referenceLogits(published: string): Promise<Float32Array> {
  const files = folderFiles(published)
  try {
    const tensors = await openTensors(name => files.open(name === 'model.safetensors' ? 'logits-reference.safetensors' : name))
    return await tensors.readRows('logits', 0, tensors.info('logits').shape[0] ?? 0)
  } finally {
    await files.close()
  }
}

/** Mean over the positions of the Kullback–Leibler divergence of what `found` says from what `exact` says, in nats. */
export function meanDivergence(exact: Float32Array, found: Float32Array, vocabSize: number): number {
  let sum = 0
  for (let from = 0; from < exact.length; from += vocabSize) {
    const [p, q] = [exact, found].map(logits => logShares(logits.subarray(from, from + vocabSize)))
    for (let i = 0; i < vocabSize; i++) sum += Math.exp(p![i]!) * (p![i]! - q![i]!)
  }
  return Math.max(0, sum / (exact.length / vocabSize))
}

/** Logarithms of the probabilities. */
function logShares(logits: Float32Array): Float64Array {
  const greatest = logits.reduce((a, b) => Math.max(a, b))
  const total = logits.reduce((sum, value) => sum + Math.exp(value - greatest), 0)
  return Float64Array.from(logits, value => value - greatest - Math.log(total))
}

function indexOfGreatest(logits: Float32Array): number {
  return logits.indexOf(logits.reduce((a, b) => Math.max(a, b)))
}
