import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { finder } from '../prompt-order.ts'
import { taken } from '../taken.ts'
import { Keeping } from './kept.ts'
import { packKept, unpackKept } from './kept-file.ts'
import { learnKept } from './learn-kept.ts'
import { isSame, tagExamples } from './tag-examples.ts'
import { wordsOf } from './words.ts'

// npm run starter:tags: learns from generated messages what of them is to be kept, whom it is about and what it replaces, in two minutes, and writes kept-weights.json; the same numbers each time. Then tells, of the validation split, what is
// found. What is replaced is compared by the weights of npm run starter:fit, which comes first.

const examples = 80_000
const recipe = { seed: 1, epochs: 3, least: 300, tagRows: 2 ** 16, subjectRows: 2 ** 17, rate: 0.1, unknown: 30, common: 100, pairs: 10_000 } as const
const asked = 300

const file = packKept(learnKept(taken(examples, tagExamples('train')), recipe))
writeFileSync(join(import.meta.dirname, 'kept-weights.json'), `${JSON.stringify(file)}\n`)
// What is told is of the numbers as they are kept.
const keeping = new Keeping(unpackKept(file), finder.seeing)
for (const task of ['learn_facts', 'learn_change', 'learn_nothing'] as const) {
  const [counts, all] = [{ words: 0, subject: 0, replaced: 0 }, { wanted: 0, found: 0 }]
  for (const { text, memories, kept } of taken(asked, tagExamples('validation', task))) {
    const places = wordsOf(text)
    const found = keeping.of(text, memories)
    all.wanted += kept.length
    all.found += found.length
    for (const { span: { from, to }, subject, replaces } of kept) {
      const same = found.find(each => isSame(each.text, text.slice(places[from]!.from, places[to - 1]!.to)))
      const isAbout = same !== undefined && isSame(same.subject, subject)
      counts.words += Number(same !== undefined)
      counts.subject += Number(isAbout)
      counts.replaced += Number(isAbout && same.replaces === replaces)
    }
  }
  process.stdout.write(`${task}: ${all.wanted} to keep, ${all.found} found, ${counts.words} of them with the same words, ${counts.subject} about the same as well, ${counts.replaced} replacing the same as well\n`)
}
