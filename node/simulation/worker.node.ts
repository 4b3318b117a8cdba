import { serveThread } from '../model/worker/thread.node.ts'
import type { LearnerAbout, LearnerCalls, LearnerStart } from './learner-calls.ts'
import { openLearner } from './open-learner.node.ts'

await serveThread<LearnerStart, LearnerCalls, LearnerAbout>(async ({ learning, split }) => {
  const learner = await openLearner(learning)
  return {
    about: { parameters: learner.parameters, assessParts: learner.assessParts, beginning: learner.beginning },
    answers: {
      train: async ({ client, seed, parameters, own }) => learner.train(split[client]!, seed, parameters.slice(), own),
      assess: async ({ part, parameters, own }) => learner.assess(parameters.slice(), part, own)
    },
    moved: answer => (typeof answer === 'object' && answer !== null && 'delta' in answer && answer.delta instanceof Float32Array ? [answer.delta.buffer as ArrayBuffer] : []),
    close: () => learner.close()
  }
})
