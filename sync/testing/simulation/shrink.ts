import { type Outcome, simulate } from './simulation.ts'
import type { Schedule, Step } from './schedule.ts'

/**
 * The smallest part of a schedule found within `budgetMs` (of true time) that still fails: takes out ever smaller runs of steps
 * while it does (delta debugging, Zeller 2002).
 */
export async function shrink(schedule: Schedule, budgetMs: number, fails = async (smaller: Schedule) => failed(await simulate(smaller))): Promise<Schedule> {
  const end = performance.now() + budgetMs
  let steps: readonly Step[] = schedule.steps
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < steps.length && performance.now() < end; ) {
      const without = [...steps.slice(0, at), ...steps.slice(at + size)]
      if (await fails({ ...schedule, steps: without })) steps = without
      else at += size
    }
  }
  return { ...schedule, steps }
}

export function failed({ wrong }: Outcome): boolean {
  return wrong.length > 0
}

/** What a person needs to see a failure again. `smaller`: the schedule when it was shrunk. */
export function report(seed: number, { wrong }: Outcome, smaller?: Schedule): string {
  const shrunk = smaller ? `\nshrunk to ${smaller.steps.length} steps (a case for cases.ts):\n${JSON.stringify(smaller)}` : ''
  return `schedule ${seed} failed:\n${wrong.slice(0, 5).join('\n')}\nreplay: KINMESH_SEED=${seed} npm test -- sync/simulation${shrunk}`
}
