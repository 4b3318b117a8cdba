import { type Fact, type FactKind, changed, makeFact, otherValue, overlaps, stated } from './facts/fact.ts'
import { personFacts } from './facts/person-facts.ts'
import { commonFacts, eventFacts, thingFacts, vehicleFacts } from './facts/thing-facts.ts'
import type { Maker } from './maker.ts'
import type { ShownMemory } from './prompt.ts'
import { type Subject, isMe, isThing, keyOf, me } from './voice.ts'
import { capital } from './words/made-up.ts'
import { events } from './words/tasks.ts'
import { belongings, common, smallThings, vehicles } from './words/things.ts'

type Sort = 'person' | 'belonging' | 'vehicle' | 'common' | 'small' | 'event'

const sorts: readonly (readonly [Sort, number])[] = [['person', 55], ['belonging', 12], ['vehicle', 4], ['common', 14], ['small', 8], ['event', 12]]
const typesOf: Readonly<Record<Sort, readonly FactKind[]>> = {
  person: personFacts, belonging: thingFacts.filter(({ group }) => group !== 'spot'), vehicle: [...thingFacts.filter(({ group }) => group !== 'spot'), ...vehicleFacts], common: commonFacts,
  small: thingFacts.filter(({ group }) => ['spot', 'lent', 'price', 'colour'].includes(group)), event: eventFacts
}

/** Facts that stand beside each other in one example, and that no question confuses unless it is meant to. */
export class Scene {
  readonly m: Maker
  readonly facts: Fact[] = []
  readonly #sortOf = new Map<string, Sort>()

  constructor(m: Maker) {
    this.m = m
  }

  /** Somebody or something new. */
  subject(sort: Sort = this.m.dice.weighted(sorts), mine = 0.35): Subject {
    for (let tries = 1; ; tries++) {
      // There are few vehicles, and few appointments in a split: then it is somebody else.
      const drawn = tries % 20 === 0 ? 'person' : sort
      const subject = this.#draw(drawn, mine)
      const key = keyOf(subject)
      const words = key.split(/[\s/]/)
      // "The garage" beside "the garage door": neither is a part of the other.
      const known = [...this.#sortOf.keys()].some(other => other === key || (isThing(subject) && words.some(word => word.length > 2 && other.split(/[\s/]/).includes(word))))
      if (known || this.facts.some(fact => overlaps(fact.value, key.replaceAll('/', '')))) continue
      this.#sortOf.set(key, drawn)
      return subject
    }
  }

  #draw(sort: Sort, mine: number): Subject {
    const { m } = this
    if (sort === 'person') return m.person(mine)
    if (sort === 'vehicle') return { noun: m.dice.pick(vehicles), mine: true }
    if (sort === 'event') return { noun: m.word(events), mine: true }
    const madeUp = m.dice.chance(0.3)
    if (sort === 'common') return { noun: madeUp ? m.madeUp() : m.word(common), mine: false }
    return { noun: madeUp ? m.madeUp() : m.word(sort === 'small' ? smallThings : belongings), mine: true }
  }

  sortOf(subject: Subject): Sort {
    return this.#sortOf.get(keyOf(subject)) ?? 'person'
  }

  types(subject: Subject): readonly FactKind[] {
    return typesOf[this.sortOf(subject)].filter(({ group }) => !this.facts.some(fact => keyOf(fact.subject) === keyOf(subject) && fact.type.group === group))
  }

  /** A new fact of the subject, whose value no other one overlaps; undefined where it has no more. */
  fact(subject: Subject = this.subject(), types: readonly FactKind[] = this.types(subject)): Fact | undefined {
    if (types.length === 0) return undefined
    for (let tries = 0; tries < 20; tries++) {
      const fact = makeFact(this.m, this.m.dice.pick(types), subject)
      if (this.#clashes(fact)) continue
      this.facts.push(fact)
      return fact
    }
    return undefined
  }

  /** The same with another value, which then counts among the facts. */
  other(fact: Fact): Fact {
    for (let tries = 0; ; tries++) {
      const next = otherValue(this.m, fact)
      if (tries < 50 && this.#clashes(next)) continue
      this.facts.push(next)
      return next
    }
  }

  #clashes({ value, extra, subject }: Fact): boolean {
    const taken = [...this.facts.map(fact => fact.value), ...[...this.#sortOf.keys()].flatMap(key => key.split('/').filter(each => each !== ''))]
    return taken.some(each => overlaps(each, value)) || (extra !== '' && overlaps(extra, value)) || overlaps(value, keyOf(subject).replaceAll('/', ''))
  }

  /** A fact that is easily taken for the given one: another one of its subject, or the same of another subject. */
  near(fact: Fact): Fact | undefined {
    if (this.m.dice.chance(0.5)) return this.fact(fact.subject)
    const other = this.subject(this.sortOf(fact.subject))
    if (!this.types(other).includes(fact.type)) return this.fact(other)
    const like = makeFact(this.m, fact.type, other)
    if (this.#clashes(like)) return this.fact(other)
    this.facts.push(like)
    return like
  }

  /** Up to `count` facts beside the given one, most of them near. */
  beside(fact: Fact | undefined, count: number, nearShare = 0.6): Fact[] {
    return Array.from({ length: count }, () => (fact && this.m.dice.chance(nearShare) ? this.near(fact) : this.fact())).filter(each => each !== undefined)
  }
}

/** How many memories stand beside the one that is asked for: few most of the time, ten at most in all. */
export function besideCount(m: Maker): number {
  return m.dice.weighted([[0, 1], [1, 2], [2, 3], [3, 3], [4, 3], [5, 2.5], [6, 2], [7, 2], [8, 1.5], [9, 1.5]])
}

/** What was remembered of a fact, as the user said it. `old`: it is told as a change from that value. */
export function memoryText(m: Maker, fact: Fact, old?: string): string {
  const text = old === undefined ? stated(m, fact) : changed(m, fact, old)
  return (fact.lower ? text.toLowerCase() : capital(text)) + (m.dice.chance(0.6) ? '.' : '')
}

/** A memory of a fact. */
export type FactMemory = ShownMemory & { readonly fact: Fact }

/** Memories on different days. Prompts show them in an order of their own. `byOthers`: how many of them somebody else said, or a document says. */
export function shown(m: Maker, facts: readonly Fact[], byOthers = 0): FactMemory[] {
  // Shuffled, or the fact that is asked for would be the oldest of all.
  const days = m.dice.shuffle(m.pastDays(facts.length))
  return m.dice.shuffle(facts.map((fact, index) => ({ day: days[index] ?? m.now.slice(0, 10), ...(byOthers > 0 && m.dice.chance(byOthers) ? saidByOther(m, fact) : { text: memoryText(m, fact) }), fact })))
}

/** Somebody about themselves, where the fact is one of somebody with a name; else a document. */
function saidByOther(m: Maker, fact: Fact): { readonly text: string; readonly by: string } {
  const { subject } = fact
  if (!isThing(subject) && subject.name !== undefined) return { text: memoryText(m, { ...fact, subject: me }), by: subject.name }
  return { text: memoryText(m, fact), by: `${m.dice.chance(0.5) ? m.word(smallThings) : m.madeUp()}.${m.dice.pick(['md', 'txt', 'pdf', 'docx'])}`.replaceAll(' ', '-') }
}

/** What somebody else said of themselves, in a space that is shared. */
export function byOther(m: Maker, fact: Fact, day: string): ShownMemory {
  return { day, text: memoryText(m, { ...fact, subject: me }), by: isMe(fact.subject) || isThing(fact.subject) ? m.firstName(m.dice.chance(0.5)) : (fact.subject.name ?? m.firstName(fact.subject.she)) }
}

/** What tells a fact, among these. */
export function memoryOf(memories: readonly FactMemory[], fact: Fact): FactMemory {
  const memory = memories.find(each => each.fact === fact)
  if (!memory) throw new Error(`nothing is shown of "${fact.value}"`)
  return memory
}
