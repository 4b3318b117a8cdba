import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isKinmeshError } from '../../../../mesh/errors.ts'
import { noise, manifestOf } from '../model.fixtures.ts'
import { openModelStore } from '../store.node.ts'

// A program of its own that works on a store, for tests that end it: `worker DIR change|add|pull …`. It tells on stdout what it has done.

const [, , dir = '', task, ...rest] = process.argv
const say = (line: string) => void process.stdout.write(`${line}\n`)

/** What `change` adds. */
const files = { 'config.json': '{"b":1}', 'onnx/model.onnx': noise(3000, 8) }
const store = await openModelStore(dir)

async function add(name: string): Promise<void> {
  const staging = await store.stage()
  mkdirSync(join(staging.dir, 'onnx'))
  for (const [path, content] of Object.entries(files)) writeFileSync(join(staging.dir, path), content)
  await store.add(staging, manifestOf(files, { name }))
  await staging.release()
  say('added')
}

if (task === 'change') {
  await add('x/b')
  await store.use('b')
  say('used')
  await store.remove('a')
  say('removed')
  await store.remove('b', { force: true })
  say('emptied')
} else if (task === 'add') {
  for (let round = 0; round < Number(rest[0]); round++) {
    await add('x/b')
    for (const work of [() => store.use('b'), () => store.remove('b', { force: true })]) {
      await work().catch((error: unknown) => {
        if (!isKinmeshError(error, 'UnknownModelName')) throw error // another one was faster
      })
    }
  }
} else if (task === 'pull') {
  const [repo = '', endpoint = ''] = rest
  const { pullModel } = await import('../pull.node.ts') // takes longer to load than the other tasks run
  const { model } = await pullModel(repo, { store, endpoint, token: '', onProgress: ({ phase, bytes }) => say(`${phase} ${bytes}`) })
  say(`is ${model.id}`)
}
