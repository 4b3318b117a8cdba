import { setTimeout as wait } from 'node:timers/promises'
import { startDevice, type Device, type DeviceOptions } from '../../node/device.ts'
import { remember, textOf } from '../../node/memory.ts'
import type { WireTap } from '../../mesh/types.ts'
import { syncProtocol } from '../../sync/sessions.ts'
import type { Space } from '../../sync/types.ts'
import { memoryText, random } from '../random.ts'
import type { Ack, Arrival, Calls, ChurnOptions, Memory, Reached, Started, State, Strain, Usage, Written } from './calls.ts'
import { Churn } from './churn.ts'
import { now } from './clock.ts'
import { stderrLogger } from './log.ts'
import { writeBurst, writePaced } from './pace.ts'
import { SleepClock } from './sleep-clock.ts'
import { StrainGauge } from './strain.ts'
import { usage } from './usage.ts'

/** What a bench may set otherwise than `kinmesh up` does. */
export type MoreOptions = Pick<DeviceOptions, 'listen' | 'pace' | 'tap' | 'webrtc'>

/** The device of this process. See calls.ts. */
export class BenchDevice implements Calls {
  readonly #acknowledge: (ack: Ack['ack']) => void
  readonly #more: MoreOptions
  #running: Device | undefined
  #arrivals: Arrival[] = []
  #unwatch: (() => void) | undefined
  #writers: Promise<void>[] = []
  #writing = new AbortController()
  /** When the first frame left for another device. */
  #connectedAt: number | undefined
  #frames: Uint8Array[] | undefined
  readonly #clock = new SleepClock()
  #gauge: StrainGauge | undefined

  constructor(acknowledge: (ack: Ack['ack']) => void, more: MoreOptions = {}) {
    this.#acknowledge = acknowledge
    this.#more = more
  }

  async start({ home, name, host = '127.0.0.1', port = 0 }: { home: string; name: string; host?: string | undefined; port?: number | undefined }): Promise<Started> {
    const tap: WireTap = sent => {
      this.#more.tap?.(sent)
      this.#sent(sent)
    }
    const device = await startDevice({ home, name, port, host, mdns: false, log: stderrLogger, clock: this.#clock.now, ...this.#more, tap })
    this.#running = device
    return { id: device.id, readyAt: now(), addrs: device.mesh.addrs() }
  }

  async fill({ home, name, count, batch, seed }: { home: string; name: string; count: number; batch: number; seed: number }): Promise<void> {
    const device = await startDevice({ home, name, port: 0, host: '127.0.0.1', mdns: false, online: false, log: stderrLogger })
    this.#running = device
    const next = random(seed)
    for (let from = 0; from < count; from += batch) {
      await Promise.all(Array.from({ length: Math.min(batch, count - from) }, (_, n) => this.#remember(memoryText(next, `memory ${from + n}`))))
    }
    await this.stop()
  }

  async invite(): Promise<string> {
    return (await this.device.pairing.invite({ unattended: true })).uri
  }

  async join(uri: string): Promise<{ admittedAt: number }> {
    let admittedAt = 0
    const onProgress = (step: string) => {
      if (step === 'admitted') admittedAt = now()
    }
    await this.device.pairing.join(uri, { signal: AbortSignal.timeout(60_000), onProgress })
    return { admittedAt: admittedAt || now() }
  }

  removeDevice(id: string): Promise<void> {
    return this.device.sync.removeDevice(id)
  }

  pace(options: { count: number; everyMs: number; seed: number }): Promise<Written[]> {
    return writePaced(text => this.#remember(text), options)
  }

  burst(options: { count: number; concurrency: number; seed: number }): Promise<{ startedAt: number; durableAt: number }> {
    return writeBurst(text => this.#remember(text), options)
  }

  async watch(): Promise<void> {
    this.#unwatch?.()
    this.#arrivals = []
    const space = this.#personal
    let { rev } = space
    this.#unwatch = space.subscribe(() => {
      const at = now()
      for (let changes = space.changesSince(rev); changes.length > 0; changes = space.changesSince(rev)) {
        for (const { id } of changes) this.#arrivals.push({ id, at })
        rev = changes.at(-1)?.rev ?? rev
      }
    })
  }

  async arrivals(): Promise<Arrival[]> {
    this.#unwatch?.()
    this.#unwatch = undefined
    return this.#arrivals
  }

  async reached({ count, peers }: { count: number; peers: number }): Promise<Reached> {
    const { sync } = this.device
    const stops: (() => void)[] = []
    let visibleAt: number | undefined
    try {
      return await new Promise(resolve => {
        const look = () => {
          if (this.#personal.count < count) return
          visibleAt ??= now()
          if (sync.peers().filter(peer => peer.connected && peer.synced).length >= peers) resolve({ visibleAt, syncedAt: now(), connectedAt: this.#connectedAt ?? Number.POSITIVE_INFINITY })
        }
        // Joining a mesh puts another space in the place of the one there was.
        const follow = () => {
          stops.push(this.#personal.subscribe(look))
          look()
        }
        stops.push(sync.onMembers(follow), sync.onPeers(look))
      })
    } finally {
      for (const stop of stops) stop()
    }
  }

  async searchable(): Promise<{ at: number }> {
    await this.device.recall.ready()
    return { at: now() }
  }

  async memory(): Promise<Memory> {
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
    const MB = 2 ** 20
    return { rss: rss / MB, peak: process.resourceUsage().maxRSS / 1024, heapUsed: heapUsed / MB, heapTotal: heapTotal / MB, external: external / MB }
  }

  async strain(): Promise<Strain> {
    this.#gauge ??= new StrainGauge()
    return this.#gauge.read()
  }

  async readBroken(options: { count: number; seed: number }): Promise<{ refused: number; read: number }> {
    // Forgers of messages are nothing that other benches should carry.
    return (await import('../hostile/read-broken.ts')).readBroken(options)
  }

  async state(): Promise<State> {
    const { sync } = this.device
    const peers = sync.peers()
    return {
      memories: this.#personal.count,
      digest: this.#personal.digest(),
      connected: peers.filter(peer => peer.connected).map(peer => peer.id),
      synced: peers.filter(peer => peer.connected && peer.synced).map(peer => peer.id),
      faults: sync.faults().map(fault => `${fault.kind}: ${fault.text}`),
      removed: sync.removed
    }
  }

  async items(): Promise<{ id: string; text: string }[]> {
    const items: { id: string; text: string }[] = []
    for (let page = this.#personal.list(); page.length > 0; page = this.#personal.list({ after: page.at(-1)?.id ?? '' })) {
      for (const item of page) items.push({ id: item.id, text: textOf(item) })
    }
    return items
  }

  async write({ label, seed, concurrency, pauseMs }: { label: string; seed: number; concurrency: number; pauseMs: number }): Promise<void> {
    const next = random(seed)
    const { signal } = (this.#writing = new AbortController())
    let n = 0
    const writer = async () => {
      while (!signal.aborted) {
        const text = memoryText(next, `${label} ${n++}`)
        const id = await this.#remember(text)
        this.#acknowledge({ id, text })
        if (pauseMs > 0) await wait(next() * 2 * pauseMs)
      }
    }
    this.#writers = Array.from({ length: concurrency }, writer)
    for (const writing of this.#writers) writing.catch(() => undefined) // told by quiet
  }

  async quiet(): Promise<void> {
    this.#writing.abort()
    await Promise.all(this.#writers)
  }

  async churn(options: ChurnOptions): Promise<void> {
    this.#writing = new AbortController()
    const churn = new Churn(this.device, options, this.#acknowledge, this.#writing.signal)
    await churn.fill()
    this.#writers = [churn.run()]
  }

  usage(): Promise<Usage> {
    return usage()
  }

  async sleepSoon({ ms }: { ms: number }): Promise<void> {
    this.#clock.sleepSoon(ms)
  }

  async cut({ forMs }: { forMs: number }): Promise<void> {
    const { mesh, sync } = this.device
    mesh.setMembers(new Set())
    await wait(forMs)
    mesh.setMembers(new Set(sync.members().map(({ id }) => id)))
  }

  async stop(): Promise<void> {
    this.#writing.abort()
    await Promise.allSettled(this.#writers)
    await this.#running?.stop()
    this.#running = undefined
  }

  async record(): Promise<void> {
    this.#frames = []
  }

  async recorded(): Promise<Uint8Array[]> {
    return this.#frames ?? []
  }

  #sent({ layer, protocol, bytes }: Parameters<WireTap>[0]): void {
    this.#connectedAt ??= now()
    if (layer === 'frame' && protocol === syncProtocol) this.#frames?.push(bytes.slice())
  }

  /** @throws Error when it does not run */
  protected get device(): Device {
    if (!this.#running) throw new Error('the device does not run')
    return this.#running
  }

  get #personal(): Space {
    return this.device.sync.space('personal')
  }

  async #remember(text: string): Promise<string> {
    return (await remember(this.device.sync, this.device.id, { text }, { now: Date.now() })).id
  }
}
