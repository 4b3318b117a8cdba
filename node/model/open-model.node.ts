import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { KinmeshError } from '../../mesh/errors.ts'
import { readFolderText } from './convert.node.ts'
import { graphFile, promptsFile } from './graph/decoder.ts'
import { type OpenOptions, type OpenedModel, openedModel } from './opened-model.ts'
import { openSession } from './runtime/open-session.node.ts'

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
  return openedModel({ name, text, session, prompts, positions, slots, clock, turn: nextTurn })
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
