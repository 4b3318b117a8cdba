import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { taken } from '../taken.ts'
import { argumentExamples, argumentTasks, lengthened } from './argument-examples.ts'
import { packArguments, unpackArguments } from './argument-file.ts'
import { Arguments, argumentNames, labelsOf } from './arguments.ts'
import { learnTags, lookedAtAll } from './learn-tagger.ts'
import { wordsOf } from './words.ts'

// npm run starter:arguments: learns from generated messages which of their words are arguments of a call, in a minute, and writes argument-weights.ts; the same numbers each time. Then tells, of the validation split, of how many
// messages all arguments are found.

const examples = 60_000
const recipe = { seed: 1, epochs: 3, least: 200, unknown: 30, common: 100, tagRows: 2 ** 14 } as const
const asked = 200

const learned = taken(examples, argumentExamples('train'))
const all = [...learned, ...learned.slice(0, learned.length / 2).flatMap(example => lengthened(example) ?? [])]
const { known, looked } = lookedAtAll(all.map(({ text }) => text), recipe, learned.length)
const file = packArguments({ known, ...learnTags(looked, all.map(({ spans }) => spans), argumentNames.length, recipe, all.map(({ tool }) => labelsOf(tool))) })
writeFileSync(join(import.meta.dirname, 'argument-weights.ts'), `import type { ArgumentFile } from './argument-file.ts'\n\n// Made by npm run starter:arguments.\nexport const weights: ArgumentFile = ${JSON.stringify(file)}\n`)
// What is told is of the numbers as they are kept.
const found = new Arguments(unpackArguments(file))
for (const task of argumentTasks) {
  const each = taken(asked, argumentExamples('validation', task))
  const right = each.filter(({ tool, text, spans }) => {
    const places = wordsOf(text)
    const own = found.of(tool, text)
    return argumentNames.every((name, label) => String(own.get(name) ?? []) === String(spans.filter(span => span.label === label).toSorted((a, b) => a.from - b.from).map(({ from, to }) => text.slice(places[from]!.from, places[to - 1]!.to))))
  })
  process.stdout.write(`${task}: ${right.length} of ${each.length}\n`)
}
