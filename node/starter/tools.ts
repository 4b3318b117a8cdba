import type { Tool } from '../model/grammar/tool-grammar.ts'

const text = { type: 'string' } as const
const texts = { type: 'array', items: text, minItems: 1, maxItems: 16 } as const

function tool<const P extends Record<string, object>>(name: string, description: string, properties: P, optional: readonly (keyof P)[] = []): Tool {
  return { name, description, parameters: { type: 'object', properties, required: Object.keys(properties).filter(key => !optional.includes(key)), additionalProperties: false } }
}

/**
 * The built-in tools. Arguments are the user's own words wherever that is possible, because copying is what a small model does well: times and dates too ("tomorrow at 5", "3 weeks"). The code
 * behind a tool knows clock, calendar and time zone and reads them exactly, or says that it cannot, where a model of this size would add wrongly and nobody would notice.
 */
export const builtInTools: readonly Tool[] = [
  tool('remember', 'Keeps a fact for good.', { text }),
  tool('recall', 'Searches all memories; for when the user asks to search.', { query: text }),
  tool('forget', 'Removes what is known about something.', { query: text }),
  tool('list_add', 'Puts items on a list. The name of a list is without the word list.', { list: text, items: texts }),
  tool('list_remove', 'Takes items off a list.', { list: text, items: texts }),
  tool('list_show', 'Shows a list.', { list: text }),
  tool('set_reminder', "Reminds the user of something. `when` in the user's words.", { text, when: text }),
  tool('set_timer', "Starts a timer. `duration` in the user's words.", { duration: text, label: text }, ['label']),
  tool('date_add', "The date and weekday of a day, or of a time after or before it. `date` and `add` in the user's words; `today` where none is named.", { date: text, add: text }, ['add']),
  tool('days_between', "The days between two dates, in the user's words; `today` where one is not named.", { from: text, to: text }),
  tool('calculate', 'Calculates with + - * / and brackets.', { expression: text })
]
