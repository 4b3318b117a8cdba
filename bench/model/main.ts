import { answerCalls } from '../device/answer-calls.ts'
import { Measured } from './measured.ts'
import type { Runtime } from './runtime.ts'

// The process of one runtime: main.ts SUBJECT. Only what it runs is loaded, and that counts as loading.

const [subject = ''] = process.argv.slice(2)
answerCalls(() => new Measured(make))

async function make(): Promise<Runtime> {
  switch (subject) {
    case 'kinmesh':
      return new (await import('./kinmesh.ts')).KinmeshRuntime()
    case 'node-llama-cpp':
      return new (await import('./llama.ts')).LlamaRuntime()
    case 'transformers.js':
      return new (await import('./transformers.ts')).TransformersRuntime()
    default:
      throw new Error(`there is no runtime "${subject}"`)
  }
}
