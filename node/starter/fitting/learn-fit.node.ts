import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { taskNames } from '../generate.ts'
import { taken } from '../taken.ts'
import { Finder } from './finder.ts'
import { packFinder, unpackFinder } from './finder-file.ts'
import { learnFinder } from './learn-finder.ts'
import { questions } from './questions.ts'

// npm run starter:fit: learns which memories fit a question from generated conversations, in some minutes, and writes asked-weights.json, told-weights.json and weights.json; the same numbers each time. Then tells how often it is right on
// the validation split.

const [examples, inFold, unseen, asked] = [40_000, 25_000, 12_000, 200]
/** Of the phrases, a fourth is what the rest is tried on, and then another one. */
const [by, folds] = [4, [0, 2]] as const
const recipe = {
  seed: 1, least: 1 / 1500, mostLoose: 8, idle: 0.1, kinds: { epochs: 2, rate: 0.15, decay: 0.001, hidden: 0.2, alone: 0.5, least: 1 / 4000, leastTerm: 1 / 8000 },
  parts: { seed: 1, epochs: 2, least: 100, unknown: 30, common: 100, tagRows: 2 ** 14, texts: 25_000 }, net: { hidden: 16, epochs: 4, batch: 32, rate: 0.01 }
} as const

const files = packFinder(learnFinder(taken(examples, questions('train', 0, { even: true })), folds.map((rest, at) => {
  const of = (others: boolean, count: number) => taken(count, questions('train', 2 ** 30 * (2 * at + 1 + Number(others)), { even: true, share: { by, rest, others } }))
  return { seen: of(true, inFold), unseen: of(false, unseen) }
}), recipe))
for (const [name, file] of [['asked-weights', files.asked], ['told-weights', files.told], ['weights', files.both]] as const) writeFileSync(join(import.meta.dirname, `${name}.json`), `${JSON.stringify(file)}\n`)
// What is told is of the numbers as they are kept.
const finder = new Finder(unpackFinder(files))
for (const task of taskNames) {
  const all = taken(asked, questions('validation', 0, { task }))
  const right = all.filter(({ memories, asked: words, answering }) => {
    const scores = finder.scores(memories, words)
    const best = scores.indexOf(Math.max(...scores))
    return scores[best]! > finder.least ? answering.has(best) : answering.size === 0
  })
  process.stdout.write(`${task}: ${right.length} of ${all.length}\n`)
}
