import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sha256Hex } from '../../mesh/crypto.ts'
import { type Crash, type Faults, manifestFor, type MessageFault, World } from './world.fixtures.ts'

// Rounds through several faults at once, drawn from a seed: messages that are lost, late or come twice, and devices that crash again and again. `KINMESH_SEED=n` replays one, `KINMESH_ROUND_SCHEDULES=n` runs more.

const schedules = Number(process.env['KINMESH_ROUND_SCHEDULES'] ?? 100)
const onlySeed = process.env['KINMESH_SEED']
export const deadlineMs = 6 * 3_600_000

type Schedule = { readonly devices: number; readonly secure: boolean; readonly faults: Faults }

function scheduleOf(seed: number): Schedule {
  let drawn = 0
  const below = (limit: number) => Number.parseInt(sha256Hex(`round ${seed} ${drawn++}`).slice(0, 12), 16) % limit
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!
  const secure = below(3) === 0
  const devices = (secure ? 3 : 2) + below(secure ? 3 : 4)
  const messages = Array.from({ length: below(12) }, (): MessageFault => ({ at: below(60 * devices), fault: pick(['drop', 'twice', 'late']) }))
  // A quorum stays, so that the round has to end with a result.
  const mayDie = devices - (Math.floor(devices / 2) + 1)
  const dying = Array.from({ length: below(mayDie + 1) }, (_, at) => at)
  const crashes = Array.from({ length: 1 + below(4) }, (): Crash => {
    const device = below(devices)
    return { device, at: below(50), loses: pick(['event', 'effects']), back: dying.includes(device) ? pick(['never', 'soon', 'late']) : pick(['soon', 'late']) }
  })
  return { devices, secure, faults: { messages, crashes } }
}

for (const seed of onlySeed === undefined ? Array.from({ length: schedules }, (_, at) => at + 1) : [Number(onlySeed)]) {
  test(`schedule ${seed} (replay: KINMESH_SEED=${seed} npm test -- federated/round/faults)`, () => {
    const { devices, secure, faults } = scheduleOf(seed)
    assert.equal(new World(manifestFor(devices, { secure }), faults).run().wrong, [], JSON.stringify({ devices, secure, faults }))
  })
}

test.run()
