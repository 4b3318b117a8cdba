import { useRandomSource } from './deterministic-crypto.ts'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { identityNamed } from '../../../mesh/membership.fixtures.ts'
import { hpkeOpen, hpkeSeal, verify } from '../../../mesh/crypto.ts'
import type { DeviceId, Identity } from '../../../mesh/types.ts'
import { Random } from '../../random.fixtures.ts'
import { Faults, maxDevices, notPaired } from './faults.ts'
import { ForkedDevices, maxLetInAgain } from './forked.ts'
import { Ledger } from './ledger.ts'
import { missing, verdict } from './oracle.ts'
import type { Commit } from '../../store.ts'
import type { Schedule, Step } from './schedule.ts'
import { SimulatedDevice } from './simulated-device.ts'
import { membersByAll } from './union.ts'
import { VirtualDisk } from './virtual-disk.ts'
import { VirtualNet } from './virtual-net.ts'
import { VirtualTime } from './virtual-time.ts'
import type { World } from './world.ts'

export type Outcome = {
  /** Empty when all is well. */
  readonly wrong: readonly string[]
  readonly devices: number
  /** Steps that took effect. */
  readonly operations: number
  /** How often each did, and other things that are worth a number. */
  readonly done: ReadonlyMap<string, number>
  readonly entries: number
  readonly events: number
  /** What was shown in the end: equal for equal schedules. */
  readonly digest: string
  readonly log: readonly string[]
}

/** So long may it take until everybody is in sync once the faults are over, ms of virtual time. */
const convergeMs = 20 * 60_000
/** Errors that a write may meet, by what was done to its device. */
const refusals = ['DeviceStopped', 'NoSuchItem', 'Recovering', 'NoSpaceKey', 'StoreFailed', 'ShardFull'] as const
const worldStart = Date.UTC(2026, 0, 1)
/** Times that a removed device starts under a new key. */
const maxRenewals = 40

const identities = new Map<string, Identity>()
function identityOf(name: string): Identity {
  let identity = identities.get(name)
  if (!identity) identities.set(name, (identity = identityNamed(`simulated ${name}`)))
  return identity
}

/** Keys that are used for the first time take a few more turns to be ready: a schedule must not depend on which ran before it. */
let warmedUp: Promise<void> | undefined
async function warmUp(): Promise<void> {
  for (const name of [...Array.from({ length: maxDevices + 1 }, (_, index) => `d${index}`), ...Array.from({ length: maxRenewals }, (_, index) => `again ${index}`), ...Array.from({ length: maxLetInAgain }, (_, index) => `anew ${index}`)]) {
    const { signing, encryption, sign } = identityOf(name)
    await verify(signing.publicKey, await sign(signing.publicKey), signing.publicKey)
    await hpkeOpen(encryption, signing.publicKey, await hpkeSeal(encryption.publicKey, signing.publicKey, signing.publicKey))
  }
}

/** Runs one schedule from its start until all devices have come to rest, and says what is wrong. The same schedule gives the same run. */
export async function simulate(schedule: Schedule): Promise<Outcome> {
  await (warmedUp ??= warmUp())
  const simulation = new Simulation(schedule)
  const failed = (error: unknown) => simulation.wrong.push(`unhandled: ${error instanceof Error ? error.stack : String(error)}`)
  process.on('unhandledRejection', failed)
  try {
    await simulation.run()
  } finally {
    process.off('unhandledRejection', failed)
    useRandomSource(undefined)
  }
  return simulation.outcome()
}

/** The world of one schedule. */
export class Simulation implements World {
  readonly wrong: string[] = []
  readonly schedule: Schedule
  readonly random: Random
  readonly time = new VirtualTime()
  readonly net: VirtualNet
  readonly ledger = new Ledger()
  readonly devices: SimulatedDevice[] = []
  readonly clones: SimulatedDevice[] = []
  /** World time that passed while everybody slept. */
  leapMs = 0
  mayRot = false
  tampered = false
  #operations = 0
  #renewals = 0
  readonly #done = new Map<string, number>()
  readonly #faults: Faults
  readonly #forked = new ForkedDevices(this)
  /** Digests that each device showed, whatever run of it. */
  readonly #shown = new Map<DeviceId, Set<string>>()
  readonly #dirty = new Set<SimulatedDevice>()
  #texts = 0
  /** Of each space, by all that is known of it. */
  #members: ReadonlyMap<string, ReadonlySet<DeviceId>> = new Map()
  #digest = ''

  constructor(schedule: Schedule) {
    this.schedule = schedule
    this.random = new Random(schedule.seed)
    this.net = new VirtualNet(this.time, this.random)
    Object.assign(this.net, { windowBytes: schedule.windowBytes, delayMs: schedule.delayMs, jitterMs: schedule.jitterMs })
    this.#faults = new Faults(this)
    this.time.watch = () => this.#watch()
  }

  async run(): Promise<void> {
    const keys = new Random(this.schedule.seed ^ 0x5eed)
    useRandomSource(bytes => {
      for (let at = 0; at < bytes.length; at++) bytes[at] = keys.below(256)
    })
    for (let index = 0; index < this.schedule.devices; index++) this.newDevice()
    for (const device of this.devices) device.start()
    await this.time.until(() => this.devices.every(device => device.ready), 60_000)
    const [first, ...others] = this.devices
    for (const other of others) if (first) await this.finished(this.pair(first, other))
    for (const step of this.schedule.steps) {
      this.#take(step)
      await this.time.run(step.after)
      if (this.wrong.length > 0) return
    }
    await this.#comeToRest()
  }

  outcome(): Outcome {
    const entries = this.devices[0]?.disk.commits ?? 0
    const log = [...this.devices, ...this.clones].flatMap(device => device.logged).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    return { wrong: this.wrong, devices: this.devices.length, operations: this.#operations, done: this.#done, entries, events: this.time.fired, digest: this.#digest, log }
  }

  newDevice(): SimulatedDevice {
    const name = `d${this.devices.length + this.clones.length}`
    const device = this.makeDevice(name, identityOf(name))
    this.devices.push(device)
    return device
  }

  makeDevice(name: string, identity: Identity, history: ReturnType<VirtualDisk['copy']> = []): SimulatedDevice {
    const watcher = { committed: (batch: Commit) => this.ledger.committed(batch, device), heard: () => void this.#dirty.add(device) }
    const disk = new VirtualDisk(this.random, watcher, history)
    const device: SimulatedDevice = new SimulatedDevice(name, identity, disk, {
      net: this.net,
      pace: { checkpointEvery: this.schedule.checkpointEvery, housekeepingMs: this.schedule.housekeepingMs },
      worldClock: () => worldStart + Math.floor(this.time.now) + this.leapMs,
      changed: who => void this.#dirty.add(who),
      newIdentity: renewed => {
        this.ledger.carriedOver(renewed, renewed.rotten)
        return identityOf(`again ${this.#renewals++}`)
      },
      wrong: what => void this.wrong.push(what)
    })
    return device
  }

  identityOf(name: string): Identity {
    return identityOf(name)
  }

  nextText(bytes: number): string {
    return `${this.#texts++} `.padEnd(bytes, 'memory ')
  }

  count(what: string): void {
    this.#done.set(what, (this.#done.get(what) ?? 0) + 1)
  }

  /** Goes on beside; what it meets must be explained by what was done to the device. */
  spawn(what: string, work: Promise<void>, ...allowed: string[]): void {
    work.catch((error: unknown) => {
      if (!isKinmeshError(error, ...refusals, ...allowed)) this.wrong.push(`${what}: ${error instanceof Error ? error.stack : String(error)}`)
    })
  }

  /** Lets time pass until it is done. */
  async finished(work: Promise<void>): Promise<void> {
    let done = false
    this.spawn('pairing', work.finally(() => {
      done = true
    }), ...notPaired)
    await this.time.until(() => done, 60_000)
  }

  async pair(member: SimulatedDevice, newcomer: SimulatedDevice): Promise<void> {
    const statements = await member.sync?.admit(newcomer.card)
    if (statements) await newcomer.sync?.adopt(statements)
  }

  #take(step: Step): void {
    const did = this.#faults.take(step)
    if (!did) return
    this.#operations++
    this.count(did)
  }

  /** "Synced" is a claim about what the peer shows: it must have shown just that. */
  #watch(): void {
    for (const device of this.#dirty) {
      if (!device.ready) continue
      const digest = device.personal.digest()
      const shown = this.#shown.get(device.id) ?? new Set()
      this.#shown.set(device.id, shown.add(`${device.personal.id} ${digest}`))
    }
    for (const device of this.#dirty) {
      if (!device.ready) continue
      const mine = `${device.personal.id} ${device.personal.digest()}`
      for (const { id, synced } of device.sync?.peers() ?? []) {
        if (synced && !this.#shown.get(id)?.has(mine)) this.wrong.push(`${device.name} says that it is in sync with ${this.nameOf(id)}, which never showed the same`)
      }
    }
    this.#dirty.clear()
  }

  nameOf(id: DeviceId): string {
    return this.devices.find(device => device.id === id)?.name ?? id
  }

  /** Faults end, every device comes back, and all that belong together come to rest. */
  async #comeToRest(): Promise<void> {
    await this.#faults.end()
    await this.#pairAgain()
    const members = () => this.#meshOf(this.#center())
    await this.time.run(60_000)
    await this.#pairAgain() // some heard only now that the others are no members to them, of a removal that does not count
    await this.#removeLost((device, other) => other.personal.id !== device.personal.id)
    if (this.ledger.forked.size > 0) this.count('forked')
    for (let again = true; again; this.#members = await membersByAll(this.devices)) again = await this.#forked.letInAgain(members().filter(device => device.ready), work => this.finished(work))
    if (this.#sealedInVain(members())) this.count('sealedInVain')
    if (!(await this.#converges(members))) return
    for (const device of members()) for (const { ref } of device.sync?.held() ?? []) this.spawn('settle', device.sync!.settle(ref, this.random.chance(0.5)))
    if (!(await this.#converges(members))) return
    const devices = members()
    const forks = [...this.devices, ...this.clones].some(device => device.mayFork)
    this.wrong.push(...(await verdict(devices, this.ledger, { forks, rot: this.mayRot, tampered: this.tampered })))
    const [first] = devices
    const owed = first ? this.ledger.owed({ names: new Set(devices.map(({ name }) => name)), membership: first.personal.state.membership }) : []
    for (const device of this.devices) if (device.ready && (!device.mayFork || devices.includes(device))) this.wrong.push(...missing(device, device, this.ledger, owed))
    for (const device of devices) this.wrong.push(...missing(device, first ?? device, this.ledger, owed))
    this.#digest = devices[0]?.personal.digest() ?? ''
  }

  /** Some entry was sealed with a key that the membership log does not count (any more): it is handed to those who were not given it. */
  #sealedInVain(devices: readonly SimulatedDevice[]): boolean {
    const counted = new Set(devices.flatMap(device => device.personal.state.membership.epochs().flatMap(({ id, counts }) => (counts ? [id] : []))))
    return devices.some(device => this.ledger.epochs(device.personal.id).some(epoch => !counted.has(epoch)))
  }

  /** The member that knows most of the mesh. */
  #center(): SimulatedDevice | undefined {
    const known = (device: SimulatedDevice) => device.personal.state.membership.statements().length
    const [center] = this.devices.filter(device => device.ready && this.#members.get(device.personal.id)?.has(device.id)).sort((a, b) => known(b) - known(a))
    return center
  }

  #meshOf(center: SimulatedDevice | undefined): SimulatedDevice[] {
    const ids = (center && this.#members.get(center.personal.id)) ?? new Set<DeviceId>()
    // A device that was restored to nothing may have founded another mesh since, with others in it: it belongs to that one.
    return this.devices.filter(device => ids.has(device.id) && (!device.ready || device.personal.id === center!.personal.id))
  }

  /** A person pairs those again that do not know each other any more: one of them came back from before it had joined, or had admitted the other. */
  async #pairAgain(): Promise<void> {
    await this.time.run(5_000)
    this.#members = await membersByAll(this.devices)
    const center = this.#center()
    for (const device of this.devices) {
      if (!center || device === center || !device.ready || device.sync!.removed || center.personal.state.membership.removedDevices().has(device.id)) continue
      const isKnown = (a: SimulatedDevice, b: SimulatedDevice) => a.sync!.members().some(({ id }) => id === b.id)
      if (device.personal.id === center.personal.id && isKnown(center, device) && isKnown(device, center)) continue
      if (device.personal.id === center.personal.id || device.sync!.members().length === 1) await this.finished(this.pair(center, device))
    }
  }

  /** A person removes those that one that was restored waits for in vain: it says for whom when it is to write. False when there were none. */
  async #removeLost(isGone: (device: SimulatedDevice, other: SimulatedDevice) => boolean): Promise<boolean> {
    let removed = false
    for (const device of this.devices.filter(({ ready }) => ready)) {
      if (!device.personal.state.recovering) continue
      const lost = device.personal.state.awaited().filter(id => this.devices.some(other => other.id === id && other.ready && isGone(device, other)))
      for (const id of lost) await this.finished(device.sync!.removeDevice(id))
      removed ||= lost.length > 0
    }
    return removed
  }

  /** What devices ask for that found out late: that one of them forked, or that another one, which was restored as well, has removed them and is waited for. False when nothing was asked for. */
  async #askedFor(members: () => SimulatedDevice[]): Promise<boolean> {
    const removed = await this.#removeLost((device, other) => other.personal.id !== device.personal.id || !other.sync!.members().some(({ id }) => id === device.id))
    const letIn = await this.#forked.letInAgain(members().filter(device => device.ready), work => this.finished(work))
    return removed || letIn
  }

  async #converges(members: () => SimulatedDevice[]): Promise<boolean> {
    const calm = () => {
      const devices = members()
      if (!devices.every(device => device.ready && !device.personal.state.recovering)) return false // who recovers cannot write
      const digests = new Set(devices.map(device => device.personal.digest()))
      const ids = new Set(devices.map(({ id }) => id))
      return digests.size === 1 && devices.every(device => device.sync!.peers().every(({ id, synced }) => synced || !ids.has(id)))
    }
    // Twice, with a pause: what looks calm may only be slow.
    for (let times = 0; times < 2; times++) {
      this.#members = await membersByAll(this.devices)
      if (!(await this.time.until(calm, convergeMs))) {
        if (await this.#askedFor(members)) return this.#converges(members)
        this.wrong.push(`not in sync after ${convergeMs / 60_000} minutes of peace\n${this.#state()}`)
        return false
      }
      await this.time.run(2_000)
      if (this.wrong.length > 0) return false
    }
    return true
  }

  #state(): string {
    return this.devices.map(device => {
      if (!device.ready) return `${device.name} does not run`
      const { state } = device.personal
      const logs = [...state.logs.values()].map(row => `${this.nameOf(row.author)}:${row.height}/${row.checkpoint}/${row.lowest}${row.frozen ? ' frozen' : ''}`).join(' ')
      const peers = device.sync!.peers().map(peer => `${this.nameOf(peer.id)}${peer.connected ? (peer.synced ? '=' : '~') : '-'}`).join(' ')
      return `${device.name} ${device.personal.digest().slice(0, 8)} ${device.personal.count} items; members ${state.membership.version().slice(0, 6)}; logs ${logs}; peers ${peers}${state.recovering ? '; recovering' : ''}${device.sync!.removed ? '; removed' : ''}`
    }).join('\n')
  }
}
