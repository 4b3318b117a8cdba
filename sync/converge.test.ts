import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { MemoryNet, type TestDevice, linkAll, startDevice, untilSynced } from './devices.fixtures.ts'
import { rebuildSpace } from './rebuild.ts'

// Seeded schedules of edits, removals, cuts and restarts. `KINMESH_SEED=n` replays one, `KINMESH_SCHEDULES=n` runs more.
const schedules = Number(process.env['KINMESH_SCHEDULES'] ?? 25)
const onlySeed = process.env['KINMESH_SEED']
const steps = 120
const pace = { checkpointEvery: 12, housekeepingMs: 20 }

for (const seed of onlySeed === undefined ? Array.from({ length: schedules }, (_, index) => index + 1) : [Number(onlySeed)]) {
  test(`schedule ${seed} converges and loses nothing (replay: KINMESH_SEED=${seed} npm test -- sync/converge)`, async () => {
    await new Schedule(seed).run()
  })
}

class Schedule {
  readonly #random: () => number
  readonly #net = new MemoryNet()
  #devices: TestDevice[] = []
  /** Every acknowledged write: id → texts that some device was told are on disk. */
  readonly #acknowledged = new Map<string, Set<string>>()
  readonly #removed = new Set<string>()
  readonly #restarting = new Set<string>()

  constructor(seed: number) {
    this.#random = mulberry32(seed)
  }

  async run(): Promise<void> {
    const count = 2 + this.#below(4)
    for (let index = 0; index < count; index++) this.#devices.push(await startDevice(this.#net, `d${index}`, { pace }))
    const [first, ...others] = this.#devices
    for (const other of others) await other.sync.adopt(await first!.sync.admit(other.card))
    linkAll(this.#net, this.#devices)
    const writes: Promise<void>[] = []
    for (let step = 0; step < steps; step++) {
      const work = this.#step(step)
      if (work) writes.push(work)
      if (this.#random() < 0.3) await Promise.all(writes.splice(0))
    }
    await Promise.all(writes)
    linkAll(this.#net, this.#devices)
    await untilSynced(...this.#devices)
    await this.#check()
    for (const device of this.#devices) await device.stop()
  }

  #step(step: number): Promise<void> | undefined {
    const device = this.#devices[this.#below(this.#devices.length)]!
    const other = this.#devices[this.#below(this.#devices.length)]!
    const dice = this.#random()
    if (dice < 0.55) return this.#put(device, `${device.name} ${step}`)
    if (dice < 0.7) return this.#edit(device, `${device.name} ${step} edited`)
    if (dice < 0.78) return this.#remove(device)
    if (dice < 0.88 && device !== other) this.#net.unlink(device.identity.id, other.identity.id)
    else if (dice < 0.96 && device !== other && this.#net.linked(device.identity.id, other.identity.id) === false) this.#net.link(device.identity.id, other.identity.id)
    else if (dice >= 0.96) return this.#restart(device)
    return undefined
  }

  async #put(device: TestDevice, text: string): Promise<void> {
    const item = await orStopped(device.personal.put({ text }))
    if (item) this.#acknowledge(item.id, text)
  }

  async #edit(device: TestDevice, text: string): Promise<void> {
    const id = this.#someId(device)
    if (id === undefined) return
    if (await orStopped(device.personal.put({ text }, id))) this.#acknowledge(id, text)
  }

  async #remove(device: TestDevice): Promise<void> {
    const id = this.#someId(device)
    if (id === undefined) return
    this.#removed.add(id)
    await orStopped(device.personal.remove(id))
  }

  async #restart(device: TestDevice): Promise<void> {
    const linked = this.#devices.filter(other => other !== device && this.#net.linked(device.identity.id, other.identity.id))
    const index = this.#devices.indexOf(device)
    if (index < 0 || this.#restarting.has(device.name)) return
    this.#restarting.add(device.name)
    await device.stop()
    const again = await startDevice(this.#net, device.name, { identity: device.identity, store: device.store, pace })
    this.#devices[index] = again
    this.#restarting.delete(device.name)
    for (const other of linked) this.#net.link(again.identity.id, other.identity.id)
  }

  async #check(): Promise<void> {
    const [first] = this.#devices
    const items = new Map(first!.personal.list({ limit: 1e6 }).map(item => [item.id, item]))
    for (const [id, texts] of this.#acknowledged) {
      const shown = items.get(id)?.value['text']
      if (shown === undefined) assert.ok(this.#removed.has(id), `${id} was acknowledged, never removed, and is missing`)
      else assert.ok(texts.has(String(shown)), `${id} shows "${String(shown)}", which nobody wrote`)
    }
    for (const device of this.#devices) {
      const digest = device.personal.digest()
      assert.is(digest, first!.personal.digest(), `${device.name} shows what ${first!.name} shows`)
      assert.is(device.personal.count, items.size)
      assert.equal(device.sync.faults(), [], `${device.name} saw no fault`)
      await device.personal.state.exclusive(() => rebuildSpace(device.personal.state))
      assert.is(device.personal.digest(), digest, `${device.name} shows what its logs say`)
    }
  }

  #acknowledge(id: string, text: string): void {
    this.#acknowledged.set(id, (this.#acknowledged.get(id) ?? new Set()).add(text))
  }

  #someId(device: TestDevice): string | undefined {
    const items = device.personal.list({ limit: 1000 })
    return items[this.#below(items.length)]?.id
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }
}

/** A write that met a device on its way down is refused, and was not acknowledged. */
async function orStopped<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write
  } catch (error) {
    if (isKinmeshError(error, 'DeviceStopped', 'NoSuchItem')) return undefined
    throw error
  }
}

/** A small, well-known generator (public domain, Tommy Ettinger): the same seed gives the same schedule. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

test.run()
