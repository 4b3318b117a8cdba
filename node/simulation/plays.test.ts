import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withTempDir } from '../testing/temp.node.ts'
import { readPlaysFile } from './plays.node.ts'
import { type Plays, readPlays, type TextSet, windowLength } from './plays.ts'
import { windowBatch } from './text-learner.ts'

const refused = (text: string, problem: RegExp) => assert.throws(() => readPlays('x', text), (error: unknown) => isKinmeshError(error, 'BadTrainingData') && problem.test(error.message))
const speech = (who: string, words: number) => `${who}:\n${Array.from({ length: words }, (_, at) => `word${at}`).join(' ')}\n\n`

/** What a window says. */
function textOf({ characters }: Plays, { ids }: TextSet, window: number): string {
  return Array.from(ids.subarray(window * (windowLength + 1), (window + 1) * (windowLength + 1)), id => characters[id] ?? '').join('')
}

test('each says what stands below its name; windows of one speaker follow each other, and the last ones are held out', () => {
  const text = `nobody's\n\n${speech('ANN', 200)}${speech('BOB', 100)}ANN:\nand more\nof it\n\nto the end: yes`
  const plays = readPlays('x', text)
  assert.equal(plays.names, ['ANN', 'BOB'])
  const said = { ANN: `${speech('', 200).trim().slice(2)}\n\nand more\nof it\n\nto the end: yes\n`, BOB: `${speech('', 100).trim().slice(2)}\n` }
  const windows = (said: string) => Math.ceil((said.length - 1) / windowLength)
  const kept = { ANN: windows(said.ANN) - Math.floor(windows(said.ANN) * 0.2), BOB: windows(said.BOB) - Math.floor(windows(said.BOB) * 0.2) }
  assert.equal([plays.training.count, [...plays.speakers]], [kept.ANN + kept.BOB, Array.from({ length: kept.ANN + kept.BOB }, (_, at) => Number(at >= kept.ANN))])
  // One after the other, each but for the character that it shares with the one before, they are the whole again.
  const all = (from: number, count: number, set = plays.training) => Array.from({ length: count }, (_, at) => textOf(plays, set, from + at))
  const joined = (texts: string[]) => texts.map((each, at) => (at === 0 ? each : each.slice(1))).join('')
  const held = all(0, plays.heldOut.count, plays.heldOut)
  const ofAnn = windows(said.ANN) - kept.ANN
  assert.is(joined([...all(0, kept.ANN), ...held.slice(0, ofAnn)]), said.ANN)
  assert.is(joined([...all(kept.ANN, kept.BOB), ...held.slice(ofAnn)]), said.BOB)
})

test('a batch predicts the next character of each, up to the end of what was said', () => {
  const plays = readPlays('x', speech('ANN', 100))
  const last = plays.heldOut.count - 1
  const { ids, labels, tokens, positions } = windowBatch(plays.heldOut, Int32Array.of(last), 2)
  const said = textOf(plays, plays.heldOut, last)
  assert.ok(said.length < windowLength + 1)
  assert.is(tokens, said.length - 1)
  assert.is(Array.from(ids.subarray(0, tokens), id => plays.characters[id]).join(''), said.slice(0, -1))
  assert.is(Array.from(labels.subarray(0, tokens), id => plays.characters[id]).join(''), said.slice(1))
  assert.ok(labels.subarray(tokens).every(label => label === -100))
  assert.equal([positions[79], positions[80], positions.length], [79, 0, 160])
})

test('of a long text a thousand windows are held out, spread over all', () => {
  const plays = readPlays('x', Array.from({ length: 30 }, (_, at) => speech(`S${at}`, 3000)).join(''))
  assert.is(plays.heldOut.count, 1000)
})

test('a text that is none, or too strange, is refused', () => withTempDir(async dir => {
  refused('no speeches here', /no speeches: a line NAME:/)
  refused('ANN:\nhm', /enough to hold something back/)
  refused(`ANN:\n${Array.from({ length: 1100 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('')}`, /different characters/)
  await rejects(readPlaysFile(dir), (error: unknown) => isKinmeshError(error, 'DataMissing'))
  mkdirSync(join(dir, 'text'))
  writeFileSync(join(dir, 'text', 'tinyshakespeare.txt'), Uint8Array.of(65, 0xff, 66))
  await rejects(readPlaysFile(dir), (error: unknown) => isKinmeshError(error, 'BadTrainingData') && error.message.includes('UTF-8'))
}))

test.run()
