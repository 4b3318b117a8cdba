import { type Maker, spokenDay, two } from '../maker.ts'
import { weekdayOf } from '../prompt.ts'
import { clockText } from './values.ts'

/** When something is to happen: in the user's words, and as the clock of a device has it, `Tuesday 2026-03-10 14:05`. */
export type When = { readonly words: string; readonly exact: string }

const numberWords = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
const minutes = [0, 0, 0, 15, 30, 30, 45, 10, 20]

export function exactTime(day: string, hour: number, minute: number): string {
  return `${weekdayOf(day)} ${day} ${two(hour)}:${two(minute)}`
}

export function when(m: Maker): When {
  const { dice } = m
  const [hour, minute] = [dice.between(7, 21), dice.pick(minutes)]
  const at = (day: number, words: string): When => ({ words, exact: exactTime(m.day(day), hour, minute) })
  const clock = clockText(m, hour, minute)
  const ahead = dice.between(2, 6)
  const weekday = weekdayOf(m.day(ahead))
  const far = dice.between(7, 90)
  return dice.pick([
    () => at(1, dice.pick([`tomorrow at ${clock}`, `at ${clock} tomorrow`, `tomorrow, ${clock}`])),
    () => at(ahead, dice.pick([`on ${weekday} at ${clock}`, `${weekday} at ${clock}`, `at ${clock} on ${weekday}`, `this ${weekday} at ${clock}`])),
    () => at(far, `on ${spokenDay(dice, m.day(far), ['short', 'american'])} at ${clock}`),
    () => ({ words: dice.pick(['tomorrow morning', 'early tomorrow']), exact: exactTime(m.day(1), 8, 0) }),
    () => ({ words: dice.pick(['tomorrow evening', 'tomorrow night']), exact: exactTime(m.day(1), 19, 0) }),
    () => ({ words: dice.pick([`on ${weekday}`, `on ${weekday} morning`]), exact: exactTime(m.day(ahead), 9, 0) }),
    () => after(m),
    () => after(m),
    () => (Number(m.now.slice(11, 13)) < hour ? at(0, dice.pick([`at ${clock}`, `today at ${clock}`, `later today at ${clock}`])) : at(1, `tomorrow at ${clock}`))
  ])()
}

function after(m: Maker): When {
  const unit = m.dice.pick([['minute', 1, 5, 50], ['hour', 60, 1, 9], ['day', 1440, 1, 12], ['week', 10_080, 1, 6]] as const)
  const count = m.dice.between(unit[2], unit[3])
  const then = new Date(Date.parse(`${m.now}Z`) + count * unit[1] * 60_000).toISOString()
  const half = count === 1 && unit[0] === 'hour' && m.dice.chance(0.5)
  return { words: half ? 'in an hour' : `in ${amount(m, count, unit[0])}`, exact: exactTime(then.slice(0, 10), Number(then.slice(11, 13)), Number(then.slice(14, 16))) }
}

/** "3 weeks", "one day" */
export function amount(m: Maker, count: number, unit: string): string {
  const word = numberWords[count - 1]
  return `${word !== undefined && m.dice.chance(0.35) ? word : String(count)} ${unit}${count === 1 ? '' : 's'}`
}

export function duration(m: Maker): string {
  return m.dice.pick([
    () => amount(m, m.dice.between(1, 59), 'minute'), () => amount(m, m.dice.between(2, 12), 'hour'), () => amount(m, m.dice.between(10, 90), 'second'), () => `${m.dice.between(1, 45)} min`,
    () => 'half an hour', () => 'an hour and a half', () => `1 hour and ${m.dice.between(5, 50)} minutes`, () => amount(m, m.dice.between(2, 30), 'minute')
  ])()
}

const feasts = [['Christmas', '12-25'], ['Christmas Eve', '12-24'], ['New Year', '01-01'], ['Halloween', '10-31'], ['Valentine\'s Day', '02-14']] as const

/** A day that somebody asks about: "24 December", "next Friday", "Christmas", and which one it is. */
export function someDay(m: Maker): { readonly words: string; readonly day: string } {
  const day = m.day(m.dice.between(8, 320))
  return m.dice.pick([
    () => ({ words: spokenDay(m.dice, day), day }), () => ({ words: spokenDay(m.dice, day), day }), () => ({ words: day, day }),
    () => {
      const ahead = m.day(m.dice.between(7, 13))
      return { words: `next ${weekdayOf(ahead)}`, day: ahead }
    },
    () => {
      const [words, date] = m.dice.pick(feasts)
      const year = Number(m.now.slice(0, 4))
      return { words, day: `${m.now.slice(5, 10) < date ? year : year + 1}-${date}` }
    }
  ])()
}

/** The day so many days, weeks or months later; a month that is too short gives its last day. */
export function laterDay(day: string, count: number, unit: 'day' | 'week' | 'month'): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  if (unit !== 'month') return new Date(Date.UTC(year, month - 1, date + count * (unit === 'week' ? 7 : 1))).toISOString().slice(0, 10)
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + count, Math.min(date, last))).toISOString().slice(0, 10)
}

export function daysFrom(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00Z`) - Date.parse(`${first}T00:00Z`)) / 86_400_000)
}
