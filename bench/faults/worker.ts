import { scheduleOf } from '../../sync/testing/simulation/schedule.ts'
import { failed, report, shrink } from '../../sync/testing/simulation/shrink.ts'
import { simulate } from '../../sync/testing/simulation/simulation.ts'
import type { Answer } from './worker-process.ts'

/** So long a failing schedule is made smaller, ms. */
const shrinkMs = 60_000

process.on('message', seed => void answer(Number(seed)))

async function answer(seed: number): Promise<void> {
  const outcome = await simulate(scheduleOf(seed))
  const failure = failed(outcome) ? report(seed, outcome, await shrink(scheduleOf(seed), shrinkMs)) : undefined
  process.send?.({ devices: outcome.devices, operations: outcome.operations, done: Object.fromEntries(outcome.done), ...(failure === undefined ? {} : { failure }) } satisfies Answer)
}
