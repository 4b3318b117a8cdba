import { tinyConfigs } from '../../model/testing/tiny-models.ts'
import { type AdapterFiles, encodeAdapter } from '../../train/adapter-files/adapter-file.ts'
import { SharedAdapter } from '../shared-adapter.ts'

export const forModel = { id: '7'.repeat(64), config: tinyConfigs['tied head']! }
const shared = new SharedAdapter(forModel.config, { rank: 2, alpha: 4, seed: 'seed' })

/** For tests: an adapter of its own for each number. */
export function adapterOf(number: number): AdapterFiles {
  return encodeAdapter(forModel.config, shared.trained(new Float32Array(shared.parameters).fill(number)))
}
