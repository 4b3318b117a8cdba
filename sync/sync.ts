import { fromString } from 'uint8arrays/from-string'
import { KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { type Logger, silentLogger } from '../mesh/log.ts'
import { MembershipLog } from '../mesh/membership.ts'
import { type Timers, realTimers } from '../mesh/timers.ts'
import type { DeviceCard, DeviceId, Identity, Mesh, Role, WireTap } from '../mesh/types.ts'
import { HybridClock } from './hlc.ts'
import { carryOver } from './carry-over.ts'
import { noSuchItem } from './item-id.ts'
import { lowestAck, prune, releaseOverdue } from './housekeeping.ts'
import { type Keeping, KeptSpace, dropSealed } from './kept-space.ts'
import { checkpointEntries, faultRepeatMs, haveIntervalMs, maxRebuildPauseMs, rebuildPauseMs } from './limits.ts'
import { isKeeper, leaveSpacesOfOthers, statementRow, storeSpace } from './own-spaces.ts'
import { PeerHeights } from './peer-heights.ts'
import { mend } from './doubt.ts'
import { dropAbandoned, dropLog } from './drop-log.ts'
import { Recovery } from './recovery.ts'
import { rebuildLostView, rebuildSpace } from './rebuild.ts'
import { owesKeys } from './reader-members.ts'
import { Sessions } from './sessions.ts'
import type { SharedSpace } from './shared-space.ts'
import { LocalSpace } from './space.ts'
import type { SpaceSessionHost } from './space-session.ts'
import { type DeviceContext, SpaceState } from './space-state.ts'
import { hexOf } from './stage.ts'
import type { Store } from './store.ts'
import { TimerSet } from './timer-set.ts'
import type { Fault, HeldDeletion, KeptEntries, MemberStatus, PeerSync, Space, SpaceName, Sync } from './types.ts'

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
  /** Default: real ones. */
  readonly timers?: Timers
  /** Of a keeper: how long and how much it keeps. Default: `keptTtlMs`, `keptQuotaBytes`. */
  readonly keeping?: Partial<Keeping>
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
    timers: options.timers ?? realTimers,
    checkpointEvery: options.pace?.checkpointEvery ?? checkpointEntries,
    clock: new HybridClock(clock, Number(store.meta('hlc') ?? 0)),
    boot: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  }
  await leaveSpacesOfOthers(store, identity, clock())
  for (const name of ['device', 'personal'] as const) {
    if (store.spaces().some(space => space.name === name)) continue
    await storeSpace(store, name, await MembershipLog.create(identity, card, clock()))
  }
  const service = new SyncService(context, options.keeping ?? {})
  await service.open(options.mesh, options.pace?.housekeepingMs ?? haveIntervalMs)
  return service
}

class SyncService implements Sync {
  readonly #context: DeviceContext
  readonly #spaces = new Map<SpaceName, LocalSpace>()
  readonly #keeping: Partial<Keeping>
  /** The shared space, while this device is a keeper. */
  #kept: KeptSpace | undefined
  readonly #heights = new Map<SharedSpace, PeerHeights>()
  /** Of the spaces that are open: one that was left is only read from. */
  readonly #recoveries = new Map<SpaceName, Recovery>()
  /** A space that gave its place to another one, and is still written to. */
  #leaving: SharedSpace | undefined
  readonly #arrived = new Map<string, Map<string, Uint8Array>>()
  /** Membership statements that are in memory, and not on disk yet: the store failed. */
  readonly #unsaved = new Map<SharedSpace, readonly Uint8Array[]>()
  readonly #memberListeners = new Set<(members: ReadonlySet<DeviceId>) => void>()
  readonly #peerListeners = new Set<() => void>()
  readonly #timers: TimerSet
  #mesh: SyncOptions['mesh']
  #sessions: Sessions | undefined
  #rebuiltAt = Number.NEGATIVE_INFINITY
  #rebuildPauseMs = rebuildPauseMs

  constructor(context: DeviceContext, keeping: Partial<Keeping>) {
    this.#context = context
    this.#keeping = keeping
    this.#timers = new TimerSet(context.timers)
  }

  async open(mesh: SyncOptions['mesh'], housekeepingMs: number): Promise<void> {
    const { store } = this.#context
    for (const { id, name } of store.spaces()) {
      const membership = name === null ? undefined : await MembershipLog.load(store.statements(id))
      if (name && membership) await (isKeeper(membership, this.#self) ? this.#keep(name, membership) : this.#openSpace(name, membership))
    }
    await store.trust?.()
    for (const recovery of this.#recoveries.values()) await recovery.carry()
    this.#mesh = mesh
    if (!mesh) return
    this.#startSessions(mesh)
    this.#timers.every(housekeepingMs, () => this.#background('housekeeping', () => this.#keepHouse()))
  }

  space(name: string): LocalSpace {
    const space = this.#spaces.get(name as SpaceName)
    if (space) return space
    if (this.#kept?.state.name === name) throw new KinmeshError('KeeperCannotRead', `this device keeps "${name}" sealed for your other devices and can neither read nor write it: use one of them, or the space "device" here`)
    throw new KinmeshError('UnknownSpace', `there is no space "${name.slice(0, 40)}"; there are: ${[...this.#spaces.keys()].join(', ')}`)
  }

  spaces(): Space[] {
    return [...this.#spaces.values()]
  }

  get removed(): boolean {
    return !this.#shared.state.membership.members().has(this.#self)
  }

  members(): MemberStatus[] {
    const members = [...this.#shared.state.membership.members().values()]
    return members.sort((a, b) => a.seniority - b.seniority).map(({ id, name, place, addedAt, role }) => ({ id, name, place, addedAt, role, self: id === this.#self }))
  }

  peers(): PeerSync[] {
    const connected = new Set(this.#mesh?.peers().filter(peer => peer.connected).map(peer => peer.id))
    return this.members().filter(member => !member.self).map(({ id, name, role }) => {
      const session = this.#sessions?.get(id)
      return { id, name, role, connected: connected.has(id), synced: session?.synced ?? false, gap: session?.gap ?? false, lagMs: session?.lagMs, clockOffsetMs: session?.clockOffsetMs }
    })
  }

  faults(): Fault[] {
    return this.#context.store.faults().map(({ at, kind, device, text }) => ({ at, kind, text, ...(device === null ? {} : { device }) }))
  }

  held(): HeldDeletion[] {
    return this.#context.store.held(this.#shared.id).map(({ ref, author, count, at }) => ({ ref, device: author, count, at }))
  }

  async settle(ref: string, accept: boolean): Promise<void> {
    const space = this.#personal
    const held = this.#context.store.held(space.id).find(row => row.ref === ref)
    if (!held) throw noSuchItem(ref)
    const restored = accept ? [] : this.#context.store.logVersions(space.id, held.author, { held: ref }).flatMap(({ id }) => space.get(id) ?? [])
    await space.settle(fromString(ref, 'base16'), restored)
  }

  kept(): KeptEntries | undefined {
    return this.#kept?.kept()
  }

  mayJoin(role: Role): void {
    if (this.members().length > 1) throw new KinmeshError('AlreadyInMesh', `this device shares its memory with ${this.members().length - 1} other device(s): remove them first (kinmesh devices remove), or join with the other device instead`)
    if (role === 'keeper' && this.#personal.count > 0) throw new KinmeshError('HasMemories', `this device has ${this.#personal.count} memories, which a keeper could not read or share: join as an ordinary device, or start a keeper in a new home (--home)`)
  }

  expectNewcomer(): Promise<void> {
    return this.#shared.sumUp()
  }

  async admit(newcomer: DeviceCard, role?: Role): Promise<Uint8Array[]> {
    const { membership } = this.#shared.state
    const added = await membership.add(this.#context.identity, newcomer, this.#context.now(), role)
    await this.#membershipGrew(this.#shared, added)
    return membership.statements()
  }

  async adopt(statements: Uint8Array[]): Promise<void> {
    const former = this.#shared
    const membership = await MembershipLog.load(statements)
    if (hexOf(membership.space) === former.id) return this.#takeStatements(former, statements)
    if (!membership.members().has(this.#self)) throw new KinmeshError('NotAMember', 'the membership log of that mesh does not name this device: ask for a new invite')
    this.mayJoin(isKeeper(membership, this.#self) ? 'keeper' : 'admin')
    await former.flush()
    await storeSpace(this.#context.store, 'personal', membership, former.id)
    await this.#share(membership, former)
    this.#tellMembers()
  }

  async removeDevice(id: DeviceId): Promise<void> {
    const space = this.#shared
    const { membership } = space.state
    if (id === this.#self) throw new KinmeshError('CannotRemoveSelf', 'a device cannot remove itself: run this on another of your devices')
    if (!membership.members().has(id)) throw new KinmeshError('NoSuchDevice', `"${id.slice(0, 60)}" is none of your devices; see: kinmesh devices`)
    // With what is on its way to the disk.
    const { height, head } = await space.state.exclusive(async () => space.state.logRow(id))
    const removal = await membership.remove(this.#context.identity, id, { lastSeq: height, head }, this.#context.now())
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
    this.#timers.stop()
    await this.#sessions?.stop()
    for (const space of [...this.#spaces.values(), this.#kept]) await space?.stop()
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

  /** The space that this device shares with others, read or kept sealed. */
  get #shared(): LocalSpace | KeptSpace {
    return this.#kept ?? this.#personal
  }

  /** Takes up the space that is shared from here on, in the place of `former`. */
  async #share(membership: MembershipLog, former?: LocalSpace | KeptSpace): Promise<void> {
    if (isKeeper(membership, this.#self)) await this.#keep('personal', membership)
    else {
      this.#leaving = former
      try {
        await this.#openSpace('personal', membership)
        this.#kept = undefined
        // What was written to it until now is on disk then, and comes along; what is written later would be dropped unseen.
        await former?.stop()
      } finally {
        this.#leaving = undefined
      }
      if (former) this.#heights.delete(former)
      await carryOver(this.#context.store, this.#personal)
    }
    await this.#sessions?.restart()
  }

  async #keep(name: SpaceName, membership: MembershipLog): Promise<void> {
    const kept = await KeptSpace.open(this.#context, name, membership, this.#keeping)
    kept.onAppended(authors => this.#sessions?.appended(kept, authors))
    this.#heights.set(kept, new PeerHeights(this.#context.store, kept.id, this.#context.now))
    this.#spaces.delete(name)
    this.#recoveries.delete(name)
    this.#kept = kept
  }

  async #openSpace(name: SpaceName, membership: MembershipLog): Promise<void> {
    await dropSealed(this.#context, hexOf(membership.space))
    const state = await SpaceState.open(this.#context, name, membership)
    await mend(state)
    await rebuildLostView(state)
    const heights = new PeerHeights(this.#context.store, state.id, this.#context.now)
    const space: LocalSpace = new LocalSpace(state, author => lowestAck(space.state, heights, author))
    space.onAppended(authors => this.#sessions?.appended(space, authors))
    this.#recoveries.set(name, new Recovery(space, heights, {
      fault: (kind, device, text) => this.#fault(space, kind, device, text),
      poke: () => this.#sessions?.poke(),
      leaving: () => this.#leaving !== undefined,
      background: (what, work) => this.#background(what, work)
    }))
    this.#heights.set(space, heights)
    this.#spaces.set(name, space)
    // A crash may have come between statements and what they ask for.
    await space.membershipGrew(made => this.#saveStatements(space, made))
  }

  #startSessions(mesh: NonNullable<SyncOptions['mesh']>): void {
    this.#sessions = new Sessions(mesh, {
      self: this.#self,
      log: this.#context.log,
      timers: this.#context.timers,
      now: this.#context.now,
      spaces: () => [this.#shared],
      isMember: peer => this.#memberIds().has(peer),
      members: (space, statements) => this.#takeStatements(space, statements),
      space: space => this.#sessionSpace(space),
      changed: () => this.#peerListeners.forEach(listener => listener())
    })
  }

  #sessionSpace(shared: SharedSpace): Pick<SpaceSessionHost, 'heights' | 'arrived' | 'refused' | 'forked' | 'damaged' | 'diverged'> {
    const heights = this.#heights.get(shared)
    if (!heights) throw new Error(`space ${shared.id} is not open`)
    const { readable } = shared
    // What follows from reading does not happen on a keeper.
    const whereRead = (what: string, work: (space: LocalSpace) => Promise<void>): void => {
      const space = [...this.#spaces.values()].find(each => each === shared)
      if (space) this.#background(what, () => work(space))
    }
    return {
      heights,
      arrived: author => {
        const bases = this.#arrived.get(author) ?? new Map<string, Uint8Array>()
        this.#arrived.set(author, bases)
        return bases
      },
      refused: ({ author, seq, error }) => this.#background('fault', () => this.#fault(shared, error.code, author, `entry ${seq} of a device was refused: ${error.message}`)),
      forked: proof => whereRead('recovery of the own log', async ({ name }) => this.#recoveries.get(name)?.recoverOwn(proof)),
      damaged: async author => readable?.exclusive(() => dropLog(readable, author)),
      diverged: () => whereRead('rebuild', space => this.#rebuild(space))
    }
  }

  async #takeStatements(space: SharedSpace, statements: readonly Uint8Array[]): Promise<void> {
    const accepted = await space.state.membership.merge(statements)
    if (accepted.length > 0 || this.#unsaved.has(space)) await this.#membershipGrew(space, accepted)
  }

  /** New statements are in the log: store them, take their keys and cuts over, and tell everyone concerned. */
  async #membershipGrew(space: SharedSpace, statements: readonly Uint8Array[]): Promise<void> {
    await this.#saveStatements(space, statements)
    await space.membershipGrew(made => this.#saveStatements(space, made))
    await this.#sessions?.membershipChanged(space)
    this.#recoveries.get(space.state.name)?.membershipChanged()
    if (space === this.#kept && !isKeeper(space.state.membership, this.#self)) await this.#share(space.state.membership)
    this.#tellMembers()
  }

  /** A member lacks a key, and nobody who is there and more senior has it. */
  async #handOver(space: SharedSpace): Promise<void> {
    const { identity, now } = this.#context
    await this.#membershipGrew(space, await space.state.membership.rekeyIfNeeded(identity, now()))
  }

  /** What cannot be stored now is stored with the next statements, or by housekeeping: the log in memory has it already. */
  async #saveStatements(space: SharedSpace, statements: readonly Uint8Array[]): Promise<void> {
    const unsaved = [...(this.#unsaved.get(space) ?? []), ...statements]
    this.#unsaved.set(space, unsaved)
    await this.#context.store.commit({ space: space.id, statements: unsaved.map(statementRow) })
    if (this.#unsaved.get(space) === unsaved) this.#unsaved.delete(space)
  }

  async #rebuild(space: LocalSpace): Promise<void> {
    // Once a minute: a second try at once would find the same. A clock that was set back counts as time that passed.
    if (Math.abs(this.#context.now() - this.#rebuiltAt) < this.#rebuildPauseMs) return
    this.#rebuiltAt = this.#context.now()
    await this.#fault(space, 'Diverged', null, 'two devices hold the same entries and show different memories: the view is built anew from the logs')
    const { state } = space
    const before = space.digest()
    await state.exclusive(() => rebuildSpace(state))
    this.#rebuildPauseMs = space.digest() === before ? Math.min(maxRebuildPauseMs, 2 * this.#rebuildPauseMs) : rebuildPauseMs
    space.viewChanged(new Set([...state.logs.keys()]))
    this.#sessions?.poke()
  }

  async #keepHouse(): Promise<void> {
    for (const [space, heights] of this.#heights) {
      if (this.#unsaved.has(space)) await this.#membershipGrew(space, [])
      if (space.readable && owesKeys(space.readable, device => this.#sessions?.get(device) !== undefined)) await this.#handOver(space)
      await heights.save()
      if (space === this.#kept) await this.#kept.keepHouse(heights)
      const { readable } = space
      if (!readable) continue
      if (await readable.exclusive(() => dropAbandoned(readable))) space.viewChanged(new Set())
      await readable.exclusive(() => prune(readable, author => lowestAck(space.state, heights, author)))
      if (await releaseOverdue(readable)) space.viewChanged(new Set())
    }
    for (const recovery of this.#recoveries.values()) await recovery.keepHouse()
  }

  async #fault(space: SharedSpace, kind: string, device: DeviceId | null, text: string): Promise<void> {
    const told = this.#context.store.faults().some(fault => fault.kind === kind && fault.device === device && Math.abs(this.#context.now() - fault.at) < faultRepeatMs)
    if (told) return
    await this.#context.store.commit({ space: space.id, faults: [space.state.fault(kind, device, text)] })
  }

  /** A removed device goes on trying them: who does not know of the removal learns of it, or knows that it does not count. */
  #memberIds(): ReadonlySet<DeviceId> {
    return new Set(this.#shared.state.membership.members().keys())
  }

  #tellMembers(): void {
    for (const listener of this.#memberListeners) listener(this.#memberIds())
    for (const listener of this.#peerListeners) listener()
  }

  #background(what: string, work: () => Promise<void>): void {
    work().catch((error: unknown) => this.#context.log.error(`${what} failed`, { error: isKinmeshError(error) ? `${error.code}: ${error.message}` : String(error) }))
  }
}
