import type { GraphSession } from '../model/runtime/session.ts'
import { ImageLearner, type ImageLearning } from './image-learner.ts'
import type { Learner } from './learner.ts'

/** What is learned and from what, as a thread is told it. */
export type Learning = ImageLearning

/** `open` loads a graph to be run as it is written. */
export function learnerOf(learning: Learning, open: (model: Uint8Array) => Promise<GraphSession>): Learner {
  return new ImageLearner(learning, open)
}
