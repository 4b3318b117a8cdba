import { frozenFactor } from '../../federated/aggregation/frozen-factor.ts'
import { flatten, type LowRank, unflatten } from '../../federated/aggregation/low-rank.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import { adaptableLinears } from '../model/graph/low-rank.ts'
import { adapterNames } from '../train/graphs/decoder-loss.ts'
import { type Parameter, sizeOf } from '../train/objective.ts'
import type { TrainedAdapter } from '../train/adapter-files/adapter-file.ts'

/** What devices have in common about an adapter before any of them learned. `seed`: that each layer's A is drawn from. */
export type SharedShape = { readonly rank: number; readonly alpha: number; readonly seed: string }

/**
 * The adapter that devices share, over all linear layers of a model, in the order in which the model has them. Three ways to write one adapter meet here:
 *
 * - federated/: `a` [rank, inputs], `b` [outputs, rank] with alpha / rank in it. The flat vector of a round is `b` of each layer in order under `ffa`, where A is frozen; with `both` it is `a` and `b` of each.
 * - node/train and PEFT: A and B in the same order of numbers, alpha / rank beside them and not in B.
 * - node/model (`LowRank` there): both turned, A [inputs, rank] and B [rank, outputs], alpha / rank in B. It reads PEFT, so nothing is turned here.
 */
export class SharedAdapter {
  readonly shape: SharedShape
  readonly part: 'b' | 'both'
  /** With b of zeros: what a task begins with, which changes nothing. */
  readonly #beginning: readonly LowRank[]
  /** Numbers in the flat vector. */
  readonly parameters: number

  /** @throws KinmeshError `InvalidOption` */
  constructor(config: DecoderConfig, shape: SharedShape, part: 'b' | 'both' = 'b') {
    const { rank, alpha, seed } = shape
    if (!(Number.isInteger(rank) && rank > 0 && alpha > 0 && Number.isFinite(alpha))) throw new KinmeshError('InvalidOption', `an adapter of rank ${rank} and alpha ${alpha}: give a whole number and a number above 0`)
    this.shape = shape
    this.part = part
    this.#beginning = adaptableLinears(config).map(({ name, rows: outputs, columns: inputs }) => ({ name, inputs, outputs, rank, a: frozenFactor(seed, { name, inputs }, rank), b: new Float32Array(outputs * rank) }))
    this.parameters = this.beginning().length
  }

  /** alpha / rank. */
  get scale(): number {
    return this.shape.alpha / this.shape.rank
  }

  /** A of each layer, as the trainer takes it; undefined where A is learned as well. */
  frozenA(): ReadonlyMap<string, Float32Array> | undefined {
    return this.part === 'both' ? undefined : new Map(this.#beginning.map(({ name, a }) => [name, a]))
  }

  /** The flat vector of a task that begins. */
  beginning(): Float32Array {
    return flatten(this.#beginning, this.part)
  }

  /** The layers with what a round's flat vector says. @throws KinmeshError `WrongShape` */
  layers(flat: Float32Array): readonly LowRank[] {
    return unflatten(this.#beginning, flat, this.part)
  }

  /**
   * The flat parameters of a training, out of the flat vector of a round.
   * @throws KinmeshError `WrongShape`
   */
  toTraining(parameters: readonly Parameter[], flat: Float32Array): Float32Array {
    const byName = new Map(this.layers(flat).flatMap(({ name, a, b }) => [[adapterNames(name).a, a], [adapterNames(name).b, b.map(value => value / this.scale)]]))
    this.#check(parameters)
    const values = new Float32Array(this.parameters)
    let at = 0
    for (const { name } of parameters) {
      const part = byName.get(name)!
      values.set(part, at)
      at += part.length
    }
    return values
  }

  /** Back: what a training left, as the flat vector of a round. @throws KinmeshError `WrongShape` */
  fromTraining(parameters: readonly Parameter[], values: Float32Array): Float32Array {
    this.#check(parameters)
    if (values.length !== this.parameters) throw wrongShape()
    const byName = new Map<string, Float32Array>()
    let at = 0
    for (const { name, shape } of parameters) byName.set(name, values.subarray(at, (at += sizeOf(shape))))
    return flatten(this.#beginning.map(layer => ({ ...layer, a: byName.get(adapterNames(layer.name).a) ?? layer.a, b: byName.get(adapterNames(layer.name).b)!.map(value => value * this.scale) })), this.part)
  }

  /** As `encodeAdapter` writes it into files that node/model loads. @throws KinmeshError `WrongShape` */
  trained(flat: Float32Array): TrainedAdapter {
    const { rank, alpha } = this.shape
    return { rank, alpha, linears: new Map(this.layers(flat).map(({ name, a, b }) => [name, { a, b: b.map(value => value / this.scale) }])) }
  }

  /** That a training learns exactly what is shared of these layers. */
  #check(parameters: readonly Parameter[]): void {
    const expected = new Map(this.#beginning.flatMap(({ name, a, b }) => [...(this.part === 'both' ? [[adapterNames(name).a, a.length] as const] : []), [adapterNames(name).b, b.length] as const]))
    if (parameters.length !== expected.size || parameters.some(({ name, shape }) => expected.get(name) !== sizeOf(shape))) throw wrongShape()
  }
}

function wrongShape(): KinmeshError {
  return new KinmeshError('WrongShape', 'what was trained is not what is shared of this adapter: train with its frozen A, or both, on the model of the task')
}
