import type { Identity } from '../../../mesh/types.ts'
import type { Random } from '../../random.fixtures.ts'
import type { Ledger } from './ledger.ts'
import type { SimulatedDevice } from './simulated-device.ts'
import type { VirtualDisk } from './virtual-disk.ts'
import type { VirtualNet } from './virtual-net.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Where a schedule happens, as its steps see it. */
export type World = {
  readonly time: VirtualTime
  readonly net: VirtualNet
  readonly random: Random
  readonly ledger: Ledger
  readonly devices: SimulatedDevice[]
  readonly clones: SimulatedDevice[]
  /** Found to be wrong so far. */
  readonly wrong: string[]
  /** World time that passed while nothing happened, ms. */
  leapMs: number
  /** Some view was damaged. */
  mayRot: boolean
  /** Frames were lost, doubled or swapped, which no channel does by itself: to a device it is its peer that sends such. */
  tampered: boolean
  newDevice(): SimulatedDevice
  makeDevice(name: string, identity: Identity, history: ReturnType<VirtualDisk['copy']>): SimulatedDevice
  identityOf(name: string): Identity
  nextText(bytes: number): string
  count(what: string): void
  /** Goes on beside; what it meets must be explained by what was done to the device, or be one of `allowed`. */
  spawn(what: string, work: Promise<void>, ...allowed: string[]): void
  pair(member: SimulatedDevice, newcomer: SimulatedDevice): Promise<void>
}
