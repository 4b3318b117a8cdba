import { type Dice, mutate } from '../mesh/mutate.fixtures.ts'
import { encodeCbor } from '../mesh/codec.ts'
import { type Frame, encodeFrame } from './frames.ts'
import { maxEntryBytes, maxShards, wantCredit } from './limits.ts'
import { type Author, foreignKey, startMs } from './receive.fixtures.ts'
import { clientIdOf } from './shard-doc.ts'
import { contents, rawGc, rawItem, rawSkip, rawUpdate } from './yjs-bytes.fixtures.ts'

/** What a hostile member has to make frames of: a stolen device knows its space, its members, and has a key to sign with. */
export type Material = {
  readonly spaceId: Uint8Array
  readonly members: string
  readonly statements: readonly Uint8Array[]
  /** Keys of members, its own among them. */
  readonly authors: readonly Uint8Array[]
  /** Signed entries with payloads of every kind, none of which may be taken. */
  readonly entries: readonly Uint8Array[]
}

/** Updates to a Yjs document that are an attack each: see the note of each. `client` is the one that its author may write under, `victim` another's. */
export function hostileUpdates(client: number, victim: number): Record<string, Uint8Array> {
  const value = contents.any({ object: [['hlc', { int: 5 }]] })
  const item = (sub: string, content = value) => rawItem({ root: 'items', sub }, content)
  const one = (content: number[]) => rawUpdate([{ client, clock: 0, structs: [item('a.0', content)] }])
  return {
    'declares 2^31 structs in seven bytes': new Uint8Array([1, 255, 255, 255, 255, 7, 0]),
    'declares 2^31 clients': new Uint8Array([255, 255, 255, 255, 7, 0, 0]),
    'deletes 10,000 items in seven bytes': rawUpdate([], [[victim, [[0, 10_000]]]]),
    'deletes more of its own than it ever wrote': rawUpdate([], [[client, [[0, 10_000]]]]),
    'declares 2^31 deletions': new Uint8Array([0, 1, 1, 255, 255, 255, 255, 7]),
    'collects the victim, so that its clientID is dead for ever': rawUpdate([{ client: victim, clock: 0, structs: [rawGc(2 ** 30)] }]),
    'collects itself': rawUpdate([{ client, clock: 0, structs: [rawGc(10)] }]),
    'skips, and waits for what never comes': rawUpdate([{ client, clock: 0, structs: [rawSkip(4500), item('a.0')] }]),
    'starts after a gap': rawUpdate([{ client, clock: 4500, structs: [item('a.0')] }]),
    'writes in the name of another': rawUpdate([{ client: victim, clock: 0, structs: [item('a.0')] }]),
    'nests a type': rawUpdate([{ client, clock: 0, structs: [item('a.0', contents.type(1))] }]),
    'writes to another root': rawUpdate([{ client, clock: 0, structs: [rawItem({ root: 'other', sub: 'a.0' }, value)] }]),
    'writes a list': rawUpdate([{ client, clock: 0, structs: [rawItem({ root: 'items' }, value)] }]),
    'writes an id of another shard': rawUpdate([{ client, clock: 0, structs: [item('a.1')] }]),
    'writes 2,000 slots': rawUpdate([{ client, clock: 0, structs: Array.from({ length: 2000 }, (_, n) => item(`${n}.0`)) }]),
    'sets a prototype': one(contents.any({ object: [['hlc', { int: 5 }], ['__proto__', { object: [['x', { int: 1 }]] }]] })),
    'nests 500 lists': one([8, 1, ...Array.from({ length: 500 }, () => [117, 1]).flat(), 126]),
    'nests 20,000 lists': one([8, 1, ...Array.from({ length: 20_000 }, () => [117, 1]).flat(), 126]),
    'has a clock of the far future': one(contents.any({ object: [['hlc', { float: Number.MAX_SAFE_INTEGER }]] })),
    'has no clock': one(contents.any({ object: [['text', { text: 'x' }]] })),
    'has a value that is no number': one(contents.any({ object: [['hlc', { float: Number.NaN }]] })),
    'has a number without bounds': one(contents.any({ object: [['hlc', { int: 5 }], ['x', { bigint: 2n ** 62n }]] })),
    'has a value of 50 KiB': one(contents.any({ object: [['hlc', { int: 5 }], ['text', { text: 'x'.repeat(50 * 1024) }]] })),
    'holds bytes': one(contents.binary(Array.from({ length: 100 }, () => 7))),
    'holds two values': one(contents.any({ object: [['hlc', { int: 5 }]] }, { object: [['hlc', { int: 6 }]] })),
    'is no update': new Uint8Array([1, 1, 1]),
    'is empty of bytes': new Uint8Array()
  }
}

/** Entries that `author` signs, and that nobody may take. It goes on as if it had written none of them. */
export async function hostileEntries(author: Author, victim: Uint8Array): Promise<Record<string, Uint8Array>> {
  const aside = { aside: true }
  const { signing } = author.identity
  const updates = hostileUpdates(clientIdOf(author.space, signing.publicKey, `boot ${author.boot}`), clientIdOf(author.space, victim, 'boot 1'))
  const entries: Record<string, Uint8Array> = {}
  for (const [what, update] of Object.entries(updates)) entries[`an update that ${what}`] = (await author.raw(update, aside)).bytes
  entries['a payload that is no payload'] = (await author.entry(new Uint8Array([1]), aside)).bytes
  entries['a payload of an unknown kind'] = (await author.entry(encodeCbor([9, startMs]), aside)).bytes
  entries['a payload of a shard that cannot be'] = (await author.entry(encodeCbor([0, startMs, maxShards, 1, new Uint8Array(2)]), aside)).bytes
  entries['a payload of an unknown epoch'] = (await author.write({ 'a.0': 'x' }, { ...aside, key: foreignKey() })).bytes
  entries['a payload sealed with another key'] = (await author.write({ 'a.0': 'x' }, { ...aside, key: { epoch: author.key.epoch, key: foreignKey().key } })).bytes
  entries['an entry 10,000 places ahead'] = (await author.write({ 'a.0': 'x' }, { ...aside, seq: author.seq + 10_000 })).bytes
  entries['an entry at the end of numbers'] = (await author.write({ 'a.0': 'x' }, { ...aside, seq: Number.MAX_SAFE_INTEGER })).bytes
  return entries
}

type Maker = (dice: Dice, material: Material) => Frame

const pick = <T>(dice: Dice, values: readonly T[]): T => {
  const value = values[dice.below(values.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}
const some = <T>(dice: Dice, most: number, make: () => T): T[] => Array.from({ length: dice.below(most + 1) }, make)
const anyAuthor = (dice: Dice, { authors }: Material) => (dice.chance(0.8) ? pick(dice, authors) : dice.bytes(32))
const anySeq = (dice: Dice) => pick(dice, [0, 1, 2, 10, 512, 1000, 10_000, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER])
const space = (dice: Dice) => (dice.chance(0.95) ? 0 : dice.below(64))

/** A frame of each type as the format allows it, saying what no honest device would. */
export const liars: { readonly [Type in Frame['type']]: Maker } = {
  hello: (dice, { spaceId, members }) => ({ type: 'hello', spaces: [{ id: spaceId, members }, ...some(dice, 3, () => ({ id: dice.bytes(32), members }))] }),
  members: (dice, { statements }) => ({ type: 'members', space: space(dice), statements: some(dice, 20, () => pick(dice, statements)) }),
  have: (dice, material) => ({ type: 'have', space: space(dice), logs: some(dice, dice.chance(0.1) ? 512 : 5, () => ({ author: anyAuthor(dice, material), height: anySeq(dice), head: dice.bytes(32) })), more: dice.chance(0.3) }),
  want: (dice, material) => ({ type: 'want', space: space(dice), author: anyAuthor(dice, material), from: anySeq(dice), credit: dice.below(wantCredit + 1) }),
  entry: (dice, { entries }) => ({ type: 'entry', space: space(dice), entries: fitting(some(dice, 3, () => pick(dice, entries))) }),
  ack: (dice, material) => ({ type: 'ack', space: space(dice), heights: some(dice, dice.chance(0.1) ? 512 : 5, () => ({ author: anyAuthor(dice, material), height: anySeq(dice) })) }),
  digest: dice => ({ type: 'digest', space: space(dice), heads: hex(dice.bytes(32)), digest: hex(dice.bytes(32)) }),
  ping: dice => ({ type: 'ping', sentAt: anySeq(dice) }),
  pong: dice => ({ type: 'pong', sentAt: anySeq(dice), now: anySeq(dice) }),
  nack: (dice, material) => ({ type: 'nack', space: space(dice), author: anyAuthor(dice, material), seq: anySeq(dice), code: pick(dice, ['SnapshotGone', 'BadUpdate', '', 'x'.repeat(40)]) }),
  bye: dice => ({ type: 'bye', code: pick(dice, ['Stopping', 'Removed', 'x'.repeat(40)]) }),
  snapshot: (dice, material) => ({
    type: 'snapshot', space: space(dice), author: anyAuthor(dice, material), checkpoint: pick(dice, material.entries), more: dice.chance(0.5),
    bases: some(dice, 20, () => ({ shard: dice.below(maxShards), seq: anySeq(dice), hash: dice.bytes(32), size: anySeq(dice) }))
  }),
  fetch: (dice, material) => ({ type: 'fetch', space: space(dice), author: anyAuthor(dice, material), seq: anySeq(dice), shard: dice.below(maxShards) }),
  part: (dice, material) => ({ type: 'part', space: space(dice), author: anyAuthor(dice, material), seq: anySeq(dice), shard: dice.below(maxShards), offset: anySeq(dice), bytes: dice.bytes(dice.below(200)) })
}

export const frameTypes = Object.keys(liars) as Frame['type'][]

/** A frame of this type that lies. */
export function lie(dice: Dice, material: Material, type: Frame['type']): Uint8Array {
  return encodeFrame(liars[type](dice, material))
}

/** A frame of this type that is broken. */
export function brokenFrame(dice: Dice, material: Material, type: Frame['type']): Uint8Array {
  return mutate(dice, lie(dice, material, type)).subarray(0, 64 * 1024)
}

function fitting(entries: readonly Uint8Array[]): Uint8Array[] {
  let size = 0
  return entries.filter(({ length }) => (size += length) <= maxEntryBytes)
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
