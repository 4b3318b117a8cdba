import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MembershipLog } from './membership.ts'
import { comparePlaced, resolve, type Placed } from './membership-resolve.ts'
import { StatementWriter } from './membership.fixtures.ts'
import { epochOf, type Statement } from './statement.ts'

const people = ['a', 'b', 'c', 'd', 'e', 'f'] as const
type Name = (typeof people)[number]

const step = fc.record({
  author: fc.constantFrom(...people),
  kind: fc.constantFrom('add', 'add', 'keeper', 'remove', 'remove', 'rekey', 'sync', 'sync'),
  target: fc.constantFrom(...people)
})
type Step = { author: Name; kind: string; target: Name }

/** What several devices write, each on what it knows: valid or not, mostly concurrent. */
async function play(steps: readonly Step[]): Promise<{ write: StatementWriter; statements: Statement[] }> {
  const write = new StatementWriter()
  const create = await write.begin('a')
  const base = [create]
  // Half of them are members from the beginning: circles of removals need several who may act.
  for (const name of ['b', 'c', 'd'] as const) base.push(await write.add('a', name, [base.at(-1)!]))
  const known = new Map<Name, Statement[]>(people.map(name => [name, [...base]]))
  const all = new Map(base.map(statement => [statement.hash, statement]))
  for (const { author, kind, target } of steps) {
    const mine = known.get(author)!
    if (kind === 'sync') {
      for (const statement of known.get(target)!) if (!mine.includes(statement)) mine.push(statement)
      continue
    }
    const heads = mine.filter(statement => !mine.some(other => other.parents.includes(statement.hash)))
    const made = kind === 'add' || kind === 'keeper' ? await write.add(author, target, heads, kind === 'add' ? 'admin' : 'keeper') : kind === 'remove' ? await write.remove(author, target, heads, all.size) : await write.rekey(author, [author, target], heads)
    mine.push(made)
    all.set(made.hash, made)
  }
  return { write, statements: [...all.values()] }
}

function placed(statements: readonly Statement[]): Placed[] {
  const byHash = new Map(statements.map(statement => [statement.hash, statement]))
  const depth = (statement: Statement): number => Math.max(-1, ...statement.parents.map(hash => depth(byHash.get(hash)!))) + 1
  return statements.map(statement => ({ statement, depth: depth(statement) })).sort(comparePlaced)
}

const view = (log: MembershipLog) => JSON.stringify([log.version(), [...log.members()], [...log.removedDevices()], log.epochs().map(({ id, usable, holders }) => [id, usable, [...holders].sort()])])

test('every order of arrival gives the same members, removals and keys', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.infiniteStream(fc.nat()), async (steps, random) => {
    const { statements } = await play(steps)
    const expected = view(await MembershipLog.load(statements.map(({ bytes }) => bytes)))
    const shuffled = [...statements].sort(() => (random.next().value as number) % 3 - 1)
    assert.is(view(await MembershipLog.load(shuffled.map(({ bytes }) => bytes))), expected)
    // One by one, whatever is ready next.
    const log = await MembershipLog.load([statements[0]!.bytes])
    const arrived = new Set([statements[0]!.hash])
    while (arrived.size < statements.length) {
      const ready = statements.filter(({ hash, parents }) => !arrived.has(hash) && parents.every(parent => arrived.has(parent)))
      const next = ready[(random.next().value as number) % ready.length]!
      assert.is((await log.merge([next.bytes])).length, 1)
      arrived.add(next.hash)
    }
    assert.is(view(log), expected)
  }), { numRuns: 120 })
})

/** The rules of PROTOCOL.md checked one statement at a time against the outcome, by walking the graph slowly. */
function explain(statements: readonly Statement[]): void {
  const { effective, members, removed, epochs } = resolve(placed(statements))
  const byHash = new Map(statements.map(statement => [statement.hash, statement]))
  const pasts = new Map<string, Set<string>>()
  const past = (statement: Statement): Set<string> => {
    let known = pasts.get(statement.hash)
    if (!known) pasts.set(statement.hash, (known = new Set(statement.parents.flatMap(hash => [hash, ...past(byHash.get(hash)!)]))))
    return known
  }
  const adds = (device: string) => statements.filter(({ hash, body, author }) => effective.has(hash) && ((body.type === 'create' && author === device) || (body.type === 'addDevice' && body.card.id === device)))
  const removes = (device: string) => statements.filter(({ hash, body }) => effective.has(hash) && body.type === 'remove' && body.device === device)
  const wasMember = (device: string, at: Statement) => adds(device).some(({ hash }) => past(at).has(hash)) && !removes(device).some(({ hash }) => past(at).has(hash))
  const reads = (device: string, known: (hash: string) => boolean) => adds(device).some(({ hash, body }) => known(hash) && (body.type !== 'addDevice' || body.role !== 'keeper'))
  const concurrent = (a: Statement, b: Statement) => a !== b && !past(a).has(b.hash) && !past(b).has(a.hash)
  const order = new Map(placed(statements).map(({ statement }, index) => [statement.hash, index]))
  const seniority = (device: string) => Math.min(...adds(device).map(({ hash }) => order.get(hash)!))

  for (const statement of statements) {
    const { body, author, hash } = statement
    if (body.type === 'create') continue
    const mayAct = wasMember(author, statement) && reads(author, known => past(statement).has(known)) && (body.type !== 'remove' || wasMember(body.device, statement))
    const beaten = removes(author).some(remove => concurrent(remove, statement))
    if (effective.has(hash)) {
      assert.ok(mayAct, 'a statement counts though its author was no member or a keeper, or there was nobody to remove')
      assert.not(beaten, 'a statement counts though its author was removed meanwhile')
    } else if (mayAct && !beaten) {
      // Only a removal of somebody more senior, who counts by seniority in the same circle, is void without one of the reasons above.
      assert.is(body.type, 'remove')
      if (body.type === 'remove') {
        const outranked = statements.some(other => other.author === body.device && effective.has(other.hash) && concurrent(other, statement))
        assert.ok(outranked && seniority(body.device) < seniority(author), 'a removal is void without a reason')
      }
    }
  }
  const everAdded = new Set(statements.flatMap(({ body }) => (body.type === 'create' || body.type === 'addDevice' ? [body.card.id] : [])))
  for (const device of everAdded) {
    assert.is(removed.has(device), removes(device).length > 0)
    assert.is(members.has(device), adds(device).length > 0 && removes(device).length === 0)
    if (members.has(device)) assert.is(members.get(device)!.role, reads(device, () => true) ? 'admin' : 'keeper')
  }
  const wasAdmitted = (statement: Statement) => statements.some(({ author, body, hash }) => past(statement).has(hash) && (body.type === 'addDevice' ? body.card.id === statement.author && body.role !== 'keeper' : body.type === 'create' && author === statement.author))
  const rekeys = statements.filter(statement => statement.body.type === 'create' || (statement.body.type === 'rekey' && wasAdmitted(statement)))
  assert.equal(new Map(epochs.map(({ id, counts }) => [id, counts])), new Map(rekeys.map(statement => [epochOf(statement), effective.has(statement.hash)])), 'the key of a void rekey is known, and not used')
  for (const { counts, usable, holders } of epochs) assert.is(usable, counts && [...holders].every(device => members.has(device) && members.get(device)!.role !== 'keeper'), 'a key that a keeper or a stranger holds is not used')
}

test('what counts and what does not follows from the rules', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => explain((await play(steps)).statements)), { numRuns: 400 })
})

test.run()
