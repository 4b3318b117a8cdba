import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createIdentity, serializeIdentity } from '../mesh/identity.ts'
import { openSqliteStore } from './store.node.ts'

// A device in a process of its own writes groups of memories, each in one commit, and is killed again and again; somebody reads its file all the while.

const groupSize = 20
const lives = 4
const groupsPerLife = 6

const script = `
  import { readFileSync } from 'node:fs'
  import { parseIdentity } from ${JSON.stringify(new URL('../mesh/identity.ts', import.meta.url).href)}
  import { openSqliteStore } from ${JSON.stringify(new URL('./store.node.ts', import.meta.url).href)}
  import { openSync } from ${JSON.stringify(new URL('./sync.ts', import.meta.url).href)}
  const [dir, life] = process.argv.slice(1)
  const identity = parseIdentity(readFileSync(dir + '/identity'))
  const sync = await openSync({ identity, card: { name: 'writer', place: 'test' }, store: openSqliteStore(dir + '/sync.db'), pace: { checkpointEvery: 5, housekeepingMs: 1e6 } })
  for (let n = 0; ; n++) {
    const group = life + '-' + n
    await sync.space('personal').putMany(Array.from({ length: ${groupSize} }, () => ({ group })))
    process.stdout.write(group + '\\n')
  }
`

test('whoever reads while a device writes and is killed sees each group whole or not at all', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kinmesh-torn-'))
  writeFileSync(join(dir, 'identity'), serializeIdentity(await createIdentity()))
  const store = openSqliteStore(join(dir, 'sync.db'))
  const acknowledged = new Set<string>()
  let looks = 0
  /** Members of each group, as one read shows them. */
  const look = (): Map<string, number> => {
    looks++
    const sizes = new Map<string, number>()
    const personal = store.spaces().find(({ name }) => name === 'personal')
    for (const { body } of personal ? store.live(personal.id, '', 1e6) : []) {
      const { group } = JSON.parse(body ?? '{}') as { group: string }
      sizes.set(group, (sizes.get(group) ?? 0) + 1)
    }
    return sizes
  }
  try {
    for (let life = 1; life <= lives; life++) {
      const child = spawn(process.execPath, ['-C', 'development', '--input-type=module', '-e', script, dir, String(life)], { stdio: ['ignore', 'pipe', 'inherit'] })
      const lines = createInterface({ input: child.stdout })
      let heard = 0
      lines.on('line', group => {
        acknowledged.add(group)
        heard++
      })
      const [closed, ended] = [once(lines, 'close'), once(child, 'exit')]
      while (heard < groupsPerLife) {
        assert.is(child.exitCode, null, 'the writer ended by itself')
        for (const [group, size] of look()) assert.is(size, groupSize, group)
        await new Promise(resolve => setImmediate(resolve))
      }
      child.kill('SIGKILL')
      await Promise.all([closed, ended])
      const after = look()
      for (const size of after.values()) assert.is(size, groupSize)
      for (const group of acknowledged) assert.ok(after.has(group), `${group} was acknowledged`)
    }
    assert.ok(looks > lives * groupsPerLife)
    assert.ok(acknowledged.size >= lives * groupsPerLife)
  } finally {
    store.close()
    rmSync(dir, { recursive: true, force: true })
  }
})

test.run()
