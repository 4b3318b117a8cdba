import { finder } from '../prompt-order.ts'
import { Keeping } from './kept.ts'
import { unpackKept } from './kept-file.ts'
import weights from './kept-weights.json' with { type: 'json' }

/** What ships. */
export const keeping = new Keeping(unpackKept(weights), finder.seeing)
