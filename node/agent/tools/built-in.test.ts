import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { silentLogger } from '../../../mesh/log.ts'
import { rejects } from '../../../tools/assert.ts'
import { memoryTermIndex } from '../../context/memory-term-index.ts'
import { createRecall } from '../../context/recall.ts'
import { testSpace, testSync } from '../../testing/space.ts'
import { Lists } from '../lists.ts'
import { Reminders } from '../reminders.ts'
import { builtInRunners } from './built-in.ts'

process.env['TZ'] = 'Europe/Zurich'
const now = Date.parse('2026-03-10T14:05:00+01:00')

async function withTools(work: (run: (name: string, given: Record<string, unknown>, ...said: string[]) => Promise<string>, space: ReturnType<typeof testSpace>) => Promise<void>): Promise<void> {
  const space = testSpace('personal')
  const [sync, clock] = [testSync(testSpace('device'), space), () => now]
  const recall = createRecall({ index: memoryTermIndex(), spaces: () => sync.spaces(), log: silentLogger, clock })
  const reminders = new Reminders({ sync, device: 'me', devices: () => ['me'], clock, log: silentLogger, after: () => () => {} })
  const runners = builtInRunners({ sync, device: 'me', recall, lists: new Lists({ sync, device: 'me', clock }), reminders, clock })
  try {
    await work(async (name, given, ...said) => (await runners.find(({ tool }) => tool.name === name)!.run(given, { said, turnId: 't' })).text, space)
  } finally {
    await recall.close()
  }
}

const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)

test('what the user said is kept and found; what they did not say is not kept', () => withTools(async (run, space) => {
  const said = 'please keep in mind that my sister moved to Oslo'
  assert.is(await run('remember', { text: 'my sister moved to Oslo' }, said), 'ok')
  await rejects(run('remember', { text: 'my sister hates Oslo' }, said), coded('NotSaid'))
  assert.is(space.count, 1)
  assert.is(await run('recall', { query: 'where is my sister' }), '- 2026-03-10: my sister moved to Oslo')
  assert.is(await run('recall', { query: 'submarine' }), 'nothing found')
}))

test('what is to be forgotten has all the words, and the user named it', () => withTools(async (run, space) => {
  for (const text of ['my sister moved to Oslo', 'my sister likes tulips', 'Oslo is cold']) await space.put({ v: 1, kind: 'fact', text, observedAt: now })
  await rejects(run('forget', { query: 'tulips' }, 'forget about my sister in Oslo'), coded('NotSaid'))
  await rejects(run('forget', { query: 'sister Oslo' }, 'my sister moved to Oslo', 'what is the weather'), coded('NotSaid'))
  assert.is(await run('forget', { query: 'sister Oslo' }, 'forget about my sister in Oslo'), 'forgot 1')
  assert.equal([space.count, await run('forget', { query: 'sister Oslo' }, 'forget my sister in Oslo')], [2, 'nothing found'])
  for (let n = 0; n < 6; n++) await space.put({ v: 1, kind: 'fact', text: `tulip number ${n}`, observedAt: now })
  await rejects(run('forget', { query: 'tulip' }, 'forget the tulip'), coded('TooMany'))
}))

test('lists', () => withTools(async run => {
  assert.is(await run('list_add', { list: 'party', items: ['oats', 'an ianaelm'] }), 'ok')
  assert.is(await run('list_show', { list: 'party' }), 'oats, an ianaelm')
  assert.is(await run('list_remove', { list: 'party', items: ['Oats'] }), 'ok')
  await rejects(run('list_remove', { list: 'party', items: ['milk'] }), coded('NotOnList'))
  assert.equal([await run('list_show', { list: 'party' }), await run('list_show', { list: 'camping' })], ['an ianaelm', 'empty'])
  // A memory of a list says what it is.
  assert.is(await run('recall', { query: 'ianaelm' }), '- 2026-03-10: an ianaelm is on the party list')
}))

test('reminders, timers, dates and sums, in the time zone of the device', () => withTools(async run => {
  const results: [string, Record<string, unknown>, string][] = [
    ['set_reminder', { text: 'call my sister', when: 'tomorrow at 5' }, 'set for Wednesday 2026-03-11 17:00'], ['set_timer', { duration: '12 minutes' }, 'runs until 14:17'], ['set_timer', { duration: 'an hour and a half', label: 'bread' }, 'runs until 15:35'],
    ['date_add', { date: '24 December' }, 'Thursday 2026-12-24'], ['date_add', { date: 'today', add: '3 weeks' }, 'Tuesday 2026-03-31'], ['days_between', { from: 'today', to: '17 April' }, '38 days'], ['days_between', { from: 'today', to: 'tomorrow' }, '1 day'],
    ['calculate', { expression: '7 * 12' }, '84'], ['recall', { query: 'call sister' }, '- 2026-03-10: call my sister (reminder for Wednesday 2026-03-11 17:00)']
  ]
  for (const [name, given, expected] of results) assert.is(await run(name, given), expected)
}))

test('times that are over or not understood, and arguments that are none, are named errors', () => withTools(async (run, space) => {
  await rejects(run('set_reminder', { text: 'x', when: 'yesterday at 5' }), coded('TimeInPast'))
  await rejects(run('set_reminder', { text: 'x', when: 'soon' }), coded('NotUnderstood'))
  await rejects(run('set_timer', { duration: 'a while' }), coded('NotUnderstood'))
  await rejects(run('date_add', { date: 'today', add: 'a bit' }), coded('NotUnderstood'))
  await rejects(run('calculate', { expression: 'x' }), coded('BadExpression'))
  for (const given of [{}, { list: 7, items: ['a'] }, { list: 'a', items: [] }, { list: ' ', items: ['a'] }, { list: 'a', items: ['x'.repeat(3000)] }]) await rejects(run('list_add', given), coded('BadArguments'))
  assert.is(space.count, 0)
}))

test.run()
