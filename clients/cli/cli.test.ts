import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Answer } from '../../node/assistant.ts'
import { openHome } from '../../node/home.node.ts'
import type { Memory } from '../../node/memory.ts'
import type { Recalled } from '../../node/context/recall.ts'
import { withoutModel } from '../../node/model/store/model.fixtures.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, kinmesh, refused } from './testing/processes.node.ts'

export const deadlineMs = 300_000

test('without a running device a person can remember, recall, list, ask and forget', () =>
  withTempDir(async home => {
    await withoutModel(home)
    const written = await document<{ id: string; space: string; durable: boolean }>(home, ['remember', 'Anna', 'likes', 'tulips'])
    assert.equal([written.space, written.durable], ['personal', true])
    await document(home, ['remember', '-', '--space', 'device', '--kind', 'note'], { input: '  the printer is\nin the cellar \n' })
    const { memories } = await document<{ memories: Recalled[] }>(home, ['recall', 'tulip', '-k', '1'])
    const [found] = memories
    assert.equal([memories.length, found?.id, found?.text, found?.kind, found?.space], [1, written.id, 'Anna likes tulips', 'fact', 'personal'])
    assert.ok(found && found.score > 0 && typeof found.device === 'string' && found.at <= Date.now())
    const all = await document<{ memories: Memory[] }>(home, ['memories'])
    assert.equal(all.memories.map(memory => memory.text).sort(), ['Anna likes tulips', 'the printer is\nin the cellar'])
    const answer = await document<Answer>(home, ['ask', 'what does Anna like?'])
    assert.equal([answer.memories, answer.model, answer.tokens], [[written.id], null, { prompt: 0, completion: 0 }])
    assert.match(answer.text, /tulips[^]*from memory only/)
    await document(home, ['forget', written.id])
    assert.equal((await document<{ memories: Recalled[] }>(home, ['recall', 'tulip'])).memories, [])
    const { conversations } = await document<{ conversations: { turns: number }[] }>(home, ['conversations'])
    assert.equal(conversations.map(each => each.turns), [2])
  }))

test('for people: plain tables in a pipe, no colours, nothing else', () =>
  withTempDir(async home => {
    assert.match((await kinmesh(home, ['remember', 'tea at five'])).stdout, /^✓ remembered in personal {2}\S+\n$/)
    const { code, stdout, stderr } = await kinmesh(home, ['recall', 'tea'])
    assert.equal([code, stderr], [0, ''])
    assert.match(stdout, /^ID +SPACE +KIND +DEVICE +WHEN +TEXT\n\S+ +personal +fact +\S+ +just now +tea at five\n$/)
    for (const args of [['status'], ['devices'], ['doctor'], ['--help'], ['up', '--help'], ['--version']]) {
      const ran = await kinmesh(home, args)
      assert.is(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`)
      assert.ok(ran.stdout.length > 5)
      assert.not.match(ran.stdout, '\u001b')
    }
  }))

test('chat takes lines from a script', () =>
  withTempDir(async home => {
    await withoutModel(home)
    const { code, stdout } = await kinmesh(home, ['chat'], { input: 'remember that Anna likes tulips\nwhat does Anna like?\n' })
    assert.is(code, 0)
    assert.match(stdout, /I will remember: Anna likes tulips[^]*From memory:\n- Anna likes tulips/)
    const talk = await document<{ conversation: string; turns: { text: string; answer: Answer }[] }>(home, ['chat'], { input: 'hello\n\nforget tulips' })
    assert.equal(talk.turns.map(turn => turn.text), ['hello', 'forget tulips'])
    assert.match(talk.turns[1]?.answer.text ?? '', 'I forgot: Anna likes tulips')
    const shown = await document<{ turns: { text: string }[] }>(home, ['conversations', 'show', talk.conversation])
    assert.is(shown.turns.length, 4)
    const more = await kinmesh(home, ['chat'], { input: '/space device\n/etc/hosts is a file\nremember the code is 4711\n/why\n/forget code\n/why\n/history\n/model\n/help\n/quit\nremember never\n' })
    assert.match(more.stdout, /is kept in device;[^]*no memory about that[^]*I will remember: the code is 4711\n\w+\.\w+ {2}the code is 4711 \(device, [^]*I forgot: the code[^]*forgotten since[^]*you {2}remember the code[^]*answers from memory only[^]*\/why {2}/)
    assert.equal([more.code, more.stdout.includes('never')], [0, false])
    const refusedSpace = await kinmesh(home, ['chat'], { input: '/space nowhere\n' })
    assert.match(refusedSpace.stderr, /UnknownSpace|no space "nowhere"/)
  }))

test('what is learned from a talk is told to be, with where it came from, and can be turned off', () =>
  withTempDir(async home => {
    await withoutModel(home)
    const { conversation } = await document<{ conversation: string }>(home, ['chat'], { input: 'My sister lives in Rome.\nMy sister moved to Oslo.\n/learn off\nI love tea.\n' })
    const listed = await kinmesh(home, ['memories'])
    assert.match(listed.stdout, /My sister lives in Rome \(learned, until \d{4}-\d\d-\d\d\)/)
    assert.match(listed.stdout, /My sister moved to Oslo \(learned\)/)
    assert.not.match(listed.stdout, 'tea')
    const { memories } = await document<{ memories: Memory[] }>(home, ['memories'])
    const oslo = memories.find(({ text }) => text.includes('Oslo'))?.id ?? ''
    assert.match((await kinmesh(home, ['memories', 'show', oslo])).stdout, new RegExp(`home: Oslo\n[^]*learned from what was said on .*, turn [0-9a-f]{16} of kinmesh conversations show ${conversation}\n[^]*replaced .* My sister lives in Rome\n`))
    assert.match((await kinmesh(home, ['forget', oslo])).stdout, /^✓ forgot: My sister moved to Oslo\n {2}text and index: gone here\n$/)
    assert.match((await kinmesh(home, ['remember', 'the PIN is 4711'])).stdout, /remembered in device [^]*looks like a secret/)
  }))

test('bad input: one line that names what to do, exit 1', () =>
  withTempDir(async home => {
    assert.match(await refused(home, ['remember', 'x', '--space', 'famliy'], 'UnknownSpace'), /famliy.*device, personal/)
    assert.match(await refused(home, ['remember', 'x'.repeat(9000)], 'TextTooLong'), /9000 bytes.*8192/)
    await refused(home, ['remember', '-'], 'TextTooLong', { input: 'x'.repeat(1_000_000) })
    assert.match(await refused(home, ['remember', '-'], 'InvalidText', { input: Buffer.from([0x61, 0xff, 0xfe]) }), 'UTF-8')
    await refused(home, ['remember', ' '], 'InvalidText')
    await refused(home, ['remember', 'bell \u0007'], 'InvalidText')
    await refused(home, ['chat'], 'InvalidText', { input: Buffer.from([0xc3, 0x28]) })
    assert.match(await refused(home, ['devices', 'remove', 'toaster'], 'NoSuchDevice'), /toaster.*kinmesh devices/)
    await refused(home, ['forget', 'nothing'], 'NoSuchMemory')
    await refused(home, ['conversations', 'show', 'nothing'], 'NoSuchConversation')
    await refused(home, ['held', 'accept', 'nothing'], 'NoSuchItem')
    assert.equal((await document<{ memories: Memory[] }>(home, ['memories'])).memories, [])
  }))

test('wrong usage: exit 2', () =>
  withTempDir(async home => {
    for (const args of [['bogus'], [], ['remember'], ['recall', 'x', '-k', '0'], ['up', '--port', '70000'], ['remember', 'x', '--kind', 'poem'], ['forget', 'a', 'b'], ['invite']]) {
      await refused(home, args, 'Usage', { exit: 2 })
    }
    const plain = await kinmesh(home, ['status', '--bogus'])
    assert.equal(plain, { code: 2, stdout: '', stderr: "kinmesh: unknown option '--bogus'\n" })
  }))

test('a second process on one home is told who has it; when that is gone, nothing is in the way', () =>
  withTempDir(async home => {
    const held = await openHome(home)
    assert.match(await refused(home, ['up'], 'HomeInUse'), String(process.pid))
    held.close()
    assert.is((await kinmesh(home, ['status'])).code, 0)
  }))

test('damaged and newer files, and a clock in the past, are named and left as they are', async () => {
  const rubbish = 'not what it should be. '.repeat(100)
  for (const [file, code] of [['sync.db', 'StoreCorrupt'], ['conversations.db', 'StoreCorrupt'], ['identity', 'BadIdentity'], ['config.json', 'FileCorrupt']] as const) {
    await withTempDir(async home => {
      await document(home, ['remember', 'x'])
      writeFileSync(join(home, file), rubbish)
      await refused(home, ['memories'], code)
      assert.is(readFileSync(join(home, file), 'utf8'), rubbish)
      const examined = await kinmesh(home, ['doctor', '--json'])
      assert.is(examined.code, 1)
      assert.match(examined.stdout, '"result":"fail"')
    })
  }
  await withTempDir(async home => {
    await document(home, ['remember', 'x'])
    const db = new DatabaseSync(join(home, 'sync.db'))
    db.exec('PRAGMA user_version = 99')
    db.close()
    assert.match(await refused(home, ['memories'], 'StoreNewer'), 'update kinmesh')
  })
  await withTempDir(async home => {
    await document(home, ['remember', 'x'])
    writeFileSync(join(home, 'clock.json'), JSON.stringify({ lastRun: Date.now() + 86_400_000 }))
    assert.match(await refused(home, ['remember', 'y'], 'ClockInPast'), 'set the clock')
  })
})

test('a home that cannot be is named', () =>
  withTempDir(async dir => {
    writeFileSync(join(dir, 'file'), '')
    assert.match(await refused(join(dir, 'file'), ['status'], 'HomeUnusable'), join(dir, 'file'))
  }))

test('--home is stronger than KINMESH_HOME, before and after the command', () =>
  withTempDir(async dir => {
    const [one, two] = [join(dir, 'one'), join(dir, 'two')]
    mkdirSync(one)
    await document(one, ['remember', 'x', '--home', two])
    assert.is((await document<{ memories: Memory[] }>(one, ['--home', two, 'memories'])).memories.length, 1)
    assert.is((await document<{ memories: Memory[] }>(one, ['memories'])).memories.length, 0)
  }))

test.run()
