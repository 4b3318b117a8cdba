// How English says that something is not told as being so. Each list errs on the side of keeping nothing; marks, which count in every language, are the business of asserted.ts.

type Pattern = { test(text: string): boolean }

function anyOf(...patterns: readonly Pattern[]): Pattern {
  return { test: text => patterns.some(pattern => pattern.test(text)) }
}

/** What is said as not being so, or as not being sure, wherever it stands in the sentence. */
export const supposed = anyOf(
  /\b(?:if|whether|unless|maybe|perhaps|probably|possibly|might|imagine|suppos(?:e|ing)|assum(?:e|ing)|pretend|hypothetically|picture this|for fun|say that|let['’]?s say|dream(?:t|ed)|i wish)\b/iu,
  /\b(?:a|my|the) dream:/iu,
  /\b(?:wonder(?:ing)?|doubt|guess|no idea|not sure|unsure|who knows|(?:could|would) it be|how would|(?:may|can) be that|as far as i know|i (?:think|believe|suspect)|or so|would (?:be|have)|could have)\b/iu,
  /\b(?:not true|isn['’]?t true|untrue|(?:is|was|be) wrong|kidding|joking|sarcas\w+|(?:can['’]?t|cannot|do not|don['’]?t) (?:remember|know|believe|think))\b/iu
)

/** What tells a story or another one's words, where it stands beside what is to be kept, and not in it. */
export const told = anyOf(
  /\bin (?:my|the|a|an|his|her|this|that|our) (?:\w+ ){0,2}(?:novel|story|book|films?|movie|song|game|play|poem|show|series|dream)\b/iu,
  /\b(?:line|scene|sentence|example|quote|lyrics?|title|chapter) (?:from|of|in|was|is|sounds|goes)\b/iu,
  /\bthe (?:hero|actor|actress|character|narrator|story|poster|speaker)\b/iu,
  /\b(?:translat\w+|spell\w*|pronounce|proofread|rewrite|summari[sz]e|paraphrase|sang|sings?|shout(?:s|ed)|claim(?:s|ed)?|according to|rumou?r(?:s|ed)?|wants to know)\b/iu,
  /(?<!\bi )\b(?:says|said|asked|asks|wrote|writes|thinks|thought|believes|told (?:me|us|him|her|them))\b/iu
)

/** Where a story is told, at the beginning of what is to be kept. */
export const inStory = /^in (?:my|the|a|an|his|her|this|that|our) (?:\w+ ){0,2}(?:novel|story|book|film|movie|song|game|play|poem|show|series|dream)\b/iu

const politely = String.raw`^(?:(?:please|kindly|now|then|and|also|hey|hi|ok|okay|can you|could you|would you|will you|i want you to|i need you to|you (?:must|should|have to|will|are to))[\s,]+)*`
const doings =
  'remind|set|add|put|start|show|delete|remove|take|tell|give|translate|spell|write|read|list|forget|remember|ignore|disregard|explain|summari[sz]e|calculate|make sure|schedule|wake|ping|nudge|call me|stick|stop|cancel|play|open|search|' +
  'find|look|repeat|answer|act|output|print|return|respond|reply|learn|store|save|note|keep in mind|say|let|help|imagine|think|scratch|strike|drop|cross'
/** What the assistant, or one of its tools, is asked to do. */
export const request = anyOf(
  /\b(?:remind(?:er|ers|ed)?|timer|alarm)\b/iu,
  /\b(?:on|to|from|off|for) (?:my|the|our) (?:[\p{L}\p{N}-]+ ){0,3}list\b|\blist(?: please)?:|\blist (?:needs|should|no longer)\b/iu,
  new RegExp(String.raw`${politely}(?:${doings})\b`, 'iu')
)

const opening = String.raw`^(?:(?:and|but|so|ok|okay|hey|hi|please|sorry|well|um|oh|yes|no)[\s,]+)*(?:(?:to|in|at|on|from|for|by|with|of) )?`
/** A clause that asks, mark or no mark: a question word that no subject follows, a verb before its subject, a wish to be told. */
export const asks = anyOf(
  new RegExp(String.raw`${opening}(?:who|whom|whose|what|which|when|where|why|how)(?:['’]?(?:s|re|d|ll|ve))?(?! (?:i|you|he|she|it|we|they|my|our|his|her|their|the)\b)\b`, 'iu'),
  new RegExp(String.raw`${opening}(?:do|does|did|is|are|am|was|were|has|can|could|would|shall|should|(?:is|are|does|did|was|could|wo)n['’]?t|(?:don|can)['’]?t you)\b`, 'iu'),
  new RegExp(String.raw`${opening}(?:will|may|have|had) (?:i|you|he|she|it|we|they|my|our|your|the|there|any\w*|some\w*)\b`, 'iu'),
  new RegExp(String.raw`${opening}(?:any idea|do you know|let me know|tell me|i (?:forgot|forget|(?:want|need|have|would like|['’]d like) to know|need (?!to\b)))`, 'iu')
)

/** What makes a question of what stands before it. */
export const tag = anyOf(
  /^[\s,]*(?:right|correct|no|yes|eh|huh|or|true|innit|ok|okay|am i right|(?:is|isn['’]?t) (?:that|it|this)(?: (?:right|correct|true|so))?)\s*$/iu,
  /^[\s,]*(?:do|does|did|is|are|was|were|has|have|can|will|would)n['’]?t (?:i|you|he|she|it|we|they)\s*$/iu
)

/** What may stand between the beginning of a clause and what is told in it, or after it. */
export const fillers: ReadonlySet<string> = new Set(
  (
    'well oh ok okay so yes yeah yep no nope hey hi hello sorry thanks thank you cheers btw fyi by the way actually also and but plus anyway anyways um uh hm hmm ah aha right great cool nice lol haha tbh honestly just note know remember ' +
    'please good morning evening afternoon day news update correction because puh phew finally again too then listen look guess guys all dear today for your info information as i said you should be aware that now'
  ).split(' ')
)

/** Words between clauses, also of some other languages. */
export const joins: ReadonlySet<string> = new Set('and but so oh also plus then because und aber et mais y pero'.split(' '))

const states =
  'tired(?! of (?!you|this|that|it|waiting))|bored|hungry|thirsty|fine|good|well|ok|okay|great|happy|sad|back|here|home|sorry|sure(?! that)|done|ready|busy|late|glad|afraid|sick|ill|angry|stressed|confused|lost|impressed|curious|going to bed|off to bed|cold|hot|awake|exhausted|' +
  'worried|excited|talking to you|asking|testing|kidding|joking'
/** Said of the moment, of the assistant, or to say something. */
export const idle = anyOf(
  new RegExp(String.raw`^(?:i am|i['’]?m|i feel|i felt|we are|we['’]?re)(?: (?:a bit|a little|so|very|really|just|all|pretty|quite|feeling|not|still|too))* (?:${states})\b`, 'iu'),
  /^i (?:see|know(?!.+, it(?: is|['’]?s)\b)|mean|understand|agree|think so|hope so|guess|like you|love it|got it|(?:have to|must) go(?! to\b)|slept|need a (?:coffee|break|nap)|feel (?:\w+ )?(?:today|right now)|have a headache)\b|^my head hurts/iu,
  /^(?:you(?! can (?:reach|call|find|get)\b| need\b)|your|this|that|these|those|there|thanks?|what a|how|such|let|see|nothing|that['’]?s|you['’]?re)\b/iu,
  /^it(?: is|['’]?s)? (?:so |very |really |quite )*(?:hot|cold|warm|sunny|nice|late|early|fine|ok|good|nothing|rain\w*|snow\w*)\b|^(?:the )?weather\b|^so much to do/iu,
  /^(?:until|till|bye|goodbye|good (?:morning|evening|night|day|afternoon)|have a|so long|talk to you|finally weekend|forget it|never mind)\b/iu
)

/** The end of "Dr.": no end of a sentence. */
export const abbreviation = /(?<![\p{L}\p{N}])(?:dr|mr|mrs|ms|st|prof|sr|jr|no|nr|vs|etc|approx|ca|tel|str|e\.g|i\.e|a\.m|p\.m|\p{L})$/iu

/** How a part in English begins that needs a verb to say something. */
export const nounFirst = /^(?:my|our|the|his|her|their|(?!(?:it|that|he|she|there|here)['’])[\p{L}\p{N}]+['’]s)\b/iu
/** What may be one, or stand for one. */
export const verb = anyOf(
  /\b(?:am|is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|should|must|may|(?:is|are)n['’]?t|\p{L}{2,}(?:s|ed|ing))\b|:/iu,
  /\b(?:went|got|bought|lent|put|keep|kept|left|cost|began|came|became|grew|met|made|gave|broke|sold|lost|won|paid|go|ate|drank|drove|told|took|built|sent|hit|let|set|cut|hurt)\b/iu,
  /\p{L}['’](?:m|re|ve|ll|d)\b|\w['’]s (?:an?|the|not|in|at|on|now)\b|\b(?:it|that)['’]?s\b/iu
)
