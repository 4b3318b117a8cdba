import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { KinmeshError } from '../../mesh/errors.ts'
import { readFolderText } from './convert.node.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { folderFiles } from './file-source.node.ts'
import { loadGrammarLibrary } from './grammar/library.node.ts'
import { adaptedFiles, graphFile, promptsFile, weightFile } from './graph/decoder.ts'
import type { ModelText } from './model-text.ts'
import { type OpenOptions, type OpenedModel, openedModel } from './opened-model.ts'
import { DecoderSession } from './runtime/decoder-session.ts'
import type { GraphPair } from './runtime/loaded-graphs.ts'
import { openSession } from './runtime/open-session.node.ts'
import type { GraphSession } from './runtime/session.ts'

export type FolderOptions = OpenOptions & {
  /** A folder for the weights as the kernels of this machine want them: once they are there, loading takes a fraction of the memory. */
  readonly packed?: string | undefined
  /** Hears of what takes time, or makes it slower than it could be. */
  readonly onNote?: ((note: string) => void) | undefined
}

export type OpenedFolder = OpenedModel & {
  /** Makes the adapter in a folder one that texts may name; its id. @throws KinmeshError those of `Adapters.load` */
  loadAdapter(dir: string): Promise<string>
}

/** A decoder, to be closed by whoever opened it, with everything of its model that is no weight. */
export type OpenedDecoder = { readonly decoder: DecoderSession; readonly text: ModelText }

const defaultPositions = 4096
const defaultSlots = 4
/** More cores than this wait for each other: one token is little work. */
const maxThreads = 8
/** A token of a model with weights of so many bytes is too little work for two: waking the second one takes longer than it helps. */
const aloneBytes = 16 * 1024 * 1024

/** Loads a converted model from its folder. @throws KinmeshError `NotConverted` · `BadModelFile` · `UnknownModel` · `ModelFailed` · `RuntimeMissing` */
export async function openModel(dir: string, name: string, options: FolderOptions = {}): Promise<OpenedFolder> {
  const opened = openedModel({ name, ...(await openDecoder(dir, name, options)), clock: options.clock ?? Date.now, turn: nextTurn, loadGrammars: loadGrammarLibrary })
  // What it cannot do now it says when it is asked.
  await opened.model.warm().catch((error: unknown) => options.onNote?.(`the model could not be warmed up: ${String(error)}`))
  return {
    ...opened,
    async loadAdapter(adapterDir) {
      const files = folderFiles(adapterDir)
      try {
        return await opened.model.adapters.load(files.open)
      } finally {
        await files.close()
      }
    }
  }
}

/** What `openModel` puts its engine on, for those who count or time what a decoder does. @throws as `openModel` */
export async function openDecoder(dir: string, name: string, { positions = defaultPositions, slots = defaultSlots, threads = defaultThreads(), packed, onNote }: FolderOptions = {}): Promise<OpenedDecoder> {
  if (!existsSync(join(dir, graphFile))) throw new KinmeshError('NotConverted', `${name} is as it was published: make one of it that runs here with kinmesh model convert ${dir} --out DIR`)
  const text = await readFolderText(dir)
  const open = async (adapted: boolean): Promise<GraphPair> => {
    const files = adapted ? adaptedFiles : { graph: graphFile, prompts: promptsFile }
    const hasPrompts = existsSync(join(dir, files.prompts))
    const probe = (session: GraphSession) => someLogits(session, text.config, adapted)
    const stepThreads = hasPrompts && statSync(join(dir, weightFile)).size <= aloneBytes ? 1 : threads
    const openGraph = (file: string, threads: number) => openSession(join(dir, file), { threads, packed: packed === undefined ? undefined : { dir: packed, onNote, probe } })
    const [steps, prompts] = await allOpened([openGraph(files.graph, stepThreads), ...(hasPrompts ? [openGraph(files.prompts, threads)] : [])])
    return { steps: steps!, prompts: prompts ?? steps! }
  }
  const { steps, prompts } = await open(false)
  const size = { slots, positions: Math.min(positions, text.config.maxPositions) }
  return { decoder: new DecoderSession(steps, text.config, size, prompts, { open: existsSync(join(dir, adaptedFiles.graph)) ? open : undefined }), text }
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
