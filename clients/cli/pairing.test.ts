import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withoutModel } from '../../node/model/store/model.fixtures.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import type { ShownMember } from '../../node/status.ts'
import { connectTo } from './client.node.ts'
import { document, kinmesh, refused, up, type Up } from './testing/processes.node.ts'

type Invite = { uri: string; code: string; expiresAt: number }
type Space = { name: string; memories: number; digest: string }
type StateEvent = { event: 'space'; space: Space } | { event: 'peers'; peers: { id: string; connected: boolean; synced: boolean }[] }

async function withTwo(work: (devices: { one: Up; two: Up; homes: [string, string] }) => Promise<void>): Promise<void> {
  await withTempDir(async dir => {
    const homes: [string, string] = [join(dir, 'one'), join(dir, 'two')]
    await Promise.all(homes.map(withoutModel))
    const [one, two] = await Promise.all([up(homes[0], ['--name', 'laptop']), up(homes[1], ['--name', 'mini PC'])])
    try {
      await work({ one, two, homes })
    } finally {
      await Promise.all([one.stop(), two.stop()])
    }
  })
}

/** Follows the events of a device until one is as wanted. */
async function until(home: string, { api }: Up, wanted: (event: StateEvent) => boolean): Promise<void> {
  for await (const event of connectTo(home, api).stream<StateEvent>('GET', '/api/events', { signal: AbortSignal.timeout(20_000) })) if (wanted(event)) return
}

/** A home whose device stays on this machine, whoever starts it. */
function onLoopback(home: string): string {
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'config.json'), JSON.stringify({ name: 'third', port: 0, host: '127.0.0.1', mdns: false }))
  return home
}

/** Joining says on stderr how far it got, and then why it went no further. */
async function fails(home: string, invite: string, code: string): Promise<void> {
  const { code: exit, stdout, stderr } = await kinmesh(home, ['join', invite, '--json'])
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } }
  assert.equal([exit, error.code, stderr.trimEnd().split('\n').at(-1)], [1, code, `kinmesh: ${error.message}`])
}

const holds = (memories: number) => (event: StateEvent) => event.event === 'space' && event.space.name === 'personal' && event.space.memories === memories

test('two devices pair, share both ways, agree, and one is removed', () =>
  withTwo(async ({ one, two, homes }) => {
    await document(homes[1], ['remember', 'known before joining'])
    const invite = await document<Invite>(homes[0], ['invite', '--yes'])
    assert.match(invite.uri, /^kinmesh:/)
    assert.match(invite.code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
    assert.ok(invite.expiresAt > Date.now())
    const joined = await document<{ joined: boolean; inviter: { id: string; name: string } }>(homes[1], ['join', invite.uri])
    assert.equal([joined.joined, joined.inviter.id, joined.inviter.name], [true, one.device.id, 'laptop'])

    await until(homes[0], one, holds(1))
    await document(homes[0], ['remember', 'Anna likes tulips'])
    await until(homes[1], two, holds(2))
    const { devices } = await document<{ devices: ShownMember[] }>(homes[1], ['devices'])
    assert.equal(devices.map(device => `${device.name} ${device.self}`).sort(), ['laptop false', 'mini PC true'])
    await until(homes[0], one, event => event.event === 'peers' && event.peers.length === 1 && event.peers.every(peer => peer.connected && peer.synced))
    const answer = await document<{ text: string }>(homes[1], ['ask', 'what does Anna like?'])
    assert.match(answer.text, 'tulips')
    const [left, right] = await Promise.all(homes.map(home => document<{ spaces: Space[]; peers: { id: string; name: string }[] }>(home, ['status'])))
    assert.is(left?.spaces.find(space => space.name === 'personal')?.digest, right?.spaces.find(space => space.name === 'personal')?.digest)
    assert.equal(left?.peers.map(peer => [peer.id, peer.name]), [[two.device.id, 'mini PC']])

    const { removed } = await document<{ removed: { id: string } }>(homes[0], ['devices', 'remove', 'MINI pc'])
    assert.is(removed.id, two.device.id)
    await document(homes[0], ['remember', 'not for the mini PC'])
    assert.equal((await document<{ devices: ShownMember[] }>(homes[0], ['devices'])).devices.map(device => device.name), ['laptop'])
    await until(homes[1], two, event => event.event === 'peers' && !event.peers.some(peer => peer.connected))
    assert.is((await document<{ removed: boolean }>(homes[1], ['status'])).removed, true)
    const { memories } = await document<{ memories: { text: string }[] }>(homes[1], ['memories'])
    assert.equal(memories.map(memory => memory.text).sort(), ['Anna likes tulips', 'known before joining'])
    assert.match(await refused(homes[0], ['devices', 'remove', 'laptop'], 'CannotRemoveSelf'), /\w/)
  }))

test('a removed device starts again under a new key, with what it had, and can come back', () =>
  withTwo(async ({ one, two, homes }) => {
    const join = async () => document(homes[1], ['join', (await document<Invite>(homes[0], ['invite', '--yes'])).uri])
    await join()
    await document(homes[1], ['remember', 'known to both'])
    await until(homes[0], one, holds(1))
    await document(homes[0], ['devices', 'remove', 'mini PC'])
    await until(homes[1], two, event => event.event === 'peers' && !event.peers.some(peer => peer.connected))
    await refused(homes[1], ['join', 'AAAA-BBBB-CCCC-DDDD'], 'DeviceRemoved')
    await two.stop()
    const again = await up(homes[1])
    try {
      assert.is.not(again.device.id, two.device.id)
      await join()
      await document(homes[1], ['remember', 'back again'])
      await until(homes[0], one, holds(2))
    } finally {
      await again.stop()
    }
  }))

test('an invite is good for its code, its time and one device', () =>
  withTwo(async ({ one, homes }) => {
    await refused(homes[1], ['join', 'not a code'], 'BadCode')
    const invite = await document<Invite>(homes[0], ['invite', '--yes'])
    await fails(homes[1], invite.uri.replace(invite.code, '0000-0000-0000-0001'), 'WrongCode')
    await document(homes[1], ['join', invite.uri])
    await fails(homes[1], invite.uri, 'AlreadyInMesh')
    await withTempDir(third => fails(onLoopback(third), invite.uri, 'InviteUsed'))

    const client = connectTo(homes[0], one.api)
    const brief = await client.request<Invite & { ref: string }>('POST', '/api/invites', { ttlMs: 1000, unattended: true })
    const events: { event: string; error?: { code: string } }[] = []
    for await (const event of client.stream<(typeof events)[number]>('GET', `/api/invites/${brief.ref}/events`)) events.push(event)
    assert.equal(events.map(event => event.error?.code), ['InviteExpired'])
    await withTempDir(third => fails(onLoopback(third), brief.uri, 'InviteExpired'))
    assert.equal((await document<{ devices: ShownMember[] }>(homes[0], ['devices'])).devices.length, 2)
  }))

test('a newcomer that proved the code waits until a person decides', () =>
  withTwo(async ({ one, two, homes }) => {
    const client = connectTo(homes[0], one.api)
    for (const [accept, outcome] of [[false, 'InviteRefused'], [true, 'admitted']] as const) {
      const { ref, uri } = await client.request<Invite & { ref: string }>('POST', '/api/invites', {})
      const joining = kinmesh(homes[1], ['join', uri, '--json'])
      const seen: string[] = []
      for await (const event of client.stream<{ event: string; device?: { id: string; name: string }; error?: { code: string } }>('GET', `/api/invites/${ref}/events`)) {
        seen.push(event.error?.code ?? event.event)
        if (event.event !== 'newcomer') continue
        assert.equal([event.device?.id, event.device?.name], [two.device.id, 'mini PC'])
        await client.request('POST', `/api/invites/${ref}/decision`, { accept })
      }
      assert.equal(seen, ['newcomer', outcome])
      assert.is((await joining).code, accept ? 0 : 1)
    }
  }))

test('a device joins without running: it runs until it is admitted', () =>
  withTempDir(async dir => {
    const homes = [join(dir, 'one'), join(dir, 'two')] as const
    const one = await up(homes[0])
    try {
      await document(homes[0], ['remember', 'waits for the other'])
      onLoopback(homes[1])
      const { uri } = await document<Invite>(homes[0], ['invite', '--yes'])
      const joined = await kinmesh(homes[1], ['join', uri])
      assert.is(joined.code, 0, joined.stderr)
      assert.match(joined.stdout, 'kinmesh up')
      const two = await up(homes[1])
      await until(homes[1], two, holds(1))
      assert.is(await two.stop(), 0)
    } finally {
      await one.stop()
    }
  }))

test('the demo runs to its end and cleans up', async () => {
  const main = new URL('./main.ts', import.meta.url).pathname
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-C', 'development', main, 'demo', '--json'], { encoding: 'utf8' })
  assert.is(status, 0, stderr)
  const { demo, steps } = JSON.parse(stdout) as { demo: boolean; steps: { step: string; ms: number }[] }
  assert.ok(demo && steps.length > 10 && steps.every(step => step.ms > 0))
})

test.run()
