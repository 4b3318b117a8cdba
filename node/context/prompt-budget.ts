import type { Model } from '../model.ts'
import { isStarter } from '../starter/is-starter.ts'
import type { CountTokens } from './token-budget.ts'

/** Tokens that parts of a prompt may take, and how they are counted. The rest is for the system's words, tools, the question and the answer. */
export type PromptBudget = { readonly memories: number; readonly documents: number; readonly turns: number; readonly count: CountTokens | undefined }

/** Of the context: an eighth for memories, a quarter for passages of documents, three eighths for the turns before. What is more helps no model of a size for a device, and takes it long to read. */
const [memoriesShare, documentsShare, turnsShare] = [1 / 8, 1 / 4, 3 / 8]
/** Of the context of the starter, which is small, the other way round: it answers from memories and not from talk. A third of it is for the names of the tools; where turns do not fit beside them it reads the last ones, and what was told in the others is found all the same. */
const [starterMemoriesShare, starterDocumentsShare, starterTurnsShare] = [9 / 32, 1 / 8, 1 / 4]
const [mostMemories, mostDocuments, mostTurns] = [1024, 2048, 3072]
/** Of a model that does not say it. */
const usualContext = 4096

/** Tokens that the context of a model holds, which never change. */
const contexts = new WeakMap<Model, number>()

/** Without a model tokens are estimated. */
export async function promptBudget(model: Model | null): Promise<PromptBudget> {
  const context = (model && (contexts.get(model) ?? (await model.measure?.([]).catch(() => undefined))?.context)) ?? usualContext
  if (model) contexts.set(model, context)
  const count: CountTokens | undefined = model?.measure && (async texts => (await model.measure?.(texts))?.tokens ?? [])
  const [forMemories, forDocuments, forTurns] = model && isStarter(model) ? [starterMemoriesShare, starterDocumentsShare, starterTurnsShare] : [memoriesShare, documentsShare, turnsShare]
  return { memories: Math.min(mostMemories, Math.floor(context * forMemories)), documents: Math.min(mostDocuments, Math.floor(context * forDocuments)), turns: Math.min(mostTurns, Math.floor(context * forTurns)), count }
}
