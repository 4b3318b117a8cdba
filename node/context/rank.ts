import type { Memory } from '../memory.ts'
import type { Asked, Question } from './question.ts'

/**
 * A memory that may be an answer. `terms`: how often it has each, its subject's included; undefined: none of those that are asked for. `subject`: the terms of its subject; none
 * where it does not say whom it is about. `closeness`: of its meaning to that of the question, 0 … 1, by an encoder; 0 where there is none.
 */
export type Candidate = { readonly memory: Memory; readonly terms: ReadonlyMap<string, number> | undefined; readonly length: number; readonly subject: ReadonlySet<string>; readonly closeness: number }

/** A candidate with how well it fits: higher is better. */
export type Ranked = { readonly memory: Memory; readonly score: number }

/** How soon a term that comes again tells nothing new, and how much less it tells in a long text (bm25, Robertson and Zaragoza 2009). */
const saturation = 1
const lengthShare = 0.4
/** Terms of a memory of usual length. A constant, so that what one device tells does not move what another one finds. */
const usualLength = 20
/** A term that is only related to the one that was asked for. */
const relatedShare = 0.6
/** What is as close as can be, against what fits best by its terms. */
const closenessShare = 1
/** What neighbours in the telling fit, from the nearest on. What was said before a memory is often the question to it. */
const before = [0.5, 0.2]
const after = [0.3, 0.2, 0.1]
/** Of what the whole episode fits. */
const episodeShare = 0.3
const episodeSaturation = 2
/** A memory about whom the question is about, where it is about one. */
const subjectGain = 1
/** A question that was told is seldom an answer. */
const questionShare = 0.8

/**
 * Orders candidates, the best first. `episodes`: lists of those that were told in one go, in the order of their telling, null for one that is no answer and tells nothing about its
 * neighbours; one that stands alone is a list of its own.
 * What it does is measured by `npm run bench -- memory`; the numbers above are those of a broad optimum.
 */
export function rank(question: Question, episodes: readonly (readonly (Candidate | null)[])[]): Ranked[] {
  const all = episodes.flat().filter(each => each !== null)
  const subjects = new Set(all.flatMap(({ subject }) => [...subject]))
  const asked = askedSubjects(question, all)
  const fits = new Map(all.map(each => [each, fit(question, each, subjects)]))
  const best = all.reduce((most, each) => Math.max(most, fits.get(each) ?? 0), 0) || 1
  const ranked = episodes.flatMap(episode => {
    const own = episode.map(each => (each ? (fits.get(each) ?? 0) + closenessShare * best * each.closeness : 0))
    const whole = episodeFit(question, episode)
    return episode.flatMap((candidate, at) => {
      if (!candidate) return []
      const around = weighed(before, distance => own[at - distance]) + weighed(after, distance => own[at + distance])
      const isAsked = asked.size === 1 && subjectName(candidate) !== '' && asked.has(subjectName(candidate))
      const score = (own[at]! + around + episodeShare * whole) * (isAsked ? 1 + subjectGain : 1) * (isQuestion(candidate.memory.text) ? questionShare : 1)
      return [{ memory: candidate.memory, score }]
    })
  })
  return ranked.filter(({ score }) => score > 0).sort((x, y) => y.score - x.score || y.memory.at - x.memory.at || (x.memory.id < y.memory.id ? -1 : 1))
}

/** How well a memory fits by itself. */
function fit({ terms: asked }: Question, candidate: Candidate, subjects: ReadonlySet<string>): number {
  const { terms, length } = candidate
  if (!terms) return 0
  const enough = saturation * (1 - lengthShare + (lengthShare * length) / usualLength)
  const told = (term: string) => {
    // Whom a memory is about says its subject: that somebody else is named in it makes it no answer.
    const count = subjects.has(term) && candidate.subject.size > 0 ? Number(candidate.subject.has(term)) : (terms.get(term) ?? 0)
    return (count * (saturation + 1)) / (count + enough)
  }
  return asked.reduce((sum, { term, weight, related }) => {
    const exact = told(term)
    const other = exact > 0 ? 0 : related.reduce((best, each) => Math.max(best, each.weight * told(each.term)), 0)
    return sum + weight * exact + relatedShare * other
  }, 0)
}

function episodeFit({ terms }: Question, episode: readonly (Candidate | null)[]): number {
  if (episode.length < 2) return 0
  return terms.reduce((sum, { term, weight }) => {
    const having = episode.filter(each => each?.terms?.has(term)).length
    return sum + (weight * having) / (having + episodeSaturation)
  }, 0)
}

/** Names of the subjects that the question names. */
function askedSubjects({ terms }: Question, candidates: readonly Candidate[]): Set<string> {
  const named = (candidate: Candidate) => terms.some(({ term }: Asked) => candidate.subject.has(term))
  return new Set(candidates.filter(named).map(subjectName))
}

function subjectName({ subject }: Candidate): string {
  return [...subject].join(' ')
}

function weighed(shares: readonly number[], at: (distance: number) => number | undefined): number {
  return shares.reduce((sum, share, index) => sum + share * (at(index + 1) ?? 0), 0)
}

function isQuestion(text: string): boolean {
  return /[?？]\s*$/.test(text)
}
