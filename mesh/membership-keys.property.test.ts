import fc from 'fast-check'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from './errors.ts'
import { MembershipLog } from './membership.ts'
import { cardNamed, identityNamed, noHead } from './membership.fixtures.ts'
import { parseStatement } from './statement.ts'

const names = ['a', 'b', 'c', 'd', 'e'] as const
type Name = (typeof names)[number]

const step = fc.record({ by: fc.constantFrom(...names), kind: fc.constantFrom('add', 'keeper', 'remove', 'remove', 'sync'), target: fc.constantFrom(...names) })
type Step = { by: Name; kind: string; target: Name }

const identities = new Map(names.map(name => [name, identityNamed(name)]))
const identityOf = (name: Name) => identities.get(name)!

/** Each device acts on the log that it knows, as far as that lets it. */
async function play(steps: readonly Step[]): Promise<Map<Name, MembershipLog>> {
  const first = await MembershipLog.create(identityOf('a'), { name: 'a', place: 'test' }, 0)
  for (const name of ['b', 'c', 'd'] as const) await first.add(identityOf('a'), cardNamed(name), 0)
  const logs = new Map<Name, MembershipLog>()
  for (const name of names) logs.set(name, await MembershipLog.load(first.statements()))
  for (const [now, { by, kind, target }] of steps.entries()) {
    const [log, other] = [logs.get(by)!, logs.get(target)!]
    try {
      if (kind === 'sync') await log.merge(other.statements())
      else if (kind === 'remove') await log.remove(identityOf(by), identityOf(target).id, { lastSeq: 0, head: noHead }, now)
      else await log.add(identityOf(by), cardNamed(target), now, kind === 'keeper' ? 'keeper' : 'admin')
      await log.rekeyIfNeeded(identityOf(by), now)
    } catch (error) {
      if (!isKinmeshError(error, 'NotAMember', 'NoSuchDevice', 'CannotRemoveSelf', 'DeviceRemoved', 'MemberReads')) throw error
    }
  }
  return logs
}

const epochsIn = (log: MembershipLog) => log.statements().map(parseStatement).flatMap(({ body, hash }) => (body.type === 'create' || body.type === 'rekey' ? [hash.slice(0, 32)] : []))

test('in the end every member that reads has every key that one of them has, also of rekeys that turned out to be void, and nobody else is handed any', async () => {
  let handedOfVoid = 0
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 20 }), async steps => {
    const logs = await play(steps)
    const log = logs.get('a')!
    for (const other of logs.values()) await log.merge(other.statements())
    const before = log.statements().length
    for (let made = 1, rounds = 0; made > 0; rounds++) {
      assert.ok(rounds < 4, 'they never have enough')
      made = 0
      for (const name of names) made += (await log.rekeyIfNeeded(identityOf(name), steps.length)).length
    }
    const readers = names.filter(name => (log.members().get(identityOf(name).id)?.role ?? 'keeper') !== 'keeper')
    const keyrings = await Promise.all(readers.map(name => log.keyring(identityOf(name))))
    const isVoid = new Set(log.epochs().filter(({ counts }) => !counts).map(({ id }) => id))
    for (const epoch of epochsIn(log)) {
      const have = keyrings.filter(keyring => keyring.get(fromString(epoch, 'base16'))).length
      assert.ok(have === 0 || have === readers.length, `${have} of ${readers.length} have the key of ${epoch}`)
    }
    for (const keyring of keyrings) assert.not(isVoid.has(toString(keyring.current()!.epoch, 'base16')), 'nothing new is sealed with the key of a void rekey')
    for (const { body } of log.statements().slice(before).map(parseStatement)) {
      if (body.type !== 'addDevice') continue
      assert.ok(readers.some(name => identityOf(name).id === body.card.id), 'a key is handed to a device that may not read')
      handedOfVoid += body.keys.filter(({ epoch }) => isVoid.has(toString(epoch, 'base16'))).length
    }
  }), { numRuns: 60 })
  assert.ok(handedOfVoid > 0, 'no key of a void rekey was ever handed over')
})

test.run()
