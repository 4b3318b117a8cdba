import { parseArgs } from 'node:util'
import { exampleText } from './example-text.ts'
import { type TaskName, generate, taskNames } from './generate.ts'
import { splits } from './split.ts'

// npm run starter:show -- [--task NAME] [--seed N] [--count N] [--split train|validation|test]: examples, for people to read.

const { values } = parseArgs({ options: { task: { type: 'string' }, seed: { type: 'string', default: '1' }, count: { type: 'string', default: '5' }, split: { type: 'string', default: 'train' } } })
const task = taskNames.find(name => name === values.task)
const split = splits.find(name => name === values.split)
const [seed, count] = [Number(values.seed), Number(values.count)]
if (values.task !== undefined && !task) fail(`--task knows ${taskNames.join(', ')}`)
else if (!split) fail(`--split knows ${splits.join(', ')}`)
else if (!Number.isSafeInteger(seed) || seed < 0 || !Number.isSafeInteger(count) || count < 1) fail('--seed and --count take whole numbers')
else for (let index = 0; index < count; index++) process.stdout.write(`${exampleText(generate(seed + index, split, task as TaskName | undefined))}\n\n`)

function fail(message: string): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = 2
}
