import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openConversations } from '../../node/conversations.node.ts'
import { publishedModel, writeModel } from '../../node/model/published-model.fixtures.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { connectTo } from './client.node.ts'
import { document, kinmesh, refused, up, type Up } from './testing/processes.node.ts'

// Three devices as three processes, that learn together what was said on each of them.

export const deadlineMs = 300_000

type Shown = { id: string; name: string; consent: string; height: number; rounds: number; others: { name: string; height: number }[]; refusals: { name: string }[]; candidate: { stage: string } | null }
type Status = { tasks: Shown[] }
type History = { adoptions: { action: string; after: string | null; round: number }[]; uploads: { bytes: number; to: string; round: number; sha256: string }[]; damaged: number }

const template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
/** In every answer of every device, and in nothing that leaves one. */
const canary = 'Xylander 4711083652'
const names = ['laptop', 'mini PC', 'phone']
const joining = ['--idle', '0', '--battery', '--metered', '--yes']

/** Homes with the same small model in use, in each of which other things were said. */
async function homesIn(dir: string): Promise<string[]> {
  const model = join(dir, 'tiny')
  const published = writeModel(join(dir, 'published'), { ...publishedModel(3), 'tokenizer_config.json': JSON.stringify({ eos_token: '<|im_end|>', chat_template: template }), 'generation_config.json': '{"do_sample":false}' })
  await document(join(dir, names[0]!), ['model', 'convert', published, '--bits', '8', '--small', '--out', model])
  return Promise.all(names.map(async (name, device) => {
    const home = join(dir, name)
    await document(home, ['model', 'use', model])
    const conversations = openConversations(join(home, 'conversations.db'))
    for (let index = 0; index < 60; index++) {
      const id = conversations.newId()
      conversations.append(id, 'user', `say ${device} ${index}`, 1000 + index)
      conversations.append(id, 'assistant', `yes ${canary}`, 1001 + index)
    }
    conversations.close()
    return home
  }))
}

async function paired(homes: readonly string[]): Promise<Up[]> {
  const devices = await Promise.all(homes.map((home, index) => up(home, ['--name', names[index]!])))
  for (const home of homes.slice(1)) await document(home, ['join', (await document<{ uri: string }>(homes[0]!, ['invite', '--yes'])).uri])
  return devices
}

/** Follows the events of a device until a task is as wanted. */
async function until(home: string, { api }: Up, what: string, wanted: (task: Shown | undefined) => boolean): Promise<Shown | undefined> {
  const client = connectTo(home, api)
  let seen: Shown | undefined
  try {
    for await (const { tasks: [task] } of client.stream<Status>('GET', '/api/federated/events', { signal: AbortSignal.timeout(120_000) })) {
      seen = task
      if (wanted(seen)) return seen
    }
  } catch (cause) {
    throw new Error(`waited in vain until ${what}: ${JSON.stringify(seen)}`, { cause })
  }
  throw new Error(`the device ended before ${what}: ${JSON.stringify(seen)}`)
}

test('three devices learn together: terms are read first, rounds are held, a few try what came of it, then all; it is taken back in one command', () => withTempDir(async dir => {
  const homes = await homesIn(dir)
  const devices = await paired(homes)
  try {
    await refused(homes[0]!, ['federated', 'propose', 'Evenings'], 'NotConfirmed')
    const { code, stdout, stderr } = await kinmesh(homes[0]!, ['federated', 'propose', 'Evenings', '--rounds', '2', '--steps', '20', '--rate', '0.01', ...joining])
    assert.is(code, 0, stderr)
    for (const said of [/"Evenings": several devices improve tiny together, in up to 2 rounds/, /no word of them is sent/, /In each round [\d,]+ numbers/, /No noise is added/, /federated join Evenings/]) assert.match(stdout, said)
    for (const [index, home] of homes.entries()) if (index > 0) {
      await until(home, devices[index]!, 'it hears of the task', task => task?.name === 'Evenings' && task.consent === 'none')
      await document(home, ['federated', 'join', 'Evenings', ...joining])
    }
    for (const [index, home] of homes.entries()) await until(home, devices[index]!, 'both rounds were held, and their adapter was looked at', task => task?.height === 2 && task.candidate === null)
    const histories = await Promise.all(homes.map(home => document<History>(home, ['federated', 'history'])))
    const taken = new Set(histories.map(({ adoptions }) => adoptions.find(({ action, round }) => action === 'adopted' && round === 2)?.after))
    assert.is(taken.size, 1, JSON.stringify(histories.map(({ adoptions }) => adoptions)))
    assert.ok([...taken][0])
    // Two of three are enough for a round: the one that joins last may have come after both, and sent nothing. A round that failed has a number too.
    const givers = Map.groupBy(histories.flatMap(({ uploads }) => uploads), ({ round }) => round)
    assert.ok([...givers.values()].filter(({ length }) => length >= 2).length >= 2, JSON.stringify(histories))
    for (const { uploads, damaged } of histories) {
      assert.is(damaged, 0)
      assert.ok(uploads.every(({ bytes, round }) => bytes > 0 && bytes < 100_000 && round >= 1), JSON.stringify(uploads))
    }
    const answer = await document<{ text: string; model: string }>(homes[1]!, ['ask', 'say 7'])
    assert.match(answer.model, new RegExp(`^tiny \\+ ${[...taken][0]!.slice(0, 12)}$`))

    const undone = await document<{ action: string; after: string | null }>(homes[1]!, ['federated', 'undo'])
    assert.is(undone.action, 'undone')
    const left = await document<{ removed: number }>(homes[2]!, ['federated', 'leave', 'Evenings', '--forget'])
    assert.ok(left.removed >= 1)
    assert.equal(readdirSync(join(homes[2]!, 'adapters')).filter(name => !name.startsWith('.')), [])
    await until(homes[0]!, devices[0]!, 'it hears that one left', task => task?.others.length === 1)
  } finally {
    await Promise.all(devices.map(device => device.stop()))
  }
  for (const home of homes) for (const file of readdirSync(join(home, 'federated'), { recursive: true, withFileTypes: true })) {
    if (file.isFile()) assert.not(readFileSync(join(file.parentPath, file.name)).includes('4711083652'), `${file.name} holds what was said`)
  }
}))

test('what cannot be is refused by name, and with no device running too', () => withTempDir(async dir => {
  const [home] = await homesIn(dir)
  assert.equal((await document<Status>(home!, ['federated', 'status'])).tasks, [])
  assert.match(await refused(home!, ['federated', 'join', 'Nothing', '--yes'], 'NoSuchTask'), /federated status/)
  assert.match(await refused(home!, ['federated', 'propose', 'Private', '--epsilon', '8', '--yes'], 'NoiseDrowns'), /takes at least/)
  await refused(home!, ['federated', 'propose', 'Masked', '--secure', '--yes'], 'TooFewDevices')
  await refused(home!, ['federated', 'propose', 'x'.repeat(200), '--yes'], 'BadTask')
  await refused(home!, ['federated', 'propose', 'Evenings', '--rounds', '0', '--yes'], 'Usage', { exit: 2 })
  await refused(home!, ['federated', 'undo'], 'NothingToUndo')
  await document(home!, ['federated', 'propose', 'Alone', '--yes'])
  const { tasks: [alone] } = await document<Status>(home!, ['federated', 'status'])
  assert.equal([alone?.name, alone?.consent, alone?.height], ['Alone', 'given', 0])
  assert.equal((await document<History>(home!, ['federated', 'history'])).uploads, [])
  await document(home!, ['federated', 'leave', 'Alone'])
  assert.equal((await document<Status>(home!, ['federated', 'status'])).tasks, [])
}))

test.run()
