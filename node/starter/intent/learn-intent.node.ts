import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { taskNames } from '../generate.ts'
import { taken } from '../taken.ts'
import { Intent, leastShare, packIntent, sayClass, unpackIntent } from './intent.ts'
import { intentExamples, learnIntent } from './learn-intent.ts'

// npm run starter:intent: learns from generated conversations which words ask for which tool, and writes weights.ts; the same numbers each time. Then tells, of the validation split, how often the right tool is offered, and how
// many others are.

const examples = 60_000
const recipe = { seed: 1, epochs: 3, rate: 0.1, least: 40, decay: 1e-4, hidden: 0.15 } as const
const asked = 200

const file = packIntent(learnIntent(taken(examples, intentExamples('train')), recipe))
writeFileSync(join(import.meta.dirname, 'weights.ts'), `import type { IntentFile } from './intent.ts'\n\n// Made by npm run starter:intent.\nexport const weights: IntentFile = ${JSON.stringify(file)}\n`)
const intent = new Intent(unpackIntent(file))
for (const task of taskNames.filter(name => !name.startsWith('learn_'))) {
  const found = taken(asked, intentExamples('validation', task)).map(({ asked: words, wanted }) => {
    const offered = [...intent.shares(words)].filter(([name, share]) => name !== sayClass && share >= leastShare).map(([name]) => name)
    return { isThere: wanted === sayClass || offered.includes(wanted), others: offered.filter(name => name !== wanted).length }
  })
  process.stdout.write(`${task}: offered in ${found.filter(({ isThere }) => isThere).length} of ${found.length}, ${(found.reduce((sum, { others }) => sum + others, 0) / found.length).toFixed(2)} others\n`)
}
