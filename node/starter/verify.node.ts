import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readTokenizer } from '../model/text/tokenizer.ts'
import { generate } from './generate.ts'
import { problemsOf } from './problems.ts'
import { createExampleEncoder } from './render.ts'
import { maxPositions, vocabSize } from './tokenizer-files.ts'
import { wordsIn, wordsOf } from './vocabulary.ts'

// npm run starter:verify -- [--count N]: looks through examples of each split, and says what is wrong with them; exit 1 when something is.

const { values } = parseArgs({ options: { count: { type: 'string', default: '20000' } } })
const count = Number(values.count)
const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, 'model', name), 'utf8'))
const encode = createExampleEncoder(readTokenizer(read('tokenizer.json'), read('tokenizer_config.json'), vocabSize))
const problems: string[] = []
const phrases = { train: new Set<string>(), validation: new Set<string>(), test: new Set<string>() }
const learnedTexts: string[] = []
for (const split of ['train', 'validation', 'test'] as const) {
  const lengths: number[] = []
  for (let seed = 0; seed < count; seed++) {
    const example = generate(seed, split)
    for (const problem of problemsOf(example)) problems.push(`${split}, task ${example.task}, seed ${seed}: ${problem}`)
    for (const phrase of example.phrases) phrases[split].add(phrase)
    const { length } = encode(example).ids
    lengths.push(length)
    if (length > maxPositions) problems.push(`${split}, task ${example.task}, seed ${seed}: ${length} tokens`)
    if (split === 'train') learnedTexts.push(example.messages.map(message => message.text + (message.role === 'assistant' ? JSON.stringify(message.calls ?? '') : '')).join('\n'))
  }
  lengths.sort((a, b) => a - b)
  const at = (share: number) => lengths[Math.min(count - 1, Math.floor(share * count))]
  process.stdout.write(`${split}: ${count} examples, ${phrases[split].size} phrases; tokens: median ${at(0.5)}, 90 % ${at(0.9)}, 99 % ${at(0.99)}, most ${at(1)}\n`)
}
for (const split of ['validation', 'test'] as const) {
  const words = [...new Set(wordsOf(split))]
  const [seen, shared] = [wordsIn(words, learnedTexts), [...phrases[split]].filter(phrase => phrases.train.has(phrase))]
  process.stdout.write(`${split}: ${seen.length} of ${words.length} words, ${shared.length} of ${phrases[split].size} phrases are seen in learning\n`)
  problems.push(...seen.map(word => `the word "${word}" of ${split} is seen in learning`), ...shared.map(phrase => `the phrase "${phrase}" of ${split} is seen in learning`))
}
process.stdout.write(problems.length === 0 ? 'nothing is wrong\n' : `${problems.length} problems\n${problems.slice(0, 40).join('\n')}\n`)
process.exitCode = problems.length === 0 ? 0 : 1
