import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../testing/temp.node.ts'
import { convertFolder } from './convert.node.ts'
import { loadGrammarLibrary } from './grammar/library.node.ts'
import { openDecoder, openModel } from './open-model.node.ts'
import { openedModel } from './opened-model.ts'
import { publishedModel, writeModel } from './published-model.fixtures.ts'

const recipe = { bits: 8, block: 32, zeroPoints: false, small: false } as const
const schema = { type: 'boolean' }
const turn = () => new Promise<void>(resolve => { setImmediate(resolve) })

test('a small model that is warm has what its answers are held to', () => withTempDir(async dir => {
  const out = join(dir, 'made')
  await convertFolder(writeModel(join(dir, 'published'), publishedModel(3)), out, recipe)
  let loads = 0
  const parts = { name: 'tiny', ...(await openDecoder(out, 'tiny')), clock: Date.now, turn }
  const opened = openedModel({ ...parts, loadGrammars: () => {
    loads++
    return loadGrammarLibrary()
  } })
  await opened.model.warm()
  assert.is(loads, 1)
  await opened.model.generate([{ role: 'user', text: 'yes?' }], { schema, maxTokens: 4 })
  assert.is(loads, 1)
  await opened.close()
  const notes: string[] = []
  const whole = await openModel(out, 'tiny', { onNote: note => notes.push(note) })
  assert.equal(notes.filter(note => note.includes('warmed up')), [])
  await whole.close()
}))

test.run()
