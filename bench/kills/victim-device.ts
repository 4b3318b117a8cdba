import '../../mesh/mesh.ts'
import { remember, textOf } from '../../node/memory.ts'
import { BenchDevice } from '../device/bench-device.ts'
import type { Ack } from '../device/calls.ts'
import { Trigger, type Aim } from './aim.ts'
import type { VictimCalls } from './calls.ts'

/** Entries between checkpoints, and ms between rounds of pruning: each comes a few times in every round. */
const pace = { checkpointEvery: 24, housekeepingMs: 150 }

/** See calls.ts. */
export class VictimDevice extends BenchDevice implements VictimCalls {
  readonly #trigger: Trigger

  constructor(acknowledge: (ack: Ack['ack']) => void) {
    const trigger = new Trigger()
    super(acknowledge, { pace, webrtc: false, tap: trigger.tap })
    this.#trigger = trigger
  }

  aim(aim: Aim): Promise<void> {
    return this.#trigger.set(aim)
  }

  async texts(ids: readonly string[]): Promise<(string | undefined)[]> {
    const space = this.device.sync.space('personal')
    return ids.map(id => {
      const item = space.get(id)
      return item && textOf(item)
    })
  }

  async members(): Promise<string[]> {
    return this.device.sync.members().map(member => member.id)
  }

  async remember(texts: readonly string[]): Promise<Ack['ack'][]> {
    const { sync, id: self } = this.device
    return Promise.all(texts.map(async text => ({ id: (await remember(sync, self, { text }, { now: Date.now() })).id, text })))
  }
}
