import { join } from 'node:path'
import { loadLargeIndex } from './hnsw-vector-index.node.ts'
import { largeIndexes } from './large-indexes.node.ts'
import { MemoryVectors, type MemoryVectorsParts } from './memory-vectors.ts'
import { openVectorStore } from './vector-store.node.ts'

/** Vectors of memories, kept in the folder `dir`: `vectors.db`, and `vectors.index` where they are many. */
export async function openMemoryVectors(dir: string, parts: Omit<MemoryVectorsParts, 'store' | 'large'>): Promise<MemoryVectors> {
  const open = await loadLargeIndex(parts.log)
  return new MemoryVectors({ ...parts, store: openVectorStore(join(dir, 'vectors.db'), parts.log), large: open && largeIndexes(open, join(dir, 'vectors.index')) })
}
