import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Logger, silentLogger } from '../../../mesh/log.ts'
import { testSpace } from '../../testing/space.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { memoryTermIndex } from '../memory-term-index.ts'
import { type Recall, createRecall } from '../recall.ts'
import { type TestEncoder, testEncoder } from './encoder.fixtures.ts'
import { MemoryVectors } from './memory-vectors.ts'
import { openVectorStore } from './vector-store.node.ts'

const meanings = { puppi: 'dog', poodl: 'dog', dentist: 'teeth', toothach: 'teeth' }
const note = (text: string, more: Record<string, string | number> = {}) => ({ v: 1, kind: 'note', text, observedAt: 5, ...more })

type Opened = { readonly recall: Recall; readonly vectors: MemoryVectors; readonly encoder: TestEncoder; readonly warnings: string[]; readonly space: ReturnType<typeof testSpace>; readonly close: () => Promise<void> }

function open(dir: string, { encoder = testEncoder({ meanings }), space = testSpace('personal'), makes = true, patienceMs = 20_000 } = {}): Opened {
  const warnings: string[] = []
  const log: Logger = { ...silentLogger, warn: message => void warnings.push(message) }
  const spaces = () => [space]
  const vectors = new MemoryVectors({ store: openVectorStore(join(dir, 'vectors.db'), log), large: null, encoder, spaces, log, makes, patienceMs })
  const recall = createRecall({ index: memoryTermIndex(), vectors, spaces, log, clock: () => 40 })
  return { recall, vectors, encoder, warnings, space, close: () => recall.close() }
}

const textsOf = (found: readonly { readonly text: string }[]) => found.map(({ text }) => text)

test('what means the same is found without a word in common, and what means something else is not', () =>
  withTempDir(async dir => {
    const { recall, space, close } = open(dir)
    for (const text of ['a poodle called Rex', 'Bo moved to Oslo', 'the rent went up', 'green tea is best']) await space.put(note(text))
    await recall.settled()
    assert.equal(textsOf(await recall.recall('puppy', 5)), ['a poodle called Rex'])
    assert.equal(await recall.recall('volcano', 5), [])
    // Words still count, and both together more than one of them.
    await space.put(note('the dog of the neighbours barks'))
    await recall.settled()
    assert.equal(textsOf(await recall.recall('the dog', 2)), ['the dog of the neighbours barks', 'a poodle called Rex'])
    await close()
  }))

test('a day that is past, and what is to be forgotten, are looked up by words alone', () =>
  withTempDir(async dir => {
    const { recall, space, encoder, close } = open(dir)
    await space.put(note('a poodle called Rex'))
    await recall.settled()
    encoder.read.length = 0
    assert.equal([await recall.recall('puppy', 5, { asOf: 20 }), await recall.recall('puppy', 5, { everything: true }), encoder.read], [[], [], []])
    await close()
  }))

test('each memory is read once, with whom it is about; again when it changes, and for another encoder', () =>
  withTempDir(async dir => {
    const encoder = testEncoder()
    const space = testSpace('personal')
    const tea = await space.put(note('drinks tea', { subject: 'Anna' }))
    const first = open(dir, { encoder, space })
    await first.recall.settled()
    await space.put({ v: 1, kind: 'note' })
    const texts = () => encoder.read.filter(text => text === '' || /drinks|Oslo/.test(text)).splice(0)
    assert.equal(texts(), ['Anna: drinks tea'])
    encoder.read.length = 0
    await first.close()
    const second = open(dir, { encoder, space })
    await space.put(note('Bo moved to Oslo'))
    await second.recall.settled()
    await space.put(note('drinks cocoa', { subject: 'Anna' }), tea.id)
    await second.recall.settled()
    assert.equal(texts(), ['Bo moved to Oslo', 'Anna: drinks cocoa'])
    encoder.read.length = 0
    encoder.id = 'two'
    second.recall.reload()
    await second.recall.settled()
    assert.equal(texts().sort(), ['Anna: drinks cocoa', 'Bo moved to Oslo'])
    assert.equal(textsOf(await second.recall.recall('cocoa', 1)), ['drinks cocoa'])
    encoder.id = null
    second.recall.reload()
    await second.recall.settled()
    assert.equal(textsOf(await second.recall.recall('cocoa', 1)), ['drinks cocoa'])
    await second.close()
    const store = openVectorStore(join(dir, 'vectors.db'), silentLogger)
    assert.equal([store.model(), store.vectorKeys()], ['', []])
    store.close()
    assert.equal(second.warnings, [])
  }))

test('of what was forgotten no byte is left in any file, also where the encoder does not load', () =>
  withTempDir(async dir => {
    const { recall, space, encoder, close } = open(dir)
    const made = await space.put(note('the code is Xylander'))
    await space.put(note('green tea'))
    await recall.settled()
    const store = openVectorStore(join(dir, 'vectors.db'), silentLogger)
    const vector = store.vectors(-1, 1)[0]?.vector ?? new Float32Array(9)
    store.close()
    const isThere = () => readdirSync(dir).some(file => readFileSync(join(dir, file)).includes(Buffer.from(vector.buffer)))
    assert.ok(isThere())
    await space.remove(made.id)
    await recall.ready()
    assert.not(isThere())
    assert.equal(textsOf(await recall.recall('Xylander', 5)), [])
    const tea = await space.put(note('the code is Xylander'))
    await recall.settled()
    assert.ok(isThere())
    await close()
    encoder.ready = () => Promise.reject(new Error('it does not load'))
    const again = open(dir, { encoder, space })
    await space.remove(tea.id)
    await again.recall.ready()
    assert.not(isThere())
    await again.close()
  }))

test('an encoder that hangs or fails delays no answer beyond the bound, and only one of them', () =>
  withTempDir(async dir => {
    const { recall, space, encoder, warnings, close } = open(dir, { patienceMs: 1 })
    await space.put(note('a poodle called Rex'))
    await recall.settled()
    const release = Promise.withResolvers<void>()
    encoder.held = release.promise
    encoder.asked = 0
    for (const question of ['poodle', 'Rex', 'poodle']) assert.equal(textsOf(await recall.recall(question, 5)), ['a poodle called Rex'])
    assert.is(encoder.asked, 1, 'who asks while the encoder hangs does not ask it as well')
    release.resolve()
    encoder.held = undefined
    encoder.fails = () => true
    assert.equal(textsOf(await recall.recall('poodle', 5)), ['a poodle called Rex'])
    await close()
    assert.ok(warnings.length <= 1)
  }))

test('a failing encoder is told of once; a text that cannot be read keeps no other one from it', () =>
  withTempDir(async dir => {
    const encoder = testEncoder({ meanings })
    encoder.fails = text => text.includes('poison')
    const { recall, space, warnings, close } = open(dir, { encoder })
    for (const text of ['poison', 'a poodle called Rex', 'Bo moved to Oslo']) await space.put(note(text))
    await recall.settled()
    assert.equal(textsOf(await recall.recall('puppy', 5)), ['a poodle called Rex'])
    assert.equal(warnings, [])
    encoder.fails = () => true
    for (const question of ['puppy', 'Oslo', 'Oslo']) await recall.recall(question, 5)
    assert.equal(warnings, ['the encoder does not read memories; they are found by their words'])
    await close()
  }))

test('remembering and recalling go on while memories are read; a command makes no vectors', () =>
  withTempDir(async dir => {
    const release = Promise.withResolvers<void>()
    const { recall, space, encoder, close } = open(dir)
    await recall.settled()
    encoder.held = release.promise
    await space.put(note('a poodle called Rex'))
    await space.put(note('Bo moved to Oslo'))
    await recall.ready()
    assert.is(space.count, 2)
    assert.equal(textsOf(await recall.recall('Oslo', 5, { asOf: 30 })), ['Bo moved to Oslo'])
    release.resolve()
    await recall.settled()
    assert.equal(textsOf(await recall.recall('puppy', 5)), ['a poodle called Rex'])
    await close()
    encoder.read.length = 0
    encoder.asked = 0
    const command = open(dir, { space, encoder, makes: false })
    await space.put(note('a puppy for Bo'))
    await command.recall.settled()
    assert.is(encoder.asked, 0, 'it is not even loaded')
    assert.equal(textsOf(await command.recall.recall('toothache or dog', 5)), ['a poodle called Rex'])
    assert.not(encoder.read.includes('a puppy for Bo'))
    await command.close()
  }))

test('where no encoder is chosen nothing is kept', () =>
  withTempDir(async dir => {
    const encoder = testEncoder()
    encoder.id = null
    const { recall, space, close } = open(dir, { encoder })
    await space.put(note('green tea'))
    await recall.settled()
    assert.equal(textsOf(await recall.recall('tea', 5)), ['green tea'])
    await close()
    const store = openVectorStore(join(dir, 'vectors.db'), silentLogger)
    assert.equal([store.count('personal'), encoder.read], [0, []])
    store.close()
  }))

test.run()
