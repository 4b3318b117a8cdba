import { KinmeshError } from '../../mesh/errors.ts'
import type { Generated, Measured, Message, Model, TextOptions } from '../model.ts'
import type { Adapters } from './adapters.ts'
import { decidedForm, formRoot, onlyForm } from './grammar/form-grammar.ts'
import { GrammarText } from './grammar/grammar-text.ts'
import { Grammars, type Matcher } from './grammar/grammars.ts'
import type { GrammarLibrary } from './grammar/library.ts'
import { freeRoot } from './grammar/held.ts'
import { schemaRule } from './grammar/schema-grammar.ts'
import { callMark, heldCalls, toolRoot } from './grammar/tool-grammar.ts'
import type { ModelText } from './model-text.ts'
import type { Engine } from './runtime/engine.ts'
import { createCallStream } from './text/call-stream.ts'
import { createPromptLookup } from './text/prompt-lookup.ts'
import { encodePrompt } from './text/prompt.ts'
import { createSampler } from './text/sampling.ts'
import { createStopFilter } from './text/stop-strings.ts'
import { createTokenStream } from './text/token-stream.ts'
import { type ToolConvention, toolConventionOf, toolMarkers } from './text/tool-calls.ts'
import { type TextRequest, chatMessageOf, readTextRequest, toolDescriptionOf } from './text-request.ts'

/** `dropped`: earlier messages that were left out, because the context holds no more. */
export type WrittenText = Generated & { readonly reused: number; readonly guessed: number; readonly dropped: number }

/** Of an answer, unless it is said otherwise. */
const defaultMaxTokens = 512
/** Room for the answer that is kept when a conversation grows beyond the context. */
const answerShare = 0.25
/** Recent tokens that a repetition counts among. */
const recentTokens = 256
/** A pair that was there before is the least that says something about what follows; long guesses are seldom right to their end. */
const lookup = { minPattern: 2, maxPattern: 8, maxDraft: 8 }

/** Tokens of a vocabulary that is warmed up: 70 ms. */
const maxWarmed = 8192

/** A decoder with its tokenizer and its way of talking: messages in, text out. */
export class LanguageModel implements Model {
  readonly name: string
  readonly template: string
  readonly adapters: Adapters
  readonly #text: ModelText
  readonly #engine: Engine
  readonly #positions: number
  readonly #now: () => number
  readonly #convention: ToolConvention | undefined
  /** Ids of the marks around calls, which have to be seen. */
  readonly #marks: ReadonlySet<number>
  readonly #grammars: Grammars

  constructor(name: string, text: ModelText, engine: Engine, positions: number, now: () => number, adapters: Adapters, loadGrammars: () => Promise<GrammarLibrary>) {
    const { tokenizer, template, endIds } = text
    this.name = name
    this.template = template.source
    this.adapters = adapters
    this.#text = text
    this.#engine = engine
    this.#positions = positions
    this.#now = now
    this.#convention = template.isDefault ? undefined : toolConventionOf(template.source)
    this.#marks = new Set((this.#convention ? toolMarkers[this.#convention] : []).flatMap(mark => tokenizer.idOf(mark) ?? []))
    this.#grammars = new Grammars(loadGrammars, { source: tokenizer, vocabSize: tokenizer.vocabSize, endIds, visible: this.#marks })
  }

  /** Writes a token, held to a grammar: the first answer would wait for what that loads, as long as for the model. Of a large vocabulary it takes seconds, and so it waits there. @throws as `generate` */
  async warm(): Promise<void> {
    if (this.#text.tokenizer.vocabSize <= maxWarmed) await this.generate([{ role: 'user', text: 'Hello' }], { schema: { type: 'string' }, maxTokens: 1 })
  }

  /** @throws KinmeshError `PromptTooLong` · `InvalidOption` · `NoTools` · `ModelFailed` · `TemplateRefused` · `TemplateFailed` · `AdapterNotLoaded` · `DeviceStopped`; the reason of the signal */
  async generate(messages: readonly Message[], options: TextOptions = {}): Promise<WrittenText> {
    const request = readTextRequest(messages, options)
    const calling = request.tools.length > 0
    if (calling && !this.#convention) throw new KinmeshError('NoTools', 'this model was not made to call tools, or in a way that kinmesh does not know: choose another one, or ask without tools')
    const only = calling || !request.forms ? undefined : onlyForm(request.forms)
    if (only !== undefined) return this.#say(only, request, options)
    const grammar = this.#grammarOf(request)
    const matcher = grammar === undefined ? undefined : await this.#grammars.matcher(grammar)
    try {
      return await this.#write(request, options, matcher, calling ? this.#convention : undefined)
    } finally {
      matcher?.release()
    }
  }

  async measure(texts: readonly string[]): Promise<Measured> {
    return { tokens: texts.map(text => this.#text.tokenizer.encodeText(text).length), context: this.#positions }
  }

  /** What there is no choice about. */
  #say(text: string, request: TextRequest, { signal, onToken, whole = false }: TextOptions): WrittenText {
    signal?.throwIfAborted()
    const { prompt: { length }, dropped } = this.#prompt(request, whole)
    onToken?.(text)
    return { text, tokens: { prompt: length, completion: 0 }, reused: 0, guessed: 0, dropped, finish: 'end', calls: [], refusals: [] }
  }

  async #write(request: TextRequest, { signal, onToken, maxTokens = defaultMaxTokens, stop = [], sampling, adapter: adapterId, whole = false }: TextOptions, matcher: Matcher | undefined, convention: ToolConvention | undefined): Promise<WrittenText> {
    const { tokenizer, template, endIds } = this.#text
    const adapter = adapterId === undefined ? undefined : this.adapters.get(adapterId)
    const { prompt, dropped } = this.#prompt(request, whole)
    const sampler = createSampler({ seed: randomSeed(), ...this.#text.sampling, ...sampling })
    const stops = createStopFilter([...template.stops, ...stop])
    const stream = createTokenStream(tokenizer, matcher || convention ? this.#marks : undefined)
    const calls = convention && createCallStream(convention)
    const guesses = createPromptLookup(lookup)
    for (const id of prompt) guesses.push(id)
    const recent: number[] = prompt.slice(-recentTokens)
    let text = ''
    // Of a form the beginning decides, and it is heard whole.
    const decided = request.forms && decidedForm(request.forms, convention && callMark(convention))
    let form: string | undefined
    const say = (piece: string) => {
      text += piece
      if (piece !== '' && !decided) onToken?.(piece)
    }
    const hear = (piece: string) => say(calls ? calls.push(piece) : piece)
    const { ids, finish, reused, guessed } = await this.#engine.generate({
      prompt, maxTokens, adapter, endIds, signal,
      async pick(logits) {
        const id = sampler.sample(logits, recent, await matcher?.allowed())
        matcher?.accept(id)
        return id
      },
      draft: () => guesses.draft(),
      onToken(id) {
        guesses.push(id)
        recent.push(id)
        if (recent.length > recentTokens) recent.shift()
        hear(stops.push(stream.push(id)))
        form = decided?.(text)
        return stops.found === undefined && form === undefined && !matcher?.isWhole
      }
    })
    if (stops.found === undefined) {
      hear(stops.push(stream.end()))
      hear(stops.end())
    }
    const last = calls?.end()
    if (last) say(last.piece)
    if (decided) {
      text = form ?? text
      if (text !== '') onToken?.(text)
    }
    return {
      text, tokens: { prompt: prompt.length, completion: ids.length }, reused, guessed, dropped,
      finish: finish === 'stop' && stops.found === undefined ? 'end' : finish,
      calls: (last?.found.calls ?? []).map(call => ({ id: randomId(), ...call })),
      refusals: last?.found.refusals ?? []
    }
  }

  /** What the text is held to; undefined: nothing. */
  #grammarOf({ schema, tools, choice, forms }: TextRequest): string | undefined {
    const { tokenizer, template } = this.#text
    const grammar = new GrammarText(tokenizer.vocabSize)
    // A space that the tokenizer puts before a text is none of it.
    const lead = tokenizer.leadingSpaces > 0 ? '" "? ' : ''
    if (schema !== undefined) return grammar.withRoot(`${lead}${schemaRule(grammar, schema)}`)
    const calls = tools.length > 0 && choice !== 'none' ? this.#convention : undefined
    const namesFirst = template.source.includes('[ARGS]')
    if (calls && choice !== 'auto' && choice !== 'none') return grammar.withRoot(`${lead}${toolRoot(grammar, calls, namesFirst, tools, choice)}`)
    const held = calls && heldCalls(grammar, calls, namesFirst, tools)
    if (forms) return grammar.withRoot(`${lead}${formRoot(grammar, forms, held)}`)
    return held && grammar.withRoot(freeRoot(held))
  }

  /** The ids of a conversation, without its oldest turns where it is longer than the context holds. The system's words and the last question stay, with what came of it. `whole`: nothing is left out. */
  #prompt({ messages, tools }: TextRequest, whole: boolean): { prompt: number[]; dropped: number } {
    const { tokenizer, template } = this.#text
    const room = Math.floor(this.#positions * (1 - answerShare))
    const system = messages.filter(({ role }) => role === 'system')
    let turns = messages.filter(({ role }) => role !== 'system')
    const all = turns.length
    for (;;) {
      const prompt = encodePrompt(tokenizer, template, [...system, ...turns].map(chatMessageOf), { nowMs: this.#now(), tools: tools.map(toolDescriptionOf) })
      // An answer without its question, or a result without its call, would be nobody's turn.
      const next = turns.findIndex(({ role }, index) => index > 0 && role === 'user')
      if (prompt.length <= room || next < 0 || whole) {
        if (prompt.length >= this.#positions) throw new KinmeshError('PromptTooLong', `this takes ${prompt.length} tokens, and the model's context holds ${this.#positions}: shorten it`)
        return { prompt, dropped: all - turns.length }
      }
      turns = turns.slice(next)
    }
  }
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

const idLetters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Nine letters and digits, as Mistral's templates want the ids of calls. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), byte => idLetters[byte % idLetters.length]).join('')
}
