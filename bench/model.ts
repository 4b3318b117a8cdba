import { resolve } from 'node:path'
import { blockChoices } from '../node/model/convert-recipe.ts'
import { type Bench, type Context, UsageError, type Values, listOf, numberOf } from './bench.ts'
import { compare } from './model/compare.ts'
import { measureReferences } from './model/references.ts'
import { type Subject, subjects } from './model/runtime.ts'
import { shapes } from './model/shapes.ts'
import type { Row } from './report.ts'

const defaultShapes = ['smollm2-135m', 'qwen2.5-0.5b']
/** A machine that serves one person has few cores to spare. */
const defaultThreads = 2
const defaultBlock = 32
/** What a peer may take for one round with one shape before it is left out: the whole must end in minutes. */
const patienceMs = 180_000

export const modelBench: Bench = {
  name: 'model',
  about: 'the language model: prefill, decode, many texts at once, first token and memory, beside node-llama-cpp and transformers.js; exactness against references',
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    shapes: { type: 'string' },
    contexts: { type: 'string' },
    batches: { type: 'string' },
    tokens: { type: 'string' },
    rounds: { type: 'string' },
    threads: { type: 'string' },
    block: { type: 'string' },
    work: { type: 'string' },
    references: { type: 'string' }
  },
  help: [
    '--quick            a tiny model, ours alone: shows that it works, says nothing about speed',
    `--only LIST        of ${subjects.join(', ')} (default: all)`,
    `--shapes LIST      of ${shapes.map(({ name }) => name).join(', ')} (default ${defaultShapes.join(',')})`,
    '--contexts LIST    tokens of the prompts (default 64,1000), --batches LIST of texts at once (default 1,4,8,16), --tokens N written after each prompt (default 24)',
    '--rounds N         of all subjects in turn (default 3), --threads N of each (default 2), --block N weights that share a scale in ours (default 32)',
    '--work DIR         keeps the models there for the next run (default: made anew)',
    '--references DIR   instead: folders of models with reference.json and logits-reference.safetensors; how exactly ours runs them'
  ],
  sectionOf: values => (values['references'] === undefined ? 'model' : 'model --references'),
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  if (typeof values['references'] === 'string') return measureReferences(context, resolve(values['references']))
  const quick = values['quick'] === true
  const known = (name: string, all: readonly string[], otherwise: readonly string[]) => {
    const wanted = listOf(values, name, otherwise)
    const unknown = wanted.find(each => !all.includes(each))
    if (unknown !== undefined) throw new UsageError(`--${name} knows ${all.join(', ')}, not "${unknown}"`)
    return wanted
  }
  const numbers = (name: string, otherwise: string, min: number) => listOf(values, name, otherwise.split(',')).map(each => numberOf({ [name]: each }, name, min, min))
  const [named, wanted] = [known('shapes', shapes.map(({ name }) => name), quick ? ['tiny'] : defaultShapes), known('only', subjects, quick ? ['kinmesh'] : subjects)]
  const block = blockChoices.find(each => each === numberOf(values, 'block', defaultBlock))
  if (block === undefined) throw new UsageError(`--block is one of ${blockChoices.join(', ')}`)
  return compare(context, {
    shapes: shapes.filter(({ name }) => named.includes(name)), subjects: wanted as readonly Subject[], block, patienceMs,
    contexts: numbers('contexts', quick ? '16,600' : '64,1000', 1), batches: numbers('batches', quick ? '1,4' : '1,4,8,16', 1),
    tokens: numberOf(values, 'tokens', quick ? 4 : 24, 2), rounds: numberOf(values, 'rounds', quick ? 1 : 3), threads: numberOf(values, 'threads', defaultThreads),
    work: typeof values['work'] === 'string' ? resolve(values['work']) : context.dir
  })
}
