import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { Random } from '../../../sync/random.fixtures.ts'
import { createStopFilter, maxStopChars, maxStops } from './stop-strings.ts'

/** The slow way, on the whole text: the first place where some stop string is complete, and the longest one there. */
function oracle(text: string, stops: readonly string[]): { text: string; found: string | undefined } {
  for (let end = 1; end <= text.length; end++) {
    const [found] = stops.filter(stop => text.slice(0, end).endsWith(stop)).sort((a, b) => b.length - a.length)
    if (found !== undefined) return { text: text.slice(0, end - found.length), found }
  }
  return { text, found: undefined }
}

test('as on the whole text, wherever the pieces are cut', () => {
  const random = new Random(1)
  const word = (longest: number) => Array.from({ length: 1 + random.below(longest) }, () => random.pick(['a', 'b', 'c', '🐝', '\n'])).join('')
  let cut = 0
  for (let count = 0; count < 20_000; count++) {
    const stops = Array.from({ length: random.below(4) }, () => word(4))
    const pieces = Array.from({ length: random.below(12) }, () => (random.chance(0.1) ? '' : word(3)))
    const filter = createStopFilter(stops)
    const expected = oracle(pieces.join(''), stops)
    let sofar = ''
    for (const piece of pieces) {
      const out = filter.push(piece)
      assert.ok(out.isWellFormed())
      sofar += out
      assert.ok(expected.text.startsWith(sofar), 'nothing is given out that a stop string would have cut')
    }
    assert.equal({ text: sofar + filter.end(), found: filter.found }, expected, JSON.stringify({ pieces, stops }))
    if (expected.found !== undefined) cut++
  }
  assert.ok(cut > 5000 && cut < 15_000, `${cut} of 20,000 were cut: the others or these say little`)
})

test('only what may begin a stop string is held back', () => {
  const filter = createStopFilter(['\nUser:', '###'])
  assert.is(filter.push('Hello\nUs'), 'Hello')
  assert.is(filter.push('ual'), '\nUsual')
  assert.is(filter.push('#'), '')
  assert.is(filter.push('#'), '')
  assert.is(filter.push(' x'), '## x')
  assert.is(filter.push('!\nUser: more'), '!')
  assert.is(filter.found, '\nUser:')
  assert.is(filter.push('more'), '')
  assert.is(filter.end(), '')
})

test('stop strings that cannot be used', () => {
  const bad = (stops: string[]) => assert.throws(() => createStopFilter(stops), (error: unknown) => isKinmeshError(error, 'InvalidOption') && error.message.startsWith('stop: '))
  bad([''])
  bad(['x'.repeat(maxStopChars + 1)])
  bad(Array.from({ length: maxStops + 1 }, (_, index) => `${index}`))
  bad(['🐝'.slice(1)])
  assert.is(createStopFilter([]).push('x'), 'x')
})

test.run()
