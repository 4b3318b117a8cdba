import { KinmeshError } from '../../../mesh/errors.ts'
import type { Adapter } from '../adapter.ts'
import { Slots, type Slot } from './slots.ts'

/** What the engine needs of a decoder: DecoderSession, or a stand-in for tests. */
export type Decoder = {
  readonly size: { readonly slots: number; readonly positions: number }
  readonly config: { readonly vocabSize: number }
  read(slot: number, past: number, ids: readonly number[], picked: readonly number[], adapter: Adapter | undefined): Promise<Float32Array>
  readAsSteps(slot: number, past: number, ids: readonly number[], adapter: Adapter | undefined): Promise<Float32Array>
  step(first: number, ids: readonly number[], pasts: readonly number[], adapter: Adapter | undefined): Promise<Float32Array>
  copy(from: number, to: number, positions: number): void
}

export type GenerateRequest = {
  readonly prompt: readonly number[]
  readonly maxTokens: number
  /** Read and written through it, from the first token to the last. */
  readonly adapter?: Adapter | undefined
  /** Any of these ends the text, and is no part of it. */
  readonly endIds: ReadonlySet<number>
  /** Chooses the next token by the logits of all, f32 [vocabSize]. Asked once for each token of the text, in order; no other text is written meanwhile. */
  pick(logits: Float32Array): number | Promise<number>
  /** Hears of each token in order; false ends the text after it. */
  onToken?(id: number): boolean | void
  /** Guesses of how the ids go on, for reading several at once; whatever they are, the result is the same. */
  draft?(ids: readonly number[]): readonly number[]
  readonly signal?: AbortSignal | undefined
}

/** Why a text ended: `end`, by a token of its own; `length`, `maxTokens`; `stop`, by whoever listened; `context`, no positions are left. */
export type Finish = 'end' | 'length' | 'stop' | 'context'
export type Generation = {
  readonly ids: readonly number[]
  readonly finish: Finish
  /** Positions of the prompt that were found in the cache, and were not read again. */
  readonly reused: number
  /** Drafted tokens that were right. */
  readonly guessed: number
}

export type EngineOptions = {
  /** Tokens of a prompt that are read in one run: between two of them other requests go on. */
  readonly chunkTokens?: number
  /** Lets everything else have its turn; between two runs of the decoder. */
  readonly turn: () => Promise<void>
}

type Sequence = {
  readonly request: GenerateRequest
  readonly slot: Slot
  /** Prompt and what came of it. Those from `slot.filled` on are still to be read. */
  readonly ids: number[]
  readonly reused: number
  guessed: number
  readonly resolve: (generation: Generation) => void
  readonly reject: (error: unknown) => void
}
type Waiting = Pick<Sequence, 'request' | 'resolve' | 'reject'>

/** A few hundred tokens keep the kernels busy, and are over within what a person takes for an instant. */
const defaultChunkTokens = 256
/** Slots without work that a common step reads along, rather than making two steps of it. */
const gapSlots = 1

/**
 * Runs the requests of everybody over one decoder at once: prompts are read in chunks, and between two chunks every text that is being
 * written gets its next token, all of them that share an adapter, or have none, in one step. What a slot has read stays, for prompts that begin in the same way.
 */
export class Engine {
  readonly #decoder: Decoder
  readonly #options: EngineOptions
  readonly #slots: Slots
  readonly #chunkTokens: number
  #waiting: Waiting[] = []
  #active: Sequence[] = []
  #running: Promise<void> | undefined
  #stopped = false

  constructor(decoder: Decoder, options: EngineOptions) {
    this.#decoder = decoder
    this.#options = options
    this.#chunkTokens = options.chunkTokens ?? defaultChunkTokens
    this.#slots = new Slots(decoder.size.slots)
  }

  /**
   * Writes on from a prompt. An aborted signal ends the work itself, before the next run of the decoder.
   * @throws KinmeshError `PromptTooLong` · `InvalidOption` · `ModelFailed` · `DeviceStopped`; the reason of the signal
   */
  generate(request: GenerateRequest): Promise<Generation> {
    const { positions } = this.#decoder.size
    if (this.#stopped) return Promise.reject(stopped())
    if (request.prompt.length === 0) return Promise.reject(new KinmeshError('InvalidOption', 'the prompt is empty: it takes a token at least'))
    if (request.prompt.some(id => !Number.isInteger(id) || id < 0 || id >= this.#decoder.config.vocabSize)) return Promise.reject(new KinmeshError('InvalidOption', 'the prompt has a token that the model does not know'))
    if (request.prompt.length >= positions) return Promise.reject(new KinmeshError('PromptTooLong', `the prompt has ${request.prompt.length} tokens, and the model's context holds ${positions}: shorten it, or start a new conversation`))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Ends what is under way, and takes no more. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#waiting.length + this.#active.length > 0) {
      this.#dropEnded()
      this.#admit()
      await this.#readPrompt()
      await this.#writeTokens()
      await this.#options.turn()
    }
    this.#running = undefined
  }

  /** Those whose caller wants no more. */
  #dropEnded(): void {
    for (const { request, reject } of this.#waiting.filter(({ request: { signal } }) => this.#stopped || signal?.aborted)) reject(this.#stopped ? stopped() : request.signal?.reason)
    this.#waiting = this.#waiting.filter(({ request: { signal } }) => !this.#stopped && !signal?.aborted)
    for (const sequence of this.#active.filter(({ request: { signal } }) => this.#stopped || signal?.aborted)) this.#fail(sequence, this.#stopped ? stopped() : sequence.request.signal?.reason)
  }

  #admit(): void {
    while (this.#waiting.length > 0) {
      const [{ request }] = this.#waiting as [Waiting]
      // The last token is always read: its logits are what comes next.
      const place = this.#slots.take(request.prompt.slice(0, -1), request.adapter?.id)
      if (!place) return
      const { slot, copyFrom, reused } = place
      if (copyFrom) this.#decoder.copy(copyFrom.index, slot.index, reused)
      this.#active.push({ ...(this.#waiting.shift() as Waiting), slot, ids: [...request.prompt], reused, guessed: 0 })
    }
  }

  /** One chunk of the prompt that waits longest. */
  async #readPrompt(): Promise<void> {
    const sequence = this.#active.find(({ ids, slot }) => ids.length - slot.filled > 1)
    if (!sequence) return
    const { ids, slot, request } = sequence
    const chunk = ids.slice(slot.filled, slot.filled + this.#chunkTokens)
    const isLast = slot.filled + chunk.length === ids.length
    await this.#attempt([sequence], async () => {
      const logits = await this.#decoder.read(slot.index, slot.filled, chunk, isLast ? [chunk.length - 1] : [], request.adapter)
      slot.read(chunk)
      if (isLast) await this.#write(sequence, logits)
    })
  }

  /** The next token of every text that is being written. */
  async #writeTokens(): Promise<void> {
    const ready = this.#active.filter(({ ids, slot }) => ids.length - slot.filled === 1)
    const [only] = ready
    if (ready.length === 1 && only?.request.draft) return this.#writeDrafted(only)
    for (const sequences of Map.groupBy(ready, ({ request }) => request.adapter?.id).values()) for (const group of neighbours(sequences)) await this.#step(group)
  }

  /** Of sequences with the same adapter. */
  async #step(group: readonly Sequence[]): Promise<void> {
    const first = group[0]?.slot.index ?? 0
    const count = (group.at(-1)?.slot.index ?? 0) - first + 1
    // A slot without work reads a token after all that it holds: nobody looks at it there.
    const rows = Array.from({ length: count }, (_, row) => {
      const sequence = group.find(({ slot }) => slot.index === first + row)
      return sequence ? { id: sequence.ids.at(-1) ?? 0, past: sequence.slot.filled } : { id: 0, past: this.#slots.spare(first + row, this.#decoder.size.positions) }
    })
    await this.#attempt(group, async () => {
      const logits = await this.#decoder.step(first, rows.map(({ id }) => id), rows.map(({ past }) => past), group[0]?.request.adapter)
      for (const sequence of group) {
        sequence.slot.read(sequence.ids.slice(-1))
        await this.#write(sequence, this.#row(logits, sequence.slot.index - first))
      }
    })
  }

  /** Reads guesses along with the token that is due: each guess that turns out to be right saves a step (Saxena 2023, prompt lookup decoding). */
  async #writeDrafted(sequence: Sequence): Promise<void> {
    const { ids, slot, request } = sequence
    const room = Math.min(this.#decoder.size.positions - slot.filled - 1, request.maxTokens - (ids.length - request.prompt.length) - 1)
    const drafted = request.draft?.(ids).slice(0, Math.max(0, room)) ?? []
    if (drafted.length === 0) return this.#step([sequence])
    await this.#attempt([sequence], async () => {
      const read = [...ids.slice(-1), ...drafted]
      const logits = await this.#decoder.readAsSteps(slot.index, slot.filled, read, request.adapter)
      for (const [place, id] of read.entries()) {
        slot.read([id])
        await this.#write(sequence, this.#row(logits, place))
        if (!this.#active.includes(sequence) || ids.at(-1) !== drafted[place]) return
        sequence.guessed++
      }
    })
  }

  /** Takes the token that follows, and ends the text where that is its end. What goes wrong with it takes no other text along. */
  async #write(sequence: Sequence, logits: Float32Array): Promise<void> {
    try {
      const finish = await this.#next(sequence, logits)
      if (finish) this.#finish(sequence, finish)
    } catch (error) {
      this.#fail(sequence, error)
    }
  }

  async #next({ request, ids, slot }: Sequence, logits: Float32Array): Promise<Finish | undefined> {
    const id = await request.pick(logits)
    if (request.endIds.has(id)) return 'end'
    ids.push(id)
    if (request.onToken?.(id) === false) return 'stop'
    if (ids.length - request.prompt.length >= request.maxTokens) return 'length'
    return slot.filled >= this.#decoder.size.positions ? 'context' : undefined
  }

  #row(logits: Float32Array, row: number): Float32Array {
    const { vocabSize } = this.#decoder.config
    return logits.subarray(row * vocabSize, (row + 1) * vocabSize)
  }

  /** A run that fails fails those that were in it. */
  async #attempt(group: readonly Sequence[], work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      for (const sequence of group) if (this.#active.includes(sequence)) this.#fail(sequence, error)
    }
  }

  #finish(sequence: Sequence, finish: Finish): void {
    const { request, ids, reused, guessed } = sequence
    this.#release(sequence)
    sequence.resolve({ ids: ids.slice(request.prompt.length), finish, reused, guessed })
  }

  #fail(sequence: Sequence, error: unknown): void {
    this.#release(sequence)
    sequence.reject(error)
  }

  #release(sequence: Sequence): void {
    sequence.slot.busy = false
    this.#active = this.#active.filter(each => each !== sequence)
  }
}

/** Sequences whose slots lie side by side, or nearly so. */
function neighbours(sequences: readonly Sequence[]): Sequence[][] {
  const groups: Sequence[][] = []
  for (const sequence of [...sequences].sort((a, b) => a.slot.index - b.slot.index)) {
    const last = groups.at(-1)?.at(-1)
    if (last && sequence.slot.index - last.slot.index <= gapSlots + 1) groups.at(-1)?.push(sequence)
    else groups.push([sequence])
  }
  return groups
}

function stopped(): KinmeshError {
  return new KinmeshError('DeviceStopped', 'the model is shutting down')
}
