import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sha256Hex } from '../../mesh/crypto.ts'
import type { Body, Said } from './messages.ts'
import { coordinatorOf } from './order.ts'
import { type Lie, manifestFor, World } from './world.fixtures.ts'

// Devices of the cohort that do not keep to the rules, against machines that do.

/** A round in which the coordinator of the first attempt, or another device, says what `lie` makes of its words. */
function lied(devices: number, who: 'coordinator' | 'participant', lie: Lie, change = {}): { world: World; liar: number; honest: number[] } {
  const world = new World(manifestFor(devices, change))
  const first = world.placeOf(coordinatorOf(world.manifest, 0))
  const liar = who === 'coordinator' ? first : (first + 1) % devices
  world.lies.set(liar, lie)
  world.run()
  return { world, liar, honest: [...world.states.keys()].filter(at => at !== liar) }
}

/** The others found it out by this name, do not trust it any more, and ended the round among themselves. */
function foundOut({ world, liar, honest }: ReturnType<typeof lied>, code: string): void {
  assert.equal(world.wrong, [])
  for (const at of honest) {
    const { distrusted, counts } = world.states[at]!
    assert.equal(distrusted, [{ device: world.manifest.cohort[liar], code }], JSON.stringify(counts))
    assert.ok(contributionsOf(world, at)[0]!.attempt > 0)
  }
}

const commits = (change: (body: Body & { type: 'commit' }, to: string) => Body): Lie => (body, to) => (body.type === 'commit' ? change(body, to) : body)

test('a coordinator that commits a wrong sum', () => {
  foundOut(lied(4, 'coordinator', commits(body => ({ ...body, value: { ...body.value, result: { root: sha256Hex('made up'), bytes: 16 } } }))), 'CommitWrongSum')
})

test('a coordinator that commits wrong weights', () => {
  foundOut(lied(4, 'coordinator', commits(body => ({ ...body, value: { ...body.value, weight: body.value.weight + 1 } }))), 'CommitWrongWeight')
})

test('a coordinator that commits to too few, to one twice, to strangers, to another attempt', () => {
  const stranger = manifestFor(5).cohort.find(id => !manifestFor(4).cohort.includes(id))!
  const sets: ((offers: readonly Said<'offer'>[]) => readonly Said<'offer'>[])[] = [
    offers => offers.slice(0, 2),
    offers => [offers[0]!, ...offers],
    offers => [...offers.slice(0, 3), { ...offers[3]!, author: stranger }].sort((a, b) => (a.author < b.author ? -1 : 1)),
    offers => [{ ...offers[0]!, attempt: 7 }, ...offers.slice(1)],
    offers => [{ ...offers[0]!, base: 'ef'.repeat(32) }, ...offers.slice(1)],
    offers => [...offers].reverse()
  ]
  for (const change of sets) foundOut(lied(4, 'coordinator', commits(body => ({ ...body, value: { ...body.value, offers: change(body.value.offers) } }))), 'CommitWrongSet')
})

/** The body of a result without this contribution, as if it had never come. */
function without(body: Body & { type: 'commit' }, isOut: (offer: Said<'offer'>) => boolean): Body {
  const offers = body.value.offers.filter(offer => !isOut(offer))
  return { ...body, value: { ...body.value, offers, weight: offers.reduce((sum, { examples }) => sum + examples, 0), result: { root: sha256Hex(offers.map(({ payload }) => payload.root).join()), bytes: 16 } } }
}

test('a coordinator that leaves out what it has taken is found out by whom it left out, and by all with the proof', () => {
  let victim = ''
  // Its first word goes to the victim, whose proof reaches the others while they still look at the result.
  const { world, liar, honest } = lied(4, 'coordinator', commits((body, to) => {
    victim ||= to === coordinatorOf(manifestFor(4), 0) ? '' : to
    return without(body, ({ author }) => author === victim)
  }))
  assert.equal(world.wrong, [])
  assert.ok(honest.includes(world.placeOf(victim)))
  const { distrusted } = world.states[world.placeOf(victim)]!
  assert.equal(distrusted, [{ device: world.manifest.cohort[liar], code: 'CommitLeftOut' }])
  assert.ok(honest.every(at => world.states[at]!.counts['CommitLeftOut'] === 1), JSON.stringify(world.states.map(({ counts }) => counts)))
})

test('a coordinator that passes over what a quorum may have accepted already', () => {
  // The first coordinator has its result accepted by all and says nothing more; the next one makes another of the same contributions, though its promises name the first.
  const manifest = manifestFor(5)
  const [one, next] = [0, 1].map(attempt => manifest.cohort.indexOf(attempt === 0 ? coordinatorOf(manifest, 0) : nextCoordinator(manifest)))
  const world = new World(manifest)
  world.lies.set(one!, body => (body.type === 'decided' ? undefined : body))
  world.lies.set(next!, commits(body => (body.attempt === 0 ? body : { ...body, value: { ...body.value, attempt: body.attempt, offers: body.value.offers.map(offer => ({ ...offer, attempt: body.attempt })) } })))
  let isSilent = false
  world.onSend = (_, to, body) => {
    if (body.type !== 'accept' || to !== manifest.cohort[one!] || isSilent) return
    isSilent = true
    world.after(10, () => { for (const at of world.states.keys()) if (at !== one) world.tell(at, { type: 'down', peer: manifest.cohort[one!]! }) })
  }
  world.run()
  const honest = world.states.filter((_, at) => !world.lies.has(at))
  assert.ok(honest.every(({ counts }) => counts['CommitUnjustified'] === 1), JSON.stringify(honest.map(({ counts }) => counts)))
  assert.equal(honest.map(({ outcome }) => (outcome?.kind === 'decided' ? outcome.value.attempt : outcome)), [0, 0, 0])
})

function nextCoordinator(manifest: World['manifest']): string {
  for (let attempt = 1; ; attempt++) {
    const device = coordinatorOf(manifest, attempt)
    if (device !== coordinatorOf(manifest, 0)) return device
  }
}

test('two results of one attempt: no two of them get a quorum', () => {
  const seen: string[] = []
  const { world } = lied(4, 'coordinator', commits((body, to) => {
    seen.push(to)
    return seen.indexOf(to) < 2 ? body : without(body, ({ author }) => author === body.value.offers[3]!.author)
  }))
  assert.equal(world.wrong, [])
})

function contributionsOf({ states }: World, at: number): readonly Said<'offer'>[] {
  const { outcome } = states[at]!
  assert.is(outcome?.kind, 'decided')
  return outcome?.kind === 'decided' ? outcome.value.offers : []
}

/** Refused by the coordinator under this name, and the round ends without it. */
function leftOut({ world, liar, honest }: ReturnType<typeof lied>, code: string): void {
  assert.equal(world.wrong, [])
  const lead = world.states.find(({ counts }) => counts[code])
  assert.ok(lead, JSON.stringify(world.states.map(({ counts }) => counts)))
  for (const at of honest) {
    const offers = contributionsOf(world, at)
    assert.is(offers.length, honest.length)
    assert.not(offers.some(({ author }) => author === world.manifest.cohort[liar]))
  }
}

const offers = (change: (body: Body & { type: 'offer' }) => Body): Lie => body => (body.type === 'offer' ? change(body) : body)

test('a participant with another base, too many bytes, no examples', () => {
  leftOut(lied(4, 'participant', offers(body => ({ ...body, base: 'ef'.repeat(32) }))), 'WrongBase')
  leftOut(lied(4, 'participant', offers(body => ({ ...body, payload: { ...body.payload, bytes: 17 } }))), 'OversizeContribution')
  leftOut(lied(4, 'participant', offers(body => ({ ...body, examples: 0 }))), 'BadExampleCount')
})

test('a second contribution is refused, and the first one stands', () => {
  const world = new World(manifestFor(3))
  const first = world.placeOf(coordinatorOf(world.manifest, 0))
  const liar = (first + 1) % 3
  world.onSend = (from, to, body) => {
    if (body.type !== 'offer' || from !== world.manifest.cohort[liar] || to !== world.manifest.cohort[first]) return
    world.tell(first, { type: 'message', message: { ...body, payload: { root: sha256Hex('another'), bytes: 16 }, round: world.states[0]!.proposal.round, author: from, signature: '5a'.repeat(64) } as Said })
  }
  world.run()
  assert.is(world.states[first]!.counts['DuplicateContribution'], 1)
  assert.ok(world.states.every(({ outcome }) => outcome?.kind === 'decided'))
})

test('whoever claims to coordinate and does not, or wants endless attempts, is not followed', () => {
  const world = new World(manifestFor(4))
  const first = world.placeOf(coordinatorOf(world.manifest, 0))
  const liar = (first + 1) % 4
  let begun = 0
  world.lies.set(liar, body => {
    if (body.type !== 'offer') return body
    begun++
    return { type: 'begin', attempt: begun === 1 ? 1_000 : 0 }
  })
  world.run()
  assert.equal(world.wrong, [])
  assert.is(world.states[first]!.counts['RoundNotCoordinator']! >= 1, true)
})

test('a result that no quorum has accepted is no decision', () => {
  const world = new World(manifestFor(4))
  const first = world.placeOf(coordinatorOf(world.manifest, 0))
  world.lies.set(first, body => (body.type === 'commit' ? { type: 'decided', value: body.value, accepts: [] } : body))
  world.run()
  assert.equal(world.wrong, [])
  for (const [at, { counts, outcome }] of world.states.entries()) if (at !== first) assert.ok(counts['RoundBadDecision']! >= 1 && outcome?.kind === 'decided')
})

test('whoever leaves is not waited for, and below the quorum the round is over', () => {
  const world = new World(manifestFor(4))
  world.tell(3, { type: 'leave', code: 'OnBattery' })
  world.run()
  assert.is(contributionsOf(world, 0).length, 3)
  assert.ok(world.now < 1_001_000, 'nobody waits for a deadline')
  const fewer = new World(manifestFor(4))
  for (const at of [2, 3]) fewer.tell(at, { type: 'leave', code: 'OnBattery' })
  fewer.run()
  assert.equal(fewer.states.map(({ outcome }) => outcome).slice(0, 2), Array.from({ length: 2 }, () => ({ kind: 'failed', code: 'RoundTooFew' })))
})

test.run()
