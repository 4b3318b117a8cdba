import { join } from 'node:path'
import type { Context } from '../bench.ts'
import type { Ack } from '../device/calls.ts'
import { DeviceProcess } from '../device/process.ts'
import type { VictimCalls } from './calls.ts'

export type Victim = DeviceProcess<VictimCalls>

const program = new URL('victim.ts', import.meta.url).pathname
/** One that is killed and one that joins in the same round. */
const ahead = 2

/** Processes that have loaded everything and wait to be told which device they are: loading takes ten times as long as starting a device. */
export class Spares {
  readonly #make: () => Victim
  readonly #ready: Victim[]

  constructor({ dir }: Context, onAck: (ack: Ack['ack']) => void) {
    this.#make = () => new DeviceProcess<VictimCalls>({ program: { path: program, args: [join(dir, 'compiled')] }, onAck })
    this.#ready = Array.from({ length: ahead }, this.#make)
  }

  take(): Victim {
    this.#ready.push(this.#make())
    return this.#ready.shift() ?? this.#make()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#ready.map(process => process.kill()))
  }
}
