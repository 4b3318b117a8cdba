import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as Y from 'yjs'
import { isKinmeshError } from '../mesh/errors.ts'
import { maxItemsPerEntry, maxSlotsPerShard, maxValueBytes, maxValueDepth } from './limits.ts'
import { type Random, seededTest } from './random.fixtures.ts'
import { ShardDoc, type SlotValue, canonicalUpdate, clientIdOf, readCanonical } from './shard-doc.ts'
import { type Any, type RawDeletions, type RawPlace, contents, rawGc, rawItem, rawSkip, rawUpdate, varUint } from './yjs-bytes.fixtures.ts'

const me = 7
const other = 8
const hlc = 1_000_000

/** A shard 0 in which client 7 set `a.0` (clock 0) and `b.0` (clock 1). */
function begun(): ShardDoc {
  const doc = new ShardDoc(0)
  doc.write(me, new Map([['a.0', { text: 'a', hlc }], ['b.0', { text: 'b', hlc }]]))
  return doc
}

function refuses(code: string, problem: string, run: () => unknown): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(isKinmeshError(error, code), `${String(error)} instead of ${code}`)
    assert.ok((error as Error).message.includes(problem), `"${(error as Error).message}" does not say "${problem}"`)
    return true
  })
}

const plainValue: Any = { object: [['text', { text: 'x' }], ['hlc', { int: hlc }]] }
const set = (sub: string, value: Any = plainValue) => rawItem({ root: 'items', sub }, contents.any(value))
const place = (raw: RawPlace) => rawItem(raw, contents.any(plainValue))
/** Structs of client 7 from clock 2 on, which is due in `begun()`. */
const due = (...structs: number[][]) => rawUpdate([{ client: me, clock: 2, structs }])
const deleting = (...deletions: RawDeletions) => rawUpdate([], deletions)
const refusesUpdate = (code: string, problem: string, update: Uint8Array, doc = begun()) => refuses(code, problem, () => doc.inspect(update, me))
const refusesValue = (problem: string, value: Any) => refusesUpdate('BadValue', problem, due(set('c.0', value)))
const withField = (value: Any, name = 'x'): Any => ({ object: [[name, value], ['hlc', { int: hlc }]] })

test('what the byte writer makes is what Yjs reads: a good update passes and does what it says', () => {
  const doc = begun()
  const update = rawUpdate([{ client: me, clock: 2, structs: [set('c.0'), place({ origin: [me, 0] })] }], [[me, [[0, 1], [1, 1]]]])
  const { sets, clears } = doc.inspect(update, me)
  assert.equal(sets, [['c.0', { text: 'x', hlc }], ['a.0', { text: 'x', hlc }]])
  assert.equal(clears, ['b.0'])
  doc.apply(update)
  assert.equal(doc.slots(), [['a.0', { text: 'x', hlc }], ['c.0', { text: 'x', hlc }]])
})

test('values of every kind of flat JSON pass', () => {
  const value: Any = { object: [['n', 'null'], ['t', 'true'], ['f', 'false'], ['i', { int: -5 }], ['d', { float: 0.1 }], ['l', { list: [{ text: 'x' }] }], ['o', { object: [['k', { int: 1 }]] }], ['hlc', { float: 1.7e15 }]] }
  assert.equal(begun().inspect(due(set('c.0', value)), me).sets, [['c.0', { n: null, t: true, f: false, i: -5, d: 0.1, l: ['x'], o: { k: 1 }, hlc: 1.7e15 }]])
})

test('bytes that are no update', () => {
  refusesUpdate('BadUpdate', 'cannot be decoded', new Uint8Array())
  refusesUpdate('BadUpdate', 'cannot be decoded', new Uint8Array([1, 1, 7]))
  refusesUpdate('BadUpdate', 'cannot be decoded', due(rawItem({ root: 'items', sub: 'c.0' }, [31])))
})

test('seven bytes that declare 33 million structs are refused without making room for them', () => {
  const update = new Uint8Array([1, ...varUint(2 ** 25), me, 2])
  assert.is(update.length, 7)
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
  refusesUpdate('BadUpdate', 'cannot be decoded', update)
  refusesUpdate('BadUpdate', 'cannot be decoded', due([8 | 0x20, 1, 5, 105, 116, 101, 109, 115, 3, 99, 46, 48, ...varUint(2 ** 25)]))
  const grownBytes = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before
  assert.ok(grownBytes < 32 * 1024 * 1024, `grew by ${grownBytes} bytes`)
})

test('structs of a client that is not the author\'s', () => {
  refusesUpdate('ForeignClient', 'which is not the author\'s', rawUpdate([{ client: other, clock: 0, structs: [set('c.0')] }]))
  refusesUpdate('ForeignClient', 'which is not the author\'s', rawUpdate([{ client: me, clock: 2, structs: [set('c.0')] }, { client: other, clock: 0, structs: [set('d.0')] }]))
})

test('a gap before the first clock and an overlap with what is known', () => {
  refusesUpdate('ClockGap', 'has clock 3 where 2 is due', rawUpdate([{ client: me, clock: 3, structs: [set('c.0')] }]))
  refusesUpdate('ClockGap', 'has clock 1 where 2 is due', rawUpdate([{ client: me, clock: 1, structs: [set('c.0')] }]))
  refusesUpdate('ClockGap', 'has clock 0 where 2 is due', rawUpdate([{ client: me, clock: 0, structs: [set('c.0')] }]))
})

test('a GC struct, which would pre-empt clocks for ever', () => {
  const attack = rawUpdate([{ client: me, clock: 2, structs: [rawGc(2 ** 31)] }])
  assert.ok(attack.length <= 14)
  refusesUpdate('BadUpdate', 'GC, Skip or a run', attack)
  refusesUpdate('BadUpdate', 'GC, Skip or a run', due(rawGc(1)))
  refusesUpdate('ForeignClient', 'which is not the author\'s', rawUpdate([{ client: other, clock: 0, structs: [rawGc(2 ** 31)] }]))
})

test('a Skip struct, which would leave a gap', () => {
  refusesUpdate('BadUpdate', 'GC, Skip or a run', due(rawSkip(1)))
  refusesUpdate('BadUpdate', 'GC, Skip or a run', due(rawSkip(1000), set('c.0')))
})

test('a run: one struct of several values', () => {
  refusesUpdate('BadUpdate', 'GC, Skip or a run', due(rawItem({ root: 'items', sub: 'c.0' }, contents.any(plainValue, plainValue))))
})

test('an item of no values at all', () => {
  refusesUpdate('BadUpdate', 'GC, Skip or a run', due(rawItem({ root: 'items', sub: 'c.0' }, contents.any())))
})

test('deletions of structs that the author never wrote', () => {
  refusesUpdate('ForeignClient', `deletes structs of client ${other}`, deleting([other, [[0, 1]]]))
  refusesUpdate('ForeignClient', `deletes structs of client ${me}`, deleting([me, [[0, 3]]]))
  refusesUpdate('ForeignClient', `deletes structs of client ${me}`, deleting([me, [[5, 1]]]))
  refusesUpdate('ForeignClient', `deletes structs of client ${me}`, rawUpdate([{ client: me, clock: 2, structs: [set('c.0')] }], [[me, [[2, 1]]]]))
})

test('a seven-byte delete set over ten thousand items, own or not, and many ranges', () => {
  refusesUpdate('TooManyItems', 'deletes more than', deleting([me, [[0, 10_000]]]))
  refusesUpdate('TooManyItems', 'deletes more than', deleting([other, [[0, 10_000]]]))
  refusesUpdate('TooManyItems', 'deletes more than', deleting([me, Array.from({ length: maxItemsPerEntry + 1 }, () => [0, 1] as const)]))
})

test('deletions of own items: present ones are cleared, overwritten ones clear nothing, deleting twice is no harm', () => {
  const doc = begun()
  doc.write(me, new Map([['a.0', { text: 'later', hlc: hlc + 1 }]]))
  assert.equal(doc.inspect(deleting([me, [[0, 1]]]), me).clears, [])
  assert.equal(doc.inspect(deleting([me, [[1, 1], [2, 1]]]), me).clears, ['b.0', 'a.0'])
  doc.write(me, new Map([['b.0', null]]))
  assert.equal(doc.inspect(deleting([me, [[1, 1]]]), me).clears, [])
})

test('deleting an overwritten struct clears nothing, even where the present one has the same clock under another client', () => {
  const doc = begun()
  doc.write(other, new Map([['a.0', { text: 'after a restart', hlc: hlc + 1 }]]))
  const update = deleting([me, [[0, 1]]])
  assert.equal(doc.inspect(update, other).clears, [])
  doc.apply(update)
  assert.is(doc.value('a.0')?.['text'], 'after a restart')
})

test('one slot set twice in one update', () => {
  refusesUpdate('BadUpdate', 'sets one slot twice', due(set('c.0'), set('c.0')))
  refusesUpdate('BadUpdate', 'sets one slot twice', due(place({ origin: [me, 0] }), place({ origin: [me, 0] })))
})

test('a root other than "items"', () => {
  refusesUpdate('BadRoot', 'outside the root', due(place({ root: 'other', sub: 'c.0' })))
  refusesUpdate('BadRoot', 'outside the root', due(place({ root: '', sub: 'c.0' })))
})

test('a place inside another item\'s type', () => {
  refusesUpdate('BadRoot', 'outside the root', due(place({ parent: [me, 0], sub: 'c.0' })))
})

test('an item of "items" without a key, as a list has them', () => {
  refusesUpdate('BadRoot', 'outside the root', due(place({ root: 'items' })))
})

test('an id of another shard, and a key that is no id', () => {
  for (const id of ['c.1', 'c', '', 'c.00', 'C.0', '__proto__', 'a b.0', `${'c'.repeat(70)}.0`]) refusesUpdate('BadRoot', 'not of shard 0', due(set(id)))
})

test('a slot that is taken, without saying what it follows', () => {
  refusesUpdate('BadUpdate', 'does not follow the present item', due(set('a.0')))
  const doc = begun()
  doc.write(me, new Map([['a.0', null]]))
  refusesUpdate('BadUpdate', 'does not follow the present item', due(set('a.0')), doc)
})

test('an origin that is stale, unknown or of another author', () => {
  const doc = begun()
  doc.write(me, new Map([['a.0', { text: 'later', hlc: hlc + 1 }]]))
  refusesUpdate('BadUpdate', 'does not follow the present item', rawUpdate([{ client: me, clock: 3, structs: [place({ origin: [me, 0] })] }]), doc)
  refusesUpdate('BadUpdate', 'does not follow the present item', due(place({ origin: [me, 99] })))
  refusesUpdate('BadUpdate', 'does not follow the present item', due(place({ origin: [other, 0] })))
  refusesUpdate('BadUpdate', 'does not follow the present item', due(set('c.0'), place({ origin: [me, 2] })))
})

test('a slot that was written, cleared and is written again', () => {
  const [writer, reader] = [new ShardDoc(0), new ShardDoc(0)]
  for (const value of [{ hlc: 1 }, { hlc: 2 }, null, { hlc: 3 }, null, { hlc: 4 }]) {
    const update = writer.write(me, new Map([['a.0', value]]))
    reader.inspect(update, me)
    reader.apply(update)
  }
  assert.equal(reader.slots(), [['a.0', { hlc: 4 }]])
})

test('a right origin, which inserts before what is there', () => {
  refusesUpdate('BadUpdate', 'inserts before another item', due(place({ rightOrigin: [me, 0] })))
  refusesUpdate('BadUpdate', 'inserts before another item', due(place({ origin: [me, 0], rightOrigin: [me, 1] })))
})

test('content that is no JSON: nested Y types, binary, text, deleted', () => {
  for (const content of [contents.type(0), contents.type(1), contents.type(2), contents.binary([1, 2]), contents.string('x'), contents.deleted(1)]) {
    refusesUpdate('BadValue', 'something other than one JSON object', due(rawItem({ root: 'items', sub: 'c.0' }, content)))
  }
})

test('a value that is no object', () => {
  for (const value of ['null', 'true', { int: 1 }, { text: 'x' }, { list: [] }, { bytes: [1] }, 'undefined'] as Any[]) refusesValue('something other than one JSON object', value)
})

test('a key "__proto__" that would give the value another prototype, at the top and nested', () => {
  refusesValue('something other than one JSON object', withField({ object: [['hlc', { int: 1 }]] }, '__proto__'))
  refusesValue('something other than one JSON object', withField('null', '__proto__'))
  refusesValue('not plain JSON', withField({ object: [['__proto__', { object: [] }]] }))
  refusesValue('not plain JSON', withField({ list: [{ object: [['__proto__', 'null']] }] }))
  assert.is(({} as Record<string, unknown>)['hlc'], undefined)
})

test(`nesting deeper than ${maxValueDepth}`, () => {
  const nested = (depth: number): Any => (depth === 0 ? { int: 1 } : { list: [nested(depth - 1)] })
  const allowed = maxValueDepth - 2 // the value itself is level 1, the number the last
  assert.is(begun().inspect(due(set('c.0', withField(nested(allowed)))), me).sets.length, 1)
  refusesValue('nested deeper', withField(nested(allowed + 1)))
  const objects = (depth: number): Any => (depth === 0 ? 'null' : { object: [['k', objects(depth - 1)]] })
  refusesValue('nested deeper', withField(objects(allowed + 1)))
})

test('20,000 nested lists are refused and nothing overflows', () => {
  const value = [8 | 0x20, 1, 5, 105, 116, 101, 109, 115, 3, 99, 46, 48, 1, 118, 2, 1, 120, ...Array.from({ length: 20_000 }, () => [117, 1]).flat(), 126, 3, 104, 108, 99, 125, 1]
  assert.throws(() => begun().inspect(due(value), me), (error: unknown) => isKinmeshError(error, 'BadUpdate', 'BadValue'))
})

test('numbers that JSON lacks, and other values that it lacks', () => {
  for (const float of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) refusesValue('not plain JSON', withField({ float }))
  for (const value of ['undefined', { bigint: 5n }, { bytes: [1] }, { list: ['undefined'] }] as Any[]) refusesValue('not plain JSON', withField(value))
})

test('a clock value that is missing, no integer, not positive or too large to step over', () => {
  const clock = (value: Any): Any => ({ object: [['text', { text: 'x' }], ['hlc', value]] })
  refusesValue('no clock value', { object: [['text', { text: 'x' }]] })
  for (const value of [{ text: '5' }, { int: 0 }, { int: -1 }, { float: 1.5 }, { float: Number.MAX_SAFE_INTEGER }, { float: 2 ** 60 }, 'null'] as Any[]) refusesValue('no clock value', clock(value))
  assert.is(begun().inspect(due(set('c.0', clock({ float: Number.MAX_SAFE_INTEGER - 2 ** 40 }))), me).sets.length, 1)
})

test('a removal that carries fields, or a mark other than 1', () => {
  refusesValue('removes an item and writes to it at once', { object: [['del', { int: 1 }], ['text', { text: 'x' }], ['hlc', { int: hlc }]] })
  refusesValue('removes an item and writes to it at once', withField('true', 'del'))
  refusesValue('removes an item and writes to it at once', withField({ int: 2 }, 'del'))
  assert.equal(begun().inspect(due(set('c.0', withField({ int: 1 }, 'del'))), me).sets, [['c.0', { del: 1, hlc }]])
})

test('more items than one entry may write', () => {
  const many = (count: number) => due(...Array.from({ length: count }, (_, index) => set(`i${index}.0`)))
  refusesUpdate('TooManyItems', `over ${maxItemsPerEntry}`, many(maxItemsPerEntry + 1))
  assert.is(begun().inspect(many(maxItemsPerEntry), me).sets.length, maxItemsPerEntry)
})

test('a value over the bound', () => {
  const room = maxValueBytes - JSON.stringify({ x: '', hlc }).length
  assert.is(begun().inspect(due(set('c.0', withField({ text: 'x'.repeat(room) }))), me).sets.length, 1)
  refusesValue(`over ${maxValueBytes} bytes`, withField({ text: 'x'.repeat(room + 1) }))
})

test('more slots than one shard takes; present ones may still be written', () => {
  const doc = new ShardDoc(0)
  const batch = (from: number, count: number) => new Map(Array.from({ length: count }, (_, index) => [`i${from + index}.0`, { hlc }] as const))
  for (let from = 0; from < maxSlotsPerShard - 1; from += 512) doc.write(me, batch(from, Math.min(512, maxSlotsPerShard - 1 - from)))
  const clock = maxSlotsPerShard - 1
  const update = (...structs: number[][]) => rawUpdate([{ client: me, clock, structs }])
  refusesUpdate('TooManyItems', 'fills shard 0 beyond', update(set('x.0'), set('y.0')), doc)
  assert.is(doc.inspect(update(set('x.0'), place({ origin: [me, 0] })), me).sets.length, 2)
})

test('an update that was refused leaves the document as it was', () => {
  const doc = begun()
  const before = doc.slots()
  refusesUpdate('BadUpdate', '', due(set('c.0'), rawGc(1)), doc)
  assert.equal(doc.slots(), before)
  assert.is(doc.inspect(due(set('c.0')), me).sets.length, 1)
})

test('a canonical update reads back as its slots', () => {
  const slots: [string, SlotValue][] = [['a.3', { text: 'x', hlc }], ['b.3', { del: 1, hlc }]]
  assert.equal(readCanonical(canonicalUpdate(slots, me), 3, me), slots)
  refuses('BadUpdate', 'holds no slot', () => readCanonical(canonicalUpdate([], me), 3, me))
})

test('a canonical update is refused for everything that makes it another one', () => {
  const raw = (structs: number[][], client = me, clock = 0, deletions: RawDeletions = []) => rawUpdate([{ client, clock, structs }], deletions)
  const refusesBase = (code: string, problem: string, update: Uint8Array) => refuses(code, problem, () => readCanonical(update, 0, me))
  assert.is(readCanonical(raw([set('a.0'), set('b.0')]), 0, me).length, 2)
  refusesBase('BadUpdate', 'cannot be decoded', new Uint8Array([1]))
  refusesBase('BadUpdate', 'deletes in a canonical update', raw([set('a.0')], me, 0, [[me, [[0, 1]]]]))
  refusesBase('BadUpdate', 'is not canonical', raw([set('a.0')], other))
  refusesBase('BadUpdate', 'is not canonical', raw([set('a.0')], me, 1))
  refusesBase('BadUpdate', 'is not canonical', raw([rawGc(1)]))
  refusesBase('BadUpdate', 'is not canonical', raw([rawSkip(1), set('a.0')]))
  refusesBase('BadUpdate', 'is not canonical', raw([rawItem({ root: 'items', sub: 'a.0' }, contents.any(plainValue, plainValue))]))
  refusesBase('BadUpdate', 'order of ids', raw([set('b.0'), set('a.0')]))
  refusesBase('BadUpdate', 'order of ids', raw([set('a.0'), set('a.0')]))
  refusesBase('BadRoot', 'outside shard 0', raw([set('a.1')]))
  refusesBase('BadRoot', 'outside shard 0', raw([place({ root: 'other', sub: 'a.0' })]))
  refusesBase('BadRoot', 'outside shard 0', raw([place({ root: 'items' })]))
  refusesBase('BadRoot', 'outside shard 0', raw([set('a.0'), place({ origin: [me, 0] })]))
  refusesBase('BadRoot', 'outside shard 0', raw([set('a.0'), place({ rightOrigin: [me, 0] })]))
  refusesBase('BadRoot', 'outside shard 0', raw([set('a.0'), place({ parent: [me, 0], sub: 'b.0' })]))
  refusesBase('BadValue', 'no clock value', raw([set('a.0', { object: [] })]))
  refusesBase('BadValue', 'other than one JSON object', raw([rawItem({ root: 'items', sub: 'a.0' }, contents.type(1))]))
  const many = (count: number) => raw(Array.from({ length: count }, (_, index) => set(`i${String(index).padStart(5, '0')}.0`)))
  assert.is(readCanonical(many(maxSlotsPerShard), 0, me).length, maxSlotsPerShard)
  refusesBase('TooManyItems', 'slots, over', many(maxSlotsPerShard + 1))
})

test('clientIDs differ by space, author and purpose, and fit 32 bits', () => {
  const bytes = (value: number) => new Uint8Array(32).fill(value)
  const ids = [clientIdOf(bytes(1), bytes(2), 'boot 1'), clientIdOf(bytes(2), bytes(2), 'boot 1'), clientIdOf(bytes(1), bytes(1), 'boot 1'), clientIdOf(bytes(1), bytes(2), 'boot 2'), clientIdOf(bytes(1), bytes(2), 'base 1 0')]
  assert.is(new Set(ids).size, ids.length)
  assert.ok(ids.every(id => Number.isInteger(id) && id >= 0 && id < 2 ** 32))
  assert.is(clientIdOf(bytes(1), bytes(2), 'boot 1'), ids[0], 'the same on every device')
})

const ids = ['a.0', 'b.0', 'c.0', 'dd.0', '__proto__.0', 'z-_.0']

function randomValue(random: Random): SlotValue | null {
  if (random.chance(0.2)) return null
  const stamp = 1 + random.below(1e9)
  if (random.chance(0.2)) return { del: 1, hlc: stamp }
  return { text: 'ä'.repeat(random.below(5)), n: random.pick([0, -1, 0.5, 2 ** 40, -0]), list: [random.chance(0.5), null], more: { k: random.below(3) }, hlc: stamp }
}

const randomChanges = (random: Random) => new Map(random.some(ids, 0.4).map(id => [id, randomValue(random)] as const))

seededTest('every update of one document is passed by another, which then holds the same slots', 'shard-doc', 20, random => {
  const [writer, reader] = [new ShardDoc(0), new ShardDoc(0)]
  for (let step = 0; step < 100; step++) {
    const changes = new Map([...randomChanges(random)].filter(([id, value]) => value || writer.value(id)))
    if (changes.size === 0) continue
    const client = 1 + Math.floor(step / 30) // a restart now and then
    const update = writer.write(client, changes)
    const { sets, clears } = reader.inspect(update, client)
    assert.equal(new Map(sets), new Map([...changes].filter(([, value]) => value)))
    assert.equal([...clears].sort(), [...changes].filter(([, value]) => !value).map(([id]) => id).sort())
    reader.apply(update)
    assert.equal(reader.slots(), writer.slots())
    assert.is(reader.size, writer.slots().length)
  }
})

seededTest('the canonical update is the same bytes whatever history led to the slots', 'shard-doc', 20, random => {
  const long = new ShardDoc(0)
  for (let step = 0; step < 60; step++) {
    const changes = new Map([...randomChanges(random)].filter(([id, value]) => value || long.value(id)))
    if (changes.size > 0) long.write(1 + Math.floor(step / 20), changes)
  }
  const slots = long.slots()
  const short = new ShardDoc(0)
  for (const [id, value] of random.shuffle(slots)) short.write(99, new Map([[id, value]]))
  const based = new ShardDoc(0)
  if (slots.length > 0) based.apply(canonicalUpdate(random.some(slots, 0.5), 5))
  const missing = slots.filter(([id]) => based.value(id) === undefined)
  if (missing.length > 0) based.write(6, new Map(missing))
  const bytes = canonicalUpdate(slots, 42)
  assert.equal(canonicalUpdate(short.slots(), 42), bytes)
  assert.equal(canonicalUpdate(based.slots(), 42), bytes)
  assert.equal(readCanonical(bytes, 0, 42), slots)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, bytes)
  assert.equal(new Map(doc.getMap('items').entries()), new Map(slots), 'any Yjs reads it')
})

test.run()
