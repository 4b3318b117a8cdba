import { builtInTools } from '../tools.ts'
import type { Tagger } from './found.ts'

/** Arguments of the built-in tools that are words of the user's, by the names that tools.ts has for them. A label of the tagger is the place in this list. */
export const argumentNames = ['text', 'query', 'list', 'items', 'when', 'duration', 'label', 'date', 'add', 'from', 'to'] as const
export type ArgumentName = (typeof argumentNames)[number]

/** The labels that words may have for a tool: those of its arguments. */
export function labelsOf(tool: string): ReadonlySet<number> {
  const { properties } = builtInTools.find(({ name }) => name === tool)?.parameters ?? {}
  return new Set(Object.keys(properties ?? {}).map(name => argumentNames.indexOf(name as ArgumentName)).filter(label => label >= 0))
}

/** Which words of a message each argument of a built-in tool is: to the letter, in their order; several of an argument that is a list. */
export function argumentsIn(tagger: Tagger, tool: string, text: string): ReadonlyMap<ArgumentName, readonly string[]> {
  const byName = Map.groupBy(tagger.in(text, labelsOf(tool)).runs, ({ label }) => argumentNames[label]!)
  return new Map([...byName].map(([name, runs]) => [name, runs.map(run => run.text)]))
}
