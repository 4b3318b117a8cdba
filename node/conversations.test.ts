import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openConversations } from './conversations.node.ts'
import { withTempDir } from './testing/temp.node.ts'
import { failsWith } from './testing/throws.ts'

test('turns come back in order, also after closing', () =>
  withTempDir(dir => {
    const path = join(dir, 'conversations.db')
    const first = openConversations(path)
    first.append('a', 'user', 'hello', 1)
    first.append('b', 'user', 'other', 2)
    first.append('a', 'assistant', 'good day', 3)
    first.append('a', 'user', 'bye', 4)
    first.close()
    const again = openConversations(path)
    assert.equal(again.turns('a').map(turn => [turn.role, turn.text, turn.at]), [['user', 'hello', 1], ['assistant', 'good day', 3], ['user', 'bye', 4]])
    assert.equal(again.last('a', 2).map(turn => turn.text), ['good day', 'bye'])
    assert.equal(again.list(10), [{ id: 'a', startedAt: 1, lastAt: 4, turns: 3 }, { id: 'b', startedAt: 2, lastAt: 2, turns: 1 }])
    assert.ok(again.remove('a'))
    assert.not(again.remove('a'))
    assert.equal(again.turns('a'), [])
    assert.is(again.turns('b').length, 1)
    again.close()
  }))

test('turns wait to be learned from until that was done, also after closing; a conversation that is gone does not', () =>
  withTempDir(dir => {
    const path = join(dir, 'conversations.db')
    const first = openConversations(path)
    const ids = ['one', 'two', 'three'].map((text, index) => first.append(text === 'three' ? 'b' : 'a', 'user', text, index, { space: text === 'two' ? 'device' : undefined }).id)
    first.append('a', 'user', 'four', 4)
    first.close()
    const again = openConversations(path)
    const waits = () => again.toLearn().map(({ conversation, turn, space }) => [conversation, turn.text, space])
    assert.equal([waits(), again.toLearn(1).length], [[['a', 'one', undefined], ['a', 'two', 'device'], ['b', 'three', undefined]], 1])
    assert.equal([again.learning(ids[0]!), again.learning(ids[0]!), again.learning(ids[0]!, -1), again.learning('nothing')], [1, 2, 1, 0])
    again.learned(ids[0])
    assert.equal([again.isToLearn(ids[0]!), again.isToLearn(ids[1]!)], [false, true])
    again.remove('b')
    assert.equal(waits(), [['a', 'two', 'device']])
    again.learned()
    assert.equal(waits(), [])
    assert.equal(again.before(ids[1]!, 5).map(({ text }) => text), ['one'])
    again.close()
  }))

test('a conversation that is told again is known by what was said in it', () =>
  withTempDir(dir => {
    const conversations = openConversations(join(dir, 'conversations.db'))
    const say = (conversation: string, ...texts: string[]) => texts.map(text => {
      const { id } = conversations.append(conversation, 'user', text, 1)
      conversations.append(conversation, 'assistant', 'I see', 1)
      return [conversations.isRepeated(id), conversations.wasSaid(id)]
    })
    assert.equal(say('first', 'one', 'two', 'one', 'three'), [[false, false], [false, false], [false, false], [false, false]])
    assert.equal(say('second', 'one', 'two', 'four', 'three', 'I see'), [[true, true], [true, true], [false, false], [false, true], [false, false]])
    // Nothing followed what began like this: it may be said anew.
    assert.equal(say('alone', 'five'), [[false, false]])
    assert.equal(say('alone too', 'five'), [[false, true]])
    conversations.close()
  }))

test('ids are random and say nothing about the words', () =>
  withTempDir(dir => {
    const conversations = openConversations(join(dir, 'conversations.db'))
    const ids = [1, 2].map(at => conversations.append('a', 'user', 'the same words', at).id)
    assert.is.not(ids[0], ids[1])
    for (const id of ids) assert.match(id, /^[0-9a-f]{16}$/)
    conversations.close()
  }))

test('a damaged, foreign or newer file is refused and left as it is', () =>
  withTempDir(async dir => {
    const path = join(dir, 'conversations.db')
    writeFileSync(path, 'this is not a database, and long enough to be taken for one if nobody looked at its first bytes. '.repeat(20))
    const before = readFileSync(path)
    const error = await failsWith('StoreCorrupt', () => openConversations(path))
    assert.match(error.message, path)
    assert.equal(readFileSync(path), before)

    const foreign = new DatabaseSync(join(dir, 'foreign.db'))
    foreign.exec('CREATE TABLE somebody (els TEXT)')
    foreign.close()
    await failsWith('StoreCorrupt', () => openConversations(join(dir, 'foreign.db')))

    const newer = new DatabaseSync(join(dir, 'newer.db'))
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    await failsWith('StoreNewer', () => openConversations(join(dir, 'newer.db')))
  }))

test('a write that fails names what to do, and reading goes on', () =>
  withTempDir(async dir => {
    const conversations = openConversations(join(dir, 'conversations.db'))
    conversations.append('a', 'user', 'kept', 1)
    const other = new DatabaseSync(join(dir, 'conversations.db'))
    other.exec('CREATE TRIGGER fullDisk BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, \'database or disk is full\'); END')
    other.close()
    const error = await failsWith('StoreFailed', () => conversations.append('a', 'user', 'lost', 2))
    assert.match(error.message, 'nothing was stored')
    assert.equal(conversations.turns('a').map(turn => turn.text), ['kept'])
    conversations.close()
  }))

test('nothing here can reach the network: no import of mesh/ or sync/ but errors', () => {
  for (const file of ['conversations.ts', 'conversations.node.ts', 'sqlite.node.ts']) {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8')
    for (const [, from] of source.matchAll(/from '([^']+)'/g)) {
      assert.ok(from && (/^(node:|\.\/)/.test(from) || from === '../mesh/errors.ts' || from === '../mesh/log.ts'), `${file} imports ${from}`)
      assert.ok(!from.startsWith('./') || ['./conversations.ts', './sqlite.node.ts'].includes(from), `${file} imports ${from}`)
    }
  }
})

test.run()
