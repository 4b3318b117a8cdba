import { openOrtSession } from '../model/runtime/ort-session.node.ts'
import { serveThread } from '../model/worker/thread.node.ts'
import { learnerOf } from './learning.ts'
import type { LearnerAbout, LearnerCalls, LearnerStart } from './learner-calls.ts'

await serveThread<LearnerStart, LearnerCalls, LearnerAbout>(async ({ learning, split }) => {
  // A thread for each core is what the pool is for.
  const learner = learnerOf(learning, model => openOrtSession(model, { threads: 1, asWritten: true }))
  return {
    about: { parameters: learner.parameters, assessParts: learner.assessParts },
    answers: {
      train: async ({ client, seed, parameters }) => learner.train(split[client]!, seed, parameters.slice()),
      assess: async ({ part, parameters }) => learner.assess(parameters.slice(), part)
    },
    moved: answer => (typeof answer === 'object' && answer !== null && 'delta' in answer && answer.delta instanceof Float32Array ? [answer.delta.buffer as ArrayBuffer] : []),
    close: () => learner.close()
  }
})
