import { registerHooks } from 'node:module'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildDecoder, unrounded } from '../testing/built-models.node.ts'
import { oracleLogits } from '../testing/decoder-oracle.ts'
import { rowsOfWeights, tinyConfigs, tinyWeights } from '../testing/tiny-models.ts'
import { DecoderSession } from './decoder-session.ts'
import { openSession } from './open-session.node.ts'

// Of this process: a machine for which koffi is not built.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'koffi') throw new Error('cannot find the native module')
    return next(specifier, context)
  }
})

test('where the library cannot be called directly, the binding runs the model', async () => {
  const config = tinyConfigs['tied head']!
  const weights = tinyWeights(config)
  const { path } = await buildDecoder(config, unrounded, rowsOfWeights(weights))
  for (const packed of [undefined, { dir: '/nowhere', probe: async () => new Float32Array() }]) {
    const decoder = new DecoderSession(await openSession(path, { threads: 1, packed }), config, { slots: 1, positions: 32 })
    const logits = await decoder.read(0, 0, [3, 17, 42], [2])
    const expected = oracleLogits(config, weights, [3, 17, 42])[2]!
    assert.ok(expected.every((value, index) => Math.abs(value - logits[index]!) < 1e-4))
    decoder.close()
  }
})

test.run()
