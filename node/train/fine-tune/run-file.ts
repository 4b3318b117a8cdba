import * as v from 'valibot'
import type { MemoryPlan } from '../memory-plan.ts'
import type { Checkpoints } from '../trainer/checkpoint.ts'

/** What a training has to find again when it goes on, besides its checkpoints. `startedAt`: Unix ms; what was said later is no part of it, and templates write this day. */
export type RunFile = { readonly startedAt: number; readonly plan: MemoryPlan }

/** The folder of one training, which one program at a time has. */
export type RunFolder = {
  /** Undefined where nothing is kept. */
  readonly checkpoints: Checkpoints | undefined
  /** @throws KinmeshError `FileCorrupt` · `StoreFailed` */
  read(): Promise<RunFile | undefined>
  /** @throws KinmeshError `DiskFull` · `StoreFailed` */
  write(run: RunFile): Promise<void>
  /** When the training is over; or to begin anew. */
  clear(): Promise<void>
  release(): void
}

export const runFileName = 'training.json'

const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const schema = v.strictObject({
  format: v.literal(1), startedAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
  plan: v.strictObject({ checkpoint: v.boolean(), unpacked: v.optional(v.boolean(), false), lengths: v.array(count), batchTokens: count, batchesPerStep: count, bytes: count })
})

/** @throws where it is not JSON, or not of this kind */
export function parseRun(text: string): RunFile {
  const { format: _, ...run } = v.parse(schema, JSON.parse(text))
  return run
}

export function runText(run: RunFile): string {
  return `${JSON.stringify({ format: 1, ...run })}\n`
}
