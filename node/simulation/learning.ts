import type { GraphSession } from '../model/runtime/session.ts'
import { ImageLearner, type ImageLearning } from './image-learner.ts'
import type { Learner } from './learner.ts'
import { TextLearner, type TextLearning } from './text-learner.ts'

/** What is learned and from what, as a thread is told it. */
export type Learning = ImageLearning | TextLearning

/** `open` loads a graph to be run as it is written. */
export function learnerOf(learning: Learning, open: (model: Uint8Array) => Promise<GraphSession>): Learner {
  return learning.kind === 'images' ? new ImageLearner(learning, open) : new TextLearner(learning, open)
}
