import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Addresses, clean, maxAddrChars, maxAddrsPerDevice, maxHintsPerDevice, relayedAddr, relayOf } from './addresses.ts'
import { silentLogger } from './log.ts'
import { identityNamed } from './membership.fixtures.ts'
import { memoryBook, recordingLogger } from './mesh.fixtures.ts'

const id = identityNamed('a').id
const other = identityNamed('b').id
const tcp = (last: number) => `/ip4/192.168.1.${last}/tcp/4455`

test('only addresses that can be dialled for that device are kept', () => {
  const webrtc = '/ip4/10.0.0.1/udp/4457/webrtc-direct/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjLa2R_RF71v86aVxlqdKNOQ'
  assert.equal(clean(id, [tcp(1), `${tcp(2)}/p2p/${id}`, '/ip4/10.0.0.1/tcp/4456/ws', webrtc]), [tcp(1), tcp(2), '/ip4/10.0.0.1/tcp/4456/ws', webrtc])
  const useless = ['', 'nonsense', '/ip4/0.0.0.0/tcp/1', '/ip4/1.2.3.4/udp/1', `${tcp(1)}/p2p/${other}`, `${tcp(1)}/p2p/${other}/p2p-circuit`, `/dns/${'x'.repeat(maxAddrChars)}/tcp/1`]
  assert.equal(clean(id, useless), [])
})

test('a relay is named by its id alone, as its own addresses are known', () => {
  assert.equal(clean(id, [relayedAddr(other)]), [relayedAddr(other)])
  assert.is(relayOf(relayedAddr(other)), other)
  const useless = ['/p2p-circuit', `/p2p/${other}`, `${relayedAddr(other)}/p2p/${id}`, `${tcp(1)}${relayedAddr(other)}`, relayedAddr('12D3KooWnobody'), `${relayedAddr(other)}/webrtc`]
  assert.equal(clean(id, useless), [])
})

test('direct addresses and relays are told apart', async () => {
  const addresses = await Addresses.load(memoryBook(), silentLogger)
  addresses.learn(id, [tcp(1), relayedAddr(other)])
  addresses.hint(id, [tcp(2)])
  assert.equal(addresses.direct(id), [tcp(1), tcp(2)])
  assert.equal(addresses.relays(id), [other])
})

test('what worked last comes first, and survives a restart', async () => {
  const book = memoryBook()
  const addresses = await Addresses.load(book, silentLogger)
  addresses.learn(id, [tcp(1), tcp(2), tcp(3)])
  addresses.confirm(id, `${tcp(3)}/p2p/${id}`)
  assert.equal(addresses.of(id), [tcp(3), tcp(1), tcp(2)])
  await addresses.flush()
  assert.equal((await Addresses.load(book, silentLogger)).of(id), [tcp(3), tcp(1), tcp(2)])
})

test(`a device has at most ${maxAddrsPerDevice} addresses, the newest`, async () => {
  const addresses = await Addresses.load(memoryBook({ [id]: Array.from({ length: 99 }, (_, i) => tcp(i)) }), silentLogger)
  assert.is(addresses.of(id).length, maxAddrsPerDevice)
  for (let i = 100; i < 150; i++) addresses.learn(id, [tcp(i)])
  assert.is(addresses.of(id).length, maxAddrsPerDevice)
  assert.ok(addresses.of(id).includes(tcp(149)))
  assert.is(addresses.of(id)[0], tcp(0), 'what worked last stays')
})

test(`multicast adds at most ${maxHintsPerDevice} addresses, displaces none and is not stored`, async () => {
  const book = memoryBook({ [id]: [tcp(1), tcp(2)] })
  const addresses = await Addresses.load(book, silentLogger)
  for (let i = 100; i < 150; i++) assert.is(addresses.hint(id, [tcp(i)]), true)
  assert.is(addresses.hint(id, [tcp(149), tcp(1)]), false, 'no news')
  const listed = addresses.of(id)
  assert.is(listed.length, 2 + maxHintsPerDevice)
  assert.equal([listed[0], listed[2]], [tcp(1), tcp(2)], 'in turns, the known ones first')
  await addresses.flush()
  assert.equal(book.saved[id], [tcp(1), tcp(2)])
})

test('who is no member is forgotten', async () => {
  const book = memoryBook({ [id]: [tcp(1)], [other]: [tcp(2)] })
  const addresses = await Addresses.load(book, silentLogger)
  addresses.hint(id, [tcp(9)])
  addresses.retain(new Set([other]))
  assert.equal(addresses.of(id), [])
  await addresses.flush()
  assert.equal(Object.keys(book.saved), [other])
})

test('a book that cannot be written is logged, and the device goes on', async () => {
  const log = recordingLogger()
  const addresses = await Addresses.load({ load: async () => ({}), save: () => Promise.reject(new Error('disk full')) }, log)
  addresses.learn(id, [tcp(1)])
  await addresses.flush()
  assert.equal(addresses.of(id), [tcp(1)])
  assert.is(log.lines[0]!.level, 'warn')
})

test.run()
