import { readHubConfig } from '../../node/model/hub-config.ts'
import { adaptableLinears } from '../../node/model/graph/low-rank.ts'
import { openOrtSession } from '../../node/model/runtime/ort-session.node.ts'
import type { Tensor } from '../../node/model/runtime/session.ts'
import { type Base, DecoderObjective } from '../../node/train/decoder-objective.ts'
import type { BaseInput } from '../../node/train/graphs/base-weights.ts'
import type { Learned } from '../../node/train/graphs/decoder-loss.ts'
import { type TokenBatch, parameterCount, sizeOf } from '../../node/train/objective.ts'
import { initialParameters } from '../../node/train/trainer/initial-parameters.ts'
import { adamW } from '../../node/train/trainer/optimizer.ts'
import { type Measured, type Task, type TrainingCase, trainingCases } from './tasks.ts'

// A process that trains one case and ends.

process.once('message', task => void measure(task as Task).then(measured => process.send?.(measured, () => process.disconnect())))

async function measure({ name, steps, threads }: Task): Promise<Measured> {
  const found = trainingCases.find(each => each.name === name)
  if (!found) throw new Error(`there is no case ${name}`)
  const config = readHubConfig(found.config)
  const learned: Learned = found.rank === null ? { kind: 'all' } : { kind: 'adapter', rank: found.rank, scale: 2, linears: new Set(adaptableLinears(config).map(linear => linear.name)) }
  const base = randomBase(found)
  const objective = new DecoderObjective({ config, learned, base, checkpoint: found.checkpoint, open: model => openOrtSession(model, { threads, asWritten: true }) })
  const parameters = initialParameters(objective.parameters, 1)
  const [optimizer, gradient] = [adamW(objective.parameters), new Float32Array(parameters.length)]
  const batch = randomBatch(found)
  const [stepMs, optimizerMs]: [number[], number[]] = [[], []]
  let rssBefore = 0
  for (let step = 0; step <= steps; step++) {
    if (step === 1) rssBefore = process.memoryUsage.rss()
    const from = performance.now()
    gradient.fill(0)
    const { labels } = await objective.gradient(parameters, batch, gradient)
    const between = performance.now()
    optimizer.update(parameters, gradient, 1e-4, 1 / labels)
    if (step === 0) continue
    stepMs.push(performance.now() - from)
    optimizerMs.push(performance.now() - between)
  }
  await objective.close()
  return { stepMs, optimizerMs, tokens: batch.tokens, parameters: parameterCount(objective.parameters), rssBefore, rssPeak: process.resourceUsage().maxRSS * 1024 }
}

/** Weights of whatever value, of a size that keeps numbers finite. Made once for each tensor that inputs are parts of. */
function randomBase({ bits }: TrainingCase): Base {
  const known = new Map<string, Tensor['data']>()
  const whole = ({ source, part, from, shape, type }: BaseInput): Tensor['data'] => {
    const key = `${source} ${part} ${from}`
    const data = known.get(key) ?? randomNumbers(type, part, sizeOf(shape))
    known.set(key, data)
    return data
  }
  return { format: bits === 32 ? { bits } : { bits, block: 32, zeroPoints: false }, tensor: async input => ({ type: input.type, shape: input.shape, data: whole(input) }) }
}

function randomNumbers(type: BaseInput['type'], part: BaseInput['part'], count: number): Tensor['data'] {
  if (type === 'float32') return fill(new Float32Array(count), part === 'scales' ? () => 0.005 : at => Math.sin(at) * 0.04)
  const bytes = new Uint8Array(type === 'uint4' ? Math.ceil(count / 2) : count)
  return fill(bytes, part === 'values' ? at => (at * 37) & 255 : () => (type === 'uint4' ? 0x88 : 0x80))
}

function fill<T extends Float32Array | Uint8Array>(numbers: T, at: (index: number) => number): T {
  for (let index = 0; index < numbers.length; index++) numbers[index] = at(index)
  return numbers
}

/** Whole rows of one example each, every position with a label. */
function randomBatch({ rows, length, config: { vocab_size: vocabulary } }: TrainingCase): TokenBatch {
  const count = rows * length
  const ids = Int32Array.from({ length: count }, (_, at) => (at * 7919) % vocabulary)
  return { rows, length, ids, labels: ids.map(id => (id * 31 + 1) % vocabulary), positions: Int32Array.from({ length: count }, (_, at) => at % length), segments: new Int32Array(count), tokens: count }
}
