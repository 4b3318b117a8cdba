import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { taken } from '../taken.ts'
import { type ArgumentExample, argumentExamples, argumentTasks, lengthened, valueExamples } from './argument-examples.ts'
import { packArguments, unpackArguments } from './argument-file.ts'
import { argumentNames, argumentsIn, labelsOf } from './arguments.ts'
import { Tagger } from './found.ts'
import { learnTags, lookedAtAll } from './learn-tagger.ts'
import { wordsOf } from './words.ts'

// npm run starter:arguments: learns from generated messages which of their words are arguments of a call, in two minutes, and writes argument-weights.json and value-weights.json; the same numbers each time. Then tells, of the validation
// split, of how many messages all arguments are found.

const [examples, others] = [60_000, 25_000]
const recipe = { seed: 1, epochs: 3, least: 200, unknown: 30, common: 100, tagRows: 2 ** 14 } as const
const valueRecipe = { ...recipe, least: 60 }
const asked = 200

const learned = taken(examples, argumentExamples('train'))
const all = [...learned, ...learned.slice(0, learned.length / 2).flatMap(example => lengthened(example) ?? [])]
const { known, looked } = lookedAtAll(all.map(({ text }) => text), recipe, learned.length)
const file = packArguments({ known, ...learnTags(looked, all.map(({ spans }) => spans), argumentNames.length, recipe, all.map(({ tool }) => labelsOf(tool))) })
const ofOthers = taken(others, valueExamples('train'))
const seen = lookedAtAll(ofOthers.map(({ text }) => text), valueRecipe)
const valueFile = packArguments({ known: seen.known, ...learnTags(seen.looked, ofOthers.map(({ spans }) => spans), 1, valueRecipe) })
for (const [name, each] of [['argument-weights', file], ['value-weights', valueFile]] as const) writeFileSync(join(import.meta.dirname, `${name}.json`), `${JSON.stringify(each)}\n`)
// What is told is of the numbers as they are kept.
const [found, values] = [new Tagger(unpackArguments(file)), new Tagger(unpackArguments(valueFile, 1))]
const wordsIn = ({ text, spans }: ArgumentExample, label: number) => {
  const places = wordsOf(text)
  return spans.filter(span => span.label === label).toSorted((a, b) => a.from - b.from).map(({ from, to }) => text.slice(places[from]!.from, places[to - 1]!.to))
}
for (const task of argumentTasks) {
  const each = taken(asked, argumentExamples('validation', task))
  const right = each.filter(example => {
    const own = argumentsIn(found, example.tool, example.text)
    return argumentNames.every((name, label) => String(own.get(name) ?? []) === String(wordsIn(example, label)))
  })
  process.stdout.write(`${task}: ${right.length} of ${each.length}\n`)
}
const each = taken(asked, valueExamples('validation'))
process.stdout.write(`other tools: ${each.filter(example => String(values.in(example.text).runs.map(run => run.text)) === String(wordsIn(example, 0))).length} of ${each.length}\n`)
