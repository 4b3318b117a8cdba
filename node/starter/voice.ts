/** Somebody who is spoken of. `name` alone, `kin` alone ("my sister"), or both ("my sister Ana"); neither: the user. `known`: was just named, and is "she" or "he" now. */
export type Person = { readonly name?: string | undefined; readonly kin?: string | undefined; readonly she: boolean; readonly known?: boolean }
/** Something of the user's ("my bike") or known to everybody ("the zelmo"). */
export type Thing = { readonly noun: string; readonly mine: boolean }
export type Subject = Person | Thing
/** Who speaks: what is "I" and "my" for the user is "you" and "your" for the assistant. */
export type Voice = 'user' | 'assistant'

export const me: Person = { she: true }

export function isThing(subject: Subject): subject is Thing {
  return 'noun' in subject
}

export function isMe(subject: Subject): boolean {
  return !isThing(subject) && subject.name === undefined && subject.kin === undefined
}

/** Tells subjects apart. */
export function keyOf(subject: Subject): string {
  return (isThing(subject) ? subject.noun : `${subject.kin ?? ''}/${subject.name ?? ''}`).toLowerCase()
}

/** "I", "your sister Ana", "the zelmo" */
export function nominative(subject: Subject, voice: Voice): string {
  const my = voice === 'user' ? 'my' : 'your'
  if (isThing(subject)) return `${subject.mine ? my : 'the'} ${subject.noun}`
  if (isMe(subject)) return voice === 'user' ? 'I' : 'you'
  if (subject.known) return subject.she ? 'she' : 'he'
  return subject.kin === undefined ? (subject.name ?? '') : `${my} ${subject.kin}${subject.name === undefined ? '' : ` ${subject.name}`}`
}

export function objective(subject: Subject, voice: Voice): string {
  if (isMe(subject)) return voice === 'user' ? 'me' : 'you'
  return !isThing(subject) && subject.known ? objectPronoun(subject, voice) : nominative(subject, voice)
}

/** "my", "your sister's", "Chris'" */
export function possessive(subject: Subject, voice: Voice): string {
  if (isMe(subject)) return voice === 'user' ? 'my' : 'your'
  if (!isThing(subject) && subject.known) return possessivePronoun(subject, voice)
  const name = nominative(subject, voice)
  return name.endsWith('s') && !isThing(subject) && subject.name !== undefined ? `${name}'` : `${name}'s`
}

/** "she", "he", "it"; the user as `nominative`. */
export function pronoun(subject: Subject, voice: Voice): string {
  return isThing(subject) ? 'it' : isMe(subject) ? nominative(subject, voice) : subject.she ? 'she' : 'he'
}

export function possessivePronoun(subject: Subject, voice: Voice): string {
  return isThing(subject) ? 'its' : isMe(subject) ? possessive(subject, voice) : subject.she ? 'her' : 'his'
}

export function objectPronoun(subject: Subject, voice: Voice): string {
  return isThing(subject) ? 'it' : isMe(subject) ? objective(subject, voice) : subject.she ? 'her' : 'him'
}

/** Present tense: "am", "lives", "has". */
export function verb(lemma: string, subject: Subject, voice: Voice): string {
  if (isMe(subject)) return lemma === 'be' ? (voice === 'user' ? 'am' : 'are') : lemma
  if (lemma === 'be') return 'is'
  if (lemma === 'have') return 'has'
  return /(?:[sxz]|ch|sh|o)$/.test(lemma) ? `${lemma}es` : /[^aeiou]y$/.test(lemma) ? `${lemma.slice(0, -1)}ies` : `${lemma}s`
}

export function was(subject: Subject, voice: Voice): string {
  return isMe(subject) && voice === 'assistant' ? 'were' : 'was'
}

/** "an apple", "a unicorn" */
export function withArticle(noun: string): string {
  return `${/^(?:[aeioàáâäæèéêëìíîïòóôöøāēīō]|u(?!ni|s[ei]|k))/i.test(noun) && !/^(?:eu|one|ewe)/i.test(noun) ? 'an' : 'a'} ${noun}`
}

/** The slots of a phrase about a subject: `<S>`, `<S's>`, `<O>`, `<he>`, `<his>`, `<him>`, `<was>`, `<+verb>`, `<a X>`; others from `more`. Throws for one that is unknown. */
export function slotsOf(subject: Subject, voice: Voice, more: Readonly<Record<string, string>> = {}): (name: string) => string {
  return name => {
    if (name.startsWith('+')) return verb(name.slice(1), subject, voice)
    if (name === 'S') return nominative(subject, voice)
    if (name === "S's") return possessive(subject, voice)
    if (name === 'O') return objective(subject, voice)
    if (name === 'he') return pronoun(subject, voice)
    if (name === 'his') return possessivePronoun(subject, voice)
    if (name === 'him') return objectPronoun(subject, voice)
    if (name === 'was') return was(subject, voice)
    const value = more[name.startsWith('a ') ? name.slice(2) : name]
    if (value === undefined) throw new Error(`nothing is said about the slot <${name}>`)
    return name.startsWith('a ') ? withArticle(value) : value
  }
}
