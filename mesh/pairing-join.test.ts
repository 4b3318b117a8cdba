import { streamPair } from '@libp2p/utils'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { channelOver } from './channel.ts'
import { isKinmeshError } from './errors.ts'
import { silentLogger } from './log.ts'
import { MembershipLog } from './membership.ts'
import { cardNamed, identityNamed } from './membership.fixtures.ts'
import { Inviter } from './pairing-invite.ts'
import { Joiner, lookMs, maxFoundDevices } from './pairing-join.ts'
import { FakeTime } from './timers.fixtures.ts'
import type { DeviceCard, Invite } from './types.ts'

const newcomer = cardNamed('newcomer')
const addr = '/ip4/192.168.1.7/tcp/4455'

/** A network of inviting devices, found by hand instead of by multicast. */
function setUp() {
  const time = new FakeTime()
  const devices = new Map<string, { side: Inviter; card: DeviceCard }>()
  const dialled: string[] = []
  const joiner = new Joiner({
    card: newcomer, log: silentLogger, clock: time.clock, timers: time, venture: () => () => {}, learn: async () => {},
    async connect(addrs) {
      dialled.push(addrs[0]!)
      const id = addrs[0]!.split('/p2p/')[1]!
      const device = devices.get(id)
      if (!device) throw new Error('nobody there')
      const [near, far] = await streamPair()
      const options = { protocol: '/kinmesh/pair/1', log: silentLogger, tap: undefined }
      const end = channelOver(far, { ...options, peer: newcomer.id })
      device.side.serve(end, () => {}).then(() => end.close(), (error: Error) => end.abort(error))
      return { channel: channelOver(near, { ...options, peer: id }), addr: addrs[0]!, close: async () => {} }
    }
  })
  const inviting = (name: string): { id: string; invite: Invite } => {
    const card = cardNamed(name)
    const side = new Inviter({ card, addrs: () => [addr], log: silentLogger, clock: time.clock, timers: time, welcome: () => () => {} })
    devices.set(card.id, { side, card })
    const invite = side.invite({
      confirm: async () => true,
      async admit(admitted) {
        const log = await MembershipLog.create(identityNamed(name), { name, place: 'test' }, 1)
        await log.add(identityNamed(name), admitted, 2)
        return log.statements()
      }
    })
    return { id: card.id, invite }
  }
  return { time, joiner, inviting, dialled }
}

test('a typed code is tried at every device that is found, also later, until one takes it', async () => {
  const { joiner, inviting, dialled } = setUp()
  const [neighbour, own] = [inviting('neighbour'), inviting('own')]
  joiner.found(cardNamed('silent').id, [addr])
  const looking = Promise.withResolvers<void>()
  const joined = joiner.join(own.invite.code, { store: async () => {}, onProgress: step => (step === 'connecting' ? looking.resolve() : undefined) })
  await looking.promise
  joiner.found(own.id, [addr])
  assert.is((await joined).inviter.id, own.id)
  assert.equal(dialled, [cardNamed('silent').id, own.id].map(id => `${addr}/p2p/${id}`))
  joiner.found(neighbour.id, [addr])
  assert.is((await joiner.join(neighbour.invite.code, { store: async () => {} })).inviter.id, neighbour.id)
})

test('what a device answered tells more than the silence of others', async () => {
  const { joiner, inviting } = setUp()
  const { invite } = inviting('own')
  joiner.found(inviting('neighbour').id, [addr])
  joiner.found(cardNamed('silent').id, [addr])
  const error = await joiner.join(invite.code, { store: async () => {} }).catch((cause: unknown) => cause)
  assert.ok(isKinmeshError(error, 'WrongCode'), String(error))
})

test('the search ends in time', async () => {
  const { joiner, inviting, time } = setUp()
  const { invite } = inviting('own')
  let error: unknown
  const joined = joiner.join(invite.code, { store: async () => {} }).catch((cause: unknown) => (error = cause))
  await time.run(lookMs - 1)
  assert.is(error, undefined)
  await time.run(1)
  await joined
  assert.ok(isKinmeshError(error, 'NoInviterFound'))
})

test('a URI is also tried where its device is found now', async () => {
  const { joiner, inviting, dialled } = setUp()
  const { id, invite } = inviting('own')
  const moved = invite.uri.replace(encodeURIComponent(addr).replaceAll('%2F', '/'), '/ip4/192.168.1.99/tcp/1')
  joiner.found(inviting('neighbour').id, [addr])
  joiner.found(id, ['/ip4/192.168.1.8/tcp/4455'])
  assert.is((await joiner.join(moved, { store: async () => {} })).inviter.id, id)
  assert.ok(dialled.every(where => where.endsWith(id)), 'never at another device')
})

test(`at most ${maxFoundDevices} devices are remembered, the newest`, async () => {
  const { joiner, time, dialled, inviting } = setUp()
  for (let i = 0; i < maxFoundDevices + 5; i++) joiner.found(cardNamed(`d${i}`).id, [addr])
  const joined = joiner.join(inviting('own').invite.code, { store: async () => {} }).catch(() => {})
  await time.run(lookMs)
  await joined
  assert.is(dialled.length, maxFoundDevices)
  assert.is(dialled[0], `${addr}/p2p/${cardNamed('d5').id}`)
})

test('stopping ends a search', async () => {
  const { joiner, inviting } = setUp()
  const joined = joiner.join(inviting('own').invite.code, { store: async () => {} }).catch((cause: unknown) => cause)
  joiner.stop()
  assert.ok(isKinmeshError(await joined, 'JoinCancelled'))
})

test.run()
