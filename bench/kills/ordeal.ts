import { setTimeout as wait } from 'node:timers/promises'
import { join } from 'node:path'
import { rmSync } from 'node:fs'
import type { Context } from '../bench.ts'
import type { Ack } from '../device/calls.ts'
import { isWhole, memoryText, random } from '../random.ts'
import { copyStores, damagedStores } from './files.ts'
import { Household, type Housemate } from './household.ts'
import type { Draw, Phase } from './phases.ts'
import { Spares } from './spares.ts'

/** Writers on each device, and what each waits on average between two memories, in ms. */
const calmWriters = { concurrency: 4, pauseMs: 8 }
/** So many that dozens of memories share each commit. */
const burstWriters = { concurrency: 64, pauseMs: 4 }
/** A device whose moment does not come is killed all the same, after this long, in ms. */
const patienceMs = 5000
/** How long devices that all run may take until each says that it is in sync, in ms. */
const syncPatienceMs = 60_000
/** Rounds that one pair of devices goes through: their logs grow, and every round looks at all of them. */
const roundsPerHousehold = 25
/** What a device that was just removed still sends is refused, and told. */
const expectedFault = /^RemovedAuthor: /
/** Memories of a newcomer that it takes along. */
const broughtAlong = 5

export type Tally = { rounds: number; kills: number; hits: number }

/** Devices in processes of their own, and what they said was on disk. */
export class Ordeal {
  lost = 0
  torn = 0
  damaged = 0
  /** Rounds after which a pairing, a removal or a key was half made. */
  halfMade = 0
  acknowledged = 0
  readonly tallies = new Map<Phase, Tally>()
  readonly faults = new Set<string>()
  readonly #context: Context
  readonly #random: () => number
  readonly #spares: Spares
  readonly #said = new Map<string, string>()
  #examinations: Promise<string[]>[] = []
  #house: Household | undefined
  #round = 0
  #label = ''

  constructor(context: Context, seed: number) {
    this.#context = context
    this.#random = random(seed)
    this.#spares = new Spares(context, ack => this.#heard(ack))
  }

  get kills(): number {
    return [...this.tallies.values()].reduce((sum, tally) => sum + tally.kills, 0)
  }

  /** What `drawRound` draws from. */
  readonly next = (): number => this.#random()

  async round(draw: Draw): Promise<void> {
    if (this.#round++ % roundsPerHousehold === 0) await this.#moveOn()
    const { phase, victim } = draw
    this.#label = `round ${this.#round} (${phase}, ${victim})`
    this.#tally(phase).rounds++
    const house = this.#house
    if (!house) throw new Error('nobody is at home')
    const before = new Set(this.#said.keys())
    switch (phase) {
      case 'anytime':
      case 'append':
      case 'group':
      case 'compaction':
        await this.#whileWriting(house, draw)
        break
      case 'snapshot':
        await this.#whileTakingOver(house, draw)
        break
      case 'rekey':
        await this.#whileRemoving(house, draw)
        break
      case 'pairing':
        await this.#whilePairing(house, draw)
    }
    await this.#settle(house)
    await this.#hearExaminers()
    await this.#compare(house, [...this.#said].filter(([id]) => !before.has(id)))
  }

  /** After the last round: looks at everything once more. */
  async finish(): Promise<void> {
    await this.#leave()
    await this.#spares.stop()
  }

  async #whileWriting(house: Household, draw: Draw): Promise<void> {
    const victim = draw.victim === 'one' ? house.one : house.two
    const writers = house.all.map(mate => this.#write(mate, draw.phase === 'group' && mate === victim ? burstWriters : calmWriters))
    if (draw.phase === 'anytime') {
      await Promise.all(writers)
      await wait(draw.writtenMs)
      await this.#kill(victim, draw.phase)
    } else {
      await this.#strike(victim, draw, () => Promise.all(writers))
    }
    await this.#revive(house, victim, draw)
    await Promise.all(house.all.filter(mate => mate !== victim).map(mate => mate.process.call('quiet')))
  }

  /** A newcomer that takes over the logs of the others. */
  async #whileTakingOver(house: Household, draw: Draw): Promise<void> {
    await house.dismiss()
    const newcomer = await house.welcome()
    await this.#write(house.two, calmWriters)
    await this.#strike(newcomer, draw, () => house.join(newcomer))
    await this.#revive(house, newcomer, draw)
    house.newcomer = newcomer
    await this.#finishPairing(house, newcomer)
    await house.two.process.call('quiet')
  }

  /** A removal, with the key that follows it, on the device that removes or on the other one. */
  async #whileRemoving(house: Household, draw: Draw): Promise<void> {
    if (!house.newcomer) {
      const newcomer = await house.welcome()
      await house.join(newcomer)
      house.newcomer = newcomer
      await house.inSync()
    }
    const removed = house.newcomer
    // What it writes from now on counts for nobody: the others hold more of it, or less, when it is removed.
    const given = new Map(this.#said)
    await removed.process.call('write', { label: 'to be removed', seed: this.#seed(), ...calmWriters })
    const victim = draw.victim === 'one' ? house.one : house.two
    const { id } = removed.started
    await this.#strike(victim, draw, () => house.one.process.call('removeDevice', id))
    await this.#revive(house, victim, draw)
    await removed.process.kill()
    for (const said of this.#said.keys()) if (!given.has(said)) this.#said.delete(said)
    if ((await house.one.process.call('members')).includes(id)) await house.one.process.call('removeDevice', id)
    house.newcomer = undefined
    await this.#settle(house)
    for (const mate of house.all) {
      if ((await mate.process.call('members')).includes(id)) this.#blame(`${mate.name} still has the removed device for a member`)
      // Written with the new key: everybody must be able to read it.
      await this.#remember(mate, 1)
    }
  }

  async #whilePairing(house: Household, draw: Draw): Promise<void> {
    await house.dismiss()
    const newcomer = await house.welcome()
    await this.#remember(newcomer, broughtAlong)
    const victim = draw.victim === 'one' ? house.one : newcomer
    await this.#strike(victim, draw, () => house.join(newcomer))
    await this.#revive(house, victim, draw)
    house.newcomer = newcomer
    await this.#finishPairing(house, newcomer)
    await this.#remember(newcomer, 1)
  }

  /** Either both sides are in one mesh, or the newcomer is alone and can be invited anew. */
  async #finishPairing(house: Household, newcomer: Housemate): Promise<void> {
    const [inviter, joined] = [await house.one.process.call('members'), await newcomer.process.call('members')]
    const knows = joined.includes(house.one.started.id)
    if (knows && !inviter.includes(newcomer.started.id)) this.#blame('the newcomer is in a mesh that does not know it')
    if (!knows && joined.length !== 1) this.#blame(`the newcomer is in a mesh of ${joined.length} devices without its inviter`)
    if (!knows) await house.join(newcomer)
  }

  /** Runs `work` while the victim lies in wait for its moment; resolves when it is gone. */
  async #strike(victim: Housemate, { phase, aim }: Draw, work: () => Promise<unknown>): Promise<void> {
    await victim.process.call('aim', aim)
    // The victim ends in the middle of this, which then fails, and that is no news; while it lives, it is.
    let failure: unknown
    const working = work().catch((error: unknown) => (failure = error))
    const timeout = new AbortController()
    const hit = await Promise.race([
      victim.process.ended().then(() => true),
      wait(patienceMs, false, { signal: timeout.signal })
    ]).finally(() => timeout.abort())
    if (hit) {
      this.#tally(phase).kills++
      this.#tally(phase).hits++
      this.#examine(victim)
    } else {
      if (failure !== undefined) throw new Error(`what was to be interrupted (${phase}) failed by itself`, { cause: failure })
      await this.#kill(victim, phase)
    }
    await working
  }

  async #kill(victim: Housemate, phase: Phase): Promise<void> {
    await victim.process.kill()
    this.#tally(phase).kills++
    this.#examine(victim)
  }

  async #revive(house: Household, victim: Housemate, { phase, againMs }: Draw): Promise<void> {
    if (againMs !== undefined) {
      const { process, started } = house.startAgain(victim)
      await wait(againMs)
      await process.kill()
      await started
      this.#tally(phase).kills++
      this.#examine(victim)
    }
    await house.revive(victim)
  }

  /** Takes a copy of what lies there now; the device may start on the files while the copy is looked at. */
  #examine({ home }: Housemate): void {
    const scratch = join(this.#context.dir, `examined-${this.#examinations.length}`)
    copyStores(home, scratch)
    this.#examinations.push(damagedStores(scratch))
  }

  async #hearExaminers(): Promise<void> {
    for (const problem of (await Promise.all(this.#examinations)).flat()) {
      this.damaged++
      this.#say(problem)
    }
    this.#examinations = []
  }

  async #settle(house: Household): Promise<void> {
    const timeout = new AbortController()
    const late = wait(syncPatienceMs, 'late', { signal: timeout.signal })
    const outcome = await Promise.race([house.inSync(), late]).finally(() => timeout.abort())
    if (outcome !== 'late') return
    const states = await Promise.all(house.all.map(async ({ name, process }) => `${name}: ${JSON.stringify(await process.call('state'))}`))
    throw new Error(`${this.#label}: not in sync after ${syncPatienceMs} ms\n${states.join('\n')}`)
  }

  /** Everything that was acknowledged in this round, on every device. */
  async #compare(house: Household, said: readonly (readonly [string, string])[]): Promise<void> {
    const states = await Promise.all(house.all.map(mate => mate.process.call('state')))
    for (const [index, { name, process }] of house.all.entries()) {
      const texts = await process.call('texts', said.map(([id]) => id))
      for (const [n, [id, text]] of said.entries()) this.#check(name, id, text, texts[n])
      for (const fault of states[index]?.faults ?? []) if (!expectedFault.test(fault)) this.faults.add(`${name}: ${fault}`)
    }
    if (new Set(states.map(({ memories, digest }) => `${memories} ${digest}`)).size > 1) this.#lose(`devices show ${states.map(({ memories }) => memories).join(', ')} memories, with different digests`)
    if ((states[0]?.memories ?? 0) < this.#said.size) this.#lose(`${this.#said.size} memories were acknowledged, and ${states[0]?.memories} are there`)
  }

  /** Everything that these devices ever acknowledged and show; then their logs, once more from the disk. */
  async #leave(): Promise<void> {
    const house = this.#house
    if (!house) return
    this.#house = undefined
    const held = await Promise.all(house.all.map(mate => mate.process.call('items')))
    for (const [index, items] of held.entries()) {
      const name = house.all[index]?.name ?? ''
      const texts = new Map(items.map(({ id, text }) => [id, text]))
      for (const [id, text] of this.#said) this.#check(name, id, text, texts.get(id))
      for (const { id, text } of items) if (!isWhole(text)) this.#tear(`${name} shows ${id} as: ${text}`)
    }
    await house.stop()
    for (const mate of house.all) this.#examine(mate)
    await this.#hearExaminers()
    this.acknowledged += this.#said.size
    this.#said.clear()
  }

  async #moveOn(): Promise<void> {
    await this.#leave()
    const label = `household-${this.#round}`
    this.#house = await Household.found(this.#context, this.#spares, label)
    rmSync(join(this.#context.dir, `household-${this.#round - roundsPerHousehold}`), { recursive: true, force: true })
  }

  #check(name: string, id: string, text: string, found: string | undefined): void {
    if (found === undefined) this.#lose(`${name} has lost ${id}: ${text}`)
    else if (found !== text) this.#tear(`${name} shows ${id} as: ${found}`)
  }

  async #write(mate: Housemate, writers: typeof calmWriters): Promise<void> {
    await mate.process.call('write', { label: `${mate.name} ${this.#round}`, seed: this.#seed(), ...writers })
  }

  async #remember(mate: Housemate, count: number): Promise<void> {
    const texts = Array.from({ length: count }, (_, n) => memoryText(this.#random, `${mate.name} ${this.#round} ${n}`))
    for (const ack of await mate.process.call('remember', texts)) this.#heard(ack)
  }

  #heard({ id, text }: Ack['ack']): void {
    this.#said.set(id, text)
  }

  #seed(): number {
    return Math.floor(this.#random() * 2 ** 31)
  }

  #tally(phase: Phase): Tally {
    const tally = this.tallies.get(phase) ?? { rounds: 0, kills: 0, hits: 0 }
    this.tallies.set(phase, tally)
    return tally
  }

  #lose(problem: string): void {
    this.lost++
    this.#say(problem)
  }

  #tear(problem: string): void {
    this.torn++
    this.#say(problem)
  }

  #blame(problem: string): void {
    this.halfMade++
    this.#say(problem)
  }

  #say(problem: string): void {
    this.#context.say(`${this.#label}: ${problem}`)
  }
}
