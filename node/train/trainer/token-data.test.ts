import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { Random } from '../../../sync/random.fixtures.ts'
import { type TokenBatch, notLearned } from '../objective.ts'
import { imageData } from './image-data.ts'
import { pack } from './packing.ts'
import { tokenData } from './token-data.ts'
import { TokenExamples } from './token-examples.ts'
import type { TrainingData } from './training-data.ts'

type Example = { ids: number[]; learned: boolean[] }

function examplesOf(list: readonly Example[]): TokenExamples {
  const examples = new TokenExamples()
  for (const { ids, learned } of list) examples.add(ids, at => learned[at]!)
  return examples
}

/** Each begins with a number of its own, and learns about half of what it holds, its last token always. */
function randomExamples(random: Random, count: number, longest: number): Example[] {
  return Array.from({ length: count }, (_, index) => {
    const length = 2 + random.below(longest - 1)
    return { ids: Array.from({ length }, (_, at) => (at === 0 ? 1000 + index : random.below(1000))), learned: Array.from({ length }, (_, at) => at === length - 1 || random.chance(0.5)) }
  })
}

/** One epoch, and the examples that are read out of it again: what is read, and what shall follow each position. */
async function unpacked(data: TrainingData<TokenBatch>, epoch: number): Promise<{ batches: TokenBatch[]; found: { inputs: number[]; labels: number[] }[] }> {
  const [batches, found]: [TokenBatch[], { inputs: number[]; labels: number[] }[]] = [[], []]
  for (let index = 0; index < data.batchesPerEpoch; index++) {
    const batch = await data.batch(epoch, index)
    batches.push(batch)
    for (let row = 0; row < batch.rows; row++) {
      const segments = new Map<number, { inputs: number[]; labels: number[] }>()
      for (let at = row * batch.length; at < (row + 1) * batch.length; at++) {
        const its = segments.get(batch.segments[at]!) ?? { inputs: [], labels: [] }
        segments.set(batch.segments[at]!, its)
        assert.is(batch.positions[at], its.inputs.length, 'positions begin anew in each segment')
        its.inputs.push(batch.ids[at]!)
        its.labels.push(batch.labels[at]!)
      }
      found.push(...[...segments.values()].filter(({ labels }) => labels.some(label => label !== notLearned)))
    }
  }
  return { batches, found }
}

const expectedOf = ({ ids, learned }: Example, most = Infinity) => ({ inputs: ids.slice(0, -1).slice(0, most), labels: ids.slice(1).map((id, at) => (learned[at + 1] ? id : notLearned)).slice(0, most) })
const byFirst = (list: { inputs: number[]; labels: number[] }[]) => list.sort((a, b) => a.inputs[0]! - b.inputs[0]!)

for (const isPacked of [true, false]) {
  test(`every example once in each epoch, with its labels, in another order, ${isPacked ? 'packed' : 'alone'}`, async () => {
    const list = randomExamples(new Random(1), 200, 60)
    const { data, report } = tokenData(examplesOf(list), { lengths: [16, 64, 32], batchTokens: 128, pack: isPacked, seed: 7 })
    const expected = byFirst(list.map(each => expectedOf(each)))
    const orders = []
    for (const epoch of [0, 1, 5]) {
      const { batches, found } = await unpacked(data, epoch)
      orders.push(found.map(({ inputs }) => inputs[0]).join())
      assert.equal(byFirst(found), expected)
      for (const { rows, length } of batches) assert.ok(report.shapes.some(shape => shape.rows === rows && shape.length === length))
      const real = list.reduce((sum, { ids }) => sum + ids.length - 1, 0)
      assert.is(batches.reduce((sum, batch) => sum + data.size(batch), 0), real)
    }
    assert.is(new Set(orders).size, 3)
    assert.equal(report, { ...report, examples: 200, cut: 0, leftOut: 0, unlearned: 0, labels: expected.flatMap(({ labels }) => labels).filter(label => label !== notLearned).length })
    assert.ok(isPacked ? report.filling < 0.05 : report.rows === 200, String(report.filling))
    const again = tokenData(examplesOf(list), { lengths: [16, 64, 32], batchTokens: 128, pack: isPacked, seed: 7 }).data
    assert.equal([again.key, await again.batch(5, 3)], [data.key, await data.batch(5, 3)], 'the same anywhere')
  })
}

test('the key is of content, order and options', () => {
  const list = randomExamples(new Random(2), 10, 20)
  const base = { lengths: [32], batchTokens: 64 }
  const key = (given: readonly Example[], options = {}) => tokenData(examplesOf(given), { ...base, ...options }).data.key
  const other = list.map((each, index) => (index === 4 ? { ...each, learned: each.learned.map((learned, at) => (at === 1 ? !learned : learned)) } : each))
  assert.is(new Set([key(list), key(list.slice(1)), key([...list].reverse()), key(other), key(list, { seed: 1 }), key(list, { batchTokens: 32 }), key(list, { pack: false }), key(list, { lengths: [64] })]).size, 8)
  assert.is(key(list), key(list))
})

test('what is too long is cut to its beginning or left out, and where nothing is learned there is no example; all of it is counted', async () => {
  const of = (length: number, learnedFrom: number): Example => ({ ids: Array.from({ length }, (_, at) => 10 * length + at), learned: Array.from({ length }, (_, at) => at >= learnedFrom) })
  // 17 tokens are 16 positions; of the third nothing is learned that is left when it is cut.
  const list = [of(17, 3), of(18, 3), of(30, 20), of(5, 9), of(1, 0), of(0, 0)]
  const cut = tokenData(examplesOf(list), { lengths: [16], batchTokens: 16 })
  assert.equal({ ...cut.report, filling: 0 }, { examples: 2, cut: 1, leftOut: 0, unlearned: 4, labels: 28, rows: 2, filling: 0, shapes: [{ rows: 1, length: 16 }] })
  assert.equal(byFirst((await unpacked(cut.data, 0)).found), [expectedOf(list[0]!), expectedOf(list[1]!, 16)])
  const { report } = tokenData(examplesOf(list), { lengths: [16], batchTokens: 16, tooLong: 'leave out' })
  assert.equal([report.examples, report.cut, report.leftOut, report.unlearned], [1, 0, 2, 3])
  const refused = (run: () => unknown, code: string) => assert.throws(run, (error: unknown) => isKinmeshError(error, code))
  refused(() => tokenData(examplesOf([of(5, 9), of(30, 0)]), { lengths: [16], batchTokens: 16, tooLong: 'leave out' }), 'NoTrainingData')
  refused(() => tokenData(new TokenExamples(), { batchTokens: 16 }), 'NoTrainingData')
  for (const options of [{ lengths: [] }, { lengths: [0] }, { lengths: [1e9] }, { batchTokens: 0 }, { seed: -1 }, { seed: 2 ** 32 }]) refused(() => tokenData(examplesOf([of(5, 0)]), { batchTokens: 16, ...options }), 'InvalidOption')
})

test('a batch has as many rows as its tokens allow, one at least, and no more than there are', () => {
  const list = randomExamples(new Random(3), 5, 8)
  const shapes = (lengths: number[], batchTokens: number) => tokenData(examplesOf(list), { lengths, batchTokens, pack: false }).report.shapes
  assert.equal(shapes([8], 24), [{ rows: 3, length: 8 }])
  assert.equal(shapes([8], 4), [{ rows: 1, length: 8 }])
  assert.equal(shapes([8], 1e6), [{ rows: 5, length: 8 }])
})

test('rows that fill no batch go along with longer ones, where there are any', async () => {
  const of = (...lengths: number[]) => examplesOf(lengths.map((length, index) => ({ ids: Array.from({ length: length + 1 }, () => index), learned: Array<boolean>(length + 1).fill(true) })))
  const shapes = (...lengths: number[]) => tokenData(of(...lengths), { lengths: [8, 16, 32], batchTokens: 64, pack: false }).report.shapes.map(({ rows, length }) => [rows, length])
  assert.equal(shapes(5, 6, 30, 31, 32), [[2, 32]])
  assert.equal(shapes(5, 6, 7, 15), [[4, 16]])
  assert.equal(shapes(5, 6, 7), [[3, 8]])
  assert.equal(shapes(1, 2, 3, 4, 5, 6, 7, 8, 9), [[8, 8], [1, 16]])
  const { data } = tokenData(of(5, 30, 31), { lengths: [8, 32], batchTokens: 64, pack: false })
  assert.is((await unpacked(data, 0)).found.length, 3)
})

test('no id, and more tokens than allowed, are refused', () => {
  for (const id of [-1, 0.5, Number.NaN, 2 ** 31]) assert.throws(() => new TokenExamples().add([1, id], () => true), (error: unknown) => isKinmeshError(error, 'BadTrainingData'))
  const small = new TokenExamples(5)
  small.add([1, 2, 3], () => true)
  assert.throws(() => small.add([1, 2, 3], () => true), (error: unknown) => isKinmeshError(error, 'TooMuchTrainingData'))
  assert.equal([small.count, small.tokens], [1, 3])
})

test('packing: each item once, no row too long, and about as few rows as there can be', () => {
  const random = new Random(4)
  for (const longest of [64, 20, 7, 1]) {
    const lengths = Array.from({ length: 500 }, () => 1 + random.below(longest))
    const rows = pack(lengths, 64)
    assert.equal(rows.flat().sort((a, b) => a - b), lengths.map((_, item) => item))
    assert.ok(rows.every(row => row.reduce((sum, item) => sum + lengths[item]!, 0) <= 64))
    const least = Math.ceil(lengths.reduce((sum, each) => sum + each, 0) / 64)
    assert.ok(rows.length <= least * 1.03 + 1, `${rows.length} rows, ${least} at least`)
  }
  assert.equal(pack([], 8), [])
})

test('images: each once in an epoch, with its class, in another order; the last batch has what is left', async () => {
  const labels = Int32Array.from({ length: 7 }, (_, at) => at)
  const data = imageData(Float32Array.from({ length: 14 }, (_, at) => at), labels, { batchImages: 3, seed: 1 })
  assert.is(data.batchesPerEpoch, 3)
  const epochs = await Promise.all([0, 1].map(epoch => Promise.all([0, 1, 2].map(async index => data.batch(epoch, index)))))
  for (const batches of epochs) {
    const seen = batches.flatMap(({ labels, images }) => [...labels].map((label, at) => [label, images[at * 2], images[at * 2 + 1]]))
    assert.equal(seen.sort((a, b) => a[0]! - b[0]!), [...labels].map(label => [label, 2 * label, 2 * label + 1]))
    assert.equal(batches.map(batch => data.size(batch)), [3, 3, 1])
  }
  assert.not.equal(epochs[0]!.map(({ labels }) => [...labels]), epochs[1]!.map(({ labels }) => [...labels]))
  assert.throws(() => imageData(new Float32Array(5), labels, { batchImages: 3 }), (error: unknown) => isKinmeshError(error, 'BadTrainingData'))
  assert.throws(() => imageData(new Float32Array(), new Int32Array(), { batchImages: 3 }), (error: unknown) => isKinmeshError(error, 'NoTrainingData'))
})

test.run()
