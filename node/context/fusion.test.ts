import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from '../../mesh/log.ts'
import { Random } from '../../sync/random.fixtures.ts'
import { generate } from '../starter/generate.ts'
import { shownIn } from '../starter/prompt.ts'
import { testSpace } from '../testing/space.ts'
import { memoryTermIndex } from './memory-term-index.ts'
import { createRecall } from './recall.ts'
import { closenessBy } from './vectors/closeness.ts'

/** Scenes whose memories lie together, and groups of them. */
const [scenes, groups] = [40, 9]
/** By a normal distribution around 0, for what is not related. */
const closeness = closenessBy(Array.from({ length: 200 }, (_, index) => normal(new Random(index + 1))))

/**
 * Questions about generated memories (node/starter), each with the one that answers it; how many of these are the first, and among the first five. `apart`: how many standard deviations the cosines of a made-up
 * encoder lie above those of unrelated memories, for the answer; for others of its scene, which are about the same person or of the same kind, 0.6 times as many. Undefined: no encoder.
 */
async function answered(apart: number | undefined): Promise<{ readonly first: number; readonly five: number }> {
  const random = new Random(5)
  let [asked, first, five] = [0, 0, 0]
  for (let group = 0; group < groups; group++) {
    const space = testSpace('personal')
    const questions: { readonly text: string; readonly answer: string; readonly scene: ReadonlySet<string> }[] = []
    for (let scene = 0; scene < scenes; scene++) {
      const { messages, targets } = generate(group * scenes + scene, 'validation', 'grounded')
      const texts = shownIn(messages[0]?.text ?? '').filter(({ by }) => by === undefined).map(({ text }) => text)
      const ids: string[] = []
      for (const text of texts) ids.push((await space.put({ v: 1, kind: 'fact', text, observedAt: 5 })).id)
      const check = targets[0]?.check
      const value = check?.kind === 'says' ? check.all[0]?.[0] : undefined
      const answer = ids[texts.findIndex(text => value !== undefined && text.toLowerCase().includes(value.toLowerCase()))]
      if (answer !== undefined) questions.push({ text: messages[1]?.text ?? '', answer, scene: new Set(ids) })
    }
    let now = questions[0]
    const near = async () => space.list().map(({ id }) => ({ space: 'personal', id, closeness: closeness(normal(random) + (apart ?? 0) * (id === now?.answer ? 1 : now?.scene.has(id) ? 0.6 : 0)) }))
    const vectors = { near, ready: async () => {}, settled: async () => {}, refresh: () => {}, close: async () => {} }
    const recall = createRecall({ index: memoryTermIndex(), ...(apart === undefined ? {} : { vectors }), spaces: () => [space], log: silentLogger, clock: () => 10 })
    for (const question of questions) {
      now = question
      const at = (await recall.recall(question.text, 5)).findIndex(({ id }) => id === question.answer)
      asked++
      if (at === 0) first++
      if (at >= 0) five++
    }
    await recall.close()
  }
  return { first: first / asked, five: five / asked }
}

/** Box and Muller 1958. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random.next() + 1e-12)) * Math.cos(2 * Math.PI * random.next())
}

test('an encoder that knows nothing costs next to nothing, and the more one knows the more is found', async () => {
  const [none, useless, fair, good] = [await answered(undefined), await answered(0), await answered(2.5), await answered(4)]
  assert.ok(useless.first >= none.first - 0.02 && useless.five >= none.five - 0.02, JSON.stringify([none, useless]))
  assert.ok(fair.first >= none.first + 0.1 && fair.five >= none.five + 0.03, JSON.stringify([none, fair]))
  assert.ok(good.first >= fair.first + 0.05 && good.five >= 0.97, JSON.stringify([fair, good]))
})

test.run()
