import { type Maker, spokenDay, two } from '../maker.ts'
import { months } from '../prompt.ts'
import { capital } from './made-up.ts'
import { cities, streets } from './places.ts'
import { adjectives, nouns } from './things.ts'

const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ'.split('')

export function city(m: Maker): string {
  return m.wordOrMadeUp(cities, 0.4)
}

export function digits(m: Maker, count: number): string {
  return m.drawn(() => Array.from({ length: count }, () => m.dice.below(10)).join(''))
}

export function upper(m: Maker, count: number): string {
  return Array.from({ length: count }, () => m.dice.pick(letters)).join('')
}

/** What opens a door: "4821", "K7-90Q2", "zelmo-42". */
export function code(m: Maker): string {
  return m.drawn(() => m.dice.pick([() => digits(m, m.dice.between(4, 6)), () => `${upper(m, 2)}${digits(m, 4)}`, () => `${upper(m, 1)}${m.dice.below(10)}-${digits(m, 3)}`, () => `${m.madeUp()}${digits(m, 2)}`, () => `${m.madeUp()}-${m.madeUp()}`])())
}

export function phone(m: Maker): string {
  return m.drawn(() => m.dice.pick([() => `0${digits(m, 3)} ${digits(m, 6)}`, () => `+${m.dice.between(20, 98)} ${digits(m, 3)} ${digits(m, 4)}`, () => `${digits(m, 3)}-${digits(m, 4)}`, () => `0${digits(m, 9)}`])())
}

export function plate(m: Maker): string {
  return m.drawn(() => m.dice.pick([() => `${upper(m, 2)} ${digits(m, 4)}`, () => `${upper(m, 3)}-${digits(m, 3)}`, () => `${upper(m, 2)}${digits(m, 2)} ${upper(m, 3)}`])())
}

export function address(m: Maker): string {
  return `${m.dice.between(1, 180)} ${capital(m.madeUp())} ${m.dice.pick(streets)}`
}

export function email(m: Maker): string {
  return m.drawn(() => `${m.madeUp()}${m.dice.pick(['.', '_', ''])}${m.madeUp()}@${m.madeUp()}.${m.dice.pick(['org', 'com', 'net', 'eu'])}`.normalize('NFD').replaceAll(/[^a-z0-9@._]/g, ''))
}

/** "The Silent Garden", "Blorpe" */
export function title(m: Maker): string {
  const [adjective, noun] = [capital(m.word(adjectives)), capital(m.word(nouns))]
  return m.dice.pick([`The ${adjective} ${noun}`, `${adjective} ${noun}`, `The ${noun} of ${capital(m.madeUp())}`, capital(m.madeUp()), `${capital(m.madeUp())} and the ${noun}`])
}

export function fullName(m: Maker): string {
  return `${m.firstName(m.dice.chance(0.5))} ${m.surname()}`
}

export function doctor(m: Maker): string {
  return m.dice.pick([() => `Dr. ${m.surname()}`, () => `Dr ${m.surname()}`, () => fullName(m), () => `${m.dice.pick(['Mrs', 'Mr', 'Ms'])} ${m.surname()}`])()
}

export function company(m: Maker): string {
  const name = m.surname()
  return m.dice.pick([() => name, () => `${name} & ${m.dice.pick(['Sons', 'Partners', 'Co'])}`, () => `${capital(m.madeUp())} ${m.dice.pick(['Labs', 'Bank', 'Books', 'Energy', 'Foods', 'Studio', 'Airlines', 'Insurance', 'Hospital', 'Systems'])}`, () => capital(m.madeUp())])()
}

/** A day of the year: "4 May", "May 4", "the 4th of May". */
export function yearDay(m: Maker): string {
  const [date, month] = [m.dice.between(1, 28), m.dice.pick(months)]
  return m.dice.pick([`${date} ${month}`, `${month} ${date}`, `${month} ${ordinal(date)}`, `${ordinal(date)} of ${month}`, `the ${ordinal(date)} of ${month}`])
}

export function ordinal(number: number): string {
  const last = number % 10
  return `${number}${number > 10 && number < 14 ? 'th' : last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th'}`
}

/** "14:30", "9 am", "half past four", "5pm" */
export function clock(m: Maker): string {
  return clockText(m, m.dice.between(6, 22), m.dice.pick([0, 0, 5, 10, 15, 20, 30, 30, 40, 45, 50]))
}

/** `hour` from 0 to 23. */
export function clockText(m: Maker, hour: number, minute: number): string {
  const twelve = hour > 12 ? hour - 12 : hour
  const half = hour < 12 ? 'am' : 'pm'
  const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
  if (minute !== 0) return m.dice.pick([`${hour}:${two(minute)}`, `${twelve}:${two(minute)} ${half}`, ...(minute === 30 ? [`half past ${words[twelve - 1]}`] : []), ...(minute === 15 ? [`quarter past ${words[twelve - 1]}`] : [])])
  return m.dice.pick([`${hour}:00`, `${twelve} ${half}`, `${twelve}${half}`, ...(twelve > 2 ? [`${words[twelve - 1]} o'clock`] : []), ...(hour === 12 ? ['noon'] : [])])
}

/** When an appointment is: a day that is named, with a time or not. */
export function appointment(m: Maker): string {
  const day = spokenDay(m.dice, m.day(m.dice.between(1, 60)), ['short', 'american', 'weekday', 'short'])
  return m.dice.pick([`on ${day} at ${clock(m)}`, `on ${day}`, `on ${day} at ${clock(m)}`, `${day} at ${clock(m)}`])
}

export function money(m: Maker): string {
  const amount = m.drawn(() => m.dice.pick([String(m.dice.between(11, 999)), String(m.dice.between(1000, 9000)), `${m.dice.between(2, 90)}.${two(m.dice.below(100))}`]))
  return m.dice.pick([`${amount} euros`, `$${amount}`, `£${amount}`, `€${amount}`, `${amount} dollars`, `${amount} kroner`, `${amount} francs`])
}
