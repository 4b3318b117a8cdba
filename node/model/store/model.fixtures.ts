import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Manifest } from './manifest.ts'
import { openModelStore } from './store.node.ts'

/** Bytes that are the same every time and compress badly, so that a part of them is at one place only. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed
  for (let n = 0; n < length; n++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[n] = state >>> 16
  }
  return bytes
}

export const sha256Of = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** A manifest of these files. */
export function manifestOf(files: Readonly<Record<string, string | Uint8Array>>, more: Partial<Manifest> = {}): Manifest {
  return {
    format: 1, name: 'someone/tiny', kind: 'decoder', source: { repo: 'someone/tiny', revision: 'a'.repeat(40) }, licence: 'apache-2.0', recipe: null,
    files: Object.entries(files).map(([path, content]) => ({ path, bytes: Buffer.byteLength(content as Uint8Array), sha256: sha256Of(content) })),
    madeAt: 1_700_000_000_000, madeBy: 'kinmesh 0.0.0', ...more
  }
}

/** Has no model answer in a home, not even the one that comes with kinmesh: what is said there is the same each time. */
export async function withoutModel(home: string): Promise<void> {
  await (await openModelStore(join(home, 'models'))).useNone()
}
