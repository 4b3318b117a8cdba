import type { SimulatedDevice } from './simulated-device.ts'
import type { World } from './world.ts'

/** Devices that are let in again at the end of one schedule, at most. */
export const maxLetInAgain = 10
/** So long may a device take to start, or a removal to reach everybody, ms. */
const settleMs = 60_000

/** Devices that a person is told to remove and let in again: others refuse what they write, or they say so themselves. */
function forkedOf(devices: readonly SimulatedDevice[]): SimulatedDevice[] {
  const frozen = new Set(devices.flatMap(device => [...device.personal.state.logs.values()].filter(row => row.frozen).map(row => row.author)))
  const saysSo = (device: SimulatedDevice) => device.sync!.faults().some(fault => fault.kind === 'Equivocation' && fault.device === device.id)
  return devices.filter(device => frozen.has(device.id) || saysSo(device))
}

/** What a person does about logs with two branches, as the devices ask for it. */
export class ForkedDevices {
  readonly #world: World
  #again = 0

  constructor(world: World) {
    this.#world = world
  }

  /** Removes the devices whose log forked on one that is well, and lets each in again under a new key. False when there was nothing to do. */
  async letInAgain(members: readonly SimulatedDevice[], finished: (work: Promise<void>) => Promise<void>): Promise<boolean> {
    const { time } = this.#world
    const forked = forkedOf(members)
    // Where all forked, one begins, and those that it let in again remove it.
    const helper = members.find(device => !forked.includes(device)) ?? members[0]
    const out = forked.filter(device => device !== helper && this.#again < maxLetInAgain)
    if (!helper || out.length === 0) return false
    for (const device of out) {
      this.#world.count('removedForked')
      await finished(helper.sync!.removeDevice(device.id))
    }
    await time.run(settleMs)
    for (const device of out) {
      device.crash(1)
      device.identity = this.#world.identityOf(`anew ${this.#again++}`)
      device.backup = undefined
      device.start()
      await time.until(() => device.ready, settleMs)
      if (device.ready) await finished(this.#world.pair(helper, device))
    }
    await time.run(settleMs)
    return true
  }
}
