import { menKin, others, womenKin } from '../words/people.ts'
import type { Looked } from './features.ts'
import { rowOf } from './hashed.ts'
import type { Span } from './tagger.ts'

/** Whom a statement may be about: the user, whom the statement before was about ("she"), or words of its own. */
export type Candidate = 'user' | 'same' | Span

/** Words of a name or a thing, at most. */
const longest = 3
/** Words for who is who. */
export const kin: ReadonlySet<string> = new Set([...womenKin, ...menKin, ...others.flatMap(each => each.split(' '))].map(each => each.replaceAll("'", '')))

/** Each with the rows of what is seen of it. */
export function candidatesOf(looked: Looked, { from, to }: Span, isFirst: boolean, rows: number): { readonly candidate: Candidate; readonly rows: Int32Array }[] {
  const hashed = (features: readonly string[]) => Int32Array.from(features, feature => rowOf(feature, rows))
  const words = looked.plain.slice(from, to)
  const beginning = words.slice(0, 3).join(' ')
  const sentence = [`begins ${beginning}`, `begin ${words[0]}`, `begin2 ${words.slice(0, 2).join(' ')}`, ...words.map(word => `has ${word}`), `kin ${words.some(word => kin.has(word))}`, `owner ${words.some((_, at) => isOwner(looked, from + at))}`]
  const found: { candidate: Candidate; rows: Int32Array }[] = [{ candidate: 'user', rows: hashed(sentence.map(each => `user ${each}`)) }]
  if (!isFirst) found.push({ candidate: 'same', rows: hashed(sentence.map(each => `same ${each}`)) })
  for (let first = from; first < to; first++) {
    for (let end = first + 1; end <= Math.min(to, first + longest); end++) found.push({ candidate: { from: first, to: end }, rows: hashed(runFeatures(looked, { from, to }, first, end)) })
  }
  return found
}

/** The one that most speaks for. `weights`: f32 [rows]. */
export function likeliest(found: ReturnType<typeof candidatesOf>, weights: Float32Array): Candidate {
  let [best, most]: [Candidate, number] = ['user', -Infinity]
  for (const { candidate, rows } of found) {
    const sum = sumOf(rows, weights)
    if (sum > most) [best, most] = [candidate, sum]
  }
  return best
}

export function sumOf(rows: Int32Array, weights: Float32Array): number {
  return rows.reduce((sum, row) => sum + weights[row]!, 0)
}

function runFeatures(looked: Looked, span: Span, first: number, end: number): string[] {
  const { plain } = looked
  const of = (at: number) => (at < span.from ? '<' : at >= span.to ? '>' : kin.has(plain[at]!) ? '<kin>' : plain[at]!)
  const run = plain.slice(first, end)
  const form = run.map(word => (kin.has(word) ? 'kin' : word.startsWith('<') ? word : 'known')).join(' ')
  const [one, two, next, overnext] = [of(first - 1), of(first - 2), of(end), of(end + 1)]
  const owner = isOwner(looked, end - 1)
  // Commas between its words: it is no name.
  const parted = looked.between.slice(first + 1, end).some(gap => gap.trim() !== '')
  const place = `${Math.min(first - span.from, 3)}`
  return [
    `form ${form}`, `form at ${form} ${place}`, `parted ${parted}`, `words ${run.join(' ')}`, ...run.map(word => `word ${word}`), `-1 ${one}`, `-2 ${two} ${one}`, `+1 ${next}`, `+2 ${next} ${overnext}`, `-+ ${one} ${next}`, `owner ${owner}`,
    `owner ${owner} ${one}`, `owner ${owner} ${form} ${one}`, `owner ${owner} ${next}`, `form- ${form} ${one}`, `form+ ${form} ${next}`, `form++ ${form} ${next} ${overnext}`, `form-+ ${form} ${one} ${next}`, `-2+ ${two} ${one} ${form} ${next}`, `at ${place} ${owner}`,
    `rest ${form} ${plain.slice(end, span.to).some((_, at) => isOwner(looked, end + at))} ${owner}`, `end ${end === span.to} ${one}`, `begin ${form} ${plain[span.from]} ${plain[span.from + 1]}`,
    ...plain.slice(span.from, span.to).map(word => `${form} has ${word}`)
  ]
}

/** "Ana's": something is said of what is hers. */
function isOwner({ text, places }: Looked, at: number): boolean {
  const { from, to } = places[at]!
  return /['’]s?$/.test(text.slice(from, to))
}
