import { fromString } from 'uint8arrays/from-string'
import { KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { type Logger, silentLogger } from '../mesh/log.ts'
import { sha256 } from '../mesh/crypto.ts'
import { MembershipLog } from '../mesh/membership.ts'
import type { DeviceCard, DeviceId, Identity, Mesh, WireTap } from '../mesh/types.ts'
import { HybridClock } from './hlc.ts'
import { carryOver, isRecovering, recovered, setAside } from './carry-over.ts'
import { noSuchItem } from './item-id.ts'
import { checkpointEntries, haveIntervalMs, preImageMs } from './limits.ts'
import { PeerHeights } from './peer-heights.ts'
import { dropHalfTaken, dropLog } from './drop-log.ts'
import { rebuildLog, rebuildLostView, rebuildSpace } from './rebuild.ts'
import { release } from './receive.ts'
import { Sessions } from './sessions.ts'
import { LocalSpace } from './space.ts'
import type { SpaceSessionHost } from './space-session.ts'
import { type DeviceContext, SpaceState } from './space-state.ts'
import { Stage, hexOf } from './stage.ts'
import type { Store } from './store.ts'
import type { Fault, HeldDeletion, MemberStatus, PeerSync, Space, SpaceName, Sync } from './types.ts'

export type SyncOptions = {
  readonly identity: Identity
  /** How this device names itself when it makes its first spaces. */
  readonly card: { readonly name: string; readonly place: string }
  readonly store: Store
  /** Undefined: work on what is here, talk to nobody. */
  readonly mesh?: Pick<Mesh, 'handle' | 'open' | 'onPeer' | 'peers'>
  readonly log?: Logger
  readonly tap?: WireTap
  /** Unix ms. */
  readonly clock?: () => number
  /** For simulations, which cannot wait: entries between checkpoints, and ms between rounds of housekeeping. */
  readonly pace?: { readonly checkpointEvery: number; readonly housekeepingMs: number }
}

/** Opens the spaces of a device, making them on the first run, and starts talking to its mesh. @throws KinmeshError of the store */
export async function openSync(options: SyncOptions): Promise<Sync> {
  const { identity, store, log = silentLogger, clock = Date.now, card } = options
  const context: DeviceContext = {
    identity,
    store,
    log,
    tap: options.tap,
    now: clock,
    checkpointEvery: options.pace?.checkpointEvery ?? checkpointEntries,
    clock: new HybridClock(clock, Number(store.meta('hlc') ?? 0)),
    boot: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  }
  await leaveSpacesOfOthers(store, identity, clock())
  for (const name of ['device', 'personal'] as const) {
    if (store.spaces().some(space => space.name === name)) continue
    await storeSpace(store, name, await MembershipLog.create(identity, card, clock()))
  }
  const service = new SyncService(context)
  await service.open(options.mesh, options.pace?.housekeepingMs ?? haveIntervalMs)
  return service
}

/** True when this identity was removed from its mesh: it can never be let in again, and a new one takes over what is here. */
export async function wasRemoved(store: Store, identity: Identity): Promise<boolean> {
  const personal = store.spaces().find(({ name }) => name === 'personal')
  if (!personal) return false
  return (await MembershipLog.load(store.statements(personal.id))).removedDevices().has(identity.id)
}

/** After a removal the device goes on under a new identity: what it held is carried into spaces of its own, and its person is told. */
async function leaveSpacesOfOthers(store: Store, identity: Identity, at: number): Promise<void> {
  for (const { id, name } of store.spaces()) {
    if (name === null) continue
    const membership = await MembershipLog.load(store.statements(id))
    const known = membership.members().has(identity.id) || membership.removedDevices().has(identity.id)
    if (known) continue
    const text = 'this device was removed from its mesh, and goes on alone under a new key with what it had: kinmesh join lets it in again'
    await store.commit({ space: id, naming: [{ id, name: null, into: name }], faults: name === 'personal' ? [{ at, kind: 'Removed', device: null, text }] : [] })
  }
}

async function storeSpace(store: Store, name: SpaceName, membership: MembershipLog, leaving?: string): Promise<void> {
  const id = hexOf(membership.space)
  const left = leaving === undefined ? [] : [{ id: leaving, name: null, into: name }]
  await store.commit({ space: id, naming: [...left, { id, name }], statements: membership.statements().map(statementRow) })
}

const statementRow = (bytes: Uint8Array) => ({ hash: sha256(bytes), bytes })

class SyncService implements Sync {
  readonly #context: DeviceContext
  readonly #spaces = new Map<SpaceName, LocalSpace>()
  readonly #heights = new Map<LocalSpace, PeerHeights>()
  readonly #arrived = new Map<string, Map<string, Uint8Array>>()
  readonly #memberListeners = new Set<(members: ReadonlySet<DeviceId>) => void>()
  readonly #peerListeners = new Set<() => void>()
  #mesh: SyncOptions['mesh']
  #sessions: Sessions | undefined
  #tick: ReturnType<typeof setInterval> | undefined
  #rebuiltAt = Number.NEGATIVE_INFINITY

  constructor(context: DeviceContext) {
    this.#context = context
  }

  async open(mesh: SyncOptions['mesh'], housekeepingMs: number): Promise<void> {
    const { store } = this.#context
    for (const { id, name } of store.spaces()) {
      if (name !== null) await this.#openSpace(name, await MembershipLog.load(store.statements(id)))
    }
    for (const space of this.#spaces.values()) if (!space.state.recovering) await carryOver(store, space)
    this.#mesh = mesh
    if (!mesh) return
    this.#startSessions(mesh)
    this.#tick = setInterval(() => this.#background('housekeeping', () => this.#keepHouse()), housekeepingMs)
  }

  space(name: string): LocalSpace {
    const space = this.#spaces.get(name as SpaceName)
    if (space) return space
    throw new KinmeshError('UnknownSpace', `there is no space "${name.slice(0, 40)}"; there are: ${[...this.#spaces.keys()].join(', ')}`)
  }

  spaces(): Space[] {
    return [...this.#spaces.values()]
  }

  get removed(): boolean {
    return !this.#personal.state.membership.members().has(this.#self)
  }

  members(): MemberStatus[] {
    const members = [...this.#personal.state.membership.members().values()]
    return members.sort((a, b) => a.seniority - b.seniority).map(({ id, name, place, addedAt }) => ({ id, name, place, addedAt, self: id === this.#self }))
  }

  peers(): PeerSync[] {
    const connected = new Set(this.#mesh?.peers().filter(peer => peer.connected).map(peer => peer.id))
    return this.members().filter(member => !member.self).map(({ id, name }) => {
      const session = this.#sessions?.get(id)
      return { id, name, connected: connected.has(id), synced: session?.synced ?? false, lagMs: session?.lagMs, clockOffsetMs: session?.clockOffsetMs }
    })
  }

  faults(): Fault[] {
    return this.#context.store.faults().map(({ at, kind, device, text }) => ({ at, kind, text, ...(device === null ? {} : { device }) }))
  }

  held(): HeldDeletion[] {
    return this.#context.store.held(this.#personal.id).map(({ ref, author, count, at }) => ({ ref, device: author, count, at }))
  }

  async settle(ref: string, accept: boolean): Promise<void> {
    const space = this.#personal
    const held = this.#context.store.held(space.id).find(row => row.ref === ref)
    if (!held) throw noSuchItem(ref)
    const restored = accept ? [] : this.#context.store.logVersions(space.id, held.author, { held: ref }).flatMap(({ id }) => space.get(id) ?? [])
    await space.settle(fromString(ref, 'base16'), restored)
  }

  async admit(newcomer: DeviceCard): Promise<Uint8Array[]> {
    const { membership } = this.#personal.state
    const added = await membership.add(this.#context.identity, newcomer, this.#context.now())
    await this.#membershipGrew(this.#personal, added)
    return membership.statements()
  }

  async adopt(statements: Uint8Array[]): Promise<void> {
    const former = this.#personal
    const membership = await MembershipLog.load(statements)
    if (hexOf(membership.space) === former.id) return this.#takeStatements(former, statements)
    if (!membership.members().has(this.#self)) throw new KinmeshError('NotAMember', 'the membership log of that mesh does not name this device: ask for a new invite')
    if (this.members().length > 1) throw new KinmeshError('AlreadyInMesh', `this device shares its memory with ${this.members().length - 1} other device(s): remove them first (kinmesh devices remove), or join with the other device instead`)
    await former.flush()
    await storeSpace(this.#context.store, 'personal', membership, former.id)
    await this.#openSpace('personal', membership)
    await carryOver(this.#context.store, this.#personal)
    this.#tellMembers()
    await this.#sessions?.restart()
  }

  async removeDevice(id: DeviceId): Promise<void> {
    const space = this.#personal
    const { membership } = space.state
    if (id === this.#self) throw new KinmeshError('CannotRemoveSelf', 'a device cannot remove itself: run this on another of your devices')
    if (!membership.members().has(id)) throw new KinmeshError('NoSuchDevice', `"${id.slice(0, 60)}" is none of your devices; see: kinmesh devices`)
    const removal = await membership.remove(this.#context.identity, id, space.state.logRow(id).height, this.#context.now())
    await this.#membershipGrew(space, removal)
  }

  onMembers(listener: (members: ReadonlySet<DeviceId>) => void): () => void {
    this.#memberListeners.add(listener)
    listener(this.#memberIds())
    return () => this.#memberListeners.delete(listener)
  }

  onPeers(listener: () => void): () => void {
    this.#peerListeners.add(listener)
    return () => this.#peerListeners.delete(listener)
  }

  async stop(): Promise<void> {
    clearInterval(this.#tick)
    await this.#sessions?.stop()
    for (const space of this.#spaces.values()) await space.stop()
    try {
      for (const heights of this.#heights.values()) await heights.save()
    } catch (error) {
      this.#context.log.warn('could not save what the others hold; they will say it again', { error: String(error) })
    }
    this.#context.store.close()
  }

  get #self(): DeviceId {
    return this.#context.identity.id
  }

  get #personal(): LocalSpace {
    return this.space('personal')
  }

  async #openSpace(name: SpaceName, membership: MembershipLog): Promise<void> {
    const state = await SpaceState.open(this.#context, name, membership)
    await rebuildLostView(state)
    const heights = new PeerHeights(this.#context.store, state.id, this.#context.now)
    const space: LocalSpace = new LocalSpace(state, author => this.#lowestAck(space, heights, author))
    state.recovering = isRecovering(state)
    space.onAppended(authors => {
      this.#sessions?.appended(space, authors)
      if (state.recovering && state.logRow(this.#self).height >= heights.highest(this.#self)) this.#background('recovery of the own log', () => this.#finishRecovery(space))
    })
    this.#heights.set(space, heights)
    this.#spaces.set(name, space)
    await dropHalfTaken(state)
    await this.#carryOut(space)
  }

  /** The height of a log that every other active device holds. */
  #lowestAck({ state }: LocalSpace, heights: PeerHeights, author: DeviceId): number {
    const members = state.membership.members()
    const others = [...members.keys()].filter(id => id !== this.#self)
    return Math.min(state.logRow(author).height, heights.lowest(author, others, device => members.get(device)?.addedAt ?? 0))
  }

  #startSessions(mesh: NonNullable<SyncOptions['mesh']>): void {
    this.#sessions = new Sessions(mesh, {
      self: this.#self,
      log: this.#context.log,
      now: this.#context.now,
      spaces: () => [this.#personal],
      isMember: peer => this.#memberIds().has(peer),
      members: (space, statements) => this.#takeStatements(space, statements),
      space: space => this.#sessionSpace(space),
      changed: () => this.#peerListeners.forEach(listener => listener())
    })
  }

  #sessionSpace(space: LocalSpace): Pick<SpaceSessionHost, 'heights' | 'arrived' | 'refused' | 'forked' | 'damaged' | 'diverged'> {
    const heights = this.#heights.get(space)
    if (!heights) throw new Error(`space ${space.name} is not open`)
    return {
      heights,
      arrived: author => {
        const bases = this.#arrived.get(author) ?? new Map<string, Uint8Array>()
        this.#arrived.set(author, bases)
        return bases
      },
      refused: ({ author, seq, error }) => this.#background('fault', () => this.#fault(space, error.code, author, `entry ${seq} of a device was refused: ${error.message}`)),
      forked: () => this.#background('recovery of the own log', () => this.#recoverFork(space)),
      damaged: author => space.state.exclusive(() => dropLog(space.state, author)),
      diverged: () => this.#background('rebuild', () => this.#rebuild(space))
    }
  }

  async #takeStatements(space: LocalSpace, statements: readonly Uint8Array[]): Promise<void> {
    const accepted = await space.state.membership.merge(statements)
    if (accepted.length > 0) await this.#membershipGrew(space, accepted)
  }

  /** New statements are in the log: store them, take their keys and cuts over, and tell everyone concerned. */
  async #membershipGrew(space: LocalSpace, statements: readonly Uint8Array[]): Promise<void> {
    const { state } = space
    const { store, identity } = this.#context
    await store.commit({ space: state.id, statements: statements.map(statementRow) })
    await this.#carryOut(space)
    await this.#sessions?.membershipChanged(space)
    this.#tellMembers()
  }

  /** What the statements ask of this device. Done at each start, too: a crash may have come between the two. */
  async #carryOut(space: LocalSpace): Promise<void> {
    const { state } = space
    const { store, identity } = this.#context
    state.keyring = await state.membership.keyring(identity)
    if (!state.keyring.current() && state.membership.members().has(this.#self)) {
      const rekeyed = await state.membership.rekeyIfNeeded(identity, this.#context.now())
      await store.commit({ space: state.id, statements: rekeyed.map(statementRow) })
      state.keyring = await state.membership.keyring(identity)
    }
    await this.#cutRemoved(space)
  }

  /** Entries of a removed device beyond the last accepted one do not count, wherever they had got to. */
  async #cutRemoved(space: LocalSpace): Promise<void> {
    const { state } = space
    for (const [author, { lastSeq }] of state.membership.removedDevices()) {
      if (author === this.#self || state.logRow(author).height <= lastSeq) continue
      await state.exclusive(async () => {
        if (!(await rebuildLog(state, author, lastSeq))) await dropLog(state, author)
      })
      space.viewChanged(new Set([author]))
    }
  }

  /** This device runs on an older copy of itself: its own later entries are out there. Fetch them, then write anew what only it had. */
  async #recoverFork(space: LocalSpace): Promise<void> {
    const { state } = space
    if (state.recovering) return
    state.recovering = true
    await state.exclusive(async () => {
      await setAside(state)
      await dropLog(state, this.#self)
    })
    await this.#fault(space, 'OwnLogForked', this.#self, 'this device was restored from an older copy: it fetches its own later entries from the others, and then writes anew what only it had')
    this.#sessions?.poke()
  }

  async #finishRecovery(space: LocalSpace): Promise<void> {
    space.state.recovering = false
    await carryOver(this.#context.store, space)
    await recovered(space.state)
  }

  async #rebuild(space: LocalSpace): Promise<void> {
    // Once a minute: a second try at once would find the same.
    if (this.#context.now() - this.#rebuiltAt < 60_000) return
    this.#rebuiltAt = this.#context.now()
    await this.#fault(space, 'Diverged', null, 'two devices hold the same entries and show different memories: the view is built anew from the logs')
    const { state } = space
    await state.exclusive(() => rebuildSpace(state))
    space.viewChanged(new Set([...state.logs.keys()]))
    this.#sessions?.poke()
  }

  async #keepHouse(): Promise<void> {
    for (const [space, heights] of this.#heights) {
      await heights.save()
      await space.state.exclusive(() => this.#prune(space, heights))
      for (const { ref, at } of this.#context.store.held(space.id)) {
        if (this.#context.now() - at <= preImageMs) continue
        await space.state.exclusive(() => {
          const stage = new Stage(space.state)
          release(space.state, stage, ref)
          return stage.commit()
        })
        space.viewChanged(new Set())
      }
    }
  }

  /** Entries below a checkpoint that every active device holds are never asked for again: who lacks them takes a snapshot. */
  async #prune(space: LocalSpace, heights: PeerHeights): Promise<void> {
    for (const log of [...space.state.logs.values()]) {
      if (log.checkpoint <= log.lowest || this.#lowestAck(space, heights, log.author) < log.checkpoint) continue
      const stage = new Stage(space.state)
      stage.setLog({ ...log, lowest: log.checkpoint })
      stage.also({ prune: [{ author: log.author, below: log.checkpoint }] })
      await stage.commit()
    }
  }

  async #fault(space: LocalSpace, kind: string, device: DeviceId | null, text: string): Promise<void> {
    await this.#context.store.commit({ space: space.id, faults: [space.state.fault(kind, device, text)] })
  }

  #memberIds(): ReadonlySet<DeviceId> {
    const members = this.#personal.state.membership.members()
    return members.has(this.#self) ? new Set(members.keys()) : new Set()
  }

  #tellMembers(): void {
    for (const listener of this.#memberListeners) listener(this.#memberIds())
    for (const listener of this.#peerListeners) listener()
  }

  #background(what: string, work: () => Promise<void>): void {
    work().catch((error: unknown) => this.#context.log.error(`${what} failed`, { error: isKinmeshError(error) ? `${error.code}: ${error.message}` : String(error) }))
  }
}
