import { unable, unknowing, untold } from './prompt.ts'

/** What is said in the same words each time. */
export const sayings = {
  okay: 'Okay.', okayMore: 'Okay. Anything else?', corrected: 'Sorry. I see.', untold, unknowing, unable, noTool: "I can't do that: I have no tool for it.", when: 'When should I remind you?',
  hello: 'Hello! How can I help?', welcome: "You're welcome.", goodbye: 'Goodbye!', fine: "I'm fine, thanks. How can I help?", self: "I'm kinmesh, a small assistant that lives on your devices.",
  abilities: 'I remember what you tell me, keep lists, set reminders and timers, and do small sums.', program: "I'm a small program on your devices, not a person.",
  privacy: 'What you tell me stays on your own devices. I work without the internet.', size: "I'm a small model: good at remembering, bad at much else.", joke: 'Why did the memory cross the road? It forgot why.',
  thanks: 'Thank you!', sorry: "I'm sorry about that. Tell me what is right.", listening: 'I see. Can I do something for you?', here: "I'm here."
} as const

/** What a tool gives back that failed begins so. */
export const errorMark = 'error: '
/** Of results, what is told: more is for whoever reads it in full. In characters. */
const maxResult = 400

/** What may be said of what a call gave back: one way where the tool comes with kinmesh. What `recall` found is quoted, and said nothing of. */
export function toldOf(tool: string, given: Readonly<Record<string, unknown>>, result: string): string[] {
  const text = clipped(result)
  if (text.startsWith(errorMark)) return [`That didn't work: ${text.slice(errorMark.length)}.`]
  const list = typeof given['list'] === 'string' ? clipped(given['list']) : ''
  switch (tool) {
    case 'remember': return ["I'll remember that."]
    case 'forget': return [text === 'nothing found' ? 'I found nothing about that.' : 'Done, I forgot it.']
    case 'recall': return text === 'nothing found' ? ['I found nothing.'] : []
    case 'list_add': return [`Added to your ${list} list.`]
    case 'list_remove': return [`Removed from your ${list} list.`]
    case 'list_show': return [text === 'empty' ? `Your ${list} list is empty.` : `On your ${list} list: ${text}.`]
    case 'set_reminder': return [`I'll remind you on ${text.replace(/^set for /, '')}.`]
    case 'set_timer': return [`Your timer ${text}.`]
    case 'date_add': case 'days_between': case 'calculate': return [`It is ${text}.`]
    default: return ['Done.', ...(text === '' ? [] : [`It says: ${text}.`])]
  }
}

/** In one line, of visible characters: others no answer is held to. */
function clipped(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim()
  return line.length > maxResult ? `${line.slice(0, maxResult).toWellFormed().replace(/\uFFFD$/, '')}…` : line
}
