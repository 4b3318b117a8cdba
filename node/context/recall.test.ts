import { existsSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger, type Logger } from '../../mesh/log.ts'
import type { Space } from '../../sync/types.ts'
import { testSpace } from '../testing/space.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { memoryTermIndex } from './memory-term-index.ts'
import { type Recall, createRecall } from './recall.ts'
import { openTermIndex } from './term-index.node.ts'

const clock = () => 40
const openRecall = (path: string, spaces: () => Space[], log: Logger) => createRecall({ index: openTermIndex(path, log), spaces, log, clock })
const note = (text: string) => ({ v: 1, kind: 'note', text, observedAt: 5 })

test('finds by words, best first, and follows every change at once', () =>
  withTempDir(async dir => {
    const personal = testSpace('personal')
    const device = testSpace('device')
    const recall = openRecall(join(dir, 'index.db'), () => [device, personal], silentLogger)
    const tea = await personal.put(note('Anna drinks green tea, tea, and tea again'))
    await personal.put(note('the tea shop closes at six and sells bread, cakes, honey and many other things as well'))
    const here = await device.put(note('printer password is under the desk'))
    const [best, second] = await recall.recall('tea', 5)
    assert.is(best?.id, tea.id)
    assert.ok(best && second && best.score > second.score && second.score > 0)
    assert.equal((await recall.recall('Where is the PASSWORD of the printers?', 5)).map(found => [found.id, found.space]), [[here.id, 'device']])
    await personal.put(note('Anna now drinks cocoa'), tea.id)
    assert.equal((await recall.recall('cocoa', 5)).map(found => found.text), ['Anna now drinks cocoa'])
    assert.is((await recall.recall('green', 5)).length, 0)
    await personal.remove(tea.id)
    assert.is((await recall.recall('Anna', 5)).length, 0)
    await recall.close()
  }))

test('stemming, accents, and scripts that do not part their words', () =>
  withTempDir(async dir => {
    const space = testSpace('personal')
    const recall = openRecall(join(dir, 'index.db'), () => [space], silentLogger)
    const texts = ['she was running in the Café', '我喜欢喝咖啡', '私は東京に住んでいます', 'ฉันชอบกินข้าวผัด', 'Müller wohnt in Zürich']
    for (const text of texts) await space.put(note(text))
    const cases: [string, string][] = [
      ['run', texts[0] ?? ''], ['cafe', texts[0] ?? ''], ['cafe\u0301', texts[0] ?? ''],
      ['咖啡', texts[1] ?? ''], ['東京', texts[2] ?? ''], ['ข้าว', texts[3] ?? ''], ['muller ZURICH', texts[4] ?? '']
    ]
    for (const [query, text] of cases) assert.equal((await recall.recall(query, 5)).map(found => found.text), [text], query)
    await recall.close()
  }))

test("a question cannot speak the index's query language", () =>
  withTempDir(async dir => {
    const space = testSpace('personal')
    const recall = openRecall(join(dir, 'index.db'), () => [space], silentLogger)
    await space.put(note('apples and pears'))
    for (const query of ['"', 'text:apples"', 'NEAR(apples pears)', 'apples AND NOT pears', '*', 'apples*', '-apples', '^apples', '{text} : apples', "'; DROP TABLE words; --", '\u0000', '', '?!', 'x '.repeat(5000)]) {
      const found = await recall.recall(query, 5)
      assert.is(found.length, /apples|pears/.test(query) ? 1 : 0, query.slice(0, 30))
    }
    await recall.close()
  }))

test('the file is a cache: gone, damaged, half there or of another time, the answers are the same', () =>
  withTempDir(async dir => {
    const path = join(dir, 'index.db')
    const space = testSpace('personal')
    for (let n = 0; n < 2500; n++) await space.put(note(`note number${n}`))
    const open = () => openRecall(path, () => [space], silentLogger)
    const first = open()
    await first.ready()
    await first.close()
    const gone = space.list({ limit: 1 })[0]?.id ?? ''
    await space.remove(gone)
    const changed = space.list({ limit: 1 })[0]?.id ?? ''
    await space.put(note('entirely different'), changed)
    await space.put(note('brand new'))
    const faults: [string, () => void][] = [
      ['stale', () => {}],
      ['fits', () => {}],
      ['gone', () => rmSync(path)],
      ['rubbish', () => writeFileSync(path, 'rubbish'.repeat(1000))],
      ['half', () => truncateSync(path, 20_000)]
    ]
    for (const [name, harm] of faults) {
      harm()
      const recall = open()
      assert.equal((await recall.recall('different brand', 5)).map(found => found.text).sort(), ['brand new', 'entirely different'], name)
      assert.is((await recall.recall('number2499', 5)).length, 1, name)
      assert.is((await recall.recall('number0 number1', 5)).length, 0, name)
      await recall.close()
    }
  }))

for (const [kind, index] of [['in a file', () => openTermIndex(':memory:', silentLogger)], ['in memory', memoryTermIndex]] as const) {
  const withRecall = async (work: (recall: Recall, space: ReturnType<typeof testSpace>) => Promise<void>) => {
    const space = testSpace('personal')
    const recall = createRecall({ index: index(), spaces: () => [space], log: silentLogger, clock })
    try {
      await work(recall, space)
    } finally {
      await recall.close()
    }
  }
  const told = (text: string, observedAt: number, more: Record<string, string | { readonly device: string; readonly ref: string }> = {}) => ({ v: 1, kind: 'fact', text, observedAt, ...more })

  test(`what does not hold any more is not found, and was known while it did: ${kind}`, () => withRecall(async (recall, space) => {
    await space.put({ ...told('Anna lives in Rome', 10), validTo: 20 })
    await space.put({ ...told('Anna lives in Oslo', 20), validTo: 30 })
    await space.put(told('Anna lives in Lima', 30))
    await space.put({ ...told('Anna lives in a tent for the summer', 35), validTo: 50 })
    const known = async (asOf?: number) => (await recall.recall('where does Anna live', 5, { asOf })).map(({ text }) => text.split(' ')[3])
    assert.equal([await known(34), await known(29), await known(20), await known(19), await known(9)], [['Lima'], ['Oslo'], ['Oslo'], ['Rome'], []])
    assert.equal([await known(), await known(50)], [['Lima', 'a'], ['Lima']], 'it is 40 now')
    assert.is((await recall.recall('where does Anna live', 5, { everything: true })).length, 4)
  }))

  test(`what says the same is given once, of each subject: ${kind}`, () => withRecall(async (recall, space) => {
    for (const text of ['the cabin has a red door', 'The cabin has a red door!', 'the cabin has a blue door']) await space.put(told(text, 1))
    await space.put(told('the cabin has a red door', 1, { subject: 'Ben' }))
    const found = await recall.recall('cabin door', 9)
    assert.equal(found.map(({ text, subject }) => `${text.includes('red')} ${subject}`).sort(), ['false undefined', 'true Ben', 'true undefined'])
    assert.is((await recall.recall('cabin door', 9, { everything: true })).length, 4)
  }))

  test(`what was told around a memory is found with it; of what was told long before or after, nothing: ${kind}`, () => withRecall(async (recall, space) => {
    const turns = ['hello', 'how was it', 'we hiked up the volcano', 'in the rain', 'and then', 'home again', 'good night']
    for (const [index, text] of turns.entries()) await space.put(told(text, index, { source: { device: 'd', ref: `talk/${index}` } }))
    await space.put(told('alone', 3))
    assert.equal((await recall.recall('volcano', 9)).map(({ text }) => text), ['we hiked up the volcano', 'in the rain', 'how was it', 'and then', 'hello', 'home again'])
  }))
}

test('of what was forgotten or changed no term is in the file and the one beside it any more; a file of an older format is built anew', () =>
  withTempDir(async dir => {
    const path = join(dir, 'index.db')
    const space = testSpace('personal')
    const recall = openRecall(path, () => [space], silentLogger)
    const [secret, plan] = [await space.put(note('the code is Xylander')), await space.put(note('meet at Quetzal'))]
    for (let n = 0; n < 50; n++) await space.put(note(`note number${n}`))
    await recall.ready()
    const holds = (term: string) => readdirSync(dir).some(file => readFileSync(join(dir, file)).includes(term))
    assert.ok(holds('xyland') && holds('quetzal'))
    await space.remove(secret.id)
    await space.put(note('meet at home'), plan.id)
    await recall.ready()
    assert.equal([holds('xyland'), holds('quetzal'), holds('number49')], [false, false, true])
    await recall.close()
    const db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 1; DROP TABLE terms; VACUUM')
    db.close()
    const again = openRecall(path, () => [space], silentLogger)
    assert.is((await again.recall('number7', 5)).length, 1)
    await again.close()
    assert.ok(holds('number7'), 'and not in memory')
  }))

test('without a place for its file the index works in memory and says so', () =>
  withTempDir(async dir => {
    const warnings: string[] = []
    const log: Logger = { ...silentLogger, warn: message => void warnings.push(message) }
    const space = testSpace('personal')
    await space.put(note('still found'))
    const path = join(dir, 'no', 'such', 'folder', 'index.db')
    const recall = openRecall(path, () => [space], log)
    assert.is((await recall.recall('found', 5)).length, 1)
    assert.not(existsSync(path))
    assert.match(warnings.join(), 'in memory')
    await recall.close()
  }))

test('a space that was replaced, as joining a mesh does, is followed anew', () =>
  withTempDir(async dir => {
    let space = testSpace('personal')
    await space.put(note('alone'))
    const recall = openRecall(join(dir, 'index.db'), () => [space], silentLogger)
    assert.is((await recall.recall('alone', 5)).length, 1)
    space = testSpace('personal')
    await space.put(note('together'))
    assert.is((await recall.recall('alone', 5)).length, 0)
    assert.is((await recall.recall('together', 5)).length, 1)
    await recall.close()
  }))

test.run()
