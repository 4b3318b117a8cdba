import { silentLogger } from '../../mesh/log.ts'
import { exactVectorIndex } from '../../node/context/vectors/exact-vector-index.ts'
import { loadLargeIndex } from '../../node/context/vectors/hnsw-vector-index.node.ts'
import type { VectorIndex } from '../../node/context/vectors/vector-index.ts'
import { random } from '../random.ts'
import { type Row, row } from '../report.ts'
import { quantile } from '../statistics.ts'
import { textOf } from './pace.ts'
import { standInEncoder } from './stand-in.ts'

const questions = 200
const wanted = 10

/** hnswlib beside a look at every vector: what it misses of the ten nearest, how long a search takes, and how long it takes to make. Nothing where it is not installed. */
export async function vectorRows(count: number, label: string, say: (text: string) => void): Promise<Row[]> {
  const open = await loadLargeIndex(silentLogger)
  if (!open) {
    say('hnswlib-node is not installed: vectors are not measured')
    return []
  }
  const { vectorOf } = standInEncoder()
  const next = random(count)
  const vectors = Array.from({ length: count }, () => vectorOf(textOf(next, 6 + Math.floor(next() * 15), 0)))
  const exact = exactVectorIndex(vectors[0]?.length ?? 0)
  for (const [key, vector] of vectors.entries()) exact.put(key, vector)
  const large = await open(vectors[0]?.length ?? 0)
  const from = performance.now()
  for (const [key, vector] of vectors.entries()) large.put(key, vector)
  const madeMs = performance.now() - from
  const asked = Array.from({ length: questions }, () => vectorOf(textOf(next, 6 + Math.floor(next() * 15), 0)))
  const [right, quick] = [searched(exact, asked), searched(large, asked)]
  const found = right.keys.map((keys, index) => keys.filter(key => quick.keys[index]!.includes(key)).length / keys.length)
  return [
    row('vector_recall_at_10', found.reduce((sum, each) => sum + each, 0) / questions, 'share', `hnswlib ${label}`), row('vector_search_p95', quick.p95, 'ms', `hnswlib ${label}`), row('vector_search_p95', right.p95, 'ms', `exact ${label}`),
    row('vector_index_made', madeMs / 1000, 's', `hnswlib ${label}`)
  ]
}

function searched(index: VectorIndex, asked: readonly Float32Array[]): { readonly keys: number[][]; readonly p95: number } {
  const times: number[] = []
  const keys = asked.map(vector => {
    const from = performance.now()
    const found = index.find(vector, wanted)
    times.push(performance.now() - from)
    return found.map(({ key }) => key)
  })
  return { keys, p95: quantile(times, 0.95) }
}
