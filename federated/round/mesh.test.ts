import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addrOf, connected, Devices, memoryBook } from '../../mesh/mesh.fixtures.ts'
import type { Mesh } from '../../mesh/types.ts'
import { areSame, furthest, plainMean, TestNet } from './devices.fixtures.ts'

// The same over libp2p on 127.0.0.1: real streams, flow control, frames and connections that break.

const running = new Devices()
test.after(() => running.stopAll())

/** Devices of a net on meshes of their own, each connected with each. */
async function meshesOf({ devices }: TestNet, prefix: string): Promise<Mesh[]> {
  const members = new Set(devices.map(({ id }) => id))
  const meshes: Mesh[] = []
  for (const device of devices) {
    const addresses = Object.fromEntries(meshes.map(mesh => [mesh.identity.id, [addrOf(mesh, 'tcp')]]))
    const mesh = await running.start(`${prefix}${meshes.length}`, { identity: device.identity, addressBook: memoryBook(addresses) })
    mesh.setMembers(members)
    meshes.push(mesh)
  }
  for (const mesh of meshes) for (const { id } of devices) if (id !== mesh.identity.id) await connected(mesh, id)
  return meshes
}

test('three devices over libp2p, in the clear and in secret', async () => {
  const net = new TestNet(3, 200_000)
  const meshes = await meshesOf(net, 'one')
  for (const [at, device] of net.devices.entries()) await device.start(meshes[at]!)
  for (const [round, secure] of [[1, false], [2, true]] as const) {
    await net.devices[0]!.rounds.propose({ ...net.manifest, round, secure })
    await Promise.all(net.devices.map(device => device.ended(round)))
    const means = net.devices.map(({ results }) => results.at(-1)!.mean)
    for (const mean of means) assert.ok(areSame(mean, means[0]!))
    assert.ok(furthest(means[0]!, plainMean(net.devices)) < 3e-6)
  }
  await net.stop()
})

test('a device that is cut off in the middle is done without', async () => {
  const net = new TestNet(3, 1000)
  const meshes = await meshesOf(net, 'two')
  const [a, b, c] = net.devices
  for (const [at, device] of net.devices.entries()) await device.start(meshes[at]!)
  c!.ready = new Promise(() => undefined)
  await a!.rounds.propose(net.manifest)
  await c!.until('it is asked for its update', progress => progress?.stage === 'update')
  await running.stop(meshes[2]!)
  await Promise.all([a!.ended(), b!.ended()])
  assert.ok(areSame(a!.results[0]!.mean, b!.results[0]!.mean))
  assert.ok(furthest(a!.results[0]!.mean, plainMean([a!, b!])) < 1e-6)
  await net.stop()
})

test.run()
