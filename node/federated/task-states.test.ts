import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CborValue, decodeCbor, encodeCbor } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { taskOf } from './federated.fixtures.ts'
import { baseOf, decodeTaskState, encodeTaskState, type TaskState } from './task-states.ts'
import { openTaskStates } from './task-states.node.ts'

const coded = (...codes: string[]) => (error: unknown) => isKinmeshError(error, ...codes)
const task = taskOf({ parameters: 3 })
const state: TaskState = { number: 4, height: 2, flat: Float32Array.of(1, -2.5, 0), residual: Float32Array.of(0.25, 0, 0), candidate: { adapter: 'a'.repeat(64), height: 2, at: 7, own: 'no worse' }, said: { adapter: 'b'.repeat(64), says: 'no' } }

test('where a task stands is there for the next process, the last one that was saved, until it is removed', () => withTempDir(async dir => {
  const states = await openTaskStates(dir)
  assert.is(await states.load(task), undefined)
  await states.save(task, { number: 0, height: 0, flat: new Float32Array(3), residual: null, candidate: null, said: null })
  for (const own of ['better', 'worse', 'unknown', null] as const) {
    const next = { ...state, candidate: { ...state.candidate!, own } }
    await states.save(task, next)
    assert.equal(await (await openTaskStates(dir)).load(task), next)
  }
  assert.is(await states.load(taskOf({ id: 'another', parameters: 3 })), undefined)
  await states.remove(task.id)
  assert.is(await states.load(task), undefined)
}))

test('a state of the first version, which says nothing of what was said, is read', () => {
  const [kind, , , body] = decodeCbor(encodeTaskState(task, state)) as [string, number, Uint8Array, Uint8Array]
  const older = encodeCbor((decodeCbor(body) as CborValue[]).slice(0, -1))
  assert.equal(decodeTaskState(task, encodeCbor([kind, 1, sha256(older), older])), { ...state, said: null })
})

test('under other terms the task begins anew', () => withTempDir(async dir => {
  const states = await openTaskStates(dir)
  await states.save(task, state)
  assert.is(await states.load(taskOf({ parameters: 3, rounds: 21 })), undefined)
  assert.equal(await states.load(task), state)
}))

test('a base is of the terms and of every number', () => {
  const base = baseOf(task, state.flat)
  assert.is(baseOf(task, state.flat.slice()), base)
  for (const at of [0, 1, 2]) assert.is.not(baseOf(task, state.flat.with(at, 3)), base)
  assert.is.not(baseOf(taskOf({ parameters: 3, rounds: 21 }), state.flat), base)
})

test('a state that is damaged, of another task, another length or of a newer kinmesh is refused by name; removing it helps', () => withTempDir(async dir => {
  const states = await openTaskStates(dir)
  await states.save(task, state)
  const path = join(dir, readdirSync(dir)[0]!)
  const whole = readFileSync(path)
  for (let at = 0; at < whole.length; at++) {
    writeFileSync(path, whole.map((byte, place) => (place === at ? byte ^ 1 : byte)))
    await rejects(states.load(task), coded('TaskStateDamaged', 'TaskStateNewer'), `bit of byte ${at}`)
    writeFileSync(path, whole.subarray(0, at))
    await rejects(states.load(task), coded('TaskStateDamaged'), `the first ${at} bytes`)
  }
  writeFileSync(path, encodeTaskState(task, { ...state, flat: new Float32Array(4), residual: null }))
  await rejects(states.load(task), coded('TaskStateDamaged'))
  const newer = Uint8Array.from(whole)
  newer[newer.indexOf('e'.charCodeAt(0), 15) + 1] = 3
  writeFileSync(path, newer)
  await rejects(states.load(task), coded('TaskStateNewer'))
  await states.remove(task.id)
  assert.is(await states.load(task), undefined)
}))

test.run()
