import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checks } from './checks/list.ts'
import { checkedSources, fileOf } from './checks/removal.ts'

test('every listed check stands in the sources, once, where the list says', () => {
  const sources = checkedSources()
  const problems = checks.flatMap(check => {
    try {
      return fileOf(check, sources) === check.file ? [] : [check.text]
    } catch (error) {
      return [String(error)]
    }
  })
  assert.equal(problems, [])
  assert.ok(checks.length > 150)
})

test('a check that is gone, or stands in two places, is told of', () => {
  const sources = new Map([['a.ts', 'if (x) y()\nif (x) z()'], ['b.ts', 'if (w) z()'], ['c.ts', 'if (w) z()']])
  const of = (text: string, file?: string) => () => fileOf({ text, without: '', tests: [], ...(file ? { file } : {}) }, sources)
  assert.throws(of('if (v)'), /not in the sources any more/)
  assert.throws(of('if (x)'), /more than once/)
  assert.throws(of('if (w)'), /name the file/)
  assert.is(of('if (w)', 'c.ts')(), 'c.ts')
})

test.run()
