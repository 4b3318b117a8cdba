import { openModel } from '../open-model.node.ts'
import { type LoadNews, type ModelCalls, servedModel } from './model-calls.ts'
import { serveThread } from './thread.node.ts'
import type { ModelStart } from './threaded-model.node.ts'

await serveThread<ModelStart, ModelCalls<string>, string, LoadNews>(async ({ dir, name, ...options }, tell) => {
  const opened = await openModel(dir, name, { ...options, onNote: note => tell({ note }) })
  return servedModel(opened, opened.model.template)
})
