import { readCommitOf } from './rot.ts'
import { newestHlc } from './ledger.ts'
import type { Step } from './schedule.ts'
import type { SimulatedDevice } from './simulated-device.ts'
import type { VirtualNode } from './virtual-net.ts'
import type { World } from './world.ts'

/** More devices a schedule may come to. */
export const maxDevices = 10
/** Removed devices that go on under a new key. */
export const maxRejoins = 10
/** A device whose commit never comes is killed anyway, ms. */
const midCommitMs = 5_000

/** Why two devices may fail to pair: one was removed meanwhile, or is with others already. */
export const notPaired = ['TooManyDevices', 'NotAMember', 'AlreadyInMesh', 'DeviceRemoved']

type Of<K extends Step['do']> = Extract<Step, { do: K }>
const dayMs = 24 * 3600 * 1000

/** Carries out the steps of a schedule. Each says whether it found something to do. */
export class Faults {
  readonly #world: World
  /** Devices that go on under a new key the next time they start. */
  #identities = 0
  #ended = false

  constructor(world: World) {
    this.#world = world
  }

  take(step: Step): boolean {
    switch (step.do) {
      case 'write': return this.#write(step)
      case 'edit': return this.#edit(step)
      case 'remove': return this.#remove(step)
      case 'settle': return this.#settle(step)
      case 'cut': case 'heal': case 'break': case 'stall': case 'delay': case 'tamper': return this.#link(step)
      case 'partition': return this.#partition(step.mask)
      case 'healAll': return this.#healAll()
      case 'crash': return this.#crash(step)
      case 'stop': return this.#stop(this.#device(step.device))
      case 'start': return this.#start(this.#device(step.device))
      case 'secondProcess': return this.#secondProcess(this.#device(step.device))
      case 'fillDisk': return this.#set(this.#device(step.device), device => void (device.disk.full = step.full))
      case 'slowDisk': return this.#set(this.#device(step.device), device => void (device.disk.fsyncMs = [step.ms / 4, step.ms]))
      case 'clock': return this.#set(this.#device(step.device), device => void (device.clockMs = step.ms))
      case 'sleep': return this.#sleep(step)
      case 'backup': return this.#set(this.#device(step.device), device => void (device.backup = { history: device.disk.copy(), identity: device.identity }))
      case 'restore': return this.#restore(this.#device(step.device))
      case 'loseTail': return this.#loseTail(step)
      case 'rot': return this.#rot(step)
      case 'clone': return this.#clone(step)
      case 'add': return this.#add(step)
      case 'removeDevice': return this.#removeDevice(step)
      case 'rejoin': return this.#rejoin(step)
    }
  }

  /** Everything works from here on, and every device runs. A device that was cloned is removed, as its person is told to. */
  async end(): Promise<void> {
    const { devices, clones, time, net } = this.#world
    for (const clone of clones) clone.crash(1)
    this.#ended = true
    for (const device of devices) if (device.life.asleep) this.#wake(device)
    await time.run(midCommitMs) // devices that were on their way down are down
    for (const device of devices) Object.assign(device.disk, { full: false, fsyncMs: [0.2, 4] })
    this.#healAll()
    for (const a of net.nodes) for (const b of net.nodes) if (a !== b) Object.assign(net.way(a, b), { delayMs: 2, jitterMs: 3 })
    for (const device of devices) device.start()
    await time.until(() => devices.every(device => device.ready), 60_000)
    this.#healAll()
  }

  /** Removes devices whose log forked, as the fault tells a person to. */
  removeForked(devices: readonly SimulatedDevice[]): boolean {
    const frozen = new Set(devices.flatMap(device => [...device.personal.state.logs.values()].filter(row => row.frozen).map(row => row.author)))
    const [remover] = devices.filter(device => !frozen.has(device.id))
    const members = remover?.sync!.members().filter(({ id }) => frozen.has(id)) ?? []
    for (const { id } of members) {
      this.#world.count('removedForked')
      this.#world.spawn('remove', remover!.sync!.removeDevice(id), 'NoSuchDevice', 'NotAMember')
    }
    return members.length > 0
  }

  #device(index: number): SimulatedDevice {
    const { devices } = this.#world
    return devices[index % devices.length]!
  }

  #set(device: SimulatedDevice, act: (device: SimulatedDevice) => void): true {
    act(device)
    return true
  }

  #write({ device: index, count, bytes }: Of<'write'>): boolean {
    const device = this.#device(index)
    if (!device.ready) return false
    for (let nth = 0; nth < count; nth++) this.#put(device, undefined, bytes)
    return true
  }

  #edit({ device: index, item, bytes }: Of<'edit'>): boolean {
    const device = this.#device(index)
    const id = this.#items(device, item, 1)[0]
    if (id === undefined) return false
    this.#put(device, id, bytes)
    return true
  }

  #put(device: SimulatedDevice, id: string | undefined, bytes: number): void {
    const { ledger } = this.#world
    const text = this.#world.nextText(bytes)
    const { id: author, name } = device
    if (id !== undefined) ledger.wrote(id, text)
    const written = device.personal.put({ text }, id).then(item => {
      ledger.wrote(item.id, text)
      ledger.acknowledged.push({ device: name, author, id: item.id, hlc: item.hlc, text })
    })
    this.#world.spawn('put', written)
  }

  #remove({ device: index, item, count }: Of<'remove'>): boolean {
    const device = this.#device(index)
    const ids = this.#items(device, item, count)
    for (const id of ids) {
      this.#world.ledger.removals.add(id)
      this.#world.spawn('remove', device.personal.remove(id))
    }
    return ids.length > 0
  }

  #items(device: SimulatedDevice, first: number, count: number): string[] {
    if (!device.ready) return []
    const items = device.personal.list({ limit: 1000 })
    return Array.from({ length: Math.min(count, items.length) }, (_, nth) => items[(first * 7 + nth) % items.length]!.id)
  }

  #settle({ device: index, accept }: Of<'settle'>): boolean {
    const device = this.#device(index)
    const held = device.ready ? device.sync!.held()[0] : undefined
    if (!held) return false
    this.#world.spawn('settle', device.sync!.settle(held.ref, accept))
    return true
  }

  #link(step: Of<'cut' | 'heal' | 'break' | 'stall'> | Of<'delay'> | Of<'tamper'>): boolean {
    const { net } = this.#world
    const [a, b] = [this.#device(step.device).node, this.#device(step.peer).node]
    if (!a || !b || a === b) return false
    switch (step.do) {
      case 'delay':
        Object.assign(net.way(a, b), { delayMs: step.ms, jitterMs: step.ms / 2 })
        break
      case 'tamper':
        net.tamper(a, b, step.fault, step.frames)
        break
      default:
        net[step.do](a, b)
    }
    return true
  }

  #partition(mask: number): boolean {
    const { net, devices } = this.#world
    const side = (node: VirtualNode) => (mask >> (devices.findIndex(device => device.node === node) & 7)) & 1
    for (const a of net.nodes) for (const b of net.nodes) if (a.number < b.number && side(a) !== side(b)) net.cut(a, b)
    return true
  }

  #healAll(): boolean {
    const { net } = this.#world
    for (const a of net.nodes) for (const b of net.nodes) if (a.number < b.number) net.heal(a, b)
    return true
  }

  #crash({ device: index, kept, midCommit }: Of<'crash'>): boolean {
    const device = this.#device(index)
    const { life } = device
    if (!life.alive) return false
    if (!midCommit) device.crash(kept)
    else {
      const look = (leftMs: number): void => {
        if (device.life !== life || !life.alive || this.#ended) return
        if (device.disk.busy || leftMs <= 0) device.crash(kept)
        else this.#world.time.after(0.3, () => look(leftMs - 0.3 - this.#world.random.next() * 20))
      }
      look(midCommitMs)
    }
    return true
  }

  #stop(device: SimulatedDevice): boolean {
    if (!device.ready || device.life.asleep) return false
    this.#world.spawn('stop', device.stop())
    return true
  }

  #start(device: SimulatedDevice): boolean {
    if (device.life.alive) return false
    device.start()
    return true
  }

  #secondProcess(device: SimulatedDevice): boolean {
    if (!device.life.alive) return false
    try {
      device.disk.open(device.life)
      this.#world.wrong.push(`a second process got the home of ${device.name}`)
    } catch {
      return true // refused
    }
    return true
  }

  #sleep({ device: index, ms, awayMs }: Of<'sleep'>): boolean {
    const device = this.#device(index)
    if (!device.ready || device.life.asleep) return false
    const { life } = device
    life.sleep()
    this.#world.leapMs += awayMs
    this.#world.time.after(ms, () => device.life === life && life.asleep && this.#wake(device))
    if (awayMs > dayMs) this.#world.count('sleep30Days')
    return true
  }

  #wake(device: SimulatedDevice): void {
    device.life.wake()
    if (device.node) this.#world.net.considerAll(device.node)
  }

  #restore(device: SimulatedDevice): boolean {
    const { backup } = device
    if (!backup || backup.identity !== device.identity) return false
    this.#putBack(device, backup.history)
    return true
  }

  #loseTail({ device: index, commits }: Of<'loseTail'>): boolean {
    const device = this.#device(index)
    this.#putBack(device, device.disk.copy(commits))
    return true
  }

  /** What the lost part alone held is lost, and nobody promised otherwise. */
  #putBack(device: SimulatedDevice, history: ReturnType<SimulatedDevice['disk']['copy']>): void {
    const { devices, ledger } = this.#world
    device.crash(1)
    if (history.length === device.disk.commits) return
    device.mayFork = true
    const spaceOf = () => device.disk.content.spaces().find(({ name }) => name === 'personal')?.id
    const space = spaceOf()
    device.disk.restore(history)
    // From before it joined: it may well go into another mesh than the one that holds what it wrote.
    const isStranger = spaceOf() !== space
    const stores = devices.map(({ disk }) => disk.content)
    const left = ledger.acknowledged.filter(({ device: name, id, hlc }) => !(isStranger && name === device.name) && stores.some(store => newestHlc(store, id) >= hlc))
    ledger.acknowledged.splice(0, ledger.acknowledged.length, ...left)
  }

  #rot({ device: index, item }: Of<'rot'>): boolean {
    const device = this.#device(index)
    if (device.life.alive) return false
    const batch = readCommitOf(device.disk.content, device.id, item)
    if (!batch) return false
    device.disk.write(batch)
    this.#world.mayRot = true
    return true
  }

  #clone({ device: index, forMs }: Of<'clone'>): boolean {
    const device = this.#device(index)
    const { clones, time } = this.#world
    if (clones.length > 0 || this.#world.devices.length < 3) return false
    device.mayFork = true
    const clone = this.#world.makeDevice(`clone of ${device.name}`, device.identity, device.disk.copy())
    clones.push(clone)
    clone.start()
    const writing = (): void => {
      if (!clone.life.alive) return
      if (clone.ready) this.#put(clone, undefined, 10)
      time.after(forMs / 5, writing)
    }
    writing()
    time.after(forMs, () => clone.crash(1))
    return true
  }

  #add({ device: index, items }: Of<'add'>): boolean {
    const member = this.#device(index)
    const { devices, time } = this.#world
    if (devices.length >= maxDevices || !this.#mayAdmit(member)) return false
    const newcomer = this.#world.newDevice()
    newcomer.start()
    const admit = async (): Promise<void> => {
      for (let nth = 0; nth < items; nth++) this.#put(newcomer, undefined, 10)
      if (this.#mayAdmit(member) && newcomer.ready) await this.#world.pair(member, newcomer)
    }
    time.after(100 + this.#world.random.next() * 500, () => newcomer.ready && this.#world.spawn('add', admit(), ...notPaired))
    return true
  }

  #mayAdmit(member: SimulatedDevice): boolean {
    return member.ready && !member.life.asleep && !member.sync!.removed
  }

  #removeDevice({ device: index, peer }: Of<'removeDevice' | 'rejoin'>): boolean {
    const [device, other] = [this.#device(index), this.#device(peer)]
    if (device === other || !device.ready || !device.sync!.members().some(({ id }) => id === other.id)) return false
    this.#world.spawn('remove', device.sync!.removeDevice(other.id), 'NoSuchDevice', 'NotAMember')
    return true
  }

  #rejoin({ device: index, peer }: Of<'removeDevice' | 'rejoin'>): boolean {
    const { devices, time } = this.#world
    const removed = devices.filter(device => device.ready && device.sync!.removed)
    const device = removed[index % removed.length]
    const member = this.#device(peer)
    if (!device || !this.#mayAdmit(member) || this.#identities >= maxRejoins) return false
    device.crash(1)
    device.identity = this.#world.identityOf(`again ${this.#identities++}`)
    device.backup = undefined
    device.start()
    time.after(500, () => device.ready && this.#mayAdmit(member) && this.#world.spawn('rejoin', this.#world.pair(member, device), ...notPaired))
    return true
  }
}
