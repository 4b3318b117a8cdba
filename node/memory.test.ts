import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkText, findMemory, forget, maxTextBytes, remember, toMemory } from './memory.ts'
import { testSpace, testSync } from './testing/space.ts'
import { failsWith } from './testing/throws.ts'

const now = 1_700_000_000_000

test('a memory is written to the space that was asked for, with kind, time and source', async () => {
  const personal = testSpace('personal')
  const device = testSpace('device')
  const sync = testSync(device, personal)
  const shared = await remember(sync, 'me', { text: '  tea, not coffee ', kind: 'preference', subject: 'me', ref: 'abc' }, { now })
  assert.equal(personal.get(shared.id)?.value, { v: 1, kind: 'preference', text: 'tea, not coffee', subject: 'me', observedAt: now, source: { device: 'me', ref: 'abc' } })
  const local = await remember(sync, 'me', { text: 'here only' }, { space: 'device', now })
  assert.is(device.count, 1)
  assert.is(findMemory(sync, local.id)?.space, 'device')
  assert.is((await forget(sync, local.id)).text, 'here only')
  assert.is(device.count, 0)
  await failsWith('NoSuchMemory', () => forget(sync, local.id))
})

test('what is superseded stays, and holds until the new one was observed', async () => {
  const [personal, device] = [testSpace('personal'), testSpace('device')]
  const sync = testSync(device, personal)
  const old = await remember(sync, 'me', { text: 'the code is 1', subject: 'code' }, { space: 'device', now: 10 })
  const changed = await remember(sync, 'me', { text: 'the code is 2', supersedes: old.id }, { now: 20 })
  assert.equal([changed.space, changed.supersedes, findMemory(sync, old.id)?.validTo, findMemory(sync, old.id)?.subject], ['device', old.id, 20, 'code'])
  // Told late, it never held before it was told itself.
  const late = await remember(sync, 'me', { text: 'the code was 0', supersedes: changed.id, observedAt: 5 }, { now: 30 })
  assert.equal([late.at, findMemory(sync, changed.id)?.validTo], [5, 20])
  await failsWith('NoSuchMemory', () => remember(sync, 'me', { text: 'x', supersedes: 'nowhere' }, { now }))
  assert.equal([personal.count, device.count], [0, 3])
})

test('an unknown space is named together with those there are', async () => {
  const error = await failsWith('UnknownSpace', () => remember(testSync(testSpace('device'), testSpace('personal')), 'me', { text: 'x' }, { space: 'famliy', now }))
  assert.match(error.message, /"famliy".*device, personal/)
})

test('text is bounded in UTF-8 bytes, and must be well formed, shown text', async () => {
  assert.is(checkText('é'.repeat(maxTextBytes / 2)).length, maxTextBytes / 2)
  await failsWith('TextTooLong', () => checkText('é'.repeat(maxTextBytes / 2) + 'x'))
  for (const text of ['', '  \n ', 'half a \ud83d', 'bell \u0007', 'escape \u001b[31m', '\u009b31m']) await failsWith('InvalidText', () => checkText(text))
  assert.is(checkText('two\nlines\tand 👩‍👩‍👧 ok'), 'two\nlines\tand 👩‍👩‍👧 ok')
})

test('what another device wrote in its own way is read with plain defaults', () => {
  const item = { id: 'x', value: { v: 9, kind: 'poem', text: 7, subject: ['a'], observedAt: 'yesterday', validTo: 1e300, supersedes: 7 }, hlc: 5 * 1024 + 3, device: 'other', others: [] }
  assert.equal(toMemory({ name: 'personal' }, item), { id: 'x', space: 'personal', text: '', kind: 'note', at: 5, device: 'other', others: 0 })
})

test.run()
