import { type KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import type { Logger } from '../mesh/log.ts'
import type { Timers } from '../mesh/timers.ts'
import type { Channel, DeviceId, Mesh } from '../mesh/types.ts'
import { Conduct } from './conduct.ts'
import { Session, type SessionHost } from './session.ts'
import type { SharedSpace } from './shared-space.ts'
import type { SpaceSessionHost } from './space-session.ts'

export const syncProtocol = '/kinmesh/sync/1'

/** Between the end of a session and the next try, while the connection stands. */
const reopenMs = 1000

type MeshStreams = Pick<Mesh, 'handle' | 'open' | 'onPeer' | 'peers'>

/** What the device does for its sessions, besides what `Sessions` does itself. */
export type SessionsHost = {
  readonly self: DeviceId
  readonly log: Logger
  readonly timers: Timers
  now(): number
  /** Spaces that are shared with others. */
  spaces(): readonly SharedSpace[]
  isMember(peer: DeviceId): boolean
  members: SessionHost['members']
  space(space: SharedSpace): Pick<SpaceSessionHost, 'heights' | 'arrived' | 'refused' | 'forked' | 'damaged' | 'diverged'>
  changed(): void
}

/** One session per connected member. The device with the smaller id opens the stream. */
export class Sessions {
  readonly #mesh: MeshStreams
  readonly #host: SessionsHost
  readonly #sessions = new Map<DeviceId, Session>()
  readonly #runs = new Set<Promise<void>>()
  readonly #timers: Timers
  readonly #reopening = new Map<DeviceId, unknown>()
  /** Which session asks for which log of which space. */
  readonly #claims = new Map<string, Session>()
  readonly #conduct: Conduct
  readonly #stopPeers: () => void
  readonly #abort = new AbortController()

  constructor(mesh: MeshStreams, host: SessionsHost) {
    this.#mesh = mesh
    this.#host = host
    this.#timers = host.timers
    this.#conduct = new Conduct(() => host.now())
    mesh.handle(syncProtocol, async channel => (this.#conduct.mayStart(channel.peer) ? this.#run(channel) : channel.abort(new Error('this peer broke the protocol, or begins sessions too often'))))
    this.#stopPeers = mesh.onPeer((peer, connected) => {
      // On a new connection, though the session of the one before it may not have ended yet: nothing waits for that.
      if (connected) this.#open(peer, { anew: true })
      host.changed()
    })
    for (const { id, connected } of mesh.peers()) if (connected) this.#open(id)
  }

  get(peer: DeviceId): Session | undefined {
    return this.#sessions.get(peer)
  }

  all(): Session[] {
    return [...this.#sessions.values()]
  }

  appended(space: SharedSpace, authors: ReadonlySet<DeviceId>): void {
    for (const session of this.all()) session.of(space)?.appended(authors)
  }

  /** The membership of a space changed: tell everyone, ask again for what was refused, and let go of whoever is out. */
  async membershipChanged(space: SharedSpace): Promise<void> {
    for (const session of this.all()) {
      session.sendMembers(space)
      session.of(space)?.membershipChanged()
    }
    await Promise.all(this.all().filter(({ peer }) => !this.#host.isMember(peer)).map(session => session.bye('Removed')))
    for (const { id, connected } of this.#mesh.peers()) if (connected) this.#open(id)
  }

  poke(): void {
    for (const session of this.all()) for (const each of session.spaceSessions()) each.poke()
  }

  /** Ends every session, and starts them anew where the peer is connected: after the shared spaces changed. */
  async restart(): Promise<void> {
    const peers = [...this.#sessions.keys()]
    await Promise.all(this.all().map(session => session.bye('Restart')))
    for (const peer of peers) this.#open(peer)
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    this.#stopPeers()
    for (const peer of [...this.#reopening.keys()]) this.#cancelReopening(peer)
    await Promise.all(this.all().map(session => session.bye('Stopping')))
    await Promise.all(this.#runs)
  }

  #open(peer: DeviceId, { anew = false } = {}): void {
    if (this.#host.self > peer || this.#abort.signal.aborted || (!anew && this.#sessions.has(peer)) || !this.#host.isMember(peer)) return
    if (this.#conduct.penaltyMs(peer) > 0) return this.#openLater(peer)
    this.#mesh.open(peer, syncProtocol, { signal: this.#abort.signal }).then(
      channel => this.#run(channel),
      (error: unknown) => {
        this.#host.log.debug('could not open a sync stream', { peer, error: String(error) })
        this.#openLater(peer)
      }
    )
  }

  #openLater(peer: DeviceId): void {
    this.#cancelReopening(peer)
    if (this.#abort.signal.aborted || !this.#mesh.peers().some(({ id, connected }) => id === peer && connected)) return
    this.#reopening.set(peer, this.#timers.set(() => {
      this.#reopening.delete(peer)
      this.#open(peer)
    }, Math.max(reopenMs, this.#conduct.penaltyMs(peer))))
  }

  #cancelReopening(peer: DeviceId): void {
    this.#timers.clear(this.#reopening.get(peer))
    this.#reopening.delete(peer)
  }

  #run(channel: Channel): Promise<void> {
    const run = this.#serve(channel).finally(() => this.#runs.delete(run))
    this.#runs.add(run)
    return run
  }

  async #serve(channel: Channel): Promise<void> {
    const { peer } = channel
    // Several may come while an old one says goodbye: each ends the one before it, so that one is left.
    for (let old = this.#sessions.get(peer); old; old = this.#sessions.get(peer)) {
      this.#sessions.delete(peer)
      await old.bye('Replaced')
    }
    if (this.#abort.signal.aborted || !this.#host.isMember(peer)) return channel.close()
    const session: Session = new Session(channel, this.#host.spaces(), {
      timers: this.#timers,
      now: () => this.#host.now(),
      members: (space, statements) => this.#host.members(space, statements),
      changed: () => this.#host.changed(),
      warn: (message, from, error) => this.#host.log.warn(message, { peer: from, error: describe(error) }),
      host: space => ({
        ...this.#host.space(space),
        isConnected: device => this.#sessions.has(device),
        changed: () => this.#host.changed(),
        claim: author => this.#claim(space, author, session),
        stalled: author => this.#conduct.stalled(peer, `${space.id} ${author}`),
        release: author => this.#release(space, author, session)
      })
    })
    this.#sessions.set(peer, session)
    await session.run()
    if (session.misbehaved) this.#conduct.strike(peer)
    if (this.#sessions.get(peer) === session) this.#sessions.delete(peer)
    this.#host.changed()
    this.#openLater(peer)
  }

  #claim(space: SharedSpace, author: DeviceId, session: Session): boolean {
    const key = `${space.id} ${author}`
    const holder = this.#claims.get(key)
    if (holder && holder !== session) return false
    if (this.#conduct.isStalled(session.peer, key) && this.#anotherHas(space, author, session)) return false
    // Of a removed device's log a second branch may be out: who has the one that counts is asked first.
    const holdsNamed = (each: Session) => each.of(space)?.holdsNamed(author) === true
    if (!holdsNamed(session) && this.all().some(other => !other.ended && holdsNamed(other) && !this.#conduct.isStalled(other.peer, key))) return false
    this.#claims.set(key, session)
    return true
  }

  #anotherHas(space: SharedSpace, author: DeviceId, session: Session): boolean {
    const { heights } = this.#host.space(space)
    const { height } = space.state.logRow(author)
    return this.all().some(other => other !== session && !other.ended && heights.height(other.peer, author) > height && !this.#conduct.isStalled(other.peer, `${space.id} ${author}`))
  }

  #release(space: SharedSpace, author: DeviceId, session: Session): void {
    const key = `${space.id} ${author}`
    if (this.#claims.get(key) !== session) return
    this.#claims.delete(key)
    for (const other of this.all()) if (other !== session) other.of(space)?.poke()
  }
}

function describe(error: unknown): string {
  return isKinmeshError(error) ? `${(error as KinmeshError).code}: ${error.message}` : String(error)
}
