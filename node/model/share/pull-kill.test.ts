import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addrOf } from '../../../mesh/mesh.fixtures.ts'
import { identityNamed } from '../../../mesh/membership.fixtures.ts'
import { seededModelTest } from '../seeded.fixtures.ts'
import { noise } from '../store/model.fixtures.ts'
import { openModelStore } from '../store/store.node.ts'
import { addModel, tinyFiles, withHousehold } from './share.fixtures.ts'

export const deadlineMs = 300_000

const puller = new URL('./testing/puller.node.ts', import.meta.url).pathname
const bytes = 30_000_000
const rounds = 4
/** What a round may have to be sent again: chunks that were not whole, orders under way, a list and hashes. */
const lostPerRound = 2_000_000

seededModelTest('ended with kill -9 again and again, wherever it was, a pull goes on at its last chunk and arrives', 'share/pull-kill', 1, random =>
  withHousehold(async house => {
    const a = await house.start('a')
    const id = await addModel(house.models('a'), { ...tinyFiles, 'onnx/weights.bin': noise(bytes) })
    const killed = identityNamed('killed').id
    house.share('a', { devices: () => [killed] })
    a.setMembers(new Set([a.identity.id, killed]))
    const dir = house.models('killed')
    for (let round = 0; ; round++) {
      const child = spawn(process.execPath, ['-C', 'development', puller, dir, 'killed', a.identity.id, addrOf(a, 'tcp')], { stdio: ['ignore', 'pipe', 'inherit'] })
      // In the last one it may live.
      if (round < rounds) house.afterSent('a', 1000 + random.below(bytes / rounds), () => child.kill('SIGKILL'))
      let last = ''
      for await (const line of createInterface({ input: child.stdout })) last = line
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      const store = await openModelStore(dir)
      if (last === `is ${id}`) {
        assert.is(round, rounds)
        assert.equal(await store.verify(id), [])
        break
      }
      assert.equal([child.signalCode, await store.list()], ['SIGKILL', { models: [], broken: [] }], `round ${round}: ${last}`)
    }
    assert.ok(house.sent('a') < bytes + (rounds + 1) * lostPerRound, `${house.sent('a')} bytes were sent`)
  }))

test.run()
