import type { ElementType, Placement } from './graph.ts'
import { elementTypes } from './graph.ts'

/** How the numbers of a matrix rest. `block`: columns that share a scale. */
export type BlockFormat = { readonly bits: 4 | 8; readonly block: number; readonly zeroPoints: boolean }
/** Seven bits in eight, one scale for each row; what a row is multiplied with is rounded to 8 bits as well, each token by itself. For many tokens at once. */
export type RowFormat = { readonly bits: 8; readonly block: null }
export type WeightFormat = { readonly bits: 32 } | BlockFormat | RowFormat

/** Rows of a matrix, from one tensor of the published model or from several on top of each other. `columns` is what a row is multiplied with. */
export type Matrix = { readonly name: string; readonly sources: readonly string[]; readonly rows: number; readonly columns: number; readonly format: WeightFormat }

/** What lies in one place of the weight file. */
export type Section = Placement & {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly matrix: Matrix
  readonly part: 'values' | 'scales' | 'zeroPoints'
}

/** Sections begin at multiples of this many bytes: a page, so that each can be mapped by itself. */
const alignment = 4096

/** Where each weight lies in the one file beside a model, in the order in which they are asked for. */
export class WeightLayout {
  readonly location: string
  readonly sections: Section[] = []
  #end = 0

  constructor(location: string) {
    this.location = location
  }

  /** Length of the file, bytes. */
  get bytes(): number {
    return this.#end
  }

  place(matrix: Matrix, part: Section['part'], type: ElementType, shape: readonly number[]): Section {
    const name = part === 'values' ? matrix.name : `${matrix.name}.${part}`
    const known = this.sections.find(section => section.name === name)
    if (known) return known
    const offset = Math.ceil(this.#end / alignment) * alignment
    const length = Math.ceil((shape.reduce((product, size) => product * size, 1) * elementTypes[type].bits) / 8)
    const section = { name, type, shape, matrix, part, location: this.location, offset, length }
    this.sections.push(section)
    this.#end = offset + length
    return section
  }
}
