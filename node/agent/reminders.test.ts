import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from '../../mesh/log.ts'
import { testSpace, testSync } from '../testing/space.ts'
import { failsWith } from '../testing/throws.ts'
import { Reminders, maxPending } from './reminders.ts'

process.env['TZ'] = 'UTC'
const minute = 60_000

/** A clock that is put forward by hand. */
class Time {
  now = Date.UTC(2026, 2, 10, 14, 5)
  readonly #planned = new Set<{ at: number; work: () => void }>()

  readonly after = (ms: number, work: () => void) => {
    const each = { at: this.now + ms, work }
    this.#planned.add(each)
    return () => void this.#planned.delete(each)
  }

  async pass(ms: number): Promise<void> {
    const end = this.now + ms
    for (;;) {
      const next = [...this.#planned].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.#planned.delete(next)
      this.now = Math.max(this.now, next.at)
      next.work()
      await written()
    }
    this.now = end
  }
}

/** What was begun to be written is written. */
const written = () => new Promise(resolve => void setImmediate(resolve))

function devicesOn(...spaces: ReturnType<typeof testSpace>[]) {
  const time = new Time()
  const names = spaces.map((_, index) => `device-${index}`)
  const told: string[] = []
  const made = spaces.map((space, index) => new Reminders({ sync: testSync(space), device: names[index]!, devices: () => names, clock: () => time.now, log: silentLogger, after: time.after }))
  const look = (index: number) => made[index]!.onDue(({ text }) => told.push(`${index}: ${text}`))
  return { time, told, look, made }
}

test('a reminder is told when it is due, once, and is then kept as what was', async () => {
  const space = testSpace('personal')
  const { time, told, look, made: [reminders] } = devicesOn(space)
  look(0)
  reminders!.used()
  const { id } = await reminders!.set('reminder', ' call my sister ', time.now + minute)
  await reminders!.set('timer', 'eggs', time.now + minute / 2)
  assert.equal(reminders!.pending().map(({ text, kind }) => [text, kind]), [['eggs', 'timer'], ['call my sister', 'reminder']])
  await time.pass(minute / 2 - 1)
  assert.equal(told, [])
  await time.pass(1)
  assert.equal(told, ['0: eggs'])
  await time.pass(60 * minute)
  assert.equal([told, reminders!.pending()], [['0: eggs', '0: call my sister'], []])
  assert.is(space.get(id)?.value['validTo'], space.get(id)?.value['due'])
  assert.is(space.get(id)?.value['value'], 'Tuesday 2026-03-10 14:06')
})

test('of several devices the one in use tells it, and the others are silent', async () => {
  const space = testSpace('personal')
  const { time, told, look, made } = devicesOn(space, space, space)
  for (const index of [0, 1, 2]) look(index)
  await made[0]!.set('reminder', 'tea', time.now + 5 * minute)
  await time.pass(4 * minute)
  made[2]!.used()
  await time.pass(10 * minute)
  assert.equal(told, ['2: tea'])
  // Two that were both used just now, and none.
  await made[0]!.set('reminder', 'both', time.now + minute)
  made[1]!.used()
  made[2]!.used()
  await time.pass(5 * minute)
  await made[0]!.set('reminder', 'none', time.now + 30 * minute)
  await time.pass(60 * minute)
  assert.equal(told, ['2: tea', '1: both', '0: none'])
})

test('where nobody looks nothing is told; another device tells it, or this one when somebody comes', async () => {
  const space = testSpace('personal')
  const { time, told, look, made } = devicesOn(space, space)
  await made[0]!.set('reminder', 'first', time.now + minute)
  look(1)
  await time.pass(2 * minute)
  assert.equal(told, ['1: first'])
  made[1]!.close()
  await made[0]!.set('reminder', 'second', time.now + minute)
  await time.pass(600 * minute)
  assert.is(told.length, 1)
  look(0)
  await time.pass(1000)
  assert.is(told.length, 1, 'somebody else may have told it meanwhile')
  await time.pass(minute)
  assert.equal(told, ['1: first', '0: second'])
})

test('after a restart it goes on; what another device told or forgot is not told again', async () => {
  const space = testSpace('personal')
  const { time, told, look, made } = devicesOn(space, space)
  for (const text of ['a', 'b', 'c']) await made[0]!.set('reminder', text, time.now + minute)
  made[0]!.close()
  look(1)
  const [, b, c] = made[1]!.pending()
  await space.put({ ...space.get(b!.id)!.value, validTo: time.now + minute }, b!.id)
  await space.remove(c!.id)
  await time.pass(2 * minute)
  assert.equal(told, ['1: a'])
})

test('a clock that is set back delays nothing that is asked for afterwards', async () => {
  const { time, told, look, made: [reminders] } = devicesOn(testSpace('personal'))
  look(0)
  time.now -= 365 * 24 * 60 * minute
  await reminders!.set('reminder', 'a', time.now + minute)
  await time.pass(2 * minute)
  assert.equal(told, ['0: a'])
})

test('that it was told may fail to be kept: it is told once here all the same', async () => {
  const space = testSpace('personal')
  const { time, told, look, made: [reminders] } = devicesOn(space)
  look(0)
  await reminders!.set('reminder', 'a', time.now + minute)
  space.fail = new Error('disk full')
  await time.pass(10 * minute)
  assert.equal(told, ['0: a'])
})

test('odd items of others are no reminders; times that are over, no text and too many are refused', async () => {
  const space = testSpace('personal')
  const { time, told, look, made: [reminders] } = devicesOn(space)
  look(0)
  for (const value of [{ kind: 'task', attribute: 'reminder', due: 'soon' }, { kind: 'task', attribute: 'reminder', due: Infinity }, { kind: 'fact', attribute: 'reminder', due: 1 }, { kind: 'task', attribute: 'alarm', due: 1 }]) await space.put({ v: 1, text: 'x', ...value })
  await time.pass(minute)
  assert.equal([told, reminders!.pending()], [[], []])
  await failsWith('TimeInPast', () => reminders!.set('reminder', 'x', time.now))
  await failsWith('InvalidText', () => reminders!.set('reminder', ' ', time.now + 1))
  for (let n = 0; n < maxPending; n++) await space.put({ v: 1, kind: 'task', attribute: 'timer', text: 'x', due: time.now + minute })
  await failsWith('TooManyReminders', () => reminders!.set('reminder', 'x', time.now + 1))
})

test.run()
