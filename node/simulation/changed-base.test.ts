import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import type { Base } from '../train/decoder-objective.ts'
import { ChangedBase } from './changed-base.ts'

const linear = { name: 'layer', inputs: 2, outputs: 1 }
const input = (source: string) => ({ name: source, source, part: 'values', from: 0, shape: [1, 2], type: 'float32' }) as const
const base: Base = { format: { bits: 32 }, tensor: async ({ shape }) => ({ type: 'float32', shape, data: Float32Array.of(1, 2) }) }

test('what is added shows in memory that was handed out before and after; norms and embeddings stay as they are', async () => {
  const changed = new ChangedBase(base, [{ ...linear, name: 'other' }, linear])
  assert.is(changed.values, 4)
  const before = await changed.tensor(input('layer.weight'))
  changed.add(Float32Array.of(0, 0, 10, 20))
  assert.equal([...before.data], [11, 22])
  changed.add(Float32Array.of(5, 5, 0, -1))
  assert.equal([...before.data], [1, 1])
  assert.equal([...(await changed.tensor(input('other.weight'))).data], [6, 7])
  assert.equal([...(await changed.tensor(input('norm.weight'))).data], [1, 2])
})

test('weights of few bits cannot be added to, and it says what to choose', () => {
  assert.throws(() => new ChangedBase({ ...base, format: { bits: 8, block: 32, zeroPoints: false } as Base['format'] }, [linear]), (error: unknown) => isKinmeshError(error, 'InvalidOption') && /choose ffa/.test(error.message))
})

test.run()
