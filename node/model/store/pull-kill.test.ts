import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../../testing/temp.node.ts'
import { startHub } from './hub-server.fixtures.ts'
import { noise } from './model.fixtures.ts'
import { pullModel } from './pull.node.ts'
import { openModelStore } from './store.node.ts'

const worker = new URL('./testing/worker.node.ts', import.meta.url).pathname
const repo = 'someone/tiny'
const size = 3_000_000
const held = 2_000_000
const files = { 'config.json': '{}', 'tokenizer.json': '{"a":1}', 'model.safetensors': noise(size) }

test('a pull that is ended with kill -9 goes on in another process: what had arrived is not sent again', async () => {
  const hub = await startHub()
  try {
    await withTempDir(async home => {
      const dir = join(home, 'models')
      hub.publish(repo, files)
      hub.fault('model.safetensors', { stallAfter: held })
      const child = spawn(process.execPath, ['-C', 'development', worker, dir, 'pull', repo, hub.endpoint], { stdio: ['ignore', 'pipe', 'inherit'] })
      for await (const line of createInterface({ input: child.stdout })) {
        const bytes = Number(/^fetch (\d+)$/.exec(line)?.[1] ?? 0)
        if (bytes >= held) child.kill('SIGKILL')
      }
      if (child.signalCode === null) await once(child, 'exit')
      assert.is(child.signalCode, 'SIGKILL')

      const store = await openModelStore(dir)
      assert.equal(await store.list(), { models: [], broken: [] })
      const [before, asked] = [hub.sent('model.safetensors'), hub.requests.length]
      assert.is(before, held)
      const { model } = await pullModel(repo, { store, endpoint: hub.endpoint, token: '' })
      assert.is(hub.sent('model.safetensors') - before, size - held)
      const seen = hub.requests.slice(asked)
      assert.equal(seen.filter(({ at }) => at === 'cdn').map(({ range }) => range), [`bytes=${held}-`])
      assert.equal(seen.filter(({ path }) => /config\.json|tokenizer\.json/.test(path)), [])
      assert.equal(await store.verify(model.id), [])
    })
  } finally {
    await hub.close()
  }
})

test('ended again and again, whatever came by then, it arrives in the end', async () => {
  const hub = await startHub()
  try {
    await withTempDir(async home => {
      const dir = join(home, 'models')
      hub.publish(repo, files)
      const steps = [1, 700_000, 1_400_000, 2_100_000, 2_800_000]
      for (const upTo of steps) {
        // Whatever came by the time it is killed, which is anywhere in the file.
        const from = hub.sent('model.safetensors')
        hub.fault('model.safetensors', { stallAfter: Math.max(1, upTo - from) })
        const child = spawn(process.execPath, ['-C', 'development', worker, dir, 'pull', repo, hub.endpoint], { stdio: 'ignore' })
        await hub.until(() => hub.sent('model.safetensors') > from)
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      const { model } = await pullModel(repo, { store: await openModelStore(dir), endpoint: hub.endpoint, token: '' })
      assert.is(model.manifest.files.length, 3)
      assert.ok(hub.sent('model.safetensors') <= 2 * size + steps.length, String(hub.sent('model.safetensors')))
    })
  } finally {
    await hub.close()
  }
})

test.run()
