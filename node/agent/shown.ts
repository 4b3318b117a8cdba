import type { Memory } from '../memory.ts'
import type { ShownMemory } from '../starter/prompt.ts'
import { dayText } from './tools/times.ts'

/** A memory as a prompt shows it: with what its words alone do not say. */
export function shownMemory({ text, kind, subject, attribute, value, at }: Memory): ShownMemory {
  const day = dayText(new Date(at))
  if (kind === 'list' && subject !== undefined) return { day, text: `${text} is on the ${subject} list` }
  if (kind === 'task' && value !== undefined && (attribute === 'reminder' || attribute === 'timer')) return { day, text: `${text} (${attribute} for ${value})` }
  return { day, text }
}
