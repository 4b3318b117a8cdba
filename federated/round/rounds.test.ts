import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { areSame, furthest, plainMean, TestNet } from './devices.fixtures.ts'

// Real devices in one process: real keys, bytes, chunks and arithmetic over channels in memory.

test('three devices with 200,000 values have the same mean, to the bit', async () => {
  const net = await new TestNet(3, 200_000).start()
  const { devices: [a, b, c] } = net
  await a!.rounds.propose(net.manifest)
  await Promise.all(net.devices.map(device => device.ended()))
  for (const { results: [result], progress } of net.devices) {
    assert.is(progress?.stage, 'decided', JSON.stringify(progress))
    assert.ok(areSame(result!.mean, a!.results[0]!.mean))
    assert.equal(result!.value.offers.map(({ author }) => author), [a!.id, b!.id, c!.id])
    assert.ok(result!.included && result!.acceptedBy.length >= 2)
  }
  assert.ok(furthest(a!.results[0]!.mean, plainMean(net.devices)) < 1e-6)
  await net.stop()
})

test('the same in secret, and compressed', async () => {
  for (const [change, error] of [[{ secure: true }, 3e-6], [{ compression: { name: 'int8' } }, 1 / 127]] as const) {
    const net = await new TestNet(3, 20_000, change).start()
    await net.devices[0]!.rounds.propose(net.manifest)
    await Promise.all(net.devices.map(device => device.ended()))
    for (const { results: [result], progress } of net.devices) {
      assert.is(progress?.stage, 'decided', JSON.stringify(progress))
      assert.is(result!.value.offers.length, 3)
      assert.ok(furthest(result!.mean, plainMean(net.devices)) < error)
    }
    await net.stop()
  }
})

test.run()
