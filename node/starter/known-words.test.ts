import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KnownWords } from './known-words.ts'

test('a word is itself, or the one that was meant but for a slip of the finger; short ones are too often others', () => {
  const words = new KnownWords(['list', 'the', 'reminder', '<end>', 'buy milk'], 4)
  assert.equal(['list', 'the', '<end>'].map(word => words.meant(word)), ['list', 'the', '<end>'])
  assert.equal(['lsit', 'rmeinder', 'remindder', 'reminde'].map(word => words.meant(word)), ['list', 'reminder', 'reminder', 'reminder'])
  assert.equal(['thw', 'last night', 'listen', 'end', ''].map(word => words.meant(word)), [undefined, undefined, undefined, undefined, undefined])
  assert.is(words.meant('lsit'), 'list', 'a second time')
})

test.run()
