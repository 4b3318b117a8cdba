import { Adapters } from './adapters.ts'
import { LanguageModel } from './language-model.ts'
import type { ModelText } from './model-text.ts'
import { DecoderSession } from './runtime/decoder-session.ts'
import { Engine } from './runtime/engine.ts'
import type { GraphPair, OpenGraphs } from './runtime/loaded-graphs.ts'

export type OpenOptions = {
  /** Positions of the context; what the model was made for, if that is less. */
  readonly positions?: number | undefined
  /** Texts that are written at once, and conversations that are kept. */
  readonly slots?: number | undefined
  readonly threads?: number | undefined
  readonly clock?: (() => number) | undefined
}

export type OpenedModel = { readonly model: LanguageModel; close(): Promise<void> }

/** The parts of a model that are loaded, and how it is to be run. `turn` lets everything else of the thread go on, between two runs. */
export type LoadedParts = {
  readonly name: string
  readonly text: ModelText
  readonly graphs: GraphPair
  /** Where this model has graphs for adapters. */
  readonly openAdapted?: OpenGraphs | undefined
  readonly positions: number
  readonly slots: number
  readonly clock: () => number
  readonly turn: () => Promise<void>
}

/** Puts a model together of its parts. */
export function openedModel({ name, text, graphs, openAdapted, positions, slots, clock, turn }: LoadedParts): OpenedModel {
  const size = { slots, positions: Math.min(positions, text.config.maxPositions) }
  const decoder = new DecoderSession(graphs.steps, text.config, size, graphs.prompts, { open: openAdapted })
  const engine = new Engine(decoder, { turn })
  const adapters = new Adapters(text.config, () => decoder.admitAdapters())
  return {
    model: new LanguageModel(name, text, engine, size.positions, clock, adapters),
    async close() {
      await engine.stop()
      decoder.close()
    }
  }
}
