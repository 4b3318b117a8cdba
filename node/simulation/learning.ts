import type { AdapterLearning } from './adapter-learner.ts'
import type { ImageLearning } from './image-learner.ts'
import type { LayersLearning } from './layers-learner.ts'
import type { TextLearning } from './text-learner.ts'

/** What is learned and from what, as a thread is told it. */
export type Learning = ImageLearning | TextLearning | AdapterLearning | LayersLearning
