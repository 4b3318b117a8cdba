import { nextTurn, openDecoder } from '../../node/model/open-model.node.ts'
import { type Decoder, Engine, type GenerateRequest } from '../../node/model/runtime/engine.ts'
import { createSampler } from '../../node/model/text/sampling.ts'
import type { Countable, ModelFiles, OnToken, Room, Runtime } from './runtime.ts'

const answerTokens = 16
/** A prompt that the engine reads in two runs, and how many runs are cancelled: those two, and some of the writing. */
const [twoChunks, cancelledRuns] = [300, 5]

/** The engine as a device runs it, guesses apart: a random model repeats nothing that could be guessed. */
export class KinmeshRuntime implements Runtime, Countable {
  #decoder: Decoder | undefined

  async load({ kinmesh, packed }: ModelFiles, threads: number, { sessions, positions }: Room): Promise<void> {
    this.#decoder = (await openDecoder(kinmesh, 'bench', { threads, slots: sessions, positions, packed })).decoder
  }

  /** All room was made when it was loaded: the system gives memory for what is written only. */
  async make(): Promise<void> {}

  async write(prompts: readonly (readonly number[])[], tokens: number, onToken: OnToken): Promise<void> {
    const engine = this.#engine()
    await Promise.all(prompts.map((prompt, text) => engine.generate(request(prompt, tokens, id => onToken(text, id)))))
  }

  async keep(prompts: readonly (readonly number[])[]): Promise<void> {
    const engine = this.#engine()
    for (const prompt of prompts) await engine.generate(request(prompt, 1))
  }

  /** By ids: a random model writes bytes that are no text, and no template would give them back as they were. */
  async secondTurn(prompt: readonly number[], added: readonly number[]): Promise<{ brought: number; read: number }> {
    const engine = this.#engine()
    const { ids } = await engine.generate(request(prompt, answerTokens))
    const whole = [...prompt, ...ids, ...added]
    const { reused } = await engine.generate(request(whole, 1))
    return { brought: added.length, read: whole.length - reused }
  }

  async runsAfterCancel(prompt: readonly number[]): Promise<number> {
    let most = 0
    for (let inRun = 1; inRun <= cancelledRuns; inRun++) {
      const cancel = new AbortController()
      let [runs, after] = [0, 0]
      const engine = this.#engine(() => {
        runs++
        if (cancel.signal.aborted) after++
        // In the middle of a run, as when a person says so while it goes on.
        else if (runs === inRun) cancel.abort()
      })
      const wasCancelled = await engine.generate({ ...request(prompt.slice(0, twoChunks), answerTokens), signal: cancel.signal }).then(() => false, () => cancel.signal.aborted)
      if (!wasCancelled) throw new Error('a text that was cancelled was written to its end')
      most = Math.max(most, after)
    }
    return most
  }

  /** A new one knows nothing of what its slots hold, and reuses none of it. */
  #engine(onRun: () => void = () => undefined): Engine {
    const decoder = this.#decoder
    if (!decoder) throw new Error('no model is loaded')
    const watched = <Given extends unknown[]>(run: (...given: Given) => Promise<Float32Array>) => (...given: Given) => {
      onRun()
      return run(...given)
    }
    const { size, config } = decoder
    return new Engine({
      size, config, read: watched(decoder.read.bind(decoder)), readAsSteps: watched(decoder.readAsSteps.bind(decoder)), step: watched(decoder.step.bind(decoder)), copy: decoder.copy.bind(decoder)
    }, { turn: nextTurn })
  }
}

function request(prompt: readonly number[], maxTokens: number, onToken: (id: number) => void = () => undefined): GenerateRequest {
  const sampler = createSampler({ temperature: 0, seed: 0 })
  return { prompt, maxTokens, endIds: new Set(), pick: logits => sampler.sample(logits, []), onToken }
}
