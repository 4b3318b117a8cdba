import { KinmeshError } from '../../mesh/errors.ts'
import type { Generated, Message, Model } from '../model.ts'
import type { Adapters } from './adapters.ts'
import type { ModelText } from './model-text.ts'
import type { Engine, Finish } from './runtime/engine.ts'
import { createPromptLookup } from './text/prompt-lookup.ts'
import { encodePrompt } from './text/prompt.ts'
import { type SamplerOptions, createSampler } from './text/sampling.ts'
import { createStopFilter } from './text/stop-strings.ts'
import { createTokenStream } from './text/token-stream.ts'

export type TextOptions = {
  readonly signal?: AbortSignal | undefined
  /** Gets the pieces of the text in order: whole characters, and no part of a stop string. */
  readonly onToken?: ((piece: string) => void) | undefined
  readonly maxTokens?: number | undefined
  /** Any of these strings ends the text, and is no part of it. */
  readonly stop?: readonly string[] | undefined
  /** In the place of what the makers of the model say. */
  readonly sampling?: Partial<SamplerOptions> | undefined
  /** The id of an adapter that is loaded. None: the model as it is. */
  readonly adapter?: string | undefined
}

/** `dropped`: earlier messages that were left out, because the context holds no more. */
export type WrittenText = Generated & { readonly finish: Finish; readonly reused: number; readonly guessed: number; readonly dropped: number }

/** Of an answer, unless it is said otherwise. */
const defaultMaxTokens = 512
/** Room for the answer that is kept when a conversation grows beyond the context. */
const answerShare = 0.25
/** Recent tokens that a repetition counts among. */
const recentTokens = 256
/** A pair that was there before is the least that says something about what follows; long guesses are seldom right to their end. */
const lookup = { minPattern: 2, maxPattern: 8, maxDraft: 8 }

/** A decoder with its tokenizer and its way of talking: messages in, text out. */
export class LanguageModel implements Model {
  readonly name: string
  readonly adapters: Adapters
  readonly #text: ModelText
  readonly #engine: Engine
  readonly #positions: number
  readonly #now: () => number

  constructor(name: string, text: ModelText, engine: Engine, positions: number, now: () => number, adapters: Adapters) {
    this.name = name
    this.adapters = adapters
    this.#text = text
    this.#engine = engine
    this.#positions = positions
    this.#now = now
  }

  /** @throws KinmeshError `PromptTooLong` · `InvalidOption` · `ModelFailed` · `TemplateRefused` · `TemplateFailed` · `AdapterNotLoaded` · `DeviceStopped`; the reason of the signal */
  async generate(messages: readonly Message[], { signal, onToken, maxTokens = defaultMaxTokens, stop = [], sampling, adapter: adapterId }: TextOptions = {}): Promise<WrittenText> {
    const { tokenizer, template, endIds } = this.#text
    const adapter = adapterId === undefined ? undefined : this.adapters.get(adapterId)
    const { prompt, dropped } = this.#prompt(messages)
    const sampler = createSampler({ seed: randomSeed(), ...this.#text.sampling, ...sampling })
    const stops = createStopFilter([...template.stops, ...stop])
    const stream = createTokenStream(tokenizer)
    const guesses = createPromptLookup(lookup)
    for (const id of prompt) guesses.push(id)
    const recent: number[] = prompt.slice(-recentTokens)
    let text = ''
    const say = (piece: string) => {
      text += piece
      if (piece !== '') onToken?.(piece)
    }
    const { ids, finish, reused, guessed } = await this.#engine.generate({
      prompt, maxTokens, adapter, endIds, signal,
      pick: logits => sampler.sample(logits, recent),
      draft: () => guesses.draft(),
      onToken(id) {
        guesses.push(id)
        recent.push(id)
        if (recent.length > recentTokens) recent.shift()
        say(stops.push(stream.push(id)))
        return stops.found === undefined
      }
    })
    if (stops.found === undefined) {
      say(stops.push(stream.end()))
      say(stops.end())
    }
    return { text, tokens: { prompt: prompt.length, completion: ids.length }, finish, reused, guessed, dropped }
  }

  /** The ids of a conversation, without its oldest turns where it is longer than the context holds. The system's words and the last message stay. */
  #prompt(messages: readonly Message[]): { prompt: number[]; dropped: number } {
    const { tokenizer, template } = this.#text
    const room = Math.floor(this.#positions * (1 - answerShare))
    const system = messages.filter(({ role }) => role === 'system')
    let turns = messages.filter(({ role }) => role !== 'system')
    for (let dropped = 0; ; dropped++) {
      const prompt = encodePrompt(tokenizer, template, [...system, ...turns].map(({ role, text }) => ({ role, content: text })), { nowMs: this.#now() })
      if (prompt.length <= room || turns.length <= 1) {
        if (prompt.length >= this.#positions) throw new KinmeshError('PromptTooLong', `this message takes ${prompt.length} tokens, and the model's context holds ${this.#positions}: shorten it`)
        return { prompt, dropped }
      }
      // An answer without its question would be nobody's turn.
      turns = turns.slice(turns[1]?.role === 'assistant' ? 2 : 1)
    }
  }
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}
