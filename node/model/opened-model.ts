import { Adapters } from './adapters.ts'
import type { GrammarLibrary } from './grammar/library.ts'
import { LanguageModel } from './language-model.ts'
import type { ModelText } from './model-text.ts'
import type { DecoderSession } from './runtime/decoder-session.ts'
import { Engine } from './runtime/engine.ts'

export type OpenOptions = {
  /** Positions of the context; what the model was made for, if that is less. */
  readonly positions?: number | undefined
  /** Texts that are written at once, and conversations that are kept. */
  readonly slots?: number | undefined
  readonly threads?: number | undefined
  readonly clock?: (() => number) | undefined
}

export type OpenedModel = { readonly model: LanguageModel; close(): Promise<void> }

/** The parts of a model that are loaded. */
export type LoadedParts = {
  readonly name: string
  readonly text: ModelText
  readonly decoder: DecoderSession
  readonly clock: () => number
  /** Lets everything else of the thread go on, between two runs. */
  readonly turn: () => Promise<void>
  /** Called when the first text is held to a grammar. */
  readonly loadGrammars: () => Promise<GrammarLibrary>
}

/** Puts a model together of its parts. */
export function openedModel({ name, text, decoder, clock, turn, loadGrammars }: LoadedParts): OpenedModel {
  const engine = new Engine(decoder, { turn })
  const adapters = new Adapters(text.config, () => decoder.admitAdapters())
  return {
    model: new LanguageModel(name, text, engine, decoder.size.positions, clock, adapters, loadGrammars),
    async close() {
      await engine.stop()
      decoder.close()
    }
  }
}
