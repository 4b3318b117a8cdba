import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { publishedModel, writeModel } from '../../node/model/published-model.fixtures.ts'
import { startHub } from '../../node/model/store/hub-server.fixtures.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, refused, up } from './testing/processes.node.ts'

type Answer = { text: string; model: string | null; tokens: { prompt: number; completion: number } }
type Model = { id: string; name: string; recipe: { bits: number } | null; running?: boolean; errors?: unknown[] }

const repo = 'someone/Tiny'

test('from the hub to an answer: pulled, made fit, chosen, asked, without a device and with one', () => withTempDir(async dir => {
  const hub = await startHub()
  const home = join(dir, 'home')
  try {
    hub.publish(repo, publishedModel(), { licence: 'mit' })
    const pulled = await document<Model>(home, ['model', 'pull', repo, '--bits', '8'], { env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: '' } })
    assert.equal([pulled.name, pulled.recipe?.bits], [repo, 8])
    assert.is((await document<Answer>(home, ['ask', 'what is up?'])).model, 'kinmesh-starter', 'none is chosen: the one that comes with kinmesh')
    await document(home, ['model', 'use', repo])
    const alone = await document<Answer>(home, ['ask', 'what is up?'])
    assert.equal([alone.model, alone.tokens.completion > 0], [repo, true])

    const device = await up(home)
    try {
      const made = await document<Model>(home, ['model', 'convert', writeModel(join(dir, 'other'), publishedModel(2)), '--bits', '4', '--out', join(dir, 'made')])
      assert.equal([made.name, made.recipe?.bits, (made.errors?.length ?? 0) > 0], ['made', 4, true])
      assert.is((await document<Answer>(home, ['ask', 'and now?'])).model, repo)
      assert.is((await document<Model>(home, ['model', 'use', join(dir, 'made')])).running, true)
      assert.is((await document<Answer>(home, ['ask', 'and now?'])).model, 'made')
      assert.is((await document<{ model: string | null }>(home, ['status'])).model, 'made')
      await document(home, ['model', 'pull', repo, '--as-published'], { env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: '' } })
      const raw = (await document<{ models: Model[] }>(home, ['model', 'list'])).models.find(({ recipe }) => recipe === null)
      assert.match(await refused(home, ['model', 'use', raw!.id], 'ModelNotLoaded'), /kinmesh model convert .*made answers meanwhile/)
      assert.is((await document<Answer>(home, ['ask', 'still there?'])).model, 'made')
      const { modelProblem } = await document<{ modelProblem: string | null }>(home, ['status'])
      assert.match(modelProblem ?? '', 'kinmesh model convert')
    } finally {
      await device.stop()
    }
  } finally {
    await hub.close()
  }
}))

test.run()
