import { type Span, wordsOf } from './span.ts'

/** Why a part of what somebody said is not to be kept. */
export type Refusal = 'question' | 'supposed' | 'quoted' | 'request' | 'cut' | 'says nothing'

// English, as far as words go; marks count in every language. Each list errs on the side of keeping nothing.

/** What is said as not being so, or as not being sure, wherever it stands in the sentence. */
const supposed =
  /\b(?:if|whether|unless|maybe|perhaps|probably|possibly|might|imagine|suppos(?:e|ing)|assum(?:e|ing)|pretend|hypothetically|i wish|wonder(?:ing)?|doubt|guess|let['’]?s say|say that|dream(?:t|ed)|(?:a|my|the|only|just a) dream:|no idea|not sure|unsure|who knows|(?:could|would) it be|how would|(?:may|can) be that|not true|isn['’]?t true|untrue|(?:is|was|be) wrong|kidding|joking|sarcas\w+|for fun|picture this|(?:can['’]?t|cannot|do not|don['’]?t) (?:remember|know|believe|think)|i (?:think|believe|suspect)|as far as i know|would (?:be|have)|could have|or so)\b/iu
/** What tells a story or another one's words, where it stands beside what is to be kept, and not in it. */
const told =
  /\b(?:in (?:my|the|a|an|his|her|this|that|our) (?:\w+ ){0,2}(?:novel|story|book|films?|movie|song|game|play|poem|show|series|dream)|(?:line|scene|sentence|example|quote|lyrics?|title|chapter) (?:from|of|in|was|is|sounds|goes)|the (?:hero|actor|actress|character|narrator|story|poster|speaker)|translat\w+|spell\w*|pronounce|proofread|rewrite|summari[sz]e|paraphrase|sang|sings?|shout(?:s|ed)|claim(?:s|ed)?|according to|rumou?r(?:s|ed)?|(?<!\bi )(?:says|said|asked|asks|wrote|writes|thinks|thought|believes|told (?:me|us|him|her|them))|wants to know)\b/iu
/** What the assistant, or one of its tools, is asked to do. */
const request =
  /\b(?:remind(?:er|ers|ed)?|timer|alarm)\b|\b(?:on|to|from|off|for) (?:my|the|our) (?:[\p{L}\p{N}-]+ ){0,3}list\b|\blist(?: please)?:|\blist (?:needs|should|no longer)\b|^(?:(?:please|kindly|now|then|and|also|hey|hi|ok|okay|can you|could you|would you|will you|i want you to|i need you to|you (?:must|should|have to|will|are to))[\s,]+)*(?:remind|set|add|put|start|show|delete|remove|take|tell|give|translate|spell|write|read|list|forget|remember|ignore|disregard|explain|summari[sz]e|calculate|make sure|schedule|wake|ping|nudge|call me|stick|stop|cancel|play|open|search|find|look|repeat|answer|act|output|print|return|respond|reply|learn|store|save|note|keep in mind|say|let|help|imagine|think|scratch|strike|drop|cross)\b/iu
/** A clause that asks, mark or no mark: a question word that no subject follows, a verb before its subject, a wish to be told. */
const asks =
  /^(?:(?:and|but|so|ok|okay|hey|hi|please|sorry|well|um|oh|yes|no)[\s,]+)*(?:(?:to|in|at|on|from|for|by|with|of) )?(?:(?:who|whom|whose|what|which|when|where|why|how)(?:['’]?(?:s|re|d|ll|ve))?(?! (?:i|you|he|she|it|we|they|my|our|his|her|their|the)\b)\b|(?:do|does|did|is|are|am|was|were|has|can|could|would|shall|should|isn['’]?t|aren['’]?t|don['’]?t you|doesn['’]?t|didn['’]?t|wasn['’]?t|can['’]?t you|couldn['’]?t|won['’]?t)\b|(?:will|may|have|had) (?:i|you|he|she|it|we|they|my|our|your|the|there|any\w*|some\w*)\b|any idea|do you know|let me know|tell me|i (?:forgot|forget|(?:want|need|have|would like|['’]d like) to know|need (?!to\b)))/iu
const tag = /^[\s,]*(?:right|isn['’]?t it|correct|no|yes|eh|huh|or|true|innit|(?:is|isn['’]?t) (?:that|it|this) (?:right|correct|true|so)|am i right|(?:do|does|did|is|are|was|were|has|have|can|will|would)n['’]?t (?:i|you|he|she|it|we|they)|ok|okay)\s*$/iu
/** What may stand between the beginning of a clause and what is told in it, or after it. */
const fillers = new Set(
  'well oh ok okay so yes yeah yep no nope hey hi hello sorry thanks thank you cheers btw fyi by the way actually also and but plus anyway anyways um uh hm hmm ah aha right great cool nice lol haha tbh honestly just note know remember please good morning evening afternoon day news update correction because puh phew finally again too then listen look guess guys all dear today for your info information as i said you should be aware that now'.split(' ')
)
const joins = new Set(['and', 'but', 'so', 'oh', 'also', 'plus', 'then', 'because', 'und', 'aber', 'et', 'mais', 'y', 'pero'])
/** Said of the moment, of the assistant, or to say something. */
const idle =
  /^(?:(?:i am|i['’]?m|i feel|i felt|we are|we['’]?re)(?: (?:a bit|a little|so|very|really|just|all|pretty|quite|feeling|not|still|too))* (?:tired|bored|hungry|thirsty|fine|good|well|ok|okay|great|happy|sad|back|here|home|sorry|sure|done|ready|busy|late|glad|afraid|sick|ill|angry|stressed|confused|lost|impressed|curious|going to bed|off to bed|cold|hot|awake|exhausted|worried|excited|talking to you|asking|testing|kidding|joking)\b|i (?:see|know|mean|understand|agree|think so|hope so|guess|like you|love it|got it|have to go|must go|slept|need a (?:coffee|break|nap)|feel (?:\w+ )?(?:today|right now)|have a headache)\b|my head hurts|(?:you(?! can (?:reach|call|find|get)\b| need\b)|your|this|that|these|those|there|thanks?|what a|how|such|let|see)\b|that['’]?s|you['’]?re|it(?: is|['’]?s)? (?:so |very |really |quite )*(?:hot|cold|warm|sunny|nice|late|early|fine|ok|good|nothing|rain\w*|snow\w*)\b|(?:the )?weather\b|(?:until|till|bye|goodbye|good (?:morning|evening|night|day|afternoon)|have a|so long|talk to you)\b|finally weekend|so much to do|forget it|never mind|nothing\b)/iu
/** In words. */
const remarkWords = 6
const abbreviation = /(?<![\p{L}\p{N}])(?:dr|mr|mrs|ms|st|prof|sr|jr|no|nr|vs|etc|approx|ca|tel|str|e\.g|i\.e|a\.m|p\.m|\p{L})$/iu
const verbless = /^(?:my|our|the|his|her|their|[\p{L}\p{N}]+['’]s)\b/iu
const verbs = /\b(?:am|is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|should|must|may|isn['’]?t|aren['’]?t|[\p{L}]{2,}(?:s|ed|ing)|went|got|moved|bought|lent|put|keep|kept|left|cost|began|came|became|grew|married|met|made|gave|broke|sold|lost|won|paid|goes?|ate|drank|drove|told|took|built|sent|hit|let|set|cut|hurt)\b|:|\p{L}['’](?:m|re|ve|ll|d)\b|\w['’]s (?:an?|the|not|in|at|on|now)\b/iu

/**
 * Why the part `span` of a message is not something that its author tells as being so; undefined where it is. A part must be a clause of its own: one that was cut out of another may say the contrary.
 */
export function refusalOf(message: string, span: Span): Refusal | undefined {
  if (isQuoted(message, span)) return 'quoted'
  const sentence = sentenceAt(message, span)
  const text = message.slice(span.from, span.to)
  if (sentence.to < span.to) return 'cut'
  const [before, after] = [message.slice(sentence.from, span.from), message.slice(span.to, sentence.to)]
  if (asks.test(clauseOf(before, text)) || (sentence.asks && !isAskedApart(after))) return 'question'
  const remark = remarkIn(after)
  if (supposed.test(before) || supposed.test(text) || supposed.test(remark)) return 'supposed'
  if (told.test(before) || told.test(remark)) return 'quoted'
  if (request.test(before) || request.test(text) || request.test(after)) return 'request'
  if (!beginsClause(before) || !endsClause(after)) return 'cut'
  return saysNothing(text) ? 'says nothing' : undefined
}

/** A question mark that another clause of the sentence has: "My sister lives in Rome, when is her birthday?" */
function isAskedApart(after: string): boolean {
  const [, rest] = /^\s*[,;:–—-]+\s*(.+)$/su.exec(after) ?? /^\s+(?:and|but|so)\s+(.+)$/su.exec(after) ?? []
  return rest !== undefined && !tag.test(rest.replace(/[?!.]+$/, '')) && asks.test(rest)
}

/** What follows, as far as it speaks of what was said: to the end of a clause that has few words, "not sure tbh"; a longer one speaks of something else. */
function remarkIn(after: string): string {
  const [next = ''] = after.replace(/^[\s,;:–—-]+/u, '').split(/[,;:–—]/u)
  return wordsOf(next).length <= remarkWords ? next : ''
}

function clauseOf(before: string, text: string): string {
  return `${before.split(/[,;:–—]/).at(-1)!.trimStart()}${text}`
}

/** Nothing but fillers since the last mark, or since a word that joins clauses. */
function beginsClause(before: string): boolean {
  const words = wordsOf(before.split(/[,;:–—()]|\s-\s/).at(-1)!)
  return words.slice(words.findLastIndex(word => joins.has(word)) + 1).every(word => fillers.has(word))
}

function endsClause(after: string): boolean {
  if (/^\s*(?:$|[,;:–—().!]|-\s)/u.test(after)) return true
  const words = wordsOf(after.split(/[,;:–—()]|\s-\s/)[0]!)
  const [first = ''] = words
  return words.length === 0 || joins.has(first) || words.every(word => fillers.has(word))
}

function saysNothing(text: string): boolean {
  const words = wordsOf(text)
  const isSpaced = !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(text)
  const least = isSpaced ? 2 : 4
  return words.length < least || words.every(word => fillers.has(word)) || idle.test(text) || (verbless.test(text) && !verbs.test(text.replace(verbless, '')))
}

type Sentence = Span & { readonly asks: boolean }

/** The sentence in which a part begins. */
function sentenceAt(message: string, { from }: Span): Sentence {
  return sentencesOf(message).find(({ to }) => to > from) ?? { from: message.length, to: message.length, asks: false }
}

/** All of a message, with their marks. "Dr. Weber" is no end of one. */
export function sentencesOf(message: string): Sentence[] {
  const found: Sentence[] = []
  let from = 0
  for (const { 0: mark, index } of message.matchAll(/[.!?…]+(?=["'”’»)\]]*(?:\s|$))|\n+|[。！？]|$/gu)) {
    if (mark === '.' && abbreviation.test(message.slice(Math.max(0, index - 8), index)) && index + 1 < message.length) continue
    const to = index + mark.length
    if (to > from) found.push({ from, to, asks: /[?？]/.test(mark) })
    from = to
  }
  return found
}

/** Within quotation marks, in a block of code or of quoted lines, or after "translate this:". */
function isQuoted(message: string, { from, to }: Span): boolean {
  const pairs = /```[^]*?(?:```|(?![^]))|^[ \t]*>.*$|"[^"]*(?:"|$)|“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|‹[^›]*(?:›|$)|「[^」]*(?:」|$)|『[^』]*(?:』|$)|`[^`\n]+`|(?<=^|[\s(:,])['‘][^'’\n]+(?:['’](?=[\p{L}])[^'’\n]+)*['’](?=$|[\s.,;:!?)])/gmu
  for (const { 0: quoted, index } of message.matchAll(pairs)) if (from < index + quoted.length && index <= from) return true
  const [lead] = /\b(?:translat\w*|summari[sz]e|proofread|rewrite|paraphrase|correct|improve|shorten|explain|analy[sz]e|reply to|answer|review|classify|spell|(?:this|the following|attached) (?:text|document|page|article|e?-?mail|message|letter|note|transcript|code)|(?!i\b)\p{L}+ (?:says?|said|wrote|writes|asked))\b[^:\n]{0,60}:/iu.exec(message.slice(0, to).replaceAll(/[’`]/g, "'")) ?? []
  return lead !== undefined && message.indexOf(lead) < from
}
