import { remember } from '../../node/memory.ts'
import { startDevice, type Device } from '../../node/device.ts'
import type { Space } from '../../sync/types.ts'
import { now } from '../device/clock.ts'
import { stderrLogger } from '../device/log.ts'
import { valueOf, type Replica } from './system.ts'

/** A device as `kinmesh up` starts it. */
export class KinmeshReplica implements Replica {
  #running: Device | undefined
  #listener: () => void = () => undefined
  /** `arrived` has told what is up to here; nothing of before it was first asked. */
  #rev = Number.MAX_SAFE_INTEGER
  /** Undoes the subscription to the space that there is: joining puts another in its place. */
  #unsubscribe: () => void = () => undefined

  get count(): number {
    return this.#personal.count
  }

  get synced(): boolean {
    const connected = this.#device.sync.peers().filter(peer => peer.connected)
    return connected.length > 0 && connected.every(peer => peer.synced)
  }

  async start(home: string): Promise<void> {
    const device = await startDevice({ home, name: 'device', port: 0, host: '127.0.0.1', mdns: false, log: stderrLogger })
    this.#running = device
    device.sync.onMembers(() => this.#follow())
    device.sync.onPeers(() => this.#listener())
    this.#follow()
  }

  async join(place: string): Promise<{ admittedAt: number }> {
    let admittedAt = 0
    const onProgress = (step: string) => {
      if (step === 'admitted') admittedAt = now()
    }
    await this.#device.pairing.join(place, { signal: AbortSignal.timeout(60_000), onProgress })
    return { admittedAt }
  }

  async place(): Promise<string> {
    return (await this.#device.pairing.invite({ unattended: true })).uri
  }

  async put(text: string): Promise<string> {
    return (await remember(this.#device.sync, this.#device.id, { text }, { now: Date.now() })).id
  }

  async putMany(texts: readonly string[]): Promise<void> {
    await this.#personal.putMany(texts.map(valueOf))
  }

  ids(): string[] {
    const ids: string[] = []
    for (let page = this.#personal.list(); page.length > 0; page = this.#personal.list({ after: page.at(-1)?.id ?? '' })) ids.push(...page.map(({ id }) => id))
    return ids
  }

  onChange(listener: () => void): void {
    this.#listener = listener
  }

  arrived(): readonly string[] {
    const space = this.#personal
    const ids: string[] = []
    for (let changes = space.changesSince(this.#rev); changes.length > 0; changes = space.changesSince(this.#rev)) {
      this.#rev = changes.at(-1)?.rev ?? this.#rev
      ids.push(...changes.map(({ id }) => id))
    }
    this.#rev = space.rev
    return ids
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
  }

  #follow(): void {
    this.#unsubscribe()
    this.#unsubscribe = this.#personal.subscribe(() => this.#listener())
    this.#listener()
  }

  get #device(): Device {
    if (!this.#running) throw new Error('the device does not run')
    return this.#running
  }

  get #personal(): Space {
    return this.#device.sync.space('personal')
  }
}
