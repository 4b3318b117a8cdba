import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TaskName, taskNames } from '../generate.ts'
import type { Split } from '../split.ts'
import { Fit } from './fit.ts'
import { fitExamples } from './fit-examples.ts'
import { packFit, unpackFit } from './fit-file.ts'
import { type FitExample, learnFit } from './learn.ts'

// npm run starter:fit: learns which memories fit a question from generated conversations, in some minutes, and writes weights.ts; the same numbers each time. Then tells how often it is right on the validation split.

const examples = 120_000
const recipe = { seed: 1, width: 32, epochs: 2, batch: 32, rate: 0.01, knownShare: 1 / 1200, unknown: 0.3 } as const
const asked = 200

const learned = learnFit(taken('train', examples), recipe, ({ step, of, loss }) => {
  if (step % 500 === 0) process.stderr.write(`step ${step} of ${of}, loss ${loss.toFixed(3)}\n`)
})
const file = packFit(learned)
writeFileSync(join(import.meta.dirname, 'weights.ts'), `import type { FitFile } from './fit-file.ts'\n\n// Made by npm run starter:fit.\nexport const weights: FitFile = ${JSON.stringify(file)}\n`)
// What is told is of the numbers as they are kept.
const fit = new Fit(unpackFit(file))
for (const task of taskNames) {
  const questions = taken('validation', asked, task)
  const right = questions.filter(({ memories, asked: words, answering }) => {
    const scores = fit.scores(memories, words)
    const best = scores.indexOf(Math.max(...scores))
    return scores[best]! > fit.weights.least ? answering.has(best) : answering.size === 0
  })
  process.stdout.write(`${task}: ${right.length} of ${questions.length}\n`)
}

function taken(split: Split, count: number, task?: TaskName): FitExample[] {
  const found: FitExample[] = []
  for (const example of fitExamples(split, 0, task)) {
    found.push(example)
    if (found.length === count) break
  }
  return found
}
