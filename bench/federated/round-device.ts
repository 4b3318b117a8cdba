import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { roundProtocol } from '../../federated/round/links.ts'
import { type RoundManifest, valuesOf } from '../../federated/round/manifest.ts'
import type { RoundProgress } from '../../federated/round/progress.ts'
import { Rounds } from '../../federated/round/rounds.ts'
import type { LocalUpdate, RoundPolicy, RoundResult } from '../../federated/round/task.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { createIdentity, parseIdentity, serializeIdentity } from '../../mesh/identity.ts'
import { createMesh } from '../../mesh/mesh.ts'
import type { DeviceId, Identity, Mesh } from '../../mesh/types.ts'
import { openRoundStore } from '../../node/federated/round-store.node.ts'
import { now } from '../device/clock.ts'
import { stderrLogger } from '../device/log.ts'
import type { Ended, Errors, RoundCalls } from './calls.ts'
import { furthest, type Giver, meanOf, relativeError, updateOf } from './updates.ts'

/** Before each frame, its length. */
const prefixBytes = 4
type Learned = { readonly delta: Float32Array; readonly given: Promise<void> }

/** Real rounds over libp2p, with the store that `kinmesh up` gives them. Only what is learned is made up. */
export class RoundDevice implements RoundCalls {
  readonly #learned = new Map<number, Learned>()
  readonly #asked = new Set<number>()
  readonly #results = new Map<number, { result: RoundResult; at: number }>()
  readonly #progress = new Map<number, RoundProgress>()
  readonly #sent = new Map<DeviceId, number>()
  #waiting: (() => void)[] = []
  #release = () => {}
  #residual: Float32Array | undefined
  /** Sums over the rounds whose error was asked for. */
  #rightOfAll: Float64Array | undefined
  #meanOfAll: Float64Array | undefined
  #workedBefore = 0
  #giver!: Giver
  #mesh!: Mesh
  #rounds!: Rounds

  readonly #policy: RoundPolicy = {
    answer: async () => {},
    update: manifest => this.#update(manifest),
    upload: async () => {},
    result: async result => {
      this.#results.set(result.manifest.round, { result, at: now() })
      this.#residual = result.residual
      this.#changed()
    }
  }

  async start({ home, giver, peers }: Parameters<RoundCalls['start']>[0]): Promise<{ id: DeviceId; addr: string }> {
    this.#giver = giver
    mkdirSync(home, { recursive: true })
    this.#mesh = await createMesh({
      identity: await identityIn(home), name: 'bench', place: 'bench', port: 0, host: '127.0.0.1', mdns: false, webrtc: false, log: stderrLogger,
      addressBook: { load: async () => Object.fromEntries(Object.entries(peers).map(([id, addrs]) => [id, [...addrs]])), save: async () => {} },
      tap: ({ peer, protocol, bytes }) => {
        if (peer !== undefined && protocol === roundProtocol) this.#sent.set(peer, (this.#sent.get(peer) ?? 0) + prefixBytes + bytes.length)
      }
    })
    this.#mesh.onPeer(() => this.#changed())
    this.#rounds = await Rounds.open(this.#mesh, {
      policy: this.#policy, store: await openRoundStore(join(home, 'federated')), log: stderrLogger,
      changed: progress => {
        this.#progress.set(progress.number, progress)
        this.#changed()
      }
    })
    return { id: this.#mesh.identity.id, addr: this.#mesh.addrs().find(addr => /\/tcp\/\d+\/p2p/.test(addr))! }
  }

  async admit(members: readonly DeviceId[]): Promise<void> {
    this.#mesh.setMembers(new Set(members))
  }

  async met(): Promise<void> {
    await this.#until(() => this.#mesh.peers().every(({ connected }) => connected))
  }

  async learn({ round, values, holds }: Parameters<RoundCalls['learn']>[0]): Promise<void> {
    const given = holds ? new Promise<void>(resolve => { this.#release = resolve }) : Promise.resolve()
    this.#learned.set(round, { delta: updateOf(this.#giver, round, values), given })
  }

  async release(): Promise<void> {
    this.#release()
  }

  async propose(manifest: RoundManifest): Promise<{ at: number }> {
    const at = now()
    await this.#rounds.propose(manifest)
    return { at }
  }

  async asked(round: number): Promise<void> {
    await this.#until(() => this.#asked.has(round))
  }

  async gathered({ round, contributions }: Parameters<RoundCalls['gathered']>[0]): Promise<void> {
    await this.#until(() => (this.#progress.get(round)?.contributions ?? 0) >= contributions)
  }

  async ended(round: number): Promise<Ended> {
    await this.#until(() => this.#results.has(round) || this.#progress.get(round)?.code !== undefined)
    const found = this.#results.get(round)
    if (!found) throw new Error(`round ${round} ended with ${this.#progress.get(round)?.code}`)
    return { at: found.at, attempt: found.result.value.attempt, contributions: found.result.value.offers.length }
  }

  async error({ round, givers }: Parameters<RoundCalls['error']>[0]): Promise<Errors> {
    const { manifest, mean, value } = this.#results.get(round)!.result
    const right = meanOf(value.offers.map(({ author }) => givers[author]!), round, valuesOf(manifest))
    this.#rightOfAll ??= new Float64Array(right.length)
    this.#meanOfAll ??= new Float64Array(right.length)
    for (let at = 0; at < right.length; at++) {
      this.#rightOfAll[at]! += right[at]!
      this.#meanOfAll[at]! += mean[at]!
    }
    return { furthest: furthest(mean, right), relative: relativeError(mean, right), relativeOfAll: relativeError(this.#meanOfAll, this.#rightOfAll) }
  }

  async sentTo(peer: DeviceId): Promise<number> {
    const sent = this.#sent.get(peer) ?? 0
    this.#sent.delete(peer)
    return sent
  }

  async forget(round: number): Promise<void> {
    await this.#rounds.forget(this.#progress.get(round)!.round)
    this.#learned.delete(round)
    this.#results.delete(round)
  }

  async worked(): Promise<number> {
    const { user, system } = process.cpuUsage()
    const worked = (user + system) / 1000 - this.#workedBefore
    this.#workedBefore += worked
    return worked
  }

  async stop(): Promise<void> {
    await this.#rounds.stop()
    await this.#mesh.stop()
  }

  async #update({ round, compression }: RoundManifest): Promise<LocalUpdate> {
    const learned = this.#learned.get(round)
    // It was killed, and what it had learned went with it.
    if (!learned) throw new KinmeshError('NothingLearned', 'this device has learned nothing for this round')
    const { delta, given } = learned
    this.#asked.add(round)
    this.#changed()
    await given
    return { delta, numExamples: this.#giver.examples, ...(compression && this.#residual ? { residual: this.#residual } : {}) }
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  #changed(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}

async function identityIn(home: string): Promise<Identity> {
  const file = join(home, 'identity')
  if (existsSync(file)) return parseIdentity(new Uint8Array(readFileSync(file)))
  const identity = await createIdentity()
  writeFileSync(file, serializeIdentity(identity), { mode: 0o600 })
  return identity
}
