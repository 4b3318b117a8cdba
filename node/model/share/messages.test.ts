import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maxFrameBytes } from '../../../mesh/channel.ts'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { hashesPerFrame, manifestPartBytes, maxCodeChars, partBytes } from './limits.ts'
import { decodeAnswer, decodeQuestion, encodeAnswer, encodeQuestion, type Answer, type Question } from './messages.ts'

const hash = new Uint8Array(32).fill(7)
const questions: Question[] = [{ type: 'list' }, { type: 'hashes', content: hash }, { type: 'read', content: hash, offset: 2 ** 36, length: partBytes }]
const answers: Answer[] = [
  { type: 'manifest', more: true, bytes: new Uint8Array(manifestPartBytes) },
  { type: 'listed' },
  { type: 'hashed', more: false, bytes: new Uint8Array(hashesPerFrame * 32) },
  { type: 'part', bytes: new Uint8Array(partBytes).fill(1) },
  { type: 'refused', code: 'x'.repeat(maxCodeChars) }
]

test('what is said arrives as it was said, within a frame', () => {
  for (const question of questions) assert.equal(decodeQuestion(encodeQuestion(question)), question)
  for (const answer of answers) {
    assert.equal(decodeAnswer(encodeAnswer(answer)), answer)
    assert.ok(encodeAnswer(answer).length <= maxFrameBytes)
  }
})

test('a question is no answer, and the other way round', () => {
  for (const question of questions) assert.throws(() => decodeAnswer(encodeQuestion(question)), /no answer/)
  for (const answer of answers) assert.throws(() => decodeQuestion(encodeAnswer(answer)), /no question/)
})

test('whatever bytes come, they are a message or malformed', () => {
  const bytes = [...questions.map(encodeQuestion), ...answers.map(encodeAnswer)].map(each => each.subarray(0, 80))
  const mutated = fc.tuple(fc.constantFrom(...bytes), fc.nat(79), fc.uint8Array({ maxLength: 8 })).map(([base, at, change]) => Uint8Array.from([...base.subarray(0, at), ...change, ...base.subarray(at + change.length)]))
  fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), mutated), given => {
    for (const decode of [decodeQuestion, decodeAnswer]) {
      try {
        decode(given)
      } catch (error) {
        if (!isKinmeshError(error, 'MalformedBytes')) throw error
      }
    }
  }), { numRuns: 3000 })
})

test.run()
