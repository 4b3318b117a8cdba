import { openWebSession } from '../../node/model/runtime/ort-web-session.browser.ts'
import { OrtWasm } from '../../node/model/runtime/ort-wasm.browser.ts'
import { servePageThread } from '../../node/model/worker/thread.browser.ts'
import type { PageTrainingCalls } from './page.browser.ts'
import type { Task } from './tasks.ts'
import { CaseTraining } from './training.ts'

// A worker that trains one case.

servePageThread<Task, PageTrainingCalls, null>(async ({ name, steps, threads }) => {
  const ort = await OrtWasm.load(threads)
  let training: CaseTraining | undefined
  return {
    about: null,
    answers: {
      async load() {
        training = await CaseTraining.open(name, { open: model => openWebSession(ort, model, {}, { asWritten: true }), place: tensor => ort.placed(tensor) })
        return { tokens: training.tokens, parameters: training.parameterCount }
      },
      run: () => training!.run(steps)
    },
    close: async () => training?.close()
  }
})
