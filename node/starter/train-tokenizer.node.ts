import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readTokenizer } from '../model/text/tokenizer.ts'
import { generate } from './generate.ts'
import { createExampleEncoder, renderConversation } from './render.ts'
import { countPieces, tokenizerFiles, vocabSize } from './tokenizer-files.ts'
import type { Split } from './split.ts'
import { callMarks, specialTokens } from './chat-template.ts'

// npm run starter:tokenizer -- [--examples N] [--out DIR]: the vocabulary of the starter model, from the first examples for learning. The same files each time.

const { values } = parseArgs({ options: { examples: { type: 'string', default: '30000' }, out: { type: 'string', default: join(import.meta.dirname, 'model') } } })
const count = Number(values.examples)
if (!Number.isSafeInteger(count) || count < 100) {
  process.stderr.write('--examples takes a whole number from 100\n')
  process.exit(2)
}
const controls = new RegExp([...specialTokens, ...callMarks].map(token => token.replaceAll('|', '\\|')).join('|'))
let bytes = 0

function* texts(): Iterable<string> {
  for (let seed = 0; seed < count; seed++) {
    const { messages, tools } = generate(seed, 'train')
    const text = renderConversation(messages, tools)
    bytes += Buffer.byteLength(text)
    yield* text.split(controls)
  }
}

const startedMs = performance.now()
const counts = countPieces(texts())
const { tokenizer, config } = tokenizerFiles(counts)
mkdirSync(values.out, { recursive: true })
for (const [name, content] of [['tokenizer.json', tokenizer], ['tokenizer_config.json', config]] as const) writeFileSync(join(values.out, name), `${JSON.stringify(content)}\n`)
process.stdout.write(`${count} examples, ${(bytes / 1e6).toFixed(1)} MB, ${counts.size} different pieces; ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`)

const read = (name: string): unknown => JSON.parse(readFileSync(join(values.out, name), 'utf8'))
const encode = createExampleEncoder(readTokenizer(read('tokenizer.json'), read('tokenizer_config.json'), vocabSize))
for (const split of ['train', 'validation', 'test'] as const satisfies readonly Split[]) {
  let [size, tokens, learned] = [0, 0, 0]
  // Beyond those that the vocabulary was made of.
  for (let seed = count; seed < count + 2000; seed++) {
    const example = generate(seed, split)
    const encoded = encode(example)
    size += Buffer.byteLength(renderConversation(example.messages, example.tools))
    tokens += encoded.ids.length
    learned += encoded.learned.reduce((sum, each) => sum + each, 0)
  }
  process.stdout.write(`${split}: ${(size / tokens).toFixed(2)} bytes a token, ${(tokens / 2000).toFixed(0)} tokens an example, ${(learned / 2000).toFixed(1)} of them learned\n`)
}
