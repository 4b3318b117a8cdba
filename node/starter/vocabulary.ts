import { type BySplit, type Split, splits } from './split.ts'
import { normalised } from './judge.ts'
import * as people from './words/people.ts'
import * as places from './words/places.ts'
import * as tasks from './words/tasks.ts'
import * as things from './words/things.ts'

/** Every word of every list that is split, of one split. */
export function wordsOf(split: Split): string[] {
  const lists = [people, places, tasks, things].flatMap(module => Object.values(module) as unknown[])
  return lists.filter(isSplit).flatMap(list => [...list[split]])
}

function isSplit(list: unknown): list is BySplit<string> {
  return typeof list === 'object' && list !== null && splits.every(split => split in list)
}

/** Which of the words stand in one of the texts, as whole words. */
export function wordsIn(words: readonly string[], texts: Iterable<string>): string[] {
  const wanted = new Map(words.map(word => [normalised(word).trim(), word]))
  const longest = Math.max(...[...wanted.keys()].map(key => key.split(' ').length))
  const found = new Set<string>()
  for (const text of texts) {
    const parts = normalised(text).trim().split(' ')
    for (let from = 0; from < parts.length; from++) {
      for (let length = 1; length <= longest && from + length <= parts.length; length++) {
        const word = wanted.get(parts.slice(from, from + length).join(' '))
        if (word !== undefined) found.add(word)
      }
    }
  }
  return [...found]
}
