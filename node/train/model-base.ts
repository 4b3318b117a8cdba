import { type ConvertRecipe, graphRecipe } from '../model/convert-recipe.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import { decoderGraph } from '../model/graph/decoder.ts'
import { adaptableLinears } from '../model/graph/low-rank.ts'
import type { Section } from '../model/graph/weight-layout.ts'
import type { Tensor } from '../model/runtime/session.ts'
import type { FileSource } from '../model/safetensors.ts'
import type { Base } from './decoder-objective.ts'
import type { BaseFormat, BaseInput } from './graphs/base-weights.ts'
import { sizeOf } from './objective.ts'
import { unpackedZeroPoints } from './zero-points.ts'

/** The weights of a converted model, to learn beside them, as they rest in the file: what a graph asks for is read once and kept; or each time, where somebody else keeps it. */
export class ModelBase implements Base {
  readonly format: BaseFormat
  readonly #file: FileSource
  readonly #keeps: boolean
  readonly #sections: readonly Section[]
  readonly #bytes = new Map<Section, Promise<Uint8Array>>()
  /** By what asked for them: every graph asks for the same ones. */
  readonly #zeroPoints = new Map<string, Uint8Array>()
  /** Rows of each tensor that shares a matrix with others. */
  readonly #rows: ReadonlyMap<string, number>

  /** `file`: the weights, `recipe`: how they were made, as the model's manifest says. */
  constructor(config: DecoderConfig, recipe: ConvertRecipe, file: FileSource, { keeps = true }: { readonly keeps?: boolean } = {}) {
    this.#keeps = keeps
    const { bits, block, zeroPoints } = recipe
    this.format = bits === 32 ? { bits } : { bits, block, zeroPoints }
    this.#file = file
    // Matrices that are there once more for reading prompts have one scale for each row.
    this.#sections = decoderGraph(config, graphRecipe(recipe)).sections.filter(({ matrix: { format } }) => format.bits === 32 || format.block !== null)
    this.#rows = new Map(adaptableLinears(config).flatMap(({ name, rows }) => [[`${name}.weight`, rows], [`${name}.bias`, rows]]))
  }

  /** @throws KinmeshError `BadModelFile` */
  async tensor(input: BaseInput): Promise<Tensor> {
    const { source, part, from, shape, type } = input
    const section = this.#sections.find(each => each.part === part && each.matrix.sources.includes(source))
    const [rows = 0] = shape
    if (!section) {
      if (part !== 'zeroPoints') throw new Error(`there is no ${part} of ${source}`)
      return { type, shape, data: this.#unpacked(input, null) }
    }
    const { matrix, length } = section
    const before = matrix.sources.slice(0, matrix.sources.indexOf(source)).reduce((sum, each) => sum + (this.#rows.get(each) ?? 0), from)
    const bytes = await this.#section(section)
    // Vectors lie in one row.
    const rowBytes = matrix.rows === 1 ? Float32Array.BYTES_PER_ELEMENT : length / matrix.rows
    const own = bytes.subarray(before * rowBytes, (before + rows) * rowBytes)
    if (part === 'zeroPoints') return { type, shape, data: this.#unpacked(input, own) }
    return { type, shape, data: type === 'float32' ? new Float32Array(own.buffer, own.byteOffset, sizeOf(shape)) : own }
  }

  #unpacked({ name, source, shape: [rows, width = 1] }: BaseInput, own: Uint8Array | null): Uint8Array {
    if (this.format.bits === 32) throw new Error(`${source} has no zero points`)
    const unpacked = this.#zeroPoints.get(name) ?? unpackedZeroPoints(own, rows, width, this.format.bits)
    if (this.#keeps) this.#zeroPoints.set(name, unpacked)
    return unpacked
  }

  #section(section: Section): Promise<Uint8Array> {
    const known = this.#bytes.get(section) ?? this.#file.read(section.offset, section.length)
    if (this.#keeps) this.#bytes.set(section, known)
    return known
  }
}
