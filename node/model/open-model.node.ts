import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { KinmeshError } from '../../mesh/errors.ts'
import { graphFile, promptsFile, readFolderText } from './convert.node.ts'
import { LanguageModel } from './language-model.ts'
import type { ModelText } from './model-text.ts'
import { DecoderSession } from './runtime/decoder-session.ts'
import { Engine } from './runtime/engine.ts'
import { openSession } from './runtime/open-session.node.ts'

export type OpenOptions = {
  /** Positions of the context; what the model was made for, if that is less. */
  readonly positions?: number | undefined
  /** Texts that are written at once, and conversations that are kept. */
  readonly slots?: number | undefined
  readonly threads?: number | undefined
  readonly clock?: (() => number) | undefined
}

export type OpenedModel = { readonly model: LanguageModel; close(): Promise<void> }

const defaultPositions = 4096
const defaultSlots = 4
/** More cores than this wait for each other: one token is little work. */
const maxThreads = 8

/** A decoder, to be closed by whoever opened it, with everything of its model that is no weight. */
export type OpenedDecoder = { readonly decoder: DecoderSession; readonly text: ModelText }

/** Loads a converted model from its folder. @throws KinmeshError `NotConverted` · `BadModelFile` · `UnknownModel` · `ModelFailed` · `RuntimeMissing` */
export async function openModel(dir: string, name: string, options: OpenOptions = {}): Promise<OpenedModel> {
  const { decoder, text } = await openDecoder(dir, name, options)
  const engine = new Engine(decoder, { turn: nextTurn })
  return {
    model: new LanguageModel(name, text, engine, decoder.size.positions, options.clock ?? Date.now),
    async close() {
      await engine.stop()
      decoder.close()
    }
  }
}

/** What `openModel` puts its engine on, for those who count or time what a decoder does. @throws as `openModel` */
export async function openDecoder(dir: string, name: string, { positions = defaultPositions, slots = defaultSlots, threads = defaultThreads() }: OpenOptions = {}): Promise<OpenedDecoder> {
  const graph = join(dir, graphFile)
  if (!existsSync(graph)) throw new KinmeshError('NotConverted', `${name} is as it was published: make one of it that runs here with kinmesh model convert ${dir} --out DIR`)
  const text = await readFolderText(dir)
  const session = await openSession(graph, { threads })
  const prompts = existsSync(join(dir, promptsFile)) ? await openSession(join(dir, promptsFile), { threads }) : undefined
  return { decoder: new DecoderSession(session, text.config, { slots, positions: Math.min(positions, text.config.maxPositions) }, prompts), text }
}

/** Of a model, unless it is said otherwise. */
export function defaultThreads(): number {
  return Math.min(maxThreads, availableParallelism())
}

/** Lets everything else of this thread have its turn. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
