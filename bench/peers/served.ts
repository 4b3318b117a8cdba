import type { Arrival, Written } from '../device/calls.ts'
import { now } from '../device/clock.ts'
import { writeBurst, writePaced } from '../device/pace.ts'
import { memoryText, random } from '../random.ts'
import type { Acknowledge, HubCalls, ReplicaCalls } from './calls.ts'
import type { Hub, Replica } from './system.ts'
import { bytesOnWire } from './wire.ts'

/** The replica of this process. See calls.ts. */
export class ServedReplica implements ReplicaCalls {
  readonly #replica: Replica
  readonly #acknowledge: Acknowledge
  readonly #looks = new Set<() => void>()
  #arrivals: Arrival[] | undefined

  constructor(replica: Replica, acknowledge: Acknowledge) {
    this.#replica = replica
    this.#acknowledge = acknowledge
    replica.onChange(() => {
      if (this.#arrivals) {
        const at = now()
        for (const id of replica.arrived()) this.#arrivals.push({ id, at })
      }
      for (const look of this.#looks) look()
    })
  }

  start(home: string): Promise<void> {
    return this.#replica.start(home)
  }

  async join(place: string): Promise<{ startedAt: number; admittedAt?: number }> {
    const startedAt = now()
    return { startedAt, ...(await this.#replica.join(place)) }
  }

  place(): Promise<string> {
    return this.#replica.place()
  }

  async fill({ count, batch, seed }: { count: number; batch: number; seed: number }): Promise<void> {
    const next = random(seed)
    for (let from = 0; from < count; from += batch) {
      await this.#replica.putMany(Array.from({ length: Math.min(batch, count - from) }, (_, n) => memoryText(next, `memory ${from + n}`)))
    }
  }

  pace(options: { count: number; everyMs: number; seed: number }): Promise<Written[]> {
    return writePaced(text => this.#replica.put(text), options)
  }

  burst(options: { count: number; concurrency: number; seed: number }): Promise<{ startedAt: number; durableAt: number }> {
    return writeBurst(text => this.#replica.put(text), options)
  }

  async write({ concurrency, seed }: { concurrency: number; seed: number }): Promise<void> {
    const next = random(seed)
    let n = 0
    const writer = async () => {
      for (;;) {
        const text = memoryText(next, `write ${n++}`)
        this.#acknowledge({ id: await this.#replica.put(text), text })
      }
    }
    await Promise.all(Array.from({ length: concurrency }, writer))
  }

  async watch(): Promise<void> {
    this.#replica.arrived()
    this.#arrivals = []
  }

  async arrivals(): Promise<Arrival[]> {
    const arrivals = this.#arrivals ?? []
    this.#arrivals = undefined
    return arrivals
  }

  reached({ count, synced }: { count: number; synced: boolean }): Promise<{ visibleAt: number; syncedAt: number }> {
    return new Promise(resolve => {
      let visibleAt: number | undefined
      const look = () => {
        if (this.#replica.count < count) return
        visibleAt ??= now()
        if (synced && !this.#replica.synced) return
        this.#looks.delete(look)
        resolve({ visibleAt, syncedAt: now() })
      }
      this.#looks.add(look)
      look()
    })
  }

  async ids(): Promise<string[]> {
    return this.#replica.ids()
  }

  async bytes(): Promise<number> {
    return bytesOnWire()
  }

  rss(): Promise<number> {
    return rss()
  }

  stop(): Promise<void> {
    return this.#replica.stop()
  }
}

/** The server of this process. See calls.ts. */
export class ServedHub implements HubCalls {
  readonly #hub: Hub

  constructor(hub: Hub) {
    this.#hub = hub
  }

  listen(home: string): Promise<string> {
    return this.#hub.listen(home)
  }

  async load(): Promise<string[]> {
    return (await this.#hub.load?.()) ?? []
  }

  rss(): Promise<number> {
    return rss()
  }

  stop(): Promise<void> {
    return this.#hub.stop()
  }
}

async function rss(): Promise<number> {
  return process.memoryUsage.rss() / 2 ** 20
}
