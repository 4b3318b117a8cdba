import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { taskNames } from '../generate.ts'
import { taken } from '../taken.ts'
import { Intent, packIntent, unpackIntent } from './intent.ts'
import { intentExamples, learnIntent } from './learn-intent.ts'

// npm run starter:intent: learns from generated conversations which words want which tool, or which kind of answer, and writes weights.json; the same numbers each time. Then tells, of the validation split, how often what is wanted is the likeliest.

const examples = 100_000
const recipe = { seed: 1, epochs: 3, rate: 0.1, least: 60, decay: 1e-4, hidden: 0.15 } as const
const asked = 200

const file = packIntent(learnIntent(taken(examples, intentExamples('train')), recipe))
writeFileSync(join(import.meta.dirname, 'weights.json'), `${JSON.stringify(file)}\n`)
const intent = new Intent(unpackIntent(file))
for (const task of taskNames.filter(name => !name.startsWith('learn_'))) {
  const wrong = new Map<string, number>()
  const all = taken(asked, intentExamples('validation', task))
  for (const { asked: words, wanted } of all) {
    const [[found]] = [...intent.shares(words)].sort(([, a], [, b]) => b - a) as [[string, number]]
    if (found !== wanted) wrong.set(`${wanted} as ${found}`, (wrong.get(`${wanted} as ${found}`) ?? 0) + 1)
  }
  const count = [...wrong.values()].reduce((sum, each) => sum + each, 0)
  process.stdout.write(`${task}: ${all.length - count} of ${all.length}${count === 0 ? '' : `; ${[...wrong].map(([what, times]) => `${what} ${times}`).join(', ')}`}\n`)
}
