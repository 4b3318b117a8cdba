import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { coordinatorOf } from './order.ts'
import type { RoundState } from './state.ts'
import { decodeState, encodeState } from './state-bytes.ts'
import { manifestFor, World } from './world.fixtures.ts'

/** States of all devices at many moments of rounds in which all kinds of things happen. */
function states(): RoundState[] {
  const found: RoundState[] = []
  const watch = (world: World) => {
    world.onSend = () => found.push(...world.states)
    world.run()
    found.push(...world.states)
  }
  for (const secure of [false, true]) {
    watch(new World(manifestFor(3, { secure })))
    watch(new World(manifestFor(3, { secure }), { crashes: [{ device: 1, at: 12, loses: 'effects', back: 'late' }], messages: [{ at: 9, fault: 'drop' }] }))
  }
  const hostile = new World(manifestFor(4))
  hostile.lies.set(hostile.placeOf(coordinatorOf(hostile.manifest, 0)), body => ((body.type === 'commit' ? { ...body, value: { ...body.value, weight: 1 } } : body)))
  watch(hostile)
  const left = new World(manifestFor(3))
  left.tell(2, { type: 'leave', code: 'OnBattery' })
  watch(left)
  return found
}

test('a state is read as it was stored, at every moment of a round', () => {
  const all = states()
  const has = (what: (state: RoundState) => boolean) => all.some(what)
  assert.ok(has(({ lead }) => lead?.commit != null) && has(({ mine }) => mine.checking !== null) && has(({ accepted }) => accepted !== null) && has(({ distrusted }) => distrusted.length > 0) && has(({ outcome }) => outcome?.kind === 'failed'))
  for (const state of all) assert.equal(decodeState(encodeState(state)), { ...state, away: [] })
})

test('a damaged one is refused by name', () => {
  const bytes = encodeState(states().findLast(({ lead }) => lead?.commit)!)
  for (let at = 0; at < bytes.length; at += 7) {
    const changed = bytes.slice()
    changed[at]! ^= 1 << at % 8
    for (const wrong of [changed, bytes.subarray(0, at)]) {
      assert.throws(() => decodeState(wrong), (error: { code?: string }) => error.code === 'RoundStateDamaged' || error.code === 'NewerVersion')
    }
  }
})

test.run()
