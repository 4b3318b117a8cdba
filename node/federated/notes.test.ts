import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { mutate } from '../../mesh/mutate.fixtures.ts'
import { taskOf } from './federated.fixtures.ts'
import { decodeNotes, encodeNotes, maxTasks, type Note, type NoteMessage, partBytes } from './notes.ts'
import { seededDeviceTest } from './seeded.fixtures.ts'

const [base, adapter] = ['0123456789abcdef'.repeat(4), 'f'.repeat(64)]
const note: Note = { task: taskOf(), number: 3, height: 2, base, verdict: { adapter, says: 'no' } }
const messages: readonly NoteMessage[] = [
  { type: 'notes', notes: [] }, { type: 'notes', notes: [note, { ...note, task: taskOf({ id: 'another' }), verdict: null }] }, { type: 'want', task: 'task 1', base },
  { type: 'part', bytes: new Uint8Array(partBytes), more: true }, { type: 'part', bytes: new Uint8Array(), more: false }, { type: 'gone' }
]

test('each message comes back as it was, and fits a frame', () => {
  for (const message of messages) {
    const frame = encodeNotes(message)
    assert.equal(decodeNotes(frame), message)
    assert.ok(frame.length < 64 * 1024, `${message.type} has ${frame.length} bytes`)
  }
})

test('as many tasks as a device may take part in fit a frame, with terms as long as they may be', () => {
  const task = taskOf({ name: 'n'.repeat(80), id: 'i'.repeat(128), model: { hash: '5'.repeat(64), name: 'm'.repeat(200) }, adapter: { rank: 4, alpha: 8, seed: 's'.repeat(200) } })
  assert.ok(encodeNotes({ type: 'notes', notes: Array.from({ length: maxTasks }, () => ({ ...note, task })) }).length < 64 * 1024)
  assert.throws(() => decodeNotes(encodeNotes({ type: 'notes', notes: Array.from({ length: maxTasks + 1 }, () => note) })), (error: unknown) => isKinmeshError(error, 'MalformedBytes'))
})

test('what is too large, of a newer kinmesh, or no terms is refused by name', () => {
  const refused = (message: unknown, ...codes: string[]) => assert.throws(() => decodeNotes(encodeNotes(message as NoteMessage)), (error: unknown) => isKinmeshError(error, ...codes), JSON.stringify(message).slice(0, 80))
  refused({ type: 'part', bytes: new Uint8Array(partBytes + 1), more: true }, 'MalformedBytes')
  refused({ type: 'want', task: 'x'.repeat(129), base }, 'MalformedBytes')
  refused({ type: 'want', task: 'x', base: 'ab' }, 'MalformedBytes')
  refused({ type: 'notes', notes: [{ ...note, task: { ...note.task, rounds: 0 } }] }, 'BadTask')
  refused({ type: 'notes', notes: [{ ...note, task: { ...note.task, name: 'x'.repeat(5000) } }] }, 'MalformedBytes')
  refused({ type: 'notes', notes: [{ ...note, verdict: { adapter, says: 'perhaps' } }] }, 'MalformedBytes')
  refused({ type: 'notes', notes: [{ ...note, number: -1 }] }, 'MalformedBytes')
})

seededDeviceTest('a frame that was changed anywhere is refused by name, or is another message', 'notes', 3, random => {
  for (const message of messages) for (let count = 0; count < 300; count++) {
    const changed = mutate(random, encodeNotes(message))
    let found: NoteMessage
    try {
      found = decodeNotes(changed)
    } catch (error) {
      assert.ok(isKinmeshError(error, 'MalformedBytes', 'BadTask'), String(error))
      continue
    }
    // Terms are JSON, which has other spellings of the same.
    if (found.type !== 'notes') assert.equal(encodeNotes(found), changed)
  }
})

test.run()
