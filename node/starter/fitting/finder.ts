import { agreementOf, comparedAll, hasMine, missing } from './compared.ts'
import { allKinds, severalKinds } from './kinds.ts'
import { type NetWeights, netOf } from './net.ts'
import { Seeing, type SeenWeights } from './seen.ts'
import type { Told } from './terms.ts'

/** Logarithm of how likely two memories tell the same kind of fact, at least, to be taken for it. */
const leastAlike = Math.log(0.1)

export type FinderWeights = SeenWeights & { readonly net: NetWeights }

/** How well memories fit what was asked: what kind of fact is asked for and told, about whom, and what both say, weighed up by a net of one layer. */
export class Finder {
  readonly least: number
  readonly seeing: Seeing
  readonly #net: NetWeights

  constructor(weights: FinderWeights) {
    this.seeing = new Seeing(weights)
    this.#net = weights.net
    this.least = weights.net.least
  }

  /** `scores`: one number for each memory; above `least` it fits. `tellSame`: whether two of them tell the same kind of fact of what the question names, so that one may be what became of the other. */
  found(memories: readonly Told[], asked: readonly string[]): { readonly scores: readonly number[]; tellSame(one: number, other: number): boolean } {
    const [question, seen] = [this.seeing.question(asked), memories.map(each => this.seeing.memory(each))]
    const names = question.subject.length > 0 || hasMine(question)
    return {
      scores: comparedAll(question, seen, this.seeing.terms).map(each => netOf(each, this.#net)),
      tellSame: (one, other) => names && agreementOf(seen[one]!, seen[other]!).kinds > leastAlike
    }
  }

  /** Whether more than one thing is asked for, as several of them may be so at once. */
  asksForSeveral(asked: readonly string[]): boolean {
    const { kinds } = this.seeing.question(asked)
    return [allKinds, ...severalKinds].reduce((sum, kind) => sum + (kinds.get(kind) ?? 0), 0) > 0.5
  }

  scores(memories: readonly Told[], asked: readonly string[]): readonly number[] {
    return this.found(memories, asked).scores
  }

  /** Whether a memory has all names and values of a question: "Does Ana live in Rome?" is answered with yes by what has both. */
  hasNamesOf(text: string, told: Told): boolean {
    const [{ terms, value, unknown }, memory] = [this.seeing.question([text]), this.seeing.memory(told)]
    if (memory.value.length > 0 && missing(memory.value, terms) === 0) return true
    // What is asked after may be a part of what was told.
    const names = value.length > 0 || memory.value.length === 0 ? [...value, ...unknown, ...terms.filter(term => /\d/.test(term))] : undefined
    return names !== undefined && missing(names, memory.terms) === 0
  }
}
