import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cases } from './testing/simulation/cases.ts'
import { scheduleOf } from './testing/simulation/schedule.ts'
import { failed, report, shrink } from './testing/simulation/shrink.ts'
import { simulate } from './testing/simulation/simulation.ts'

// Whole devices in virtual time, through everything that networks, disks, clocks and people do to them. `KINMESH_SEED=n` replays
// one schedule, `KINMESH_SCHEDULES=n` runs more; `npm run bench -- faults` runs thousands.
const schedules = Number(process.env['KINMESH_SCHEDULES'] ?? 60)
const onlySeed = process.env['KINMESH_SEED']
/** So long a failing schedule is made smaller, ms. */
const shrinkMs = 20_000
export const deadlineMs = 600_000

for (const { found, schedule } of cases) {
  test(`never again: ${found}`, async () => {
    assert.equal((await simulate(schedule)).wrong, [])
  })
}

test('the same schedule gives the same run, whatever ran before it', async () => {
  const first = await simulate(scheduleOf(7))
  await simulate(scheduleOf(8))
  const again = await simulate(scheduleOf(7))
  assert.equal([again.events, again.digest, again.wrong], [first.events, first.digest, first.wrong])
})

for (const seed of onlySeed === undefined ? Array.from({ length: schedules }, (_, index) => index + 1) : [Number(onlySeed)]) {
  test(`schedule ${seed} (replay: KINMESH_SEED=${seed} npm test -- sync/simulation)`, async () => {
    const outcome = await simulate(scheduleOf(seed))
    if (failed(outcome)) throw new Error(report(seed, outcome, await shrink(scheduleOf(seed), shrinkMs)))
  })
}

test.run()
