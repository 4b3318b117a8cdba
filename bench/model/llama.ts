import { type Llama, type LlamaContext, type LlamaContextSequence, type LlamaModel, type Token, getLlama } from 'node-llama-cpp'
import type { ModelFiles, OnToken, Room, Runtime } from './runtime.ts'

/** node-llama-cpp with its own library for this processor. */
export class LlamaRuntime implements Runtime {
  #llama: Llama | undefined
  #model: LlamaModel | undefined
  #context: LlamaContext | undefined
  #sequences: LlamaContextSequence[] = []
  #threads = 1

  async load({ gguf }: ModelFiles, threads: number, room: Room): Promise<void> {
    this.#threads = threads
    this.#llama = await getLlama({ build: 'never', gpu: false, skipDownload: true, maxThreads: threads, logLevel: 'error' })
    this.#model = await this.#llama.loadModel({ modelPath: gguf, gpuLayers: 0 })
    await this.make(room)
  }

  async make({ sessions, positions }: Room): Promise<void> {
    await this.#context?.dispose()
    if (!this.#model) throw new Error('no model is loaded')
    const context = (this.#context = await this.#model.createContext({ sequences: sessions, contextSize: positions, threads: this.#threads }))
    this.#sequences = Array.from({ length: sessions }, () => context.getSequence())
  }

  async write(prompts: readonly (readonly number[])[], tokens: number, onToken: OnToken): Promise<void> {
    await Promise.all(prompts.map(async (prompt, text) => {
      const sequence = this.#sequences[text]
      if (!sequence) throw new Error(`there is no room for ${prompts.length} texts`)
      await sequence.clearHistory()
      let left = tokens
      for await (const id of sequence.evaluate(prompt as Token[], { temperature: 0, yieldEogToken: true })) {
        onToken(text, id)
        if (--left === 0) return
      }
    }))
  }

  async keep(prompts: readonly (readonly number[])[]): Promise<void> {
    for (const [index, prompt] of prompts.entries()) {
      await this.#sequences[index]?.clearHistory()
      await this.#sequences[index]?.evaluateWithoutGeneratingNewTokens(prompt as Token[])
    }
  }
}
