import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { KinmeshError } from '../../mesh/errors.ts'
import { Adapters } from './adapters.ts'
import { adaptedFiles, graphFile, promptsFile, readFolderText } from './convert.node.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { folderFiles } from './file-source.node.ts'
import { LanguageModel } from './language-model.ts'
import { DecoderSession } from './runtime/decoder-session.ts'
import { Engine } from './runtime/engine.ts'
import type { GraphPair } from './runtime/loaded-graphs.ts'
import { openSession } from './runtime/open-session.node.ts'
import type { GraphSession } from './runtime/session.ts'

export type OpenOptions = {
  /** Positions of the context; what the model was made for, if that is less. */
  readonly positions?: number | undefined
  /** Texts that are written at once, and conversations that are kept. */
  readonly slots?: number | undefined
  readonly threads?: number | undefined
  readonly clock?: (() => number) | undefined
  /** A folder for the weights as the kernels of this machine want them: once they are there, loading takes a fraction of the memory. */
  readonly packed?: string | undefined
  /** Hears of what takes time, or makes it slower than it could be. */
  readonly onNote?: ((note: string) => void) | undefined
}

export type OpenedModel = {
  readonly model: LanguageModel
  /** Makes the adapter in a folder one that texts may name; its id. @throws KinmeshError those of `Adapters.load` */
  loadAdapter(dir: string): Promise<string>
  close(): Promise<void>
}

const defaultPositions = 4096
const defaultSlots = 4
/** More cores than this wait for each other: one token is little work. */
const maxThreads = 8

/** Loads a converted model from its folder. @throws KinmeshError `NotConverted` · `BadModelFile` · `UnknownModel` · `ModelFailed` · `RuntimeMissing` */
export async function openModel(dir: string, name: string, { positions = defaultPositions, slots = defaultSlots, threads = Math.min(maxThreads, availableParallelism()), clock = Date.now, packed, onNote }: OpenOptions = {}): Promise<OpenedModel> {
  if (!existsSync(join(dir, graphFile))) throw new KinmeshError('NotConverted', `${name} is as it was published: make one of it that runs here with kinmesh model convert ${dir} --out DIR`)
  const text = await readFolderText(dir)
  const open = async (adapted: boolean): Promise<GraphPair> => {
    const files = adapted ? adaptedFiles : { graph: graphFile, prompts: promptsFile }
    const hasPrompts = existsSync(join(dir, files.prompts))
    const probe = (session: GraphSession) => someLogits(session, text.config, adapted)
    const [steps, prompts] = await allOpened([files.graph, ...(hasPrompts ? [files.prompts] : [])].map(file => openSession(join(dir, file), { threads, packed: packed === undefined ? undefined : { dir: packed, onNote, probe } })))
    return { steps: steps!, prompts: prompts ?? steps! }
  }
  const { steps, prompts } = await open(false)
  const size = { slots, positions: Math.min(positions, text.config.maxPositions) }
  const decoder = new DecoderSession(steps, text.config, size, prompts, { open: existsSync(join(dir, adaptedFiles.graph)) ? open : undefined })
  const engine = new Engine(decoder, { turn: nextTurn })
  const adapters = new Adapters(text.config, () => decoder.admitAdapters())
  return {
    model: new LanguageModel(name, text, engine, size.positions, clock, adapters),
    async loadAdapter(adapterDir) {
      const files = folderFiles(adapterDir)
      try {
        return await adapters.load(files.open)
      } finally {
        await files.close()
      }
    },
    async close() {
      await engine.stop()
      decoder.close()
    }
  }
}

/** What a decoder says after some tokens, f32 [vocabSize]. */
function someLogits(session: GraphSession, config: DecoderConfig, adapted: boolean): Promise<Float32Array> {
  const ids = Array.from({ length: 8 }, (_, index) => (index * 7) % config.vocabSize)
  return new DecoderSession(session, config, { slots: 1, positions: ids.length }, session, { adapted }).read(0, 0, ids, [ids.length - 1])
}

/** All of them, or none that stays open. */
async function allOpened(opening: readonly Promise<GraphSession>[]): Promise<GraphSession[]> {
  const sessions = (await Promise.allSettled(opening)).flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  if (sessions.length === opening.length) return sessions
  for (const session of sessions) session.close()
  return Promise.all(opening)
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
