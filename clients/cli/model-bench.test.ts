import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { publishedModel, writeModel } from '../../node/model/published-model.fixtures.ts'
import { withoutModel } from '../../node/model/store/model.fixtures.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, kinmesh, refused } from './testing/processes.node.ts'

type Measured = { id: string | null; name: string; threads: number; loadMs: number; rssBytes: number; contexts: { tokens: number; prefill: number; decode: number }[] }

test('model bench measures the model in use, one by its name or its folder, and says what to do where there is none', () => withTempDir(async dir => {
  const home = join(dir, 'home')
  await withoutModel(home)
  assert.match(await refused(home, ['model', 'bench'], 'NoModel'), 'kinmesh model use')
  const published = writeModel(join(dir, 'published'), publishedModel())
  const { id } = await document<{ id: string }>(home, ['model', 'convert', published, '--bits', '8', '--out', join(dir, 'made')])
  await document(home, ['model', 'use', join(dir, 'made')])
  const used = await document<Measured>(home, ['model', 'bench'])
  assert.equal([used.id, used.name, used.contexts.map(({ tokens }) => tokens)], [id, 'made', [64, 384]], 'of a context of 512')
  for (const number of [used.threads, used.loadMs, used.rssBytes, ...used.contexts.flatMap(({ prefill, decode }) => [prefill, decode])]) assert.ok(Number.isFinite(number) && number > 0, JSON.stringify(used))
  const { code, stdout } = await kinmesh(home, ['model', 'bench', join(dir, 'made')])
  assert.is(code, 0)
  assert.match(stdout, /^made {2}loaded in .+ of memory, \d+ threads?\nPROMPT +READS +WRITES\n64 tokens +\d+ tokens\/s +\d+ tokens\/s\n384 tokens +\d+ tokens\/s +\d+ tokens\/s\n$/)
  assert.match(await refused(home, ['model', 'bench', published], 'NotConverted'), 'kinmesh model convert')
  await refused(home, ['model', 'bench', 'nobody'], 'UnknownModelName')
}))

test.run()
