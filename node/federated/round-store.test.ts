import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addressOf } from '../../federated/compression/chunks.ts'
import { memoryRoundStore, type RoundStore } from '../../federated/round/store.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { openRoundStore } from './round-store.node.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)
const stores: readonly [string, (dir: string) => Promise<RoundStore>][] = [['in memory', async () => memoryRoundStore()], ['in files', openRoundStore]]

for (const [where, open] of stores) {
  test(`rounds ${where}: the last state of each, and its pieces, until it is dropped`, () => withTempDir(async dir => {
    const store = await open(dir)
    const piece = bytes(1, 2, 3)
    for (const [round, state] of [['a', bytes(1)], ['b', bytes(2)], ['a', bytes(3)]] as const) await store.save(round, state)
    await Promise.all([store.blobs('a').put(addressOf(piece), piece), store.blobs('a').put(addressOf(piece), piece)])
    assert.equal((await store.load()).sort((one, other) => one[0]! - other[0]!), [bytes(2), bytes(3)])
    assert.equal([await store.blobs('a').get(addressOf(piece)), await store.blobs('b').get(addressOf(piece))], [piece, undefined])
    await store.drop('a')
    assert.equal([await store.load(), await store.blobs('a').get(addressOf(piece))], [[bytes(2)], undefined])
    await store.drop('a')
  }))
}

test('the next process finds states and pieces; pieces of a round that is not there go; one that the disk changed is as good as lost', () => withTempDir(async dir => {
  const [store, piece] = [await openRoundStore(dir), bytes(1, 2, 3)]
  await store.save('a', bytes(1))
  for (const round of ['a', 'never saved']) await store.blobs(round).put(addressOf(piece), piece)
  const next = await openRoundStore(dir)
  assert.equal([await next.load(), await next.blobs('a').get(addressOf(piece)), await next.blobs('never saved').get(addressOf(piece))], [[bytes(1)], piece, undefined])
  const [folder] = readdirSync(join(dir, 'pieces'))
  const path = join(dir, 'pieces', folder!, addressOf(piece))
  writeFileSync(path, readFileSync(path).map(byte => byte ^ 1))
  assert.is(await next.blobs('a').get(addressOf(piece)), undefined)
}))

test('a piece has the name of a hash and no other', () => withTempDir(async dir => {
  const blobs = (await openRoundStore(dir)).blobs('a')
  for (const name of ['', '../a', 'A'.repeat(64), '0'.repeat(63)]) await rejects(blobs.get(name), error => isKinmeshError(error, 'BadAddress'))
}))

test.run()
