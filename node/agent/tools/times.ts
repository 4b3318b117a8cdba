import * as chrono from 'chrono-node/en'
import { weekdays } from '../../starter/prompt.ts'

// Times and dates in the user's words, in the time zone of this device. What cannot be read whole is refused: half of it would be another time.

/** Where somebody says a part of a day and no hour. */
const hoursOf = { morning: 8, noon: 12, afternoon: 15, evening: 19, night: 19, tonight: 20 } as const
const partOfDay = new RegExp(`\\b(${Object.keys(hoursOf).join('|')})\\b`, 'i')
/** Of a day alone. */
const usualHour = 9
/** An hour without "am" or "pm" is one at which people are awake, from this one until twelve hours later. */
const wakingHour = 7
const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
const number = `(\\d+|an?|${numbers.join('|')})`
const amount = new RegExp(`${number}\\s*(second|sec|minute|min|hour|hr|h|day|week|month|year)s?\\b`, 'i')
/** What may stand beside a time and says nothing of it. */
const filler = /\b(on|at|the|early|later|please|in|from|o'clock)\b|[,.!]/gi
/** Days that have a name and the same date each year. */
const feasts = new Map([['christmas eve', 'December 24'], ['christmas day', 'December 25'], ['christmas', 'December 25'], ["new year's eve", 'December 31'], ["new year's day", 'January 1'], ['new year', 'January 1'], ['halloween', 'October 31'], ["valentine's day", 'February 14']])
/** Beyond it nobody plans, and calendars err. In ms. */
const farthest = 100 * 366 * 86_400_000

/** The moment that is meant, after `now` unless it is said otherwise; undefined: not understood. To the minute, or to the second where it is some time from now. */
export function readMoment(words: string, now: Date): Date | undefined {
  const found = read(words, now)
  if (!found) return undefined
  const { start } = found
  if (start.isCertain('hour') && (start.isCertain('second') || start.isCertain('meridiem'))) return within(start.date(), now)
  const day = monthsFrom(now, words, start.date())
  if (start.isCertain('hour')) return within(awake(day, start.isCertain('day') || start.isCertain('weekday'), now), now)
  const part = partOfDay.exec(words)?.[1]?.toLowerCase() as keyof typeof hoursOf | undefined
  if (part) day.setHours(hoursOf[part], 0, 0, 0)
  else if (/\bearly\b/i.test(words)) day.setHours(hoursOf.morning, 0, 0, 0)
  // Days from now are days of the calendar: at this time of day, whatever clocks are put forward meanwhile.
  else if (isAmount(words)) day.setHours(now.getHours(), now.getMinutes(), 0, 0)
  else day.setHours(usualHour, 0, 0, 0)
  return within(day, now)
}

/** The day that is meant, as `2026-03-10`; undefined: not understood. */
export function readDay(words: string, now: Date): string | undefined {
  const found = read(words, now)?.start.date()
  const day = found && within(monthsFrom(now, words, found), now)
  return day && dayText(day)
}

/** The day so much time after (or before, "2 weeks ago") another one. */
export function addTo(day: string, words: string): string | undefined {
  const noon = new Date(`${day}T12:00`)
  return readDay(/\b(ago|in|from now|earlier|later|before|after)\b/i.test(words) ? words.replace(/\b(earlier|before)\b/i, 'ago').replace(/\b(later|after)\b/i, 'from now') : `in ${words}`, noon)
}

/** In ms; undefined: not understood. */
export function readDuration(words: string): number | undefined {
  // Any winter noon: no clock is put forward within the day after it.
  const from = new Date('2001-01-15T12:00')
  const found = read(/^\s*in\b/i.test(words) ? words : `in ${words}`, from)
  if (!found || !isAmount(found.text)) return undefined
  const ms = found.start.date().getTime() - from.getTime()
  return ms > 0 ? ms : undefined
}

/** When a timer of a duration ends, or a moment; undefined: not understood. */
export function momentOrDuration(words: string, now: Date, kind: 'reminder' | 'timer'): Date | undefined {
  const length = kind === 'timer' ? readDuration(words) : undefined
  return length === undefined ? readMoment(words, now) : new Date(now.getTime() + length)
}

/** `2026-03-10`, where this device is. */
export function dayText(date: Date): string {
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `2026-03-10T14:05`, where this device is. */
export function clockText(date: Date): string {
  return `${dayText(date)}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `Tuesday 2026-03-10 14:05`, where this device is. */
export function momentText(date: Date): string {
  return `${weekdays[date.getDay()]} ${clockText(date).replace('T', ' ')}`
}

function read(words: string, now: Date): chrono.ParsedResult | undefined {
  const text = spelled(words)
  const [found, ...others] = chrono.casual.parse(text, { instant: now }, { forwardDate: true })
  if (!found || others.length > 0 || found.end) return undefined
  const left = `${text.slice(0, found.index)} ${text.slice(found.index + found.text.length)}`
  return left.replaceAll(filler, '').trim() === '' ? found : undefined
}

/** In the words that the library knows. */
function spelled(words: string): string {
  let text = words.trim().replaceAll('’', "'")
  for (const [name, date] of feasts) text = text.replace(new RegExp(`\\b${name}\\b`, 'i'), date)
  const valueOf = (given: string) => (/^an?$/i.test(given) ? 1 : numbers.includes(given.toLowerCase()) ? numbers.indexOf(given.toLowerCase()) : Number(given))
  return text
    .replace(new RegExp(`\\b${number} (hour|day|week|month|year)s? and a half\\b`, 'i'), (_, count: string, unit: string) => `${valueOf(count) + 0.5} ${unit}s`)
    .replace(new RegExp(`\\b${number} and a half (minute|hour|day|week|month|year)s?\\b`, 'i'), (_, count: string, unit: string) => `${valueOf(count) + 0.5} ${unit}s`)
    .replace(new RegExp(`\\b(half|quarter|ten|five|twenty) (past|to) ${number}\\b`, 'i'), (_, part: string, side: string, hour: string) => {
      const minutes = { half: 30, quarter: 15, ten: 10, five: 5, twenty: 20 }[part.toLowerCase()] ?? 0
      return side.toLowerCase() === 'past' ? `${valueOf(hour)}:${two(minutes)}` : `${(valueOf(hour) + 11) % 12 || 12}:${two(60 - minutes)}`
    })
}

/** "3 weeks", "in an hour": so much from now, and not a day of the calendar. */
function isAmount(words: string): boolean {
  return amount.test(words)
}

/** A month after 31 January is the last day of February. The library counts on into March. */
function monthsFrom(from: Date, words: string, found: Date): Date {
  if (!isAmount(words) || !/\b(month|year)s?\b/i.test(words) || found.getDate() === from.getDate()) return found
  const last = new Date(found)
  last.setDate(0)
  return last
}

/** An hour that may be of the morning or of the afternoon: the first at which people are awake; of no certain day, the next one. */
function awake(moment: Date, isDayKnown: boolean, now: Date): Date {
  const at = new Date(moment)
  if (!isDayKnown) at.setFullYear(now.getFullYear(), now.getMonth(), now.getDate())
  at.setHours(((at.getHours() + 24 - wakingHour) % 12) + wakingHour)
  if (isDayKnown || at > now) return at
  const later = new Date(at)
  later.setHours(at.getHours() + 12)
  if (later > now && later.getDate() === at.getDate()) return later
  at.setDate(at.getDate() + 1)
  return at
}

function within(moment: Date, now: Date): Date | undefined {
  return Math.abs(moment.getTime() - now.getTime()) <= farthest ? moment : undefined
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
