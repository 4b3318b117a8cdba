import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Crash, type Faults, graceMs, manifestFor, type MessageFault, World } from './world.fixtures.ts'

// Every crash point × every message × drop, twice, late, for rounds of 2 to 4 devices. A run is a function of its faults, and each failure prints them.

/** Of pairs of faults so many are run of each kind, spread over all; `KINMESH_ROUND_PAIRS=all` runs each. */
const pairs = process.env['KINMESH_ROUND_PAIRS'] === 'all' ? Infinity : Number(process.env['KINMESH_ROUND_PAIRS'] ?? 120)
export const deadlineMs = 6 * 3_600_000

const shapes = [
  { name: '2 devices', devices: 2, secure: false },
  { name: '3 devices', devices: 3, secure: false },
  { name: '4 devices', devices: 4, secure: false },
  { name: '3 devices, secret sum', devices: 3, secure: true }
]

function wrongWith(shape: (typeof shapes)[number], faults: Faults): string[] {
  const { wrong } = new World(manifestFor(shape.devices, { secure: shape.secure }), faults).run()
  return wrong.map(what => `${what} (${shape.name}, ${JSON.stringify(faults)})`)
}

function crashesOf({ events }: World): Crash[] {
  return events.flatMap((count, device) =>
    Array.from({ length: count }).flatMap((_, at) => (['event', 'effects'] as const).flatMap(loses => (['never', 'soon', 'late'] as const).map(back => ({ device, at, loses, back }))))
  )
}

function faultsOf({ messages }: World): MessageFault[] {
  return Array.from({ length: messages }).flatMap((_, at) => (['drop', 'twice', 'late'] as const).map(fault => ({ at, fault })))
}

for (const shape of shapes) {
  const calm = () => new World(manifestFor(shape.devices, { secure: shape.secure })).run()

  test(`${shape.name}: without faults everybody has the result at once`, () => {
    const world = calm()
    assert.equal(world.wrong, [])
    assert.is(world.now, 1_000_000)
    assert.is(new Set(world.delivered.values()).size, 1)
  })

  test(`${shape.name}: every crash point`, () => {
    const crashes = crashesOf(calm())
    assert.ok(crashes.length > 100)
    for (const crash of crashes) assert.equal(wrongWith(shape, { crashes: [crash] }), [])
  })

  test(`${shape.name}: whoever dies costs the others the time until they know it, and no deadline`, () => {
    const manifest = manifestFor(shape.devices, { secure: shape.secure, updateMs: 60_000, stepMs: 20_000 })
    for (const crash of crashesOf(new World(manifest).run())) {
      const world = new World(manifest, { crashes: [crash] })
      const living = shape.devices - 1
      if (crash.back === 'never' && living >= manifest.quorum) assert.ok(world.run().now <= 1_000_000 + graceMs, JSON.stringify(crash))
    }
  })

  test(`${shape.name}: every message dropped, twice, late; and every two of them`, () => {
    const faults = faultsOf(calm())
    for (const fault of faults) assert.equal(wrongWith(shape, { messages: [fault] }), [])
    some(faults.flatMap(one => faults.map(other => [one, other] as const)), messages => assert.equal(wrongWith(shape, { messages }), []))
  })

  test(`${shape.name}: every crash point with every fault of a message`, () => {
    const world = calm()
    const faults = faultsOf(world)
    some(crashesOf(world).flatMap(crash => faults.map(fault => ({ crashes: [crash], messages: [fault] }))), each => assert.equal(wrongWith(shape, each), []))
  })
}

/** As many as `pairs` says, spread by the golden ratio's multiples: the same ones in every run. */
function some<T>(all: readonly T[], run: (one: T) => void): void {
  for (const [at, one] of all.entries()) if ((at * 0.6180339887498949) % 1 < pairs / all.length) run(one)
}

test.run()
