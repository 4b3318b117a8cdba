import { type Pace, paceOf } from '../../node/model/pace.ts'
import { now } from '../device/clock.ts'
import { random } from '../random.ts'
import { median } from '../statistics.ts'
import type { Countable, ModelFiles, Room, Runtime } from './runtime.ts'

/** What the process of a runtime answers. Times in ms, memory in MB. */
export type RuntimeCalls = {
  load(options: { files: ModelFiles; threads: number; vocabSize: number; room: Room }): Promise<{ loadMs: number; firstTokenAt: number; rss: number }>
  /** Reads prompts of so many tokens, and writes on, `runs` times. */
  pace(options: { context: number; tokens: number; runs: number }): Promise<Pace>
  /** Holds sessions that have read so many tokens. */
  sessions(options: { sessions: number; context: number }): Promise<{ rss: number; peak: number }>
  /** Tokens per second of all texts together, while all of them are being written. */
  throughput(options: { texts: number; context: number; tokens: number }): Promise<number>
  counts(context: number): Promise<{ secondTurn: { brought: number; read: number }; runsAfterCancel: number }>
  stop(): Promise<void>
}

const MB = 2 ** 20
const shortPrompt = 32
/** Ids of a vocabulary that have no meaning of their own in any of the files. */
const firstId = 4

/** Measures a runtime in its own process. */
export class Measured implements RuntimeCalls {
  readonly #make: () => Promise<Runtime>
  readonly #next = random(1)
  #runtime: Runtime | undefined
  #vocabSize = 0

  constructor(make: () => Promise<Runtime>) {
    this.#make = make
  }

  async load({ files, threads, vocabSize, room }: Parameters<RuntimeCalls['load']>[0]): ReturnType<RuntimeCalls['load']> {
    this.#vocabSize = vocabSize
    const startedAt = now()
    this.#runtime = await this.#make()
    await this.#runtime.load(files, threads, room)
    const loadMs = now() - startedAt
    await this.#runtime.write([this.#prompt(shortPrompt)], 1, () => undefined)
    return { loadMs, firstTokenAt: now(), rss: process.memoryUsage().rss / MB }
  }

  async pace({ context, tokens, runs }: Parameters<RuntimeCalls['pace']>[0]): Promise<Pace> {
    const paces: Pace[] = []
    for (let run = 0; run < runs; run++) {
      const tokensAt: number[] = []
      const prompt = this.#prompt(context)
      const startedAt = now()
      await this.#loaded.write([prompt], tokens, () => void tokensAt.push(now()))
      paces.push(paceOf(context, { startedAt, tokensAt }))
    }
    return { prefill: median(paces.map(({ prefill }) => prefill)), decode: median(paces.map(({ decode }) => decode)) }
  }

  async sessions({ sessions, context }: Parameters<RuntimeCalls['sessions']>[0]): Promise<{ rss: number; peak: number }> {
    await this.#loaded.make({ sessions, positions: context + 1 })
    await this.#loaded.keep(Array.from({ length: sessions }, () => this.#prompt(context)))
    return { rss: process.memoryUsage().rss / MB, peak: (process.resourceUsage().maxRSS * 1024) / MB }
  }

  async throughput({ texts, context, tokens }: Parameters<RuntimeCalls['throughput']>[0]): Promise<number> {
    // The first text goes on while the prompts of the others are read.
    const each = tokens + texts
    await this.#loaded.make({ sessions: texts, positions: context + each })
    const tokensAt: number[][] = Array.from({ length: texts }, () => [])
    await this.#loaded.write(Array.from({ length: texts }, () => this.#prompt(context)), each, text => void tokensAt[text]?.push(now()))
    const from = Math.max(...tokensAt.map(([first]) => first ?? Number.NaN))
    const to = Math.min(...tokensAt.map(times => times.at(-1) ?? Number.NaN))
    if (!(to > from)) throw new Error(`${texts} texts were not written at once`)
    const within = tokensAt.flat().filter(at => at > from && at <= to).length
    return (within / (to - from)) * 1000
  }

  async counts(context: number): ReturnType<RuntimeCalls['counts']> {
    const runtime = this.#loaded
    if (!isCountable(runtime)) throw new Error('this runtime counts nothing')
    return { secondTurn: await runtime.secondTurn(this.#prompt(Math.ceil(context / 2)), this.#prompt(shortPrompt)), runsAfterCancel: await runtime.runsAfterCancel(this.#prompt(context)) }
  }

  /** Its process ends with its pipe, and what it holds goes with it. */
  async stop(): Promise<void> {}

  get #loaded(): Runtime {
    if (!this.#runtime) throw new Error('no model is loaded')
    return this.#runtime
  }

  /** No two begin in the same way. */
  #prompt(tokens: number): number[] {
    return Array.from({ length: tokens }, () => firstId + Math.floor(this.#next() * (this.#vocabSize - firstId)))
  }
}

function isCountable(runtime: Runtime): runtime is Runtime & Countable {
  return 'secondTurn' in runtime
}
