import { termsOf } from '../text/terms.ts'
import { wordsOf } from './span.ts'

/**
 * What a sentence says of somebody or something, as far as it can be told for sure. `owners`: the words that name whom it is about ("user"; "sister" and "ana" of "my sister Ana"), so that two sentences
 * are about the same if they share one. `attribute`: of which there is one value at a time ("home", "favourite food"). `value`: as it was said.
 */
export type Statement = { readonly owners: ReadonlySet<string>; readonly attribute: string; readonly value: string }

export const user = 'user'

/** What may stand before a name: "my sister Ana". */
const kin = new Set(
  'mother mum mom father dad sister brother son daughter wife husband partner girlfriend boyfriend fiance fiancee aunt uncle cousin niece nephew grandmother grandma granny gran grandfather grandpa grandad stepmother stepfather stepsister stepbrother boss colleague coworker neighbour neighbor friend flatmate roommate landlord landlady teacher coach tutor intern cleaner nanny babysitter assistant doctor dentist vet cat dog parrot rabbit hamster horse'.split(' ')
)
/** The names under which things of one value go, and what they are filed under; of a favourite anything is one, too. */
const labels = new Map(
  Object.entries({
    home: 'home house flat apartment', address: 'address', phone: 'phone mobile cell number telephone', email: 'email mail e-mail', birthday: 'birthday birthdate', birthplace: 'birthplace hometown', job: 'profession occupation', employer: 'employer',
    name: 'name', nickname: 'nickname', age: 'age', code: 'code', password: 'password passcode', pin: 'pin', login: 'login username', plate: 'plate', serial: 'serial', brand: 'brand make', price: 'price cost', colour: 'colour color', size: 'size', height: 'height', weight: 'weight', diet: 'diet',
    boss: 'boss manager', dentist: 'dentist', doctor: 'doctor gp', vet: 'vet', lawyer: 'lawyer', accountant: 'accountant', therapist: 'therapist', landlord: 'landlord landlady', opening: 'hours time', instrument: 'instrument',
    goal: 'goal', wish: 'wish', salary: 'salary', rent: 'rent', deadline: 'deadline', version: 'version', owner: 'owner', tongue: 'tongue'
  }).flatMap(([attribute, names]) => names.split(' ').map(name => [name, attribute] as const))
)
/** Labels that are somebody. */
const persons = new Set('boss dentist doctor vet lawyer accountant therapist landlord'.split(' '))
/** Words of a label that say which of several it is ("wifi password"), and those that say nothing. */
const idle = new Set('new old opening current own first real exact full home mobile cell phone mail email street licence license number user whole favourite favorite correct actual latest next'.split(' '))
const alike = new Map([['dish', 'food'], ['meal', 'food'], ['movie', 'film'], ['novel', 'book'], ['color', 'colour'], ['group', 'band']])

/** `$S`: whom it is about, as the user calls it; `$V`: the value. What comes after a subject, of which there is one at a time. */
const verbs: readonly (readonly [attribute: string, pattern: string])[] = [
  ['home', '(?:(?:have|has) )?(?:now |just |recently |finally )?(?:moved|relocated)(?: back| over)?(?: from .+?)? to $V'],
  ['home', "(?:do not|does not|don't|doesn't|no longer) lives? (?:in|at) .+? (?:any ?more)?,? ?(?:but |and )?(?:i|he|she|they|we)?(?:'ve| have| has)? ?(?:moved to|lives? (?:now )?in) $V"],
  ['home', 'left .+? and (?:now )?lives? (?:in|at) $V'],
  ['home', "(?:(?:am|is|are|'m|'s|'re) )?(?:now |currently )?(?:lives?|living|resides?|residing|based)(?: over| now)? (?:in|at) $V"],
  ['home', '(?:have|has) an? (?:flat|house|apartment) in $V'],
  ['job', "(?:(?:am|is|are|'m|'s|'re) )?(?:now )?(?:works?|working) as an? $V"],
  ['job', '(?:became|has become|have become) an? $V'],
  ['job', '(?:am|is) not an? .+? any ?more,? but an? $V'],
  ['job', 'gave up (?:my|his|her|their) old job and (?:am|is) an? $V'],
  ['job', 'earns? (?:my|his|her|their) money as an? $V'],
  ['job', "(?:am|is|'m|'s|'re) an? $V by profession"],
  ['employer', "(?:(?:am|is|are|'m|'s|'re) )?(?:now )?(?:works?|working|employed)(?: now)? (?:for|at) $V"],
  ['employer', '(?:have|has) a (?:new )?job at $V'],
  ['birthday', '(?:was|were) born on $V'],
  ['birthday', '(?:have|has|celebrates?) (?:my|his|her|their) birthday on $V'],
  ['birthplace', '(?:was|were) born (?:and raised )?in $V'],
  ['birthplace', '(?:grew up|comes?) (?:in|from) $V'],
  ['name', "(?:am|is|are|'m|'s|'re) (?:now )?(?:called|named) $V"],
  ['age', "(?:am|is|'m|'s|turned|turns) $V"],
  ['spouse', '(?:am |is |got )?married(?: to)? $V'],
  ['diet', 'only eats? $V food'],
  ['diet', "(?:am|is|'m|'s|'re) on an? $V diet"],
  ['opening', '(?:opens at|is open from) $V'],
  ['price', 'costs? $V'],
  ['login', '(?:logs? in as|uses? the login) $V'],
  ['team', 'supports? $V']
]
const number = /^\d{1,3}$/
const subject = "(i|we|(?:my|our|the) [\\p{L}\\p{N}'-]+(?: [\\p{L}\\p{N}'-]+){0,2}?|\\p{L}[\\p{L}'-]*(?: (?!(?:is|was|are|am|has|have|had|do|does|now|just|got|only|grew|came|comes?|moved|lives?|works?|left|opens?|costs?|uses?)\\b)\\p{L}[\\p{L}'-]*)?)"
const compiled = verbs.map(([attribute, pattern]) => [attribute, new RegExp(`^${subject}(?: |(?='))${pattern.replace('$V', '(.+)')}$`, 'u')] as const)
/** A label with its owner: "my sister's birthday", "the code for the garage". */
const owned = "(?:the name of )?(?:(my|our|the)|((?:(?:my|our|the) )?[\\p{L}\\p{N} .-]+?)(?:'s|(?<=s)'))"
const label = '((?:[\\p{L}\\p{N}-]+ ){0,3}?[\\p{L}-]+?)'
const forWhom = '(?: (?:for|of|to|on|at) ((?:my |our |the )?[\\p{L}\\p{N} -]+?))?'
const values = [
  `for (?:(me|us)|(.+?)) the ${label}() is (.+)`,
  `${owned} ${label}${forWhom} (?:is|was) (?:no longer|not) .+?(?: any ?more)?(?:,? but(?: now)?|,? (?:it is|it's)(?: now)?) (.+)`,
  `${owned} ${label}${forWhom}(?: (?:is|are|was|has always been|should be|would be|reads)(?: now)?|(?: has)? changed(?: from .+?)? to|,? (?:has )?changed,? (?:it is|it's)(?: now)?| to|:(?: it is| it's| its)?|, (?:it is|it's|its)|,? that's) (.+)`
].map(pattern => new RegExp(`^${pattern}$`, 'u'))
const reversed = new RegExp(`^(?:it is |it's )?(?:now )?(.+?)(?: now)?(?: is|,|,? that's|,? thats) ${owned} ${label}${forWhom}$`, 'u')
const holding = new RegExp(`^(.+?) (?:has|have) (?:the |an? )?(?:new )?${label} ([\\p{N}\\p{L}.-]*\\p{N}\\S*)$`, 'u')
const lead = /^(?:(?:and|but|oh|also|actually|sorry|no)[\s,]+)*(?:i ha\w+ to cor\w+|i (?:have )?changed|they (?:have )?changed|we (?:have )?changed) |^(?:(?:and|but|oh|so|well|ok|okay|no|yes|sorry|actually|also|btw|by the way|fyi|as of today|from now on|now)[\s,]+)+|^(?:as )?for me,? |^as for /u
const tail = /(?:[\s,]+(?:now|these days|by the way|btw|at the moment|currently|today|again|any ?more|already|since \S+|tbh|lol|too|as well|instead(?: of .+)?|not .+))+$/u
/** What loves and what hates are about the same. */
const taste = new RegExp(`^${subject} (?:really |also |still |do |just |absolutely )*(loves?|likes?|adores?|enjoys?|prefers?|hates?|dislikes?|can't stand|cannot stand|(?:do|does) not like|don't like|doesn't like|(?:no longer|never) likes?)(?: to)? (.+)$`, 'u')

/** Undefined for a sentence that says no such thing in a way that is known here. English. */
export function readStatement(text: string, about?: string): Statement | undefined {
  const plain = text.normalize('NFKC').toLowerCase().replaceAll(/[’`]/g, "'").replaceAll(/\s+/g, ' ').trim().replace(/[.!…]+$/u, '').replace(lead, '').replace(tail, '').replace(/^im /, "i'm ")
  const found: Read | undefined = readValue(plain, about) ?? readVerb(plain, about) ?? readTaste(plain, about)
  const value = found && asWritten(found.value, text)
  // "My doctor is nice", "my house is old": not who, and not where.
  if (!found || value === undefined || (persons.has(found.attribute) && !/^\p{Lu}/u.test(value)) || (found.byLabel === true && found.attribute === 'home' && !/^(?:in|at) /iu.test(value))) return undefined
  return { owners: found.owners, attribute: found.attribute, value }
}

/** With the capitals that it was written with. */
function asWritten(value: string, text: string): string {
  const at = text.toLowerCase().lastIndexOf(value)
  return at < 0 ? value : text.slice(at, at + value.length)
}

/** Whether both are about the same thing of the same owner. */
export function isSameAttribute(a: Statement, b: Statement): boolean {
  return a.attribute === b.attribute && shareOwner(a.owners, b.owners)
}

export function isSameValue(a: Statement, b: Statement): boolean {
  return valueTerms(a.value) === valueTerms(b.value)
}

export function shareOwner(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some(owner => b.has(owner))
}

/** The words that name whom a text is about: its first words where they say so, and else what it is told to be about. */
export function ownersOf(text: string, about?: string): ReadonlySet<string> {
  const plain = text.normalize('NFKC').toLowerCase().replaceAll(/[’`]/g, "'").replace(lead, '')
  if (/^(?:i|i'm|im|i've|we|we're)\b/u.test(plain)) return new Set([user])
  const own = /^(?:my|our|the) (\p{L}[\p{L}\p{N}-]*)/u.exec(plain)?.[1]
  const told = about === undefined ? [] : namesIn(about)
  return new Set([...told, ...(own === undefined ? [] : [own])])
}

function readVerb(plain: string, about: string | undefined): Statement | undefined {
  for (const [attribute, pattern] of compiled) {
    const [, who = '', value = ''] = pattern.exec(plain) ?? []
    const years = attribute === 'age' ? value.replace(/ years? old$/, '') : value
    if (years === '' || (attribute === 'age' && !number.test(years))) continue
    return statement(ownersIn(who, about), attribute, years)
  }
  return undefined
}

function readTaste(plain: string, about: string | undefined): Statement | undefined {
  const [, who = '', verb = '', what = ''] = taste.exec(plain) ?? []
  if (what === '') return undefined
  const isLiked = !/hate|dislike|stand|not|n't|no longer|never/.test(verb)
  return { owners: ownersIn(who, about), attribute: `taste ${valueTerms(what.replace(/ (?:a lot|very much|best|most|more than .+|of all .+)$/u, ''))}`, value: isLiked ? 'yes' : 'no' }
}

/** `byLabel`: "my home is …", and not "I live …". */
type Read = Statement & { readonly byLabel?: true }

function readValue(plain: string, about: string | undefined): Read | undefined {
  for (const pattern of values) {
    const [, my, owner, name = '', object, value = ''] = pattern.exec(plain) ?? []
    const found = labelled(my, owner, name, object, value, about)
    if (found) return { ...found, byLabel: true }
  }
  const [, value = '', my, owner, name = '', object] = reversed.exec(plain) ?? []
  const found = labelled(my, owner, name, object, value, about)
  if (found) return found
  const [, who = '', held = '', holds = ''] = holding.exec(plain) ?? []
  const attribute = attributeOf(held)
  return attribute === undefined ? undefined : statement(ownersIn(who, about), attribute, holds)
}

function labelled(my: string | undefined, owner: string | undefined, name: string, object: string | undefined, value: string, about: string | undefined): Statement | undefined {
  const attribute = value === '' ? undefined : attributeOf(name)
  if (attribute === undefined) return undefined
  const whose = owner ?? (object || (my === 'the' ? (about ?? name) : user))
  return whose === undefined ? undefined : statement(owner === undefined && !object ? new Set([whose]) : ownersIn(whose, about), attribute, value)
}

/** "favourite dish" → "favourite food"; "wifi password" → "wifi password"; undefined for a word that is no label: "sister". */
function attributeOf(name: string): string | undefined {
  const words = name.split(' ').map(word => meant.find(each => isMisspelt(word, each)) ?? word)
  const last = words.at(-1) ?? ''
  if (words.some(word => /^favou?rite$/.test(word)) && words.length > 1) return `favourite ${alike.get(last) ?? last}`
  const kind = labels.get(last) ?? (last === 'number' ? 'phone' : undefined)
  if (kind === undefined) return undefined
  const before = words.slice(0, -1)
  // "Phone number", "serial number", "member number".
  if (last === 'number' && before.length > 0) {
    const of = before.at(-1)!
    return labels.get(of) ?? `${of} number`
  }
  return [...before.filter(word => !idle.has(word)), kind].join(' ')
}

const meant = [...labels.keys(), 'favourite', 'number'].filter(word => word.length > 4)

/** One letter too many or too few, or two of them swapped. */
function isMisspelt(word: string, as: string): boolean {
  if (word === as || word[0] !== as[0] || Math.abs(word.length - as.length) > 1) return false
  const [short, long] = word.length < as.length ? [word, as] : [as, word]
  const left = Array.from(short).reduce((rest, letter) => rest.replace(letter, ''), long)
  return left.length === long.length - short.length
}

function ownersIn(who: string, about: string | undefined): ReadonlySet<string> {
  if (/^(?:i|we|me|us)$/u.test(who)) return new Set([user])
  if (/^(?:he|she|it|they|him|her|them)$/u.test(who)) return new Set(about === undefined ? [] : namesIn(about))
  return new Set(namesIn(who))
}

/** "my sister Ana" → sister, ana; "the washing machine" → "washing machine". */
function namesIn(who: string): string[] {
  const words = wordsOf(who).filter((word, index) => index > 0 || !/^(?:my|our|the|a|an)$/.test(word))
  const [first = ''] = words
  return kin.has(first) && words.length > 1 ? [first, words.slice(1).join(' ')] : words.length === 0 ? [] : [words.join(' ')]
}

function statement(owners: ReadonlySet<string>, attribute: string, value: string): Statement | undefined {
  return valueTerms(value) === '' || owners.size === 0 ? undefined : { owners, attribute, value }
}

function valueTerms(value: string): string {
  return termsOf(value.replace(/^(?:an?|the|in|at|on|to) /iu, '')).join(' ')
}
