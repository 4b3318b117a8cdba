import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromString } from 'uint8arrays/from-string'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../../testing/temp.node.ts'
import { failsWith } from '../../testing/throws.ts'
import { sha256Of } from '../store/model.fixtures.ts'
import { openModelStore } from '../store/store.node.ts'
import { openOffers } from './offers.node.ts'
import { addModel, tinyFiles, tinyId } from './share.fixtures.ts'
import type { Offers } from './serve.ts'

const contentOf = (text: string | Uint8Array) => fromString(sha256Of(text), 'hex')
const config = tinyFiles['config.json'] as string

async function read(offers: Offers, content: string): Promise<string> {
  const file = await offers.open(contentOf(content))
  try {
    return new TextDecoder().decode(await file.read(0, content.length))
  } finally {
    await file.close()
  }
}

test('a file that two models have stays on offer while one of them is there', () =>
  withTempDir(async dir => {
    const ids = [await addModel(dir), await addModel(dir, { ...tinyFiles, 'tokenizer.json': '{"b":2}' }, { name: 'someone/other' })]
    const offers = openOffers(dir)
    assert.is((await offers.manifests()).length, 2)
    const store = await openModelStore(dir)
    for (const id of ids) {
      assert.is(await read(offers, config), config)
      await store.remove(id)
    }
    await failsWith('UnknownContent', () => read(offers, config))
    assert.equal(await offers.manifests(), [])
  }))

test('a file that changed is read anew, and is not given away when it is another one', () =>
  withTempDir(async dir => {
    await addModel(dir)
    const offers = openOffers(dir)
    assert.is(await read(offers, config), config)
    const path = join(dir, tinyId, 'config.json')
    utimesSync(path, 1, 1)
    assert.is(await read(offers, config), config)
    for (const other of ['[]', '{"secret":1}']) {
      writeFileSync(path, other)
      await failsWith('Damaged', () => read(offers, config))
      await failsWith('Damaged', async () => {
        for await (const _ of offers.hashes(contentOf(config)));
      })
    }
  }))

test('hashes are those of the chunks, at first as later', () =>
  withTempDir(async dir => {
    const weights = tinyFiles['onnx/weights.bin'] as Uint8Array
    await addModel(dir)
    const offers = openOffers(dir)
    const expected = Array.from({ length: 6 }, (_, n) => sha256Of(weights.subarray(n * 262_144, (n + 1) * 262_144))).join('')
    for (const _ of ['first', 'later']) {
      const pieces: Uint8Array[] = []
      for await (const piece of offers.hashes(contentOf(weights))) pieces.push(piece)
      assert.is(Buffer.concat(pieces).toString('hex'), expected)
    }
  }))

test.run()
