import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cases } from './testing/simulation/cases.ts'
import { scheduleOf, type Step } from './testing/simulation/schedule.ts'
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

test('a step that finds nothing to do at its own target takes the nearest one, and else something is written', async () => {
  const [calm] = cases
  const doneBy = async (...steps: Step[]) => {
    const { done, operations, wrong } = await simulate({ ...calm!.schedule, devices: 3, steps })
    assert.equal([operations, wrong], [steps.length, []])
    return Object.fromEntries(done)
  }
  const after = 500
  assert.equal(await doneBy({ do: 'cut', device: 0, peer: 0, after }, { do: 'heal', device: 2, peer: 1, after }), { cut: 1, heal: 1 })
  assert.equal(await doneBy({ do: 'crash', device: 1, kept: 1, midCommit: false, after }, { do: 'start', device: 2, after }), { crash: 1, start: 1 })
  assert.equal(await doneBy({ do: 'heal', device: 0, peer: 1, after }, { do: 'start', device: 2, after }, { do: 'edit', device: 1, item: 9, bytes: 5, after }), { write: 2, edit: 1 })
  const crash = { do: 'crash', kept: 1, midCommit: false, after } as const
  assert.equal(await doneBy({ ...crash, device: 0 }, { ...crash, device: 0 }, { ...crash, device: 0 }, { ...crash, device: 0 }), { crash: 3, start: 1 })
})

test('the same schedule gives the same run, whatever ran before it', async () => {
  const first = await simulate(scheduleOf(7))
  await simulate(scheduleOf(8))
  const again = await simulate(scheduleOf(7))
  assert.equal([again.events, again.digest, again.wrong], [first.events, first.digest, first.wrong])
})

for (const seed of onlySeed === undefined ? Array.from({ length: schedules }, (_, index) => index + 1) : [Number(onlySeed)]) {
  test(`schedule ${seed} (replay: KINMESH_SEED=${seed} npm test -- sync/simulation)`, async () => {
    const outcome = await simulate(scheduleOf(seed))
    assert.ok(outcome.operations >= 200, `only ${outcome.operations} operations`)
    if (failed(outcome)) throw new Error(report(seed, outcome, await shrink(scheduleOf(seed), shrinkMs)))
  })
}

test.run()
