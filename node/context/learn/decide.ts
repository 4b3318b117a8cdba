import type { Memory } from '../../memory.ts'
import { type LearnedItem, learnedKinds } from '../../starter/prompt.ts'
import { contentTerms, termsOf } from '../text/terms.ts'
import { wordsOf } from './span.ts'
import { type Statement, isSameAttribute, isSameValue, ownersOf, readStatement, shareOwner, user } from './statement.ts'

/** What is known about: a memory that may say the same, or what does not hold any more. `ref`: the turn of this device that it came from. */
export type Known = { readonly memory: Memory; readonly ref: string | undefined }

/** What to do with something that was said. `replaced`: what it takes the place of, the newest first. `until`: it was said before what is known now, and held until then. */
export type Decision = { readonly known: true } | { readonly known: false; readonly replaced: readonly Memory[]; readonly until?: number | undefined; readonly statement: Statement | undefined }

/** `at`: Unix ms. `ref`: the turn it was said in. `replaces`: a memory that the model says it takes the place of. `isLikely`: what was learned of examples, beside that model, says so too. */
export type Said = { readonly text: string; readonly subject: LearnedItem['subject']; readonly at: number; readonly ref: string; readonly replaces: Memory | undefined; readonly isLikely?: boolean | undefined }

/** Of the terms of two texts, how many both must have to say the same, where one has all of the other's. */
const sameShare = 0.8
/** Of the words of the shorter of two sentences, how many must stand at their beginnings and ends alike, to be the same sentence about another value. */
const formShare = 0.5
const denies = new Set(['not', 'no', 'never', 'don', 'dont', 'doesn', 'doesnt', 'isn', 'isnt', 'cannot', 'can', 'cant', 'without', 'neither', 'nor', 'stop', 'hate', 'nicht', 'kein'])
/** What tells that something else was so before; the first kind says so outright. */
const corrects = /\b(?:no longer|any ?more|changed?|correct\w*|instead|not (?:\S+ )+but|rather than|wrong|mistake)\b/iu
const turns = /\b(?:now|new|moved|became|become|switched|renamed|left|gave up|from now on|meanwhile|actually|sorry|used to|these days|lately)\b/iu
/** Where one of them changes, the other one may go with it. */
const related: readonly (readonly string[])[] = [['home', 'address'], ['job', 'employer']]
/** Of what there may be many at a time. */
const many = /\b(?:likes?|loves?|enjoys?|hates?|adores?|bought|buy|have|has|had|own|owns|met|visit\w*|play\w*|speaks?|read|know|knows|allergic|fan|fond|want|wants|need|needs|must|should)\b/iu

/** "My aunt has a puppy called Rex" after "My aunt's puppy is Max". */
const named = /\b(?:named|called)\b/iu

/**
 * What becomes of something that the user said, beside what is known: nothing, where that says the same; or a new memory, which takes the place of what it contradicts. That a model says what is
 * replaced is a hint, and needs to be borne out by the words.
 */
export function decide(said: Said, all: readonly Known[]): Decision {
  const statement = readStatement(said.text, aboutOf(said.subject))
  // Of the same turn: it was learned before, and whatever became of it since.
  if (all.some(({ memory, ref }) => ref === said.ref && isSameText(memory.text, said.text))) return { known: true }
  const current = all.map(({ memory }) => memory).filter(memory => memory.validTo === undefined || memory.validTo > said.at)
  if (current.some(memory => saysTheSame(said, statement, memory))) return { known: true }
  const contradicted = current.filter(memory => isOpen(memory) && (memory.id === said.replaces?.id ? isLikelyChange(said) || isBorneOut(said, statement, memory) : contradicts(statement, memory)))
  const [newest] = contradicted.sort((a, b) => b.at - a.at)
  if (newest && newest.at > said.at) {
    // Told later than this, and looked at before: this is history.
    return { known: false, replaced: [], until: newest.at, statement }
  }
  return { known: false, replaced: contradicted, statement }
}

/** Whether it says nothing that the memory does not: the same words, or the same value, or all but a few of the same terms. */
function saysTheSame(said: Said, statement: Statement | undefined, memory: Memory): boolean {
  const isSame = isSameText(said.text, memory.text)
  if (isSame && !/^(?:he|she|it|they|his|her|its|their)\b/iu.test(said.text)) return true
  if (!mayBeSame(said, memory)) return false
  if (isSame) return true
  const other = statement && readStatement(memory.text, aboutOf(memory.subject))
  if (statement && other && isSameAttribute(statement, other)) return isSameValue(statement, other)
  return isNear(contentTerms(said.text), contentTerms(memory.text))
}

/** "She works at night", of two people, is not the same. */
function mayBeSame(said: Said, memory: Memory): boolean {
  const [own, other] = [ownersOf(said.text, said.subject), ownersOf(memory.text, memory.subject)]
  return memory.subject === undefined || own.size === 0 || other.size === 0 || shareOwner(own, other)
}

/** One has nearly all of what the other has, and nothing beside it that matters: numbers and denials do. */
function isNear(a: readonly string[], b: readonly string[]): boolean {
  const [few, more] = a.length < b.length ? [new Set(a), new Set(b)] : [new Set(b), new Set(a)]
  if (few.size === 0 || [...few].some(term => !more.has(term)) || few.size / more.size < sameShare) return false
  return [...more].every(term => few.has(term) || !(denies.has(term) || /\p{N}/u.test(term)))
}

export function isSameText(a: string, b: string): boolean {
  return wordsOf(a).join(' ') === wordsOf(b).join(' ')
}

/** The code's own reading of both: another value of what has one. */
function contradicts(statement: Statement | undefined, memory: Memory): boolean {
  const other = statement && readStatement(memory.text, aboutOf(memory.subject))
  return statement !== undefined && other !== undefined && isSameAttribute(statement, other) && !isSameValue(statement, other)
}

/** Of what there may be many at a time the words have to tell of a change, whatever examples say. */
function isLikelyChange({ text, isLikely }: Said): boolean {
  return isLikely === true && (!many.test(text) || named.test(text))
}

function isBorneOut(said: Said, statement: Statement | undefined, memory: Memory): boolean {
  const other = readStatement(memory.text, aboutOf(memory.subject))
  if (statement && other && isSameAttribute(statement, other)) return !isSameValue(statement, other)
  if (!isAboutSame(said, memory)) return false
  if (corrects.test(said.text)) return true
  if (statement && other) return areRelated(statement.attribute, other.attribute) && (turns.test(said.text) || other.attribute.startsWith('taste '))
  if (turns.test(said.text)) return (!statement && !other) || shared(said, memory).length > 0
  // Another value of what somebody has one of, or another number: what the memory says of them is known to the model alone.
  const isOthers = said.subject.toLowerCase() !== user
  if (isOthers && ((statement && !statement.attribute.startsWith('taste ')) || [said.text, memory.text].every(text => /\p{N}{2}/u.test(text)))) return true
  return !many.test(said.text) && isSameForm(said.text, memory.text)
}

/** "My favourite book is …" after "I love the book …". */
function areRelated(attribute: string, other: string): boolean {
  if (attribute.startsWith('favourite ') && other.startsWith('taste ')) return termsOf(attribute.slice('favourite '.length)).some(term => other.split(' ').includes(term))
  return related.some(each => each.includes(attribute) && each.includes(other))
}

function isAboutSame(said: Said, memory: Memory): boolean {
  if (shareOwner(ownersOf(said.text, said.subject), ownersOf(memory.text, memory.subject))) return true
  const terms = new Set(termsOf(memory.text))
  return said.subject.toLowerCase() === user ? /\b(?:i|my|me|we|our)\b/iu.test(memory.text) && memory.subject === undefined : termsOf(said.subject).every(term => terms.has(term))
}

/** Terms of both beside those of whom they are about. */
function shared(said: Said, memory: Memory): string[] {
  const [about, terms] = [new Set(termsOf(said.subject)), new Set(contentTerms(memory.text))]
  return contentTerms(said.text).filter(term => terms.has(term) && !about.has(term))
}

/** "My board meeting is on Friday", "My board meeting is on Monday". */
function isSameForm(a: string, b: string): boolean {
  const [one, other] = [wordsOf(a), wordsOf(b)]
  const shorter = Math.min(one.length, other.length)
  let [first, last] = [0, 0]
  while (first < shorter && one[first] === other[first]) first++
  while (last < shorter - first && one.at(-1 - last) === other.at(-1 - last)) last++
  return first + last < shorter && first + last >= 2 && (first + last) / shorter >= formShare
}

/** Only statements are replaced by one: what else there is has its own way of ending. */
function isOpen({ kind, attribute, validTo }: Memory): boolean {
  return validTo === undefined && learnedKinds.some(each => each === kind) && attribute !== 'reminder' && attribute !== 'timer'
}

function aboutOf(subject: string | undefined): string | undefined {
  return subject === undefined || subject.toLowerCase() === user ? undefined : subject
}
