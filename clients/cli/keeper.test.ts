import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../../node/testing/temp.node.ts'
import type { ShownKeeping, ShownMember, ShownPeer } from '../../node/status.ts'
import { connectTo } from './client.node.ts'
import { document, kinmesh, refused, up, type Up } from './testing/processes.node.ts'

type Invite = { uri: string; code: string; expiresAt: number }
type Status = { peers: ShownPeer[]; keeping: ShownKeeping | null; spaces: { name: string; memories: number }[] }
type StateEvent = { event: 'space'; space: { name: string; memories: number } } | { event: 'peers'; peers: ShownPeer[] }

/** Follows the events of a device until one is as wanted. */
async function until(home: string, { api }: Up, wanted: (event: StateEvent) => boolean): Promise<void> {
  for await (const event of connectTo(home, api).stream<StateEvent>('GET', '/api/events', { signal: AbortSignal.timeout(20_000) })) if (wanted(event)) return
}

/** What a home writes itself; the folder of models is a copy of what comes with kinmesh. */
const files = (home: string) => readdirSync(home, { withFileTypes: true }).filter(entry => entry.isFile()).map(({ name }) => name)

const synced = (name: string) => (event: StateEvent) => event.event === 'peers' && event.peers.some(peer => peer.name === name && peer.synced)
const holds = (memories: number) => (event: StateEvent) => event.event === 'space' && event.space.name === 'personal' && event.space.memories === memories

test('three homes: what the laptop wrote while the phone was off reaches it from a keeper that can read none of it', () =>
  withTempDir(async dir => {
    const [laptopHome, phoneHome, keeperHome] = ['laptop', 'phone', 'keeper'].map(name => join(dir, name)) as [string, string, string]
    const [laptop, phone, keeper] = await Promise.all([up(laptopHome, ['--name', 'laptop']), up(phoneHome, ['--name', 'phone']), up(keeperHome, ['--name', 'keeper', '--keep-mib', '64'])])
    const running = new Set([laptop, phone, keeper])
    const stop = async (device: Up) => {
      running.delete(device)
      assert.is(await device.stop(), 0)
    }
    try {
      await document(phoneHome, ['join', (await document<Invite>(laptopHome, ['invite', '--yes'])).uri])
      const invite = await document<Invite>(laptopHome, ['invite', '--keeper', '--yes'])
      assert.is((await document<{ keeper: boolean }>(keeperHome, ['join', invite.uri])).keeper, true)
      const { devices } = await document<{ devices: ShownMember[] }>(laptopHome, ['devices'])
      assert.equal(devices.map(({ name, role }) => `${name} ${role}`), ['laptop admin', 'phone admin', 'keeper keeper'])
      assert.match((await kinmesh(laptopHome, ['devices'])).stdout, /keeper +keeper/)

      // What a keeper cannot do it says, and its own space works as usual.
      for (const args of [['remember', 'x'], ['recall', 'x'], ['ask', 'x'], ['memories', '--space', 'personal']]) assert.match(await refused(keeperHome, args, 'KeeperCannotRead'), 'use one of them')
      await refused(keeperHome, ['invite', '--yes'], 'KeeperCannotInvite')
      await refused(keeperHome, ['devices', 'remove', 'phone'], 'NotAMember')
      await document(keeperHome, ['remember', '--space', 'device', 'a note of its own'])
      assert.is((await document<{ memories: unknown[] }>(keeperHome, ['recall', 'note'])).memories.length, 1)

      await until(laptopHome, laptop, synced('phone'))
      await stop(phone)
      const client = connectTo(laptopHome, laptop.api)
      for (let index = 0; index < 50; index++) await client.request('POST', '/api/memories', { text: `canary number ${index}` })
      await until(laptopHome, laptop, synced('keeper'))
      const status = await document<Status>(keeperHome, ['status'])
      assert.equal([status.keeping?.entries, status.spaces.map(({ name, memories }) => `${name} ${memories}`)], [50, ['device 1']])
      assert.match((await kinmesh(keeperHome, ['status'])).stdout, /keeps: 50 entries, .*at most 64 MiB, and 30 days/)
      await stop(laptop)

      const awake = await up(phoneHome)
      running.add(awake)
      await until(phoneHome, awake, holds(50))
      await until(phoneHome, awake, synced('keeper'))
      const left = await document<Status>(phoneHome, ['status'])
      assert.equal(left.peers.map(({ name, connected }) => `${name} ${connected}`).sort(), ['keeper true', 'laptop false'])
      for (const name of files(keeperHome)) assert.is(readFileSync(join(keeperHome, name)).indexOf('canary'), -1, name)
      assert.ok(files(phoneHome).some(name => readFileSync(join(phoneHome, name)).includes('canary number')), 'the same look at the phone finds them')
    } finally {
      await Promise.all([...running].map(device => device.stop()))
    }
  }))

test('a device with memories of its own does not become a keeper, and the invite stays good', () =>
  withTempDir(async dir => {
    const [laptopHome, fullHome, freshHome] = ['laptop', 'full', 'fresh'].map(name => join(dir, name)) as [string, string, string]
    const devices = await Promise.all([up(laptopHome), up(fullHome), up(freshHome)])
    try {
      await document(fullHome, ['remember', 'mine alone'])
      const { uri } = await document<Invite>(laptopHome, ['invite', '--keeper', '--yes'])
      const { stdout } = await kinmesh(fullHome, ['join', uri, '--json'])
      assert.is((JSON.parse(stdout) as { error: { code: string } }).error.code, 'HasMemories')
      assert.is((await document<{ devices: unknown[] }>(laptopHome, ['devices'])).devices.length, 1)
      assert.is((await document<{ keeper: boolean }>(freshHome, ['join', uri])).keeper, true)
      assert.is((await document<{ memories: unknown[] }>(fullHome, ['memories'])).memories.length, 1)
    } finally {
      await Promise.all(devices.map(device => device.stop()))
    }
  }))

test.run()
