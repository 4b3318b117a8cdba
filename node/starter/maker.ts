import { Dice } from './dice.ts'
import { type Slots, expand } from './phrase.ts'
import { months, weekdayOf } from './prompt.ts'
import { type BySplit, type Split, splitPhrases } from './split.ts'
import { type Person, me } from './voice.ts'
import { drawn, madeUpName, madeUpWord } from './words/made-up.ts'
import { men, menKin, others, sameKin, surnames, women, womenKin } from './words/people.ts'

/** Some of the phrases of a split, for what learns from what something else has not seen: those whose place in their list leaves `rest` when divided by `by`, or with `others` all but those. */
export type PhraseShare = { readonly by: number; readonly rest: number; readonly others: boolean }

const families = new Map<readonly string[], Map<readonly string[], BySplit<string>>>()
const none: readonly string[] = []
const dayMs = 86_400_000
const firstDayMs = Date.UTC(2024, 0, 1)
/** Twelve years of days that an example may be on. */
const days = 4380

/** What one example is made of: its chance, its split, its day, and the phrases that it used. */
export class Maker {
  readonly dice: Dice
  readonly split: Split
  /** `2026-03-10T14:05` */
  readonly now: string
  /** Phrases of the user's that were used: those that are split. */
  readonly used = new Set<string>()
  readonly #persons = new Set<string>()
  readonly #today: number
  readonly #share: PhraseShare | undefined

  constructor(seed: number, split: Split, share?: PhraseShare) {
    this.dice = new Dice(seed)
    this.split = split
    this.#share = share
    this.#today = firstDayMs + this.dice.below(days) * dayMs
    this.now = `${this.day(0)}T${two(this.dice.between(6, 23))}:${two(this.dice.below(60))}`
  }

  /** What a user says: one of the phrases of this split, which in learning has `more` of them (phrasings/). */
  heard(phrases: readonly string[], slots: Slots, more = none): string {
    const family = familyOf(phrases, more)
    const phrase = this.dice.pick(sharedOut(family[this.split], this.#share))
    this.used.add(phrase)
    return expand(phrase, this.dice, slots)
  }

  /** What the assistant says: in one way, since nobody could tell beforehand which of several it would be, and a small model would learn that in vain. */
  said(phrase: string, slots: Slots): string {
    return expand(phrase, this.dice, slots)
  }

  word(words: BySplit<string>): string {
    return this.dice.pick(words[this.split])
  }

  /** A word of the list, or one that does not exist. */
  wordOrMadeUp(words: BySplit<string>, madeUp = 0.4): string {
    return this.dice.chance(madeUp) ? madeUpName(this.dice, this.split) : this.word(words)
  }

  madeUp(): string {
    return madeUpWord(this.dice, this.split)
  }

  drawn(draw: () => string): string {
    return drawn(this.split, draw)
  }

  /** The day that is so many days after today, `2026-03-10`. */
  day(after: number): string {
    return new Date(this.#today + after * dayMs).toISOString().slice(0, 10)
  }

  /** `count` different days before today (or today), the newest last. */
  pastDays(count: number): string[] {
    const ages = new Set<number>()
    while (ages.size < count) ages.add(this.dice.chance(0.5) ? this.dice.below(30) : this.dice.below(900))
    return [...ages].sort((a, b) => b - a).map(age => this.day(-age))
  }

  firstName(she: boolean): string {
    return this.wordOrMadeUp(she ? women : men, 0.5)
  }

  surname(): string {
    return this.wordOrMadeUp(surnames, 0.5)
  }

  /** Somebody whom this example has not named yet. `me`: how often it is the user. */
  person(mine = 0.35): Person {
    if (!this.#persons.has('me') && this.dice.chance(mine)) {
      this.#persons.add('me')
      return me
    }
    for (;;) {
      const she = this.dice.chance(0.5)
      const kin = this.dice.chance(0.55) ? this.dice.pick(this.dice.chance(0.35) ? others : she ? womenKin : menKin) : undefined
      const name = kin === undefined || this.dice.chance(0.3) ? this.firstName(she) : undefined
      const taken = [...(kin === undefined ? [] : (sameKin.find(row => row.includes(kin)) ?? [kin])), ...(name === undefined ? [] : [name])]
      if (taken.some(each => this.#persons.has(each))) continue
      for (const each of taken) this.#persons.add(each)
      return { name, kin, she }
    }
  }
}

function familyOf(phrases: readonly string[], more: readonly string[]): BySplit<string> {
  let known = families.get(phrases)
  if (!known) families.set(phrases, (known = new Map<readonly string[], BySplit<string>>()))
  let family = known.get(more)
  if (!family) known.set(more, (family = splitPhrases(phrases, more)))
  return family
}

/** All of them where the share would be none. */
function sharedOut(phrases: readonly string[], share: PhraseShare | undefined): readonly string[] {
  const some = share && phrases.filter((_, at) => (at % share.by === share.rest) !== share.others)
  return some && some.length > 0 ? some : phrases
}

export function two(number: number): string {
  return String(number).padStart(2, '0')
}

/** `2026-03-10` as people write it: "10 March", "March 10", "10 March 2026", "Tuesday". */
export function spokenDay(dice: Dice, day: string, forms: readonly ('short' | 'american' | 'long' | 'weekday')[] = ['short', 'american', 'long']): string {
  const [year = '', month = '', date = ''] = day.split('-')
  const name = months[Number(month) - 1] ?? ''
  const form = dice.pick(forms)
  if (form === 'weekday') return weekdayOf(day)
  return form === 'american' ? `${name} ${Number(date)}` : `${Number(date)} ${name}${form === 'long' ? ` ${year}` : ''}`
}
