import { adaptableLinears } from '../../node/model/graph/low-rank.ts'
import { readHubConfig } from '../../node/model/hub-config.ts'
import type { Tensor } from '../../node/model/runtime/session.ts'
import { type Base, DecoderObjective, type DecoderObjectiveOptions } from '../../node/train/decoder-objective.ts'
import type { BaseInput } from '../../node/train/graphs/base-weights.ts'
import type { Learned } from '../../node/train/graphs/decoder-loss.ts'
import { type TokenBatch, parameterCount, sizeOf } from '../../node/train/objective.ts'
import { initialParameters } from '../../node/train/trainer/initial-parameters.ts'
import { type Optimizer, adamW } from '../../node/train/trainer/optimizer.ts'
import { type Steps, type TrainingCase, trainingCases } from './tasks.ts'

/** Where it runs. `place`: the same tensor where graphs read and write it in place. */
export type Platform = { readonly open: DecoderObjectiveOptions['open']; readonly place: (tensor: Tensor) => Tensor }

/** One case, after its first step: everything is loaded. To be closed. */
export class CaseTraining {
  readonly tokens: number
  readonly parameterCount: number
  readonly #objective: DecoderObjective
  readonly #parameters: Float32Array
  readonly #gradient: Float32Array
  readonly #optimizer: Optimizer
  readonly #batch: TokenBatch

  private constructor(found: TrainingCase, { open, place }: Platform) {
    const config = readHubConfig(found.config)
    const learned: Learned = found.rank === null ? { kind: 'all' } : { kind: 'adapter', rank: found.rank, scale: 2, linears: new Set(adaptableLinears(config).map(({ name }) => name)) }
    this.#objective = new DecoderObjective({ config, learned, base: randomBase(found, place), checkpoint: found.checkpoint, open })
    const start = initialParameters(this.#objective.parameters, 1)
    this.#parameters = place({ type: 'float32', shape: [start.length], data: start }).data as Float32Array
    this.#gradient = new Float32Array(start.length)
    this.#optimizer = adamW(this.#objective.parameters)
    this.#batch = randomBatch(found)
    this.tokens = this.#batch.tokens
    this.parameterCount = parameterCount(this.#objective.parameters)
  }

  static async open(name: string, platform: Platform): Promise<CaseTraining> {
    const found = trainingCases.find(each => each.name === name)
    if (!found) throw new Error(`there is no case ${name}`)
    const training = new CaseTraining(found, platform)
    await training.run(1)
    return training
  }

  async run(steps: number): Promise<Steps> {
    const [stepMs, optimizerMs]: [number[], number[]] = [[], []]
    for (let step = 0; step < steps; step++) {
      const from = performance.now()
      this.#gradient.fill(0)
      const { labels } = await this.#objective.gradient(this.#parameters, this.#batch, this.#gradient)
      const between = performance.now()
      this.#optimizer.update(this.#parameters, this.#gradient, 1e-4, 1 / labels)
      stepMs.push(performance.now() - from)
      optimizerMs.push(performance.now() - between)
    }
    return { stepMs, optimizerMs }
  }

  close(): Promise<void> {
    return this.#objective.close()
  }
}

/** Weights of whatever value, of a size that keeps numbers finite. Made once for each tensor that inputs are parts of. */
function randomBase({ bits }: TrainingCase, place: Platform['place']): Base {
  const known = new Map<string, Tensor['data']>()
  const whole = ({ source, part, from, shape, type }: BaseInput): Tensor['data'] => {
    const key = `${source} ${part} ${from}`
    const data = known.get(key) ?? place({ type, shape, data: randomNumbers(type, part, sizeOf(shape)) }).data
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
