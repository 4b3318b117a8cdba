import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { cardOf } from './card.ts'
import { keyBytes, randomBytes, sha256 } from './crypto.ts'
import { keyCommitment, keysSealedTo, openKey, sealHandedKey, sealNewKey } from './epoch-keys.ts'
import { KinmeshError } from './errors.ts'
import { publicKeyOf } from './identity.ts'
import { comparePlaced, resolve, type Epoch, type Member, type Placed, type Removal, type Resolution } from './membership-resolve.ts'
import {
  createSpaceField, hexOf, makeStatement, maxHandedKeys, maxMembers, maxParents, maxRecipients, parseStatement, personBytes, spaceIdOf, verifyStatement,
  type HandedKey, type Statement, type StatementBody
} from './statement.ts'
import type { DeviceCard, DeviceId, Identity, Role } from './types.ts'

export type { Epoch, Member, Removal } from './membership-resolve.ts'

/** Statements of one space: resolving this many takes well under a second, and a family makes a few hundred in its life. */
export const maxStatements = 4096

/** The space keys that one device can open, as of the log when it was asked for. */
export type Keyring = {
  /** The key to seal with now; undefined when this device holds no usable one (see `rekeyIfNeeded`). */
  current(): { readonly epoch: Uint8Array; readonly key: Uint8Array } | undefined
  /** The key of an epoch, usable or not: what was sealed stays readable. */
  get(epoch: Uint8Array): Uint8Array | undefined
}

/** Who belongs to a space: a DAG of signed statements. Its caller stores the statements; the log holds no file. */
export class MembershipLog {
  /** The space id: hash of the create statement, 32 bytes. */
  readonly space: Uint8Array
  readonly #placed = new Map<string, Placed>()
  readonly #heads = new Set<string>()
  readonly #openedKeys = new Map<DeviceId, Map<string, Uint8Array>>()
  #version: string | undefined
  #sorted: Placed[] = []
  #resolution: Resolution

  private constructor(create: Statement) {
    this.space = fromString(spaceIdOf(create), 'base16')
    this.#resolution = this.#take([create])
  }

  /** A new space with `identity` as its only member. @throws KinmeshError `BadName` */
  static async create(identity: Identity, { name, place, personName = '' }: { name: string; place: string; personName?: string }, now: number): Promise<MembershipLog> {
    const card = cardOf(identity, name, place)
    const key = randomBytes(keyBytes)
    const sealed = await sealNewKey(createSpaceField, card.publicKey, card, key)
    const body = { type: 'create', person: randomBytes(personBytes), personName, card, commitment: keyCommitment(key), sealed } as const
    return new MembershipLog(await makeStatement(identity, createSpaceField, [], now, body))
  }

  /**
   * Reads a whole log, in any order.
   * @throws KinmeshError `MalformedBytes`, `NewerVersion`, `BadSignature`, `WrongSpace`, `MissingParent`, `TooManyStatements`
   */
  static async load(statements: readonly Uint8Array[]): Promise<MembershipLog> {
    if (statements.length > maxStatements) throw tooMany()
    const parsed = statements.map(parseStatement)
    const create = parsed.find(statement => statement.body.type === 'create')
    if (!create) throw new KinmeshError('MissingParent', 'this membership log lacks its beginning: pair this device again')
    await checkSignatures([create])
    const log = new MembershipLog(create)
    await log.#merge(parsed)
    return log
  }

  /** Every statement, parents before children. */
  statements(): Uint8Array[] {
    return this.#sorted.map(({ statement }) => statement.bytes)
  }

  /** Hex; equal on two devices exactly when they hold the same statements. */
  version(): string {
    return (this.#version ??= hexOf(sha256(concat([...this.#heads].sort().map(hash => fromString(hash, 'base16'))))))
  }

  /**
   * Takes over what is new, all or nothing, and returns it with parents first.
   * @throws KinmeshError `MalformedBytes`, `NewerVersion`, `BadSignature`, `WrongSpace`, `MissingParent`, `TooManyStatements`
   */
  async merge(statements: readonly Uint8Array[]): Promise<Uint8Array[]> {
    if (statements.length > maxStatements) throw tooMany()
    return this.#merge(statements.map(parseStatement))
  }

  /**
   * Admits a device and hands it every key this one holds; a keeper gets none, and may become a reader later. Returns the new
   * statements: none when it is a member that lacks nothing.
   * @throws KinmeshError `NotAMember`, `DeviceRemoved`, `CardMismatch`, `TooManyDevices`, `MemberReads`
   */
  async add(identity: Identity, card: DeviceCard, now: number, role: Role = 'admin'): Promise<Uint8Array[]> {
    const self = this.#admin(identity)
    const member = this.members().get(card.id)
    if (this.removedDevices().has(card.id)) {
      throw new KinmeshError('DeviceRemoved', `"${card.name}" was removed from this mesh: give it a new identity (a new home folder) and pair it again`)
    }
    if (member && hexOf(member.encryptionKey) !== hexOf(card.encryptionKey)) {
      throw new KinmeshError('CardMismatch', `"${card.name}" shows another encryption key than when it was added: remove it, and pair it again with a new identity`)
    }
    if (!member && this.members().size >= maxMembers) throw new KinmeshError('TooManyDevices', `a mesh takes at most ${maxMembers} devices: remove one first`)
    if (member && member.role !== 'keeper' && role === 'keeper') {
      throw new KinmeshError('MemberReads', `"${card.name}" is a member that can read, and has the keys: remove it, and pair it again as a keeper with a new identity`)
    }
    const admit = !member || (member.role === 'keeper' && role !== 'keeper')
    return this.#handOver(identity, self, member ?? card, admit ? role : member.role, now, admit)
  }

  /**
   * Removes a device: of its log only what ends in the entry `lastSeq` with the hash `head` counts from here on, and the others get a new key.
   * @throws KinmeshError `NotAMember`, `NoSuchDevice`, `CannotRemoveSelf`
   */
  async remove(identity: Identity, device: DeviceId, { lastSeq, head }: Pick<Removal, 'lastSeq' | 'head'>, now: number, reason = ''): Promise<Uint8Array[]> {
    this.#admin(identity)
    if (device === identity.id) throw new KinmeshError('CannotRemoveSelf', 'a device cannot remove itself: remove it from another device')
    if (!this.members().has(device)) throw new KinmeshError('NoSuchDevice', 'no such device in this mesh: list them with `kinmesh devices`')
    const removal = await this.#make(identity, now, { type: 'remove', device, publicKey: publicKeyOf(device), lastSeq, head, reason })
    return [removal, ...(await this.rekeyIfNeeded(identity, now))]
  }

  /**
   * Makes a key when this device has none to seal with, and hands the keys it holds to members that lack some of them (they were
   * added while another device made a new key). Returns the new statements, none when all is well or this device may not act.
   */
  async rekeyIfNeeded(identity: Identity, now: number): Promise<Uint8Array[]> {
    const self = this.members().get(identity.id)
    if (self?.role !== 'admin') return []
    const made: Uint8Array[] = []
    if (!(await this.keyring(identity)).current()) made.push(await this.#rekey(identity, self, now))
    for (const member of this.members().values()) made.push(...(await this.#handOver(identity, self, member, member.role, now, false)))
    return made
  }

  members(): ReadonlyMap<DeviceId, Member> {
    return this.#resolution.members
  }

  removedDevices(): ReadonlyMap<DeviceId, Removal> {
    return this.#resolution.removed
  }

  /** Every key there is, newest first. */
  epochs(): readonly Epoch[] {
    return this.#resolution.epochs
  }

  async keyring(identity: Identity): Promise<Keyring> {
    let opened = this.#openedKeys.get(identity.id)
    if (!opened) this.#openedKeys.set(identity.id, (opened = new Map<string, Uint8Array>()))
    const keys = opened
    const { epochs } = this.#resolution
    for (const sealed of keysSealedTo(identity, this.space, this.#sorted.map(({ statement }) => statement))) {
      if (keys.has(sealed.epoch)) continue
      const key = await openKey(identity, sealed)
      if (key) keys.set(sealed.epoch, key)
    }
    const newest = epochs.find(epoch => epoch.usable && keys.has(epoch.id))
    const current = newest && { epoch: fromString(newest.id, 'base16'), key: keys.get(newest.id)! }
    return { current: () => current, get: epoch => keys.get(hexOf(epoch)) }
  }

  async #rekey(identity: Identity, self: Member, now: number): Promise<Uint8Array> {
    const members = [...this.members().values()].filter(({ role }) => role !== 'keeper')
    if (members.length > maxRecipients) throw new KinmeshError('TooManyDevices', `a new key reaches at most ${maxRecipients} devices: remove some first`)
    const key = randomBytes(keyBytes)
    const recipients = await Promise.all(
      members.map(async member => ({ recipient: member.publicKey, sealed: await sealNewKey(this.space, self.publicKey, member, key) }))
    )
    return this.#make(identity, now, { type: 'rekey', commitment: keyCommitment(key), recipients })
  }

  /** addDevice statements that give `card` the keys it lacks (a keeper is to have none), at least one when it has to be admitted. */
  async #handOver(identity: Identity, self: Member, card: DeviceCard, role: Role, now: number, admit: boolean): Promise<Uint8Array[]> {
    const keyring = await this.keyring(identity)
    const keys: HandedKey[] = []
    for (const epoch of this.epochs()) {
      const id = fromString(epoch.id, 'base16')
      const key = role === 'keeper' || epoch.holders.has(card.id) ? undefined : keyring.get(id)
      if (key) keys.push({ epoch: id, sealed: await sealHandedKey(this.space, id, self.publicKey, card, key) })
    }
    const made: Uint8Array[] = []
    const person = fromString(self.person, 'base16')
    for (let start = 0; start < keys.length || (admit && start === 0); start += maxHandedKeys) {
      made.push(await this.#make(identity, now, { type: 'addDevice', person, card, role, keys: keys.slice(start, start + maxHandedKeys) }))
    }
    return made
  }

  async #make(identity: Identity, now: number, body: StatementBody): Promise<Uint8Array> {
    if (this.#placed.size >= maxStatements) throw tooMany()
    // The newest heads, when there are more than fit: the others stay heads until a later statement joins them.
    const heads = [...this.#heads].map(hash => this.#placed.get(hash)!).sort(comparePlaced).slice(-maxParents)
    const parents = heads.map(({ statement }) => statement.hash).sort()
    const statement = await makeStatement(identity, this.space, parents.map(hash => fromString(hash, 'base16')), now, body)
    this.#resolution = this.#take([statement])
    return statement.bytes
  }

  #admin(identity: Identity): Member {
    const self = this.members().get(identity.id)
    if (self?.role === 'admin') return self
    throw new KinmeshError('NotAMember', 'this device is not (or no longer) a member that may change this mesh: use another device, or pair this one again')
  }

  async #merge(parsed: readonly Statement[]): Promise<Uint8Array[]> {
    const unknown = [...new Map(parsed.map(statement => [statement.hash, statement])).values()].filter(({ hash }) => !this.#placed.has(hash))
    if (unknown.length === 0) return []
    const wrong = unknown.find(({ body, space }) => body.type === 'create' || hexOf(space) !== hexOf(this.space))
    if (wrong) throw new KinmeshError('WrongSpace', 'these statements belong to another mesh')
    await checkSignatures(unknown)
    // No await from here on: another merge may have run meanwhile.
    const fresh = unknown.filter(({ hash }) => !this.#placed.has(hash))
    if (this.#placed.size + fresh.length > maxStatements) throw tooMany()
    const ordered = parentsFirst(fresh, hash => this.#placed.has(hash))
    this.#resolution = this.#take(ordered)
    return ordered.map(({ bytes }) => bytes)
  }

  #take(parentsFirst: readonly Statement[]): Resolution {
    for (const statement of parentsFirst) {
      const depth = Math.max(-1, ...statement.parents.map(hash => this.#placed.get(hash)!.depth)) + 1
      this.#placed.set(statement.hash, { statement, depth })
      for (const parent of statement.parents) this.#heads.delete(parent)
      this.#heads.add(statement.hash)
    }
    this.#version = undefined
    this.#sorted = [...this.#placed.values()].sort(comparePlaced)
    return resolve(this.#sorted)
  }
}

/** @throws KinmeshError `MissingParent` */
function parentsFirst(statements: readonly Statement[], known: (hash: string) => boolean): Statement[] {
  const ordered = new Map<string, Statement>()
  let left = statements
  while (left.length > 0) {
    const next = left.filter(statement => {
      const ready = statement.parents.every(hash => known(hash) || ordered.has(hash))
      if (ready) ordered.set(statement.hash, statement)
      return !ready
    })
    if (next.length === left.length) throw new KinmeshError('MissingParent', 'these statements build on others that are missing: ask for the whole membership log')
    left = next
  }
  return [...ordered.values()]
}

async function checkSignatures(statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) {
    if (!(await verifyStatement(statement))) throw new KinmeshError('BadSignature', `a membership statement does not carry the signature of ${statement.author}`)
  }
}

function tooMany(): KinmeshError {
  return new KinmeshError('TooManyStatements', `a membership log holds at most ${maxStatements} statements: start a new mesh and pair your devices into it`)
}
