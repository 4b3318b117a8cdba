import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readHubConfig } from '../../model/hub-config.ts'
import { readTokenizer } from '../../model/text/tokenizer.ts'
import { notLearned } from '../../train/objective.ts'
import { generate } from '../generate.ts'
import { createExampleEncoder } from '../render.ts'
import { maxPositions, vocabSize } from '../tokenizer-files.ts'
import { type GeneratedOptions, GeneratedData } from './generated-data.ts'
import { hubConfig, starterConfig } from './recipe.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '..', 'model', name), 'utf8'))
const tokenizer = readTokenizer(read('tokenizer.json'), read('tokenizer_config.json'), vocabSize)
const options: GeneratedOptions = { split: 'train', seed: 0, rows: 4, length: maxPositions, batchesPerEpoch: 10, readEvery: 4, drillEvery: 6, renames: false }

test('a batch is the same whenever it is asked for, and no other one', () => {
  const [data, again] = [new GeneratedData(tokenizer, options), new GeneratedData(tokenizer, options)]
  const last = data.batch(1, 3)
  assert.equal(again.batch(1, 3), last)
  assert.not.equal(again.batch(0, 3).ids, last.ids)
  assert.is(again.key, data.key)
  for (const other of [{ readEvery: 0 }, { drillEvery: 0 }, { renames: true }, { split: 'validation' }, { seed: 1 }] as const) assert.is.not(new GeneratedData(tokenizer, { ...options, ...other }).key, data.key)
})

test('rows hold whole examples one behind the other, each token labelled with the one that follows where it is learned', () => {
  const data = new GeneratedData(tokenizer, options)
  const encode = createExampleEncoder(tokenizer)
  // Those that batch 1 is made of.
  const known = new Map(Array.from({ length: 60 }, (_, nth) => encode(generate(512 + nth, 'train'))).map(example => [example.ids.slice(0, -1).join(), example]))
  const { ids, labels, segments, positions, tokens, length } = data.batch(0, 1)
  let held = 0
  for (let at = 0; at < ids.length; ) {
    const rowEnd = (Math.floor(at / length) + 1) * length
    let end = at
    while (end < rowEnd && segments[end] === segments[at]) end++
    const example = known.get(ids.subarray(at, end).join())
    if (example) {
      held += end - at
      assert.equal([...positions.subarray(at, end)], [...Array.from({ length: end - at }).keys()])
      // The last token of an example is only ever a label.
      assert.equal([...labels.subarray(at, end)], example.ids.slice(1).map((id, index) => (example.learned[index + 1] ? id : notLearned)))
    } else assert.ok(end === rowEnd && ids.subarray(at, end).every(id => id === 0) && labels.subarray(at, end).every(label => label === notLearned), 'what is no example is filling')
    at = end
  }
  assert.is(held, tokens)
  assert.ok(tokens > 0.75 * ids.length)
  const everything = data.batch(0, 4)
  assert.is(everything.labels.filter(label => label !== notLearned).length, everything.tokens)
})

test('in a drill, whatever is learned stood there before, behind the same token', () => {
  const { ids, labels, segments, positions, tokens } = new GeneratedData(tokenizer, options).batch(0, 5)
  const space = tokenizer.encodeText(' ')[0]
  let [learned, spaced] = [0, 0]
  for (const [at, label] of labels.entries()) {
    if (label === notLearned) continue
    learned++
    const begin = at - positions[at]!
    assert.ok(segments[begin] === segments[at])
    const before = [...ids.subarray(begin, at)]
    const [present, last] = [ids[at], ids[at - 1]]
    // Behind a space it is the token before that tells.
    assert.ok(before.some((id, place) => id === present && (present !== space || before[place - 1] === last) && before[place + 1] === label), `label ${at}`)
    spaced += Number(present === space)
  }
  assert.ok(learned > tokens / 5 && spaced > learned / 8 && spaced < learned)
})

test('what a starter is published as is what it was trained as', () => {
  const config = starterConfig(vocabSize, 2, 0)
  assert.equal(readHubConfig(hubConfig(config)), config)
})

test.run()
