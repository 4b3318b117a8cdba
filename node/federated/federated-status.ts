import { spentEpsilon } from '../../federated/privacy/ledger.ts'
import type { RoundProgress } from '../../federated/round/progress.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { ConsentState } from './consents.ts'
import type { Refusal } from './eligibility.ts'
import type { Federated, KnownTask } from './federated.ts'
import type { FederatedParts } from './federated-parts.ts'
import { newTask, type Proposal, randomName } from './new-task.ts'
import { type DeviceNames, type PlainWords, plainWords } from './plain-words.ts'
import type { Stage } from './rollout.ts'
import { type Task, termsHash } from './task.ts'

/** What this device has to do with learning together, and what that is made of. */
export type OpenedFederated = { readonly federated: Federated; readonly parts: FederatedParts }

/** Where a task stands, for people. */
export type TaskStatus = {
  readonly id: string
  readonly name: string
  readonly model: string
  /** Of this device. */
  readonly consent: ConsentState
  /** Rounds that were committed, as this device knows, and how many there are to be. */
  readonly height: number
  readonly rounds: number
  /** Other devices that take part. */
  readonly others: readonly { readonly device: DeviceId; readonly height: number; readonly connected: boolean }[]
  /** Why this device takes no part now. */
  readonly refusals: readonly Refusal[]
  readonly round: Pick<RoundProgress, 'number' | 'attempt' | 'stage' | 'code' | 'counts'> & { readonly coordinator: DeviceId | null; readonly contributions: number | null } | null
  /** A new adapter that is waited with. */
  readonly candidate: { readonly adapter: string; readonly stage: Stage } | null
  /** What this device found of the last one; its numbers stay here. */
  readonly judgement: string | null
  /** Spent, and the most; null where no noise is added. */
  readonly epsilon: { readonly spent: number; readonly budget: number } | null
}

export async function taskStatus({ federated, parts }: OpenedFederated, { task, own, others }: KnownTask): Promise<TaskStatus> {
  const connected = new Set(parts.mesh.peers().flatMap(({ id, connected: is }) => (is ? [id] : [])))
  const [round] = federated.rounds(task.id)
  const stage = own && federated.stage(own)
  const ledger = task.privacy ? await parts.ledgers.read(task.id) : undefined
  return {
    id: task.id, name: task.name, model: task.model.name, consent: await parts.consents.state(task),
    height: own?.state.height ?? Math.max(0, ...[...others.values()].map(({ height }) => height)), rounds: task.rounds,
    others: [...others].map(([device, { height }]) => ({ device, height, connected: connected.has(device) })),
    refusals: own ? await federated.refusals(task) : [],
    round: round ? { number: round.number, attempt: round.attempt, stage: round.stage, code: round.code, counts: round.counts, coordinator: round.coordinator ?? null, contributions: round.contributions ?? null } : null,
    candidate: own?.state.candidate && stage ? { adapter: own.state.candidate.adapter, stage } : null,
    judgement: own?.judgement ?? null,
    epsilon: task.privacy && { spent: ledger ? spentEpsilon(ledger) : 0, budget: task.privacy.budget.epsilon }
  }
}

/** What a person is shown before they say yes: the terms, their hash, and what they mean. */
export type ShownTerms = { readonly task: Task; readonly terms: string; readonly words: PlainWords }

export function shownTerms(task: Task, nameOf?: DeviceNames): ShownTerms {
  return { task, terms: termsHash(task), words: plainWords(task, nameOf) }
}

/** The terms of a new task on the model in use. @throws KinmeshError `NoModel`; as `newTask` does */
export async function proposedTask({ parts }: OpenedFederated, proposal: Proposal): Promise<Task> {
  const model = await parts.model()
  if (!model) throw new KinmeshError('NoModel', 'no model is in use: choose one with kinmesh model use NAME, or get one with kinmesh model pull OWNER/NAME')
  const seed = randomName()
  const parameters = await parts.work(model).parameters({ rank: proposal.rank, alpha: 2 * proposal.rank, seed })
  return newTask(proposal, model, { parameters, seed }, parts.devices().length + 1)
}
