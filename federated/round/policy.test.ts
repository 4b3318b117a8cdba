import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError } from '../../mesh/errors.ts'
import { identityNamed } from '../../mesh/membership.fixtures.ts'
import { rejects } from '../../tools/assert.ts'
import { TestNet } from './devices.fixtures.ts'
import { encodePieceFrame, readPieceFrame } from './frames.ts'
import { roundProtocol } from './links.ts'
import { coordinatorOf } from './order.ts'
import { memoryRoundStore } from './store.ts'
import { encodeMessage, parseMessage, sign } from './wire.ts'

const values = 64
const code = (name: string) => (error: unknown) => (error as { code?: string }).code === name

/** What a device has sent, by type. */
function sentBy(net: TestNet, id: string): string[] {
  const sent: string[] = []
  net.net.tap = (from, _to, frame) => {
    if (from === id) sent.push(readPieceFrame(frame)?.type ?? parseMessage(frame).type)
  }
  return sent
}

test('whoever does not want to is done without, and says why', async () => {
  const net = await new TestNet(4, values).start()
  const [a, b] = net.devices
  b!.declines = 'OnBattery'
  await a!.rounds.propose(net.manifest)
  await Promise.all(net.devices.map(device => device.ended()))
  assert.equal([b!.progress?.stage, b!.progress?.code, b!.results.length], ['failed', 'OnBattery', 0])
  assert.equal([a!.progress?.stage, a!.results[0]!.value.offers.length], ['decided', 3])
  assert.equal(a!.progress?.left, [b!.id])
  await net.stop()
})

test('nothing of an update leaves that cannot be paid for, or of a device that is not eligible any more; both accept what the others make', async () => {
  for (const secure of [false, true]) {
    const net = new TestNet(5, values, { secure })
    const [a, b, c] = net.devices
    const offered: string[] = []
    net.net.tap = (from, _to, frame) => {
      if (readPieceFrame(frame)) return
      const message = parseMessage(frame)
      if (message.type === 'offer' && message.phase === (secure ? 2 : 0)) offered.push(from)
    }
    for (const device of net.devices) {
      const { answer, update, upload, result } = device.policy
      await device.start(net.net.join(device.identity), device === b ? { policy: { answer, update, result, upload: () => Promise.reject(new KinmeshError('PrivacyBudgetSpent', 'no more')) } } : { policy: { answer, update, upload, result } })
    }
    c!.gives = 'NotCharging'
    await a!.rounds.propose({ ...net.manifest, quorum: 3 })
    await Promise.all(net.devices.map(device => device.ended()))
    assert.not(offered.includes(b!.id) || offered.includes(c!.id))
    for (const { results: [result], progress } of net.devices) assert.equal(result?.value.offers.map(({ author }) => author), [a, net.devices[3], net.devices[4]].map(device => device!.id), JSON.stringify(progress))
    assert.equal([b!.progress?.counts['PrivacyBudgetSpent'], c!.progress?.counts['NotCharging'], b!.results[0]!.included], [1, 1, false])
    await net.stop()
  }
})

test('a round number of a task has one manifest on a device', async () => {
  const net = await new TestNet(3, values).start()
  const [a, b] = net.devices
  let isFree = () => {}
  for (const device of net.devices) device.ready = new Promise(resolve => { const before = isFree; isFree = () => { before(); resolve() } })
  const first = await a!.rounds.propose(net.manifest)
  assert.is(await a!.rounds.propose(net.manifest), first, 'the same one is the same round')
  await rejects(() => a!.rounds.propose({ ...net.manifest, maxAbs: 2 }), code('RoundTaken'))
  await b!.until('it has heard of the first', progress => progress !== undefined)
  await rejects(() => b!.rounds.propose({ ...net.manifest, proposer: b!.id }), code('RoundTaken'))
  await rejects(() => a!.rounds.propose({ ...net.manifest, round: 2, aggregation: { name: 'stack', options: {} } }), code('UnknownAggregation'))
  await rejects(() => a!.rounds.propose({ ...net.manifest, round: 2, proposer: b!.id }), code('BadManifest'))
  isFree()
  await Promise.all(net.devices.map(device => device.ended()))
  await net.stop()
})

test('whoever leaves in the middle is not waited for', async () => {
  const net = await new TestNet(3, values).start()
  const [a, b, c] = net.devices
  c!.ready = new Promise(() => {})
  const round = await a!.rounds.propose(net.manifest)
  await c!.until('it is asked for its update', progress => progress?.stage === 'update')
  c!.rounds.leave(round, 'ByHand')
  await Promise.all([a!.ended(), b!.ended()])
  assert.equal([a!.progress?.stage, c!.progress?.code], ['decided', 'ByHand'])
  assert.is(c!.uploads.length, 0)
  await net.stop()
})

test('a disk that fails for a while: nothing is said that is not stored, and the round ends', async () => {
  const net = new TestNet(3, values)
  const [a] = net.devices
  const sent = sentBy(net, a!.id)
  const store = memoryRoundStore()
  let failing = 2
  const saving = { ...store, save: (round: string, state: Uint8Array) => (failing-- > 0 ? Promise.reject(new Error('the disk is full')) : store.save(round, state)) }
  for (const device of net.devices) await device.start(net.net.join(device.identity), device === a ? { store: saving } : {})
  await a!.rounds.propose(net.manifest)
  assert.equal(sent, [])
  await Promise.all(net.devices.map(device => device.ended()))
  assert.ok(net.devices.every(({ progress }) => progress?.stage === 'decided'))
  await net.stop()
})

test('bytes that are none, strangers and replayed words break a stream and no round', async () => {
  const net = await new TestNet(3, values).start()
  const [a, b, c] = net.devices
  let isFree = () => {}
  c!.ready = new Promise(resolve => { isFree = resolve })
  const round = await a!.rounds.propose(net.manifest)
  await b!.until('it takes part', progress => progress?.stage === 'waiting')
  const replayed = encodeMessage(await sign(round, c!.identity, { type: 'leave', code: 'NotSaid' }))
  const unsigned = encodeMessage({ ...(await sign(round, b!.identity, { type: 'leave', code: 'NotSigned' })), code: 'OtherCode' } as never)
  for (const frame of [new Uint8Array(), new Uint8Array(1000).fill(255), replayed, unsigned]) {
    const channel = await net.net.get(b!.id)!.open(a!.id, roundProtocol)
    await channel.send(frame)
    await rejects(async () => {
      for await (const answer of channel.frames) assert.unreachable(`answered with ${answer.length} bytes`)
    }, code('ChannelClosed'))
  }
  isFree()
  await Promise.all(net.devices.map(device => device.ended()))
  assert.equal(a!.results[0]!.value.offers.length, 3)
  assert.ok(net.manifest.cohort.includes(coordinatorOf(net.manifest, 0)))
  await net.stop()
})

test('pieces are for the cohort, and a round that is forgotten is gone', async () => {
  const net = await new TestNet(3, values).start()
  const [a] = net.devices
  const round = await a!.rounds.propose(net.manifest)
  await Promise.all(net.devices.map(device => device.ended()))
  assert.is((await a!.store.load()).length, 1)
  // The stranger is let in by the mesh, as members of other spaces are, and is not of this round.
  const stranger = net.net.join(identityNamed('j'))
  const answers: string[] = []
  const heard = Promise.withResolvers<void>()
  stranger.handle(roundProtocol, async channel => {
    for await (const frame of channel.frames) {
      answers.push(readPieceFrame(frame)!.type)
      heard.resolve()
    }
  })
  const channel = await stranger.open(a!.id, roundProtocol)
  await channel.send(encodePieceFrame({ type: 'want', round, address: a!.results[0]!.value.result.root }))
  await heard.promise
  assert.equal(answers, ['gone'])
  await a!.rounds.forget(round)
  assert.equal([await a!.store.load(), a!.rounds.list()], [[], []])
  await net.stop()
})

test.run()
