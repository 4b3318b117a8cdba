import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { taken } from '../taken.ts'
import { argumentExamples, argumentTasks } from './argument-examples.ts'
import { packArguments, unpackArguments } from './argument-file.ts'
import { Arguments, argumentNames } from './arguments.ts'
import { learnTags, lookedAtAll } from './learn-tagger.ts'
import { wordsOf } from './words.ts'

// npm run starter:arguments: learns from generated messages which of their words are arguments of a call, in a minute, and writes argument-weights.ts; the same numbers each time. Then tells, of the validation split, of how many
// messages all arguments are found.

const examples = 60_000
const recipe = { seed: 1, epochs: 3, least: 200, unknown: 30, common: 100, tagRows: 2 ** 14 } as const
const asked = 200

const learned = taken(examples, argumentExamples('train'))
const { known, looked } = lookedAtAll(learned.map(({ text }) => text), recipe)
const file = packArguments({ known, ...learnTags(looked, learned.map(({ spans }) => spans), argumentNames.length, recipe) })
writeFileSync(join(import.meta.dirname, 'argument-weights.ts'), `import type { ArgumentFile } from './argument-file.ts'\n\n// Made by npm run starter:arguments.\nexport const weights: ArgumentFile = ${JSON.stringify(file)}\n`)
// What is told is of the numbers as they are kept.
const found = new Arguments(unpackArguments(file))
for (const task of argumentTasks) {
  const all = taken(asked, argumentExamples('validation', task))
  const right = all.filter(({ text, spans }) => {
    const places = wordsOf(text)
    const own = found.of(text)
    return argumentNames.every((name, label) => String(own.get(name) ?? []) === String(spans.filter(span => span.label === label).toSorted((a, b) => a.from - b.from).map(({ from, to }) => text.slice(places[from]!.from, places[to - 1]!.to))))
  })
  process.stdout.write(`${task}: ${right.length} of ${all.length}\n`)
}
