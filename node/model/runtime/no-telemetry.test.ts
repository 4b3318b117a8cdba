import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../../testing/temp.node.ts'
import { convertFolder } from '../convert.node.ts'
import { publishedEncoder, writeEncoder } from '../encoder/encoder.fixtures.ts'
import { publishedModel, writeModel } from '../published-model.fixtures.ts'

/** Runs in a process of its own, as the library asks once how it is to behave. */
const programs = {
  'in a thread': `
    const { openThreadedModel } = await import('./worker/threaded-model.node.ts')
    const model = await openThreadedModel({ dir: process.env.MODEL, name: 'tiny' })
    await model.generate([{ role: 'user', text: 'hello' }], { maxTokens: 2 })
    await model.close()`,
  'an encoder in a thread': `
    const { openThreadedEncoder } = await import('./encoder/threaded-encoder.node.ts')
    const encoder = await openThreadedEncoder({ dir: process.env.ENCODER })
    await encoder.embed(['hello'])
    await encoder.close()`,
  'by the binding': `
    const { openStockSession } = await import('./runtime/stock-session.node.ts')
    const session = await openStockSession(process.env.MODEL + '/model.onnx', { threads: 1 })
    session.close()`
}

for (const [what, program] of Object.entries(programs)) {
  test(`the library leaves no trace outside of the device's folders, and so sends none: ${what}`, () => withTempDir(async dir => {
    await convertFolder(writeModel(join(dir, 'published'), publishedModel()), join(dir, 'made'), { bits: 8, block: 32, zeroPoints: false, small: false })
    writeEncoder(join(dir, 'encoder'), publishedEncoder())
    const [home, temp] = [join(dir, 'home'), join(dir, 'temp')]
    for (const each of [home, temp]) mkdirSync(each)
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, TMPDIR: temp, MODEL: join(dir, 'made'), ENCODER: join(dir, 'encoder') }
    for (const name of ['ORT_DISABLE_TELEMETRY', 'XDG_CACHE_HOME']) delete env[name]
    const { status, stderr } = spawnSync(process.execPath, ['-C', 'development', '-e', program], { cwd: join(import.meta.dirname, '..'), env, encoding: 'utf8' })
    assert.is(status, 0, stderr)
    assert.equal([readdirSync(home), readdirSync(temp)], [[], []])
  }))
}

test.run()
