import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../sync/random.fixtures.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { readIdx } from './idx.ts'
import { idxBytes } from './data.fixtures.ts'
import { imageBatch, imageSet, shadesOf } from './image-set.ts'

const refused = (run: () => unknown, problem: RegExp) => assert.throws(run, (error: unknown) => isKinmeshError(error, 'BadTrainingData') && problem.test(error.message))

test('what was written is read', () => {
  const { sizes, data } = readIdx('x', idxBytes([2, 1, 3], [1, 2, 3, 4, 5, 255]))
  assert.equal([sizes, [...data]], [[2, 1, 3], [1, 2, 3, 4, 5, 255]])
})

test('what is no idx file of bytes is refused with its name', () => {
  const good = idxBytes([2, 2], [1, 2, 3, 4])
  for (const [bytes, problem] of [
    [new Uint8Array(), /^x is no idx file of bytes: it does not begin like one; get it again$/], [new Uint8Array(4).fill(1), /begin/], [good.with(2, 13), /type 13/], [good.with(3, 0), /0 dimensions/], [good.with(3, 200), /200 dimensions/],
    [good.subarray(0, -1), /3 bytes of elements, and says 2 × 2/], [Uint8Array.of(...good, 0), /5 bytes/], [good.with(4, 255), /says 4278190082 × 2/], [idxBytes([0, 3], []), /says 0 × 3/], [good.subarray(0, 9), /2 dimensions/]
  ] as const) refused(() => readIdx('x', bytes), problem)
})

const onlySeed = process.env['KINMESH_SEED']
for (const seed of onlySeed ? [Number(onlySeed)] : Array.from({ length: 50 }, (_, index) => index + 1)) test(`whatever the bytes, they are read or refused (replay: KINMESH_SEED=${seed} npm test -- node/simulation/idx)`, () => {
  const random = new Random(seed)
  const bytes = idxBytes([3, 2], [1, 2, 3, 4, 5, 6]).slice(0, 4 + random.below(16))
  for (let times = random.below(3); times >= 0; times--) bytes[random.below(bytes.length)] = random.below(256)
  try {
    const { sizes, data } = readIdx('x', bytes)
    assert.is(data.length, sizes.reduce((a, b) => a * b, 1))
  } catch (error) {
    assert.ok(isKinmeshError(error, 'BadTrainingData'), String(error))
  }
})

const pixels = Array.from({ length: 48 }, (_, at) => at * 5)

test('images and labels have to fit each other and the models', () => {
  const set = imageSet('digits', idxBytes([3, 4, 4], pixels), idxBytes([3], [9, 0, 4]))
  assert.equal([set.count, set.height, set.width, [...set.labels]], [3, 4, 4, [9, 0, 4]])
  assert.ok(set.pixels.buffer instanceof SharedArrayBuffer)
  refused(() => imageSet('digits', idxBytes([48], pixels), idxBytes([3], [9, 0, 4])), /three dimensions, not 1/)
  refused(() => imageSet('digits', idxBytes([4, 4, 3], pixels), idxBytes([4], [9, 0, 4, 1])), /4 × 3 are none/)
  refused(() => imageSet('digits', idxBytes([3, 4, 4], pixels), idxBytes([2], [9, 0])), /3 images and 2 labels/)
  refused(() => imageSet('digits', idxBytes([3, 4, 4], pixels), idxBytes([3], [9, 10, 4])), /label of image 1 is 10/)
})

test('a batch has the chosen images in deviations from the mean; what fills it up is not learned', () => {
  const set = imageSet('digits', idxBytes([3, 4, 4], pixels), idxBytes([3], [9, 0, 4]))
  const mean = pixels.reduce((a, b) => a + b) / 48
  const deviation = Math.sqrt(pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / 48)
  const { count, images, labels } = imageBatch(set, shadesOf(set), Int32Array.of(2, 0), 3)
  assert.equal([count, [...labels]], [3, [4, 9, -100]])
  const expected = [...pixels.slice(32), ...pixels.slice(0, 16)].map(pixel => (pixel - mean) / deviation)
  assert.ok(expected.every((value, at) => Math.abs(value - images[at]!) < 1e-6))
  assert.ok(images.subarray(32).every(value => value === 0))
  assert.ok(shadesOf(imageSet('flat', idxBytes([1, 4, 4], Array.from({ length: 16 }, () => 7)), idxBytes([1], [0]))).every(Number.isFinite))
})

test.run()
