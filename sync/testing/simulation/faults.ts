import { readCommitOf } from './rot.ts'
import type { Step } from './schedule.ts'
import type { SimulatedDevice } from './simulated-device.ts'
import { Targets } from './targets.ts'
import type { VirtualNode } from './virtual-net.ts'
import type { World } from './world.ts'

/** More devices a schedule may come to. */
export const maxDevices = 10
/** A device whose commit never comes is killed anyway, ms. */
const midCommitMs = 5_000

/** Why two devices may fail to pair: one was removed meanwhile, or is with others already. */
export const notPaired = ['TooManyDevices', 'NotAMember', 'AlreadyInMesh', 'DeviceRemoved']

type Of<K extends Step['do']> = Extract<Step, { do: K }>
const dayMs = 24 * 3600 * 1000

/** Carries out the steps of a schedule. One that finds nothing to do at its own target takes the nearest sensible one, and else something is written. */
export class Faults {
  readonly #world: World
  readonly #targets: Targets
  #ended = false

  constructor(world: World) {
    this.#world = world
    this.#targets = new Targets(world.devices, world.net)
  }

  /** Says what took effect, if anything: the step itself, or what was done instead. */
  take(step: Step): Step['do'] | undefined {
    if (this.#take(step)) return step.do
    const device = 'device' in step ? step.device : 0
    if (this.#write({ do: 'write', device, count: 1, bytes: 10, after: step.after })) return 'write'
    return this.#start(device) ? 'start' : undefined
  }

  #take(step: Step): boolean {
    switch (step.do) {
      case 'write': return this.#write(step)
      case 'edit': return this.#edit(step)
      case 'remove': return this.#remove(step)
      case 'settle': return this.#settle(step)
      case 'cut': case 'heal': case 'break': case 'stall': case 'delay': case 'tamper': return this.#link(step)
      case 'partition': return this.#partition(step.mask)
      case 'healAll': return this.#healAll()
      case 'crash': return this.#crash(step)
      case 'stop': return this.#stop(step)
      case 'start': return this.#start(step.device)
      case 'secondProcess': return this.#secondProcess(step)
      case 'fillDisk': return this.#set(this.#targets.device(step.device, ({ disk }) => disk.full !== step.full), device => void (device.disk.full = step.full))
      case 'slowDisk': return this.#set(this.#targets.device(step.device), device => void (device.disk.fsyncMs = [step.ms / 4, step.ms]))
      case 'clock': return this.#set(this.#targets.device(step.device), device => void (device.clockMs = step.ms))
      case 'sleep': return this.#sleep(step)
      case 'backup': return this.#set(this.#targets.device(step.device), device => void (device.backup = { history: device.disk.copy(), identity: device.identity }))
      case 'restore': return this.#restore(step)
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

  #set(device: SimulatedDevice | undefined, act: (device: SimulatedDevice) => void): boolean {
    if (device) act(device)
    return device !== undefined
  }

  #write({ device: index, count, bytes }: Of<'write'>): boolean {
    const device = this.#targets.device(index, ({ ready }) => ready)
    for (let nth = 0; device && nth < count; nth++) this.#put(device, undefined, bytes)
    return device !== undefined
  }

  #edit({ device: index, item, bytes }: Of<'edit'>): boolean {
    const device = this.#targets.device(index, one => this.#items(one, item, 1).length > 0)
    const [id] = device ? this.#items(device, item, 1) : []
    if (!device || id === undefined) return false
    this.#put(device, id, bytes)
    return true
  }

  #put(device: SimulatedDevice, id: string | undefined, bytes: number): void {
    const { ledger } = this.#world
    const text = this.#world.nextText(bytes)
    const { id: author, name } = device
    ledger.wrote(id, text)
    const written = device.personal.put({ text }, id).then(item => {
      ledger.wrote(item.id, text)
      ledger.acknowledged.push({ device: name, author, id: item.id, hlc: item.hlc, text })
    })
    this.#world.spawn('put', written)
  }

  #remove({ device: index, item, count }: Of<'remove'>): boolean {
    const device = this.#targets.device(index, one => this.#items(one, item, 1).length > 0)
    for (const id of device ? this.#items(device, item, count) : []) {
      this.#world.ledger.removals.add(id)
      this.#world.spawn('remove', device!.personal.remove(id))
    }
    return device !== undefined
  }

  #items(device: SimulatedDevice, first: number, count: number): string[] {
    if (!device.ready) return []
    const items = device.personal.list({ limit: 1000 })
    return Array.from({ length: Math.min(count, items.length) }, (_, nth) => items[(first * 7 + nth) % items.length]!.id)
  }

  #settle({ device: index, accept }: Of<'settle'>): boolean {
    const device = this.#targets.device(index, one => one.ready && one.sync!.held().length > 0)
    const [held] = device?.sync?.held() ?? []
    if (held) this.#world.spawn('settle', device!.sync!.settle(held.ref, accept))
    return held !== undefined
  }

  #link(step: Of<'cut' | 'heal' | 'break' | 'stall'> | Of<'delay'> | Of<'tamper'>): boolean {
    const { net } = this.#world
    const pair = this.#targets.link(step.device, step.peer, (a, b) => net.canSuffer(step.do, a, b))
    if (!pair) return false
    const [a, b] = pair
    switch (step.do) {
      case 'delay':
        Object.assign(net.way(a, b), { delayMs: step.ms, jitterMs: step.ms / 2 })
        break
      case 'tamper':
        net.tamper(a, b, step.fault, step.frames)
        this.#world.tampered = true
        break
      default:
        net[step.do](a, b)
    }
    return true
  }

  #partition(mask: number): boolean {
    const { net, devices } = this.#world
    const side = (node: VirtualNode) => (mask >> (devices.findIndex(device => device.node === node) & 7)) & 1
    const between = this.#targets.links().filter(([a, b]) => side(a) !== side(b) && net.canSuffer('cut', a, b))
    for (const [a, b] of between) net.cut(a, b)
    return between.length > 0
  }

  #healAll(): boolean {
    const { net } = this.#world
    const spoilt = this.#targets.links().filter(([a, b]) => net.canSuffer('heal', a, b))
    for (const [a, b] of spoilt) net.heal(a, b)
    return spoilt.length > 0
  }

  #crash({ device: index, kept, midCommit }: Of<'crash'>): boolean {
    const device = this.#targets.device(index, ({ life }) => life.alive)
    if (!device) return false
    const { life } = device
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

  #stop({ device: index }: Of<'stop' | 'start' | 'secondProcess'>): boolean {
    return this.#set(this.#targets.device(index, isAwake), device => this.#world.spawn('stop', device.stop()))
  }

  #start(index: number): boolean {
    return this.#set(this.#targets.device(index, ({ life }) => !life.alive), device => device.start())
  }

  #secondProcess({ device: index }: Of<'stop' | 'start' | 'secondProcess'>): boolean {
    const device = this.#targets.device(index, ({ life }) => life.alive)
    if (!device) return false
    try {
      device.disk.open(device.life)
      this.#world.wrong.push(`a second process got the home of ${device.name}`)
    } catch {
      return true // refused
    }
    return true
  }

  #sleep({ device: index, ms, awayMs }: Of<'sleep'>): boolean {
    const device = this.#targets.device(index, isAwake)
    if (!device) return false
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

  #restore({ device: index }: Of<'restore'>): boolean {
    const device = this.#targets.device(index, ({ backup, identity }) => backup?.identity === identity)
    if (device?.backup) this.#putBack(device, device.backup.history)
    return device !== undefined
  }

  #loseTail({ device: index, commits }: Of<'loseTail'>): boolean {
    return this.#set(this.#targets.device(index, ({ disk }) => disk.commits > 0), device => this.#putBack(device, device.disk.copy(commits)))
  }

  #putBack(device: SimulatedDevice, history: ReturnType<SimulatedDevice['disk']['copy']>): void {
    const { devices, ledger } = this.#world
    device.crash(1)
    if (history.length === device.disk.commits) return
    device.mayFork = true
    device.disk.restore(history)
    ledger.wentBack(device, devices)
  }

  #rot({ device: index, item }: Of<'rot'>): boolean {
    const rotten = (device: SimulatedDevice) => readCommitOf(device.disk.content, device.id, item)
    // What it wrote under a former key it carries over from the view, and has nobody to compare that with.
    const device = this.#targets.device(index, one => !one.life.alive && one.ranAs === one.id && rotten(one) !== undefined)
    const batch = device && rotten(device)
    if (!batch) return false
    device.disk.write(batch)
    for (const { id } of batch.dropVersions ?? []) device.rotten.add(id)
    this.#world.mayRot = true
    return true
  }

  #clone({ device: index, forMs }: Of<'clone'>): boolean {
    const device = this.#targets.device(index)
    const { clones, time } = this.#world
    if (!device || clones.length > 0 || this.#world.devices.length < 3) return false
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
    const member = this.#targets.device(index, mayAdmit)
    const { devices, time } = this.#world
    if (devices.length >= maxDevices || !member) return false
    const newcomer = this.#world.newDevice()
    newcomer.start()
    const admit = async (): Promise<void> => {
      for (let nth = 0; nth < items; nth++) this.#put(newcomer, undefined, 10)
      if (mayAdmit(member) && newcomer.ready) await this.#world.pair(member, newcomer)
    }
    time.after(100 + this.#world.random.next() * 500, () => newcomer.ready && this.#world.spawn('add', admit(), ...notPaired))
    return true
  }

  #removeDevice({ device: index, peer }: Of<'removeDevice' | 'rejoin'>): boolean {
    const device = this.#targets.device(index, mayAdmit)
    const other = device && this.#targets.device(peer, one => one !== device && device.sync!.members().some(({ id }) => id === one.id))
    if (other) this.#world.spawn('remove', device.sync!.removeDevice(other.id), 'NoSuchDevice', 'NotAMember')
    return other !== undefined
  }

  #rejoin({ device: index, peer }: Of<'removeDevice' | 'rejoin'>): boolean {
    const { time } = this.#world
    const device = this.#targets.device(index, one => one.ready && one.sync!.removed)
    const member = this.#targets.device(peer, mayAdmit)
    if (!device || !member) return false
    device.crash(1)
    device.start()
    time.after(500, () => device.ready && mayAdmit(member) && this.#world.spawn('rejoin', this.#world.pair(member, device), ...notPaired))
    return true
  }
}

function isAwake({ ready, life }: SimulatedDevice): boolean {
  return ready && !life.asleep
}

function mayAdmit(device: SimulatedDevice): boolean {
  return isAwake(device) && !device.sync!.removed
}
