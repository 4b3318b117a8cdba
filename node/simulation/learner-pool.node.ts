import { extname } from 'node:path'
import type { Assessment, Combining, LocalResult, LocalTask, LocalWork } from '../../federated/simulation/local-task.ts'
import type { Split } from '../../federated/simulation/splits.ts'
import { openThread, type Thread } from '../model/worker/thread.node.ts'
import { initialParameters } from '../train/trainer/initial-parameters.ts'
import type { LearnerAbout, LearnerCalls } from './learner-calls.ts'
import type { Counted } from './learner.ts'
import type { Learning } from './learning.ts'

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./worker.node${extname(import.meta.url)}`, import.meta.url)

type Worker = Thread<LearnerCalls, LearnerAbout>

/** A task whose clients train in so many threads. Which of them trains whom changes no number. To be closed. */
export async function openLearnerPool(learning: Learning, split: Split, { threads, seed, combining }: { readonly threads: number; readonly seed: number; readonly combining?: Combining | undefined }): Promise<LearnerPool> {
  const opening = await Promise.allSettled(Array.from({ length: threads }, (_, at) => openThread<LearnerCalls, LearnerAbout>(workerFile, { learning, split }, `learner ${at + 1}`)))
  const workers = opening.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = opening.find(each => each.status === 'rejected')
  if (failed) {
    await Promise.all(workers.map(worker => worker.close()))
    throw failed.reason
  }
  return new LearnerPool(workers, split, seed, combining, learning.kind === 'adapter' ? ownersOf(split, learning.training.speakers) : new Map())
}

export class LearnerPool implements LocalTask {
  readonly shapes: LocalTask['shapes']
  readonly combining: Combining | undefined
  readonly examples: readonly number[]
  readonly #workers: readonly Worker[]
  readonly #about: LearnerAbout
  readonly #seed: number
  /** The client to whom a part of the assessment belongs. */
  readonly #owners: ReadonlyMap<number, number>
  readonly #free: Worker[]
  readonly #waiting: ((worker: Worker) => void)[] = []
  #shared: { readonly of: Float32Array; readonly copy: Float32Array } | undefined

  constructor(workers: readonly Worker[], split: Split, seed: number, combining: Combining | undefined, owners: ReadonlyMap<number, number>) {
    this.#workers = workers
    this.#owners = owners
    this.#free = [...workers]
    this.#about = workers[0]!.about
    this.#seed = seed
    this.combining = combining
    this.shapes = this.#about.parameters.map(({ name, shape }) => ({ name, shape }))
    this.examples = split.map(({ length }) => length)
  }

  start(): Float32Array {
    return this.#about.beginning?.slice() ?? initialParameters(this.#about.parameters, this.#seed)
  }

  train(work: LocalWork): Promise<LocalResult> {
    return this.#next(worker => worker.ask('train', { ...work, parameters: this.#sharedOf(work.parameters) }))
  }

  async assess(parameters: Float32Array, own: ReadonlyMap<number, Float32Array>): Promise<Assessment> {
    return assessmentOf(await Promise.all(Array.from({ length: this.#about.assessParts }, (_, part) => this.assessPart(parameters, part, own.get(this.#owners.get(part) ?? -1)))))
  }

  /** One part of the assessment. Of an adapter, what one user has held out. */
  assessPart(parameters: Float32Array, part: number, own?: Float32Array): Promise<Counted> {
    return this.#next(worker => worker.ask('assess', { part, parameters: this.#sharedOf(parameters), own }))
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.close()))
  }

  /** The next thread that is free does it. */
  async #next<T>(ask: (worker: Worker) => Promise<T>): Promise<T> {
    const worker = this.#free.pop() ?? (await new Promise<Worker>(resolve => { this.#waiting.push(resolve) }))
    try {
      return await ask(worker)
    } finally {
      const next = this.#waiting.shift()
      if (next) next(worker)
      else this.#free.push(worker)
    }
  }

  /** The same vector is asked about by all clients of a round: it is copied once, for all threads. */
  #sharedOf(parameters: Float32Array): Float32Array {
    if (this.#shared?.of !== parameters) {
      const copy = new Float32Array(new SharedArrayBuffer(parameters.byteLength))
      copy.set(parameters)
      this.#shared = { of: parameters, copy }
    }
    return this.#shared.copy
  }
}

/** Of each user the client that has its texts to learn from, where each client has those of one. */
function ownersOf(split: Split, speakers: Int32Array): ReadonlyMap<number, number> {
  return new Map(split.flatMap((examples, client) => (examples.length > 0 ? [[speakers[examples[0]!]!, client] as const] : [])))
}

/** The parts in their order, so that sums have one. */
export function assessmentOf(parts: readonly Counted[]): Assessment {
  const sum = parts.reduce<Counted>((all, { loss, labels, right }) => ({ loss: all.loss + loss, labels: all.labels + labels, right: all.right === null || right === null ? null : all.right + right }), { loss: 0, labels: 0, right: 0 })
  return { loss: sum.loss / sum.labels, accuracy: sum.right === null ? null : sum.right / sum.labels }
}
