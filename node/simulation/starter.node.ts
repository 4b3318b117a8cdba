import { KinmeshError } from '../../mesh/errors.ts'
import type { AdapterTerms, Experiment, PersonalTerms, UsersTerms } from '../../federated/simulation/experiment.ts'
import type { Combining, LocalTerms } from '../../federated/simulation/local-task.ts'
import { readFolderText } from '../model/convert.node.ts'
import { readManifest } from '../model/store/read-model.node.ts'
import type { AdapterLearning } from './adapter-learner.ts'
import { combiningOf } from './combine-adapters.ts'
import { conversationSet } from './conversation-set.ts'
import type { DataFile } from './data-file.ts'
import { userTexts } from './users.ts'

export type StarterTerms = { readonly adapter: AdapterTerms; readonly aggregation?: string | undefined; readonly personal?: PersonalTerms | undefined; readonly users: UsersTerms; readonly clients: number; readonly seed: number; readonly local: LocalTerms }

/** An adapter beside the model in `dir`, and the texts of its users. `files`: those of the model. @throws KinmeshError those of reading a model; `BadTrainingData` */
export async function readStarter(dir: string, { adapter, aggregation, personal, users, clients, seed, local }: StarterTerms): Promise<{ readonly learning: AdapterLearning; readonly combining: Combining | undefined; readonly files: readonly DataFile[] }> {
  const { files } = await readManifest(dir)
  const text = await readFolderText(dir)
  const { training, heldOut } = userTexts(users, clients, seed)
  const learning: AdapterLearning = {
    kind: 'adapter', dir, aggregation, personal, shape: { ...adapter, seed: `simulation ${seed}` }, training: conversationSet(training, text), heldOut: conversationSet(heldOut, text), local
  }
  return { learning, combining: aggregation === undefined ? undefined : combiningOf(aggregation, text.config, adapter.rank), files: files.map(({ path, bytes, sha256 }) => ({ name: `model/${path}`, bytes, sha256 })) }
}

/** What an experiment of this task says. @throws KinmeshError `NoModel` */
export function starterTerms({ adapter, aggregation, personal, users, clients, seed, local, model }: Experiment, given: string | undefined): StarterTerms & { readonly dir: string } {
  const dir = given ?? model
  if (dir === undefined) throw new KinmeshError('NoModel', 'starter learns beside a model: name its folder, as "model" in experiment.json or by --model DIR')
  if (!adapter || !users) throw new KinmeshError('BadExperiment', 'experiment.json: starter has an adapter and users: read it as a file')
  return { dir, adapter, aggregation, personal, users, clients, seed, local }
}
