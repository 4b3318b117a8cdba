import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { KinmeshError } from '../../mesh/errors.ts'
import { graphFile, promptsFile, readFolderText } from './convert.node.ts'
import { loadGrammarLibrary } from './grammar/library.node.ts'
import { LanguageModel } from './language-model.ts'
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

/** Loads a converted model from its folder. @throws KinmeshError `NotConverted` · `BadModelFile` · `UnknownModel` · `ModelFailed` · `RuntimeMissing` */
export async function openModel(dir: string, name: string, { positions = defaultPositions, slots = defaultSlots, threads = Math.min(maxThreads, availableParallelism()), clock = Date.now }: OpenOptions = {}): Promise<OpenedModel> {
  const graph = join(dir, graphFile)
  if (!existsSync(graph)) throw new KinmeshError('NotConverted', `${name} is as it was published: make one of it that runs here with kinmesh model convert ${dir} --out DIR`)
  const text = await readFolderText(dir)
  const session = await openSession(graph, { threads })
  const prompts = existsSync(join(dir, promptsFile)) ? await openSession(join(dir, promptsFile), { threads }) : undefined
  const size = { slots, positions: Math.min(positions, text.config.maxPositions) }
  const decoder = new DecoderSession(session, text.config, size, prompts)
  const engine = new Engine(decoder, { turn: nextTurn })
  return {
    model: new LanguageModel(name, text, engine, size.positions, clock, loadGrammarLibrary),
    async close() {
      await engine.stop()
      decoder.close()
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
