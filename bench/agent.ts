import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { silentLogger } from '../mesh/log.ts'
import { openChosenModel } from '../node/model/chosen-model.node.ts'
import { convertFolder } from '../node/model/convert.node.ts'
import { openModelStore } from '../node/model/store/store.node.ts'
import { overhead } from './agent/overhead.ts'
import { served } from './agent/served.ts'
import { type Bench, type Context, UsageError, type Values, numberOf } from './bench.ts'
import type { Row } from './report.ts'

const defaultModel = join(import.meta.dirname, '..', 'node', 'starter', 'model')

export const agentBench: Bench = {
  name: 'agent',
  about: 'the assistant over the raw model: what it adds to each answer, answers a second to three sessions at once, memory at rest',
  options: { quick: { type: 'boolean' }, model: { type: 'string' }, questions: { type: 'string' }, seconds: { type: 'string' } },
  help: [
    '--model DIR        a converted model, or a published one, which is converted to 8 bits first (default: the one that ships)',
    '--questions N      asked for the overhead (default 100); --seconds N that three sessions ask for (default 20); --quick: 3 and 1'
  ],
  run
}

async function run(values: Values, { dir, say }: Context): Promise<Row[]> {
  const [questions, seconds] = [numberOf(values, 'questions', values['quick'] ? 3 : 100), numberOf(values, 'seconds', values['quick'] ? 1 : 20)]
  const given = typeof values['model'] === 'string' ? resolve(values['model']) : defaultModel
  const isConverted = existsSync(join(given, 'model.onnx'))
  if (!isConverted && !existsSync(join(given, 'model.safetensors'))) throw new UsageError(`there is no model in ${given}: give one with --model`)
  const folder = isConverted ? given : join(dir, 'converted')
  if (!isConverted) await convertFolder(given, folder, { bits: 8, block: 32, zeroPoints: false, small: true })
  const home = join(dir, 'home')
  await (await openModelStore(join(home, 'models'))).useFolder(folder)

  say('overhead …')
  const slot = openChosenModel(join(home, 'models'), silentLogger)
  const model = await slot.ready()
  if (!model) throw new UsageError(`the model in ${given} does not load: ${slot.problem ?? 'no reason is known'}`)
  let rows: Row[]
  try {
    rows = await overhead(join(dir, 'asked'), model, questions)
  } finally {
    await slot.close()
  }
  say('three sessions at once …')
  return [...rows, ...(await served(home, seconds))]
}
