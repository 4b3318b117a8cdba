import { type FileHandle, open, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'
import { writeSynced } from '../../durable-file.node.ts'
import { withPlaces } from '../graph/onnx-format.ts'

type Range = { readonly offset: number; readonly length: number }
/** One thing of the old file in its place in the new one. */
type Move = Range & { readonly to: number }
/** A graph and a file of weights beside it. */
export type GraphFiles = { readonly graph: string; readonly weights: string }

/** Of a page. The kernels place what they pack by the address at which it begins: another remainder of 64 than when it was written, and they read something else. */
const alignment = 4096
const copyBytes = 1024 * 1024
/** "KERNEL+HASH|offset;length;checksum", and more of the last part where a kernel packs several things. */
const packedEntry = /^([^|]+)((?:\|\d{1,15};\d{1,15};\d{1,20})+)$/

/**
 * Writes anew what onnxruntime wrote of a graph with packed weights: it lays them one behind the other, where they are read wrongly (seen in 1.30: NaN
 * out of MatMulNBits). What they were made of is kept beside them, because it looks at that again and compares.
 * @throws KinmeshError `ModelFailed`: the graph is not what this version of onnxruntime writes
 */
export async function alignPackedWeights(from: GraphFiles, to: GraphFiles): Promise<void> {
  const moves: Move[] = []
  let end = 0
  const place = (range: Range): number => {
    const at = Math.ceil(end / alignment) * alignment
    moves.push({ ...range, to: at })
    end = at + range.length
    return at
  }
  const graph = withPlaces(await readFile(from.graph), found => {
    const range = { offset: Number(found.get('offset')), length: Number(found.get('length')) }
    const packed = [...found].filter(([key]) => key.startsWith('prepacked_')).map(([key, value]): [string, string] => [key, movedEntry(value, place)])
    return new Map([['location', basename(to.weights)], ['offset', String(place(range))], ['length', String(range.length)], ...packed])
  })
  const [source, target] = [await open(from.weights, 'r'), await open(to.weights, 'wx', 0o600)]
  try {
    for (const move of moves) await copy(source, target, move)
    await target.sync()
  } finally {
    await source.close()
    await target.close()
  }
  await writeSynced(to.graph, graph)
}

function movedEntry(value: string, place: (range: Range) => number): string {
  const [, key, places] = packedEntry.exec(value) ?? []
  if (key === undefined || places === undefined) throw new KinmeshError('ModelFailed', 'onnxruntime writes packed weights in a form that is not known here')
  const moved = places.slice(1).split('|').map(each => {
    const [offset, length, checksum] = each.split(';')
    return [place({ offset: Number(offset), length: Number(length) }), length, checksum].join(';')
  })
  return [key, ...moved].join('|')
}

async function copy(source: FileHandle, target: FileHandle, { offset, length, to }: Move): Promise<void> {
  const buffer = new Uint8Array(Math.min(length, copyBytes))
  for (let done = 0; done < length;) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, length - done), offset + done)
    if (bytesRead === 0) throw new KinmeshError('ModelFailed', 'the packed weights end before their graph says so')
    await target.write(buffer, 0, bytesRead, to + done)
    done += bytesRead
  }
}
