import { finder } from '../prompt-order.ts'
import { Keeping } from './kept.ts'
import { unpackKept } from './kept-file.ts'
import { weights } from './kept-weights.ts'

/** What ships. */
export const keeping = new Keeping(unpackKept(weights), finder.seeing)
