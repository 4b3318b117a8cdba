import { KinmeshError } from '../../../mesh/errors.ts'
import { quoted, unknownModel } from '../model-errors.ts'
import type { DescribedSession, Port, Tensor } from '../runtime/session.ts'
import type { EncoderConfig } from './encoder-config.ts'
import { normalize, pooled } from './pooling.ts'

/** What a published encoder takes, all of them int64 [texts, tokens]: what is read, 1 where there is a text and 0 where it is filled up, and which of two texts a token belongs to (always the first). */
const inputNames = ['input_ids', 'attention_mask', 'token_type_ids'] as const
/** Vectors of tokens, f32 [texts, tokens, hidden], as transformers and sentence-transformers call them. */
const tokenOutputs = ['last_hidden_state', 'token_embeddings']
/** A vector for each text, f32 [texts, size]: the publisher's own way from tokens to text is a part of the graph. */
const textOutput = 'sentence_embedding'
const maxDimensions = 16_384
/** Differences of a vector, measured by its largest number, that come of adding in another order. */
const rounding = 1e-4

/** Somebody else's graph that makes vectors of tokens, checked to be one that is run here as it was meant. */
export class EncoderGraph {
  /** Numbers of a vector. */
  readonly dimensions: number
  readonly #session: DescribedSession
  readonly #config: EncoderConfig
  readonly #inputs: readonly (typeof inputNames)[number][]
  readonly #output: Port

  /** @throws KinmeshError `UnknownModel` naming the input or output that does not fit */
  constructor(session: DescribedSession, config: EncoderConfig) {
    this.#session = session
    this.#config = config
    this.#inputs = session.inputs.map(checkInput)
    const missing = inputNames.slice(0, 1).find(name => !this.#inputs.includes(name))
    if (missing !== undefined) throw unknownModel(`the graph does not take ${missing}: choose another model`)
    this.#output = findOutput(session.outputs, config)
    this.dimensions = this.#output.shape.at(-1) ?? config.hiddenSize
  }

  /** The vectors of some texts, given as tokens; none is empty. @throws KinmeshError `ModelFailed` */
  async run(texts: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const { padId, pooling } = this.#config
    const length = Math.max(...texts.map(ids => ids.length))
    // Without a mask the graph could not tell what is filled up from text.
    if (!this.#inputs.includes('attention_mask') && texts.some(ids => ids.length < length)) throw new KinmeshError('ModelFailed', 'this encoder reads texts of one length only')
    const shape = [texts.length, length]
    const values: Record<(typeof inputNames)[number], () => BigInt64Array> = {
      input_ids: () => filled(texts, length, ids => ids.map(BigInt), BigInt(padId)),
      attention_mask: () => filled(texts, length, ids => ids.map(() => 1n), 0n),
      token_type_ids: () => new BigInt64Array(texts.length * length)
    }
    const inputs = Object.fromEntries(this.#inputs.map((name): [string, Tensor] => [name, { type: 'int64', shape, data: values[name]() }]))
    const isPooled = this.#output.name === textOutput
    const outputShape = isPooled ? [texts.length, this.dimensions] : [...shape, this.dimensions]
    const data = new Float32Array(outputShape.reduce((a, b) => a * b))
    await this.#session.run(inputs, { [this.#output.name]: { type: 'float32', shape: outputShape, data } })
    return texts.map((ids, index) => {
      const vector = isPooled ? data.slice(index * this.dimensions, (index + 1) * this.dimensions) : pooled(data, index * length * this.dimensions, ids.length, this.dimensions, pooling)
      if (!vector.every(Number.isFinite)) throw new KinmeshError('ModelFailed', 'the encoder gives vectors of which some numbers are none: get it again, or choose another one')
      return this.#config.normalize ? normalize(vector) : vector
    })
  }

  /**
   * Whether the vector of a text is the same whatever else is read with it. It is not where a graph rounds the numbers of all texts together (DynamicQuantizeLinear, as in
   * model_quantized.onnx), or does not look at the mask: such a graph is to read one text at a time. Asked once, this also shows that the graph runs at all.
   * @throws KinmeshError `ModelFailed`
   */
  async readsApart(short: readonly number[], long: readonly number[]): Promise<boolean> {
    const alone = [...(await this.run([short])), ...(await this.run([long]))]
    if (!this.#inputs.includes('attention_mask')) return false
    const together = await this.run([short, long])
    return alone.every((vector, index) => {
      const other = together[index] ?? vector
      const scale = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      return vector.every((value, at) => Math.abs(value - (other[at] ?? 0)) <= rounding * scale)
    })
  }

  close(): void {
    this.#session.close()
  }
}

function checkInput({ name, type, shape }: Port): (typeof inputNames)[number] {
  const known = inputNames.find(each => each === name)
  if (known === undefined) throw unknownModel(`the graph takes ${quoted(name)}, which an encoder of texts does not need: choose another model`)
  if (type !== 'int64' || shape.length !== 2 || shape.some(size => size !== null)) throw unknownModel(`the graph takes ${name} as ${described(type, shape)}, and not as int64 [texts, tokens] of any number: choose another model`)
  return known
}

function findOutput(outputs: readonly Port[], { hiddenSize }: EncoderConfig): Port {
  const output = [textOutput, ...tokenOutputs].map(name => outputs.find(each => each.name === name)).find(each => each !== undefined)
  if (!output) throw unknownModel(`the graph gives none of ${[textOutput, ...tokenOutputs].join(', ')}, only ${outputs.map(({ name }) => quoted(name)).slice(0, 4).join(', ')}: choose another model`)
  const { name, type, shape } = output
  const [rank, size] = [name === textOutput ? 2 : 3, shape.at(-1) ?? hiddenSize]
  if (type !== 'float32' || shape.length !== rank || shape.slice(0, -1).some(each => each !== null)) throw unknownModel(`the graph gives ${name} as ${described(type, shape)}, and not as float32 [texts, ${rank === 3 ? 'tokens, ' : ''}numbers]: choose another model`)
  if (size > maxDimensions || (rank === 3 && size !== hiddenSize)) throw unknownModel(`the graph gives vectors of ${size} numbers, and config.json says ${hiddenSize}: the files belong to different models`)
  return output
}

function described(type: string, shape: Port['shape']): string {
  return `${type} [${shape.map(size => size ?? 'any').join(', ')}]`
}

/** Rows of one length. */
function filled(texts: readonly (readonly number[])[], length: number, row: (ids: readonly number[]) => bigint[], filler: bigint): BigInt64Array {
  const data = new BigInt64Array(texts.length * length).fill(filler)
  for (const [index, ids] of texts.entries()) data.set(row(ids), index * length)
  return data
}
