import { join } from 'node:path'
import { defaultThreads } from '../model/open-model.node.ts'
import { readAdapter } from '../model/adapter.ts'
import { folderFiles } from '../model/file-source.node.ts'
import { serveThread } from '../model/worker/thread.node.ts'
import { encodeAdapter } from '../train/adapter-files/adapter-file.ts'
import { conversationExamples } from '../train/examples/chat-examples.ts'
import { openBaseModel } from '../train/fine-tune/base-model.node.ts'
import { saidHere } from '../train/fine-tune/fine-tune-data.node.ts'
import { countExamples } from './examples.ts'
import { holdoutLosses } from './holdout.ts'
import { localUpdate } from './local-update.ts'
import { SharedAdapter } from './shared-adapter.ts'
import type { LocalCalls, LocalStart } from './threaded-local-work.node.ts'

/** Share of what memory there is. */
const memoryShare = 0.5

await serveThread<LocalStart, LocalCalls, null>(async ({ model: dir, database, adapters }) => {
  const model = await openBaseModel(dir, defaultThreads())
  const maxMemoryBytes = process.availableMemory() * memoryShare
  const said = (since: number, now: number) => saidHere(database, model.text, { since, until: now })
  const adapterOf = async (name: string) => {
    const files = folderFiles(join(adapters, name))
    try {
      return await readAdapter(files.open, model.text.config)
    } finally {
      await files.close()
    }
  }
  return {
    about: null,
    answers: {
      count: async ({ now }) => countExamples(said(0, now)),
      parameters: async shape => new SharedAdapter(model.text.config, shape).parameters,
      async update({ task, flat, now }, { signal }) {
        const examples = await conversationExamples(said(0, now), model.text, { nowMs: now })
        const { training: { steps, rate }, clipNorm, adapter } = task
        return localUpdate(new SharedAdapter(model.text.config, adapter), flat, { length: { steps }, rate }, clipNorm, { model, examples, maxMemoryBytes, signal })
      },
      files: async ({ task, flat }) => encodeAdapter(model.text.config, new SharedAdapter(model.text.config, task.adapter).trained(flat), model.name),
      async losses({ names, since, now }, { signal }) {
        const examples = await conversationExamples(said(since, now), model.text, { nowMs: now })
        const read = await Promise.all(names.map(async name => (name === null ? undefined : adapterOf(name))))
        return holdoutLosses(model, examples, read, { maxMemoryBytes, signal })
      }
    },
    close: () => model.close()
  }
})
