import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { Payloads } from './payloads.ts'
import { type Blobs, memoryRoundStore } from './store.ts'

const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7919) >> 8)
const code = (name: string) => (error: unknown) => (error as { code?: string }).code === name
const { signal } = new AbortController()

/** Somebody's payloads, which asks the stores of others and notes whom it asked for what. */
function asking(stores: Record<string, Blobs>): { blobs: Blobs; payloads: Payloads; asked: string[] } {
  const asked: string[] = []
  const blobs = memoryRoundStore().blobs('any')
  const payloads = new Payloads({
    blobs,
    ask: async (peer, address) => {
      asked.push(peer)
      const piece = await stores[peer]?.get(address)
      if (!piece) throw new KinmeshError('PieceNotThere', 'not here')
      return piece
    },
    wait: async () => undefined
  })
  return { blobs, payloads, asked }
}

async function keeper(): Promise<{ blobs: Blobs; payload: { root: string; bytes: number } }> {
  const { blobs, payloads } = asking({})
  return { blobs, payload: await payloads.keep(bytes) }
}

test('a payload comes in pieces, each once', async () => {
  const { blobs, payload } = await keeper()
  const { payloads, asked } = asking({ a: blobs })
  assert.equal(await payloads.obtain(payload, ['a'], signal), bytes)
  assert.is(asked.length, 1 + Math.ceil(bytes.length / (60 * 1024)))
  assert.equal(await payloads.obtain(payload, ['a'], signal), bytes)
  assert.is(asked.length, 5, 'what is here is not asked for')
})

test('what a device has not got, another one gives; what came before is kept', async () => {
  const { blobs, payload } = await keeper()
  let given = 0
  const half: Blobs = { get: async address => (given++ < 3 ? blobs.get(address) : undefined), put: async () => undefined }
  const { payloads, asked } = asking({ half, whole: blobs })
  assert.equal(await payloads.obtain(payload, ['nobody', 'half', 'whole'], signal), bytes)
  assert.equal([asked.filter(peer => peer === 'half').length, asked.filter(peer => peer === 'whole').length], [5, 2])
})

test('it goes on after a crash with what it has', async () => {
  const { blobs, payload } = await keeper()
  const stop = new AbortController()
  let asked = 0
  const kept = memoryRoundStore().blobs('kept')
  const first = new Payloads({
    blobs: kept, wait: async () => undefined,
    ask: async (_, address) => {
      if (++asked > 2) stop.abort(new Error('crashed'))
      stop.signal.throwIfAborted()
      return (await blobs.get(address))!
    }
  })
  await rejects(() => first.obtain(payload, ['a'], stop.signal), /crashed/)
  let more = 0
  const second = new Payloads({ blobs: kept, wait: async () => undefined, ask: async (_, address) => (more++, (await blobs.get(address))!) })
  assert.equal(await second.obtain(payload, ['a'], signal), bytes)
  assert.ok(more < 5, `${more} of 5 asked for again`)
})

test('bytes that are not as many as announced are refused, and a list that is none', async () => {
  const { blobs, payload } = await keeper()
  await rejects(() => asking({ a: blobs }).payloads.obtain({ ...payload, bytes: 5 }, ['a'], signal), code('PayloadLies'))
  const { blobs: other } = asking({})
  await other.put(payload.root, new Uint8Array(9))
  await rejects(() => asking({ a: other }).payloads.obtain(payload, ['a'], signal), code('MalformedBytes'))
})

test('where nobody has it, it waits until the signal ends', async () => {
  const stop = new AbortController()
  const waits: number[] = []
  const payloads = new Payloads({
    blobs: memoryRoundStore().blobs('any'), ask: () => Promise.reject(new KinmeshError('PieceNotThere', 'not here')),
    wait: async ms => {
      if (waits.push(ms) === 3) stop.abort(new Error('given up'))
    }
  })
  await rejects(() => payloads.obtain({ root: 'ab'.repeat(32), bytes: 1 }, ['a', 'b'], stop.signal), /given up/)
})

test.run()
