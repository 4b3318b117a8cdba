import { KinmeshError } from '../../mesh/errors.ts'
import type { Matrix, Section } from './graph/weight-layout.ts'
import { quantizeRows } from './quantize.ts'

/** The published weights, read a few rows at a time. A vector has rows of one. */
export type TensorRows = {
  has(name: string): boolean
  info(name: string): { readonly shape: readonly number[] }
  readRows(name: string, from: number, count: number): Promise<Float32Array>
}

export type WriteOptions = {
  readonly signal?: AbortSignal | undefined
  /** Bytes of the weight file that are written so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined
}

/** What rounding a matrix lost: √(Σ(v − v′)² / Σv²). */
export type MatrixError = { readonly name: string; readonly relativeError: number }

/**
 * Processors without VNNI add two products of uint8 and int8 in 16 bits, and cut off what is greater: with weights of seven bits nothing is.
 * (onnxruntime's documentation of quantization, "reduce_range".)
 */
const rowBits = 7
/** What `quantizeRows` adds to make them unsigned. */
const rowMiddle = 2 ** (rowBits - 1)
/** Numbers worked on at once: 4 MiB of them as f32. */
const numbersPerStep = 1024 * 1024

/**
 * Writes the weight file of a graph from published weights, in whatever order suits; peak memory is a few rows.
 * @throws KinmeshError `BadModelFile`: a tensor is missing or has another shape than the configuration says
 */
export async function writeWeights(
  sections: readonly Section[], tensors: TensorRows, write: (offset: number, bytes: Uint8Array) => Promise<void>, { signal, onProgress }: WriteOptions = {}
): Promise<MatrixError[]> {
  const errors: MatrixError[] = []
  const matrices = new Map<Matrix, Section[]>()
  for (const section of sections) matrices.set(section.matrix, [...(matrices.get(section.matrix) ?? []), section])
  for (const matrix of matrices.keys()) checkShapes(matrix, tensors)
  let written = 0
  for (const [matrix, parts] of matrices) {
    let [error, norm] = [0, 0]
    const columnsFirst = isByRow(matrix) ? new Int8Array(matrix.rows * matrix.columns) : undefined
    for await (const { row, rows } of rowsOf(matrix, tensors)) {
      signal?.throwIfAborted()
      const encoded = encode(matrix, rows)
      error += encoded.error
      norm += encoded.norm
      if (columnsFirst) turn(encoded.values, matrix, row, columnsFirst)
      for (const part of parts) {
        if (columnsFirst && part.part === 'values') continue
        const bytes = encoded[part.part]
        await write(part.offset + (row * part.length) / matrix.rows, bytes)
        written += bytes.length
      }
      onProgress?.(written)
    }
    const values = parts.find(({ part }) => part === 'values')
    if (columnsFirst && values) {
      await write(values.offset, new Uint8Array(columnsFirst.buffer))
      onProgress?.((written += columnsFirst.length))
    }
    if (matrix.format.bits !== 32) errors.push({ name: matrix.name, relativeError: norm === 0 ? 0 : Math.sqrt(error / norm) })
  }
  return errors
}

function checkShapes({ name, sources, rows, columns }: Matrix, tensors: TensorRows): void {
  let found = 0
  for (const source of sources) {
    if (!tensors.has(source)) throw new KinmeshError('BadModelFile', `the weights lack ${source}, which the model's config.json asks for`)
    const { shape } = tensors.info(source)
    const [height = 0, width = 1] = rows === 1 ? [1, shape[0] ?? 0] : shape
    if (shape.length !== (rows === 1 ? 1 : 2) || (rows > 1 && width !== columns)) throw wrongShape(source, shape, rows, columns)
    found += rows === 1 ? width : height
  }
  if (found !== (rows === 1 ? columns : rows)) throw new KinmeshError('BadModelFile', `${sources.join(' and ')} have ${found} rows for ${name}, where config.json asks for ${rows === 1 ? columns : rows}`)
}

function wrongShape(source: string, shape: readonly number[], rows: number, columns: number): KinmeshError {
  return new KinmeshError('BadModelFile', `${source} has the shape [${shape.join(', ')}], where config.json asks for ${rows === 1 ? `[${columns}]` : `rows of ${columns}`}`)
}

/** A vector as its one row; a matrix some rows at a time, of its sources one after the other. */
async function* rowsOf({ sources, rows, columns }: Matrix, tensors: TensorRows): AsyncGenerator<{ row: number; rows: Float32Array }> {
  if (rows === 1) {
    const parts: Float32Array[] = []
    for (const source of sources) parts.push(await tensors.readRows(source, 0, tensors.info(source).shape[0] ?? 0))
    const whole = new Float32Array(columns)
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    yield { row: 0, rows: whole }
    return
  }
  const step = Math.max(1, Math.floor(numbersPerStep / columns))
  let row = 0
  for (const source of sources) {
    const height = tensors.info(source).shape[0] ?? 0
    for (let from = 0; from < height; from += step) {
      const count = Math.min(step, height - from)
      yield { row, rows: await tensors.readRows(source, from, count) }
      row += count
    }
  }
}

type Encoded = Record<Section['part'], Uint8Array> & { readonly error: number; readonly norm: number }

function encode({ columns, format }: Matrix, rows: Float32Array): Encoded {
  const none = new Uint8Array()
  if (format.bits === 32) return { values: bytesOf(rows), scales: none, zeroPoints: none, error: 0, norm: 0 }
  const { values, scales, zeroPoints, error, norm } = quantizeRows(rows, columns, format.block === null ? { bits: rowBits, block: columns, zeroPoints: false } : format)
  return { values, scales: bytesOf(scales), zeroPoints: zeroPoints ?? none, error, norm }
}

function isByRow({ format }: Matrix): boolean {
  return format.bits !== 32 && format.block === null
}

/** The kernel wants a column of the matrix in one piece, int8 [columns, rows]; it is one layer's worth of memory. */
function turn(values: Uint8Array, { rows: height, columns }: Matrix, from: number, into: Int8Array): void {
  for (let at = 0; at < values.length; at++) into[(at % columns) * height + from + Math.floor(at / columns)] = (values[at] as number) - rowMiddle
}

function bytesOf(numbers: Float32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}
