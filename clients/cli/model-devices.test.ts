import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { publishedModel } from '../../node/model/published-model.fixtures.ts'
import { startHub, type HubServer } from '../../node/model/store/hub-server.fixtures.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { connectTo } from './client.node.ts'
import { document, kinmesh, refused, up, type Up } from './testing/processes.node.ts'

/** Some twenty commands, each a process. */
export const deadlineMs = 300_000

type Holder = { id: string; name: string }
type Shown = { id: string; name: string; recipe: { bits: number } | null }
type Pulled = Shown & { wasThere: boolean; from: 'hub' | Holder[]; devicesAsked: boolean }
type Listed = { models: Shown[]; others: { device: Holder; models: Shown[]; problem: string | null }[] | null }
type StateEvent = { event: string; peers?: { connected: boolean }[] }
type Place = { laptop: string; phone: string; hub: HubServer; env: Record<string, string>; running: { laptop: Up; phone: Up } }

const repo = 'someone/Tiny'

async function untilPeers(home: string, { api }: Up, connected: number): Promise<void> {
  for await (const event of connectTo(home, api).stream<StateEvent>('GET', '/api/events', { signal: AbortSignal.timeout(30_000) })) {
    if (event.event === 'peers' && event.peers?.filter(peer => peer.connected).length === connected) return
  }
}

/** Two devices of one person, and a hub that has a model. `joinAs`: extra arguments of the invite. */
function withTwo(work: (place: Place) => Promise<void>, joinAs: readonly string[] = []): Promise<void> {
  return withTempDir(async dir => {
    const hub = await startHub()
    hub.publish(repo, publishedModel(), { licence: 'mit' })
    const [laptop, phone] = [join(dir, 'laptop'), join(dir, 'phone')]
    const [one, two] = await Promise.all([up(laptop, ['--name', 'laptop']), up(phone, ['--name', 'phone'])])
    try {
      const { uri } = await document<{ uri: string }>(laptop, ['invite', '--yes', ...joinAs])
      await document(phone, ['join', uri])
      await Promise.all([untilPeers(laptop, one, 1), untilPeers(phone, two, 1)])
      await work({ laptop, phone, hub, env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: '' }, running: { laptop: one, phone: two } })
    } finally {
      await Promise.all([one.stop(), two.stop()])
      await hub.close()
    }
  })
}

test('the second device of a household gets a model from the first: the hub hears nothing of it', () =>
  withTwo(async ({ laptop, phone, hub, env, running }) => {
    const first = await document<Pulled>(laptop, ['model', 'pull', repo, '--bits', '8'], { env })
    assert.equal([first.from, first.devicesAsked, first.wasThere], ['hub', true, false])
    const asked = hub.requests.length
    assert.ok(asked > 0)

    assert.equal((await document<Listed>(phone, ['model', 'list'])).others?.map(({ device, models, problem }) => [device.name, models.map(({ id }) => id), problem]), [['laptop', [first.id], null]])
    assert.match((await kinmesh(phone, ['model', 'list'])).stdout, /^ +NAME [^\n]*\n\* +kinmesh-starter [^\n]*\n\nON +NAME .*HERE +ID\nlaptop +someone\/Tiny +decoder .* 8 bits by 32 +[0-9a-f]{12}\n$/)
    const second = await document<Pulled>(phone, ['model', 'pull', repo, '--bits', '8'], { env })
    assert.equal([second.id, second.from, second.wasThere, second.recipe], [first.id, [{ id: running.laptop.device.id, name: 'laptop' }], false, first.recipe])
    assert.is((await document<Pulled>(phone, ['model', 'pull', 'tiny', '--bits', '8'], { env })).wasThere, true)
    assert.match((await kinmesh(phone, ['model', 'list'])).stdout, /laptop +someone\/Tiny .* yes +[0-9a-f]{12}\n$/)
    await document(phone, ['model', 'use', repo])
    assert.is((await document<{ model: string }>(phone, ['ask', 'what is up?'])).model, repo)
    assert.is(hub.requests.length, asked, 'nothing was asked of the hub')

    // What a device makes of the published files itself is the same, byte for byte.
    await document(phone, ['model', 'remove', repo, '--force'])
    const own = await document<Pulled>(phone, ['model', 'pull', repo, '--bits', '8', '--from', 'hub'], { env })
    assert.equal([own.id, own.from], [first.id, 'hub'])
    assert.ok(hub.requests.length > asked)
  }))

test('what the other devices do not have in this form comes from the hub, unless one device is named', () =>
  withTwo(async ({ laptop, phone, hub, env }) => {
    const { id } = await document<Pulled>(laptop, ['model', 'pull', repo, '--as-published'], { env })
    assert.match(await refused(phone, ['model', 'pull', repo, '--from', 'laptop'], 'UnknownModelName'), 'laptop does not offer someone/Tiny in this form')
    assert.match(await refused(phone, ['model', 'pull', '0123456789ab'], 'UnknownModelName'), 'no device that is connected')
    await refused(phone, ['model', 'pull', repo, '--from', 'toaster'], 'NoSuchDevice')
    await refused(phone, ['model', 'pull', repo, '--from', 'laptop', '--revision', 'v2'], 'Usage', { exit: 2 })
    const asked = hub.requests.length
    assert.is((await document<Pulled>(phone, ['model', 'pull', repo, '--bits', '8'], { env })).from, 'hub')
    assert.ok(hub.requests.length > asked)
    const now = hub.requests.length
    assert.is((await document<Pulled>(phone, ['model', 'pull', id.slice(0, 12), '--from', 'laptop'], { env })).id, id)
    assert.is(hub.requests.length, now)
  }))

test('a removed device, and one that may not read, get nothing and see nothing', async () => {
  await withTwo(async ({ laptop, phone, env, running }) => {
    await document(laptop, ['model', 'pull', repo, '--as-published'], { env })
    await document(laptop, ['devices', 'remove', 'phone'])
    await untilPeers(phone, running.phone, 0)
    assert.equal((await document<Listed>(phone, ['model', 'list'])).others, [])
    assert.is((await document<Pulled>(phone, ['model', 'pull', repo, '--as-published'], { env })).from, 'hub')
  })
  await withTwo(async ({ laptop, phone, env }) => {
    await document(laptop, ['model', 'pull', repo, '--as-published'], { env })
    assert.equal((await document<Listed>(phone, ['model', 'list'])).others, [])
    assert.equal((await document<Listed>(laptop, ['model', 'list'])).others, [])
    await refused(phone, ['model', 'pull', repo, '--from', 'laptop'], 'UnknownModelName')
  }, ['--keeper'])
})

test.run()
