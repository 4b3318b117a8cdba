import { equals } from 'uint8arrays/equals'
import { firstClosedCircle } from './closed-circle.ts'
import { deviceIdOf } from './identity.ts'
import { epochOf, hexOf, maxMembers, type Statement, type StatementBody } from './statement.ts'
import type { DeviceCard, DeviceId, Role } from './types.ts'

export type Member = DeviceCard & {
  /** Hex of 16 bytes. */
  readonly person: string
  readonly role: Role
  /** Unix ms, by the clock of the device that added it. */
  readonly addedAt: number
  /** 0 for the oldest member, counting up. */
  readonly seniority: number
}

/** Of the removed device's log, what ends in the entry `lastSeq` with the hash `head` (32 bytes; zeros for no entries) counts. */
export type Removal = { readonly lastSeq: number; readonly head: Uint8Array; readonly by: DeviceId; readonly at: number }

/** A space key: who holds it, and whether something new may be sealed with it. */
export type Epoch = {
  /** Hex of 16 bytes. */
  readonly id: string
  readonly holders: ReadonlySet<DeviceId>
  /** False when its rekey turned out to be void; what was sealed with it before that was known stays readable. */
  readonly counts: boolean
  /** It counts, and every holder is still a member that may read. */
  readonly usable: boolean
}

export type Resolution = {
  /** Hashes of the statements that count. */
  readonly effective: ReadonlySet<string>
  readonly members: ReadonlyMap<DeviceId, Member>
  readonly removed: ReadonlyMap<DeviceId, Removal>
  /** Newest first: by depth, then by hash. */
  readonly epochs: readonly Epoch[]
}

/** A statement at its place in the DAG. `depth` of create is 0, of others 1 + the greatest depth of a parent. */
export type Placed = { readonly statement: Statement; readonly depth: number }

/** Ascending by depth, then by hash: the one order in which every device walks the same statements. Parents come before children. */
export function comparePlaced(a: Placed, b: Placed): number {
  return a.depth - b.depth || (a.statement.hash < b.statement.hash ? -1 : a.statement.hash > b.statement.hash ? 1 : 0)
}

/**
 * Says which statements count and what follows, as PROTOCOL.md lays down. A pure function of the set of statements.
 * @param placed every statement of the space, sorted by `comparePlaced`; the first is its create
 */
export function resolve(placed: readonly Placed[]): Resolution {
  const decisions = new Decisions(placed)
  decisions.run()
  return decisions.resolution()
}

/** Positions in `placed` as a bit set: 4096 statements take 512 bytes each. */
class Bits {
  readonly #words: Uint32Array

  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >>> 5)
  }

  has(bit: number): boolean {
    return (this.#words[bit >>> 5]! & (1 << (bit & 31))) !== 0
  }

  add(bit: number): void {
    this.#words[bit >>> 5]! |= 1 << (bit & 31)
  }

  addAll(other: Bits): void {
    for (let i = 0; i < this.#words.length; i++) this.#words[i]! |= other.#words[i]!
  }
}

type Decision = 'open' | 'counts' | 'void'

class Decisions {
  readonly #placed: readonly Placed[]
  readonly #ancestors: Bits[] = []
  readonly #parents: number[][]
  readonly #decided: Decision[]
  /** Positions of counted adds that made their device a member: create, and addDevice of this person while there was room. */
  readonly #admitting = new Set<number>()
  /** Positions that were decided by seniority while ancestors of theirs were open. */
  readonly #early = new Set<number>()
  /** Positions of the adds (create included) and removes of a device, ascending. */
  readonly #adds = new Map<DeviceId, number[]>()
  readonly #removes = new Map<DeviceId, number[]>()

  constructor(placed: readonly Placed[]) {
    this.#placed = placed
    this.#decided = placed.map(() => 'open')
    const positions = new Map(placed.map(({ statement }, index) => [statement.hash, index]))
    this.#parents = placed.map(({ statement }) => statement.parents.map(hash => positions.get(hash)!))
    for (const [index, { statement }] of placed.entries()) {
      const ancestors = new Bits(placed.length)
      for (const parent of this.#parents[index]!) {
        ancestors.addAll(this.#ancestors[parent]!)
        ancestors.add(parent)
      }
      this.#ancestors.push(ancestors)
      const { body } = statement
      if (body.type === 'create' || body.type === 'addDevice') append(this.#adds, body.card.id, index)
      if (body.type === 'remove') append(this.#removes, body.device, index)
    }
  }

  run(): void {
    let open = this.#placed.map((_, index) => index)
    while (open.length > 0) {
      const left = open.filter(index => !this.#tryDecide(index))
      // Nothing moved: what is left waits for itself in circles of removals. Seniority cuts one circle, then the rules go on.
      if (left.length === open.length) this.#cutCircle(left)
      open = left.filter(index => this.#decided[index] === 'open')
    }
  }

  /** A statement is decided once its ancestors and every concurrent remove of its author are. */
  #tryDecide(index: number): boolean {
    if (this.#openAncestors(index).length > 0) return false
    if (!this.#mayAct(index)) return this.#decide(index, 'void')
    const concurrent = this.#concurrentRemovesOfAuthor(index)
    if (concurrent.some(remove => this.#decided[remove] === 'counts')) return this.#decide(index, 'void')
    if (concurrent.some(remove => this.#decided[remove] === 'open')) return false
    return this.#decide(index, 'counts')
  }

  #decide(index: number, decision: 'counts' | 'void'): true {
    this.#decided[index] = decision
    if (decision === 'counts' && this.#admits(index)) this.#admitting.add(index)
    return true
  }

  /** The rules that look only at the causal past. */
  #mayAct(index: number): boolean {
    const { body, author } = this.#placed[index]!.statement
    if (body.type === 'create') return index === 0
    if (this.#memberBefore(index, author)?.role !== 'admin') return false
    return body.type !== 'remove' || this.#memberBefore(index, body.device) !== undefined
  }

  /** What made `device` a member in the causal past of `index`, by the decisions so far. */
  #memberBefore(index: number, device: DeviceId): { add: number; role: Role } | undefined {
    const past = this.#ancestors[index]!
    if (this.#removes.get(device)?.some(remove => past.has(remove) && this.#decided[remove] === 'counts')) return undefined
    const adds = this.#adds.get(device)?.filter(other => past.has(other) && this.#admitting.has(other)) ?? []
    const [add] = adds
    return add === undefined ? undefined : { add, role: this.#roleOf(adds) }
  }

  /** A device that was added twice, on devices that did not know of each other, keeps the first role that reads: nobody is made a keeper afterwards. */
  #roleOf(adds: readonly number[]): Role {
    const given = adds.map(add => roleIn(this.#placed[add]!.statement.body))
    return given.find(role => role !== 'keeper') ?? 'keeper'
  }

  /** An add that counts may still admit nobody: for a person whom nobody introduced, or into a space that is full. */
  #admits(index: number): boolean {
    const { body } = this.#placed[index]!.statement
    const create = this.#placed[0]!.statement.body
    if (body.type === 'create') return true
    if (body.type !== 'addDevice' || create.type !== 'create' || !equals(create.person, body.person)) return false
    const others = [...this.#adds.keys()].filter(device => device !== body.card.id && this.#memberBefore(index, device))
    return others.length < maxMembers
  }

  #concurrentRemovesOfAuthor(index: number): number[] {
    const removes = this.#removes.get(this.#placed[index]!.statement.author) ?? []
    return removes.filter(remove => remove !== index && !this.#ancestors[index]!.has(remove) && !this.#ancestors[remove]!.has(index))
  }

  /** The nearest ancestors that are open. Behind a decided one there are none, unless it was decided early. */
  #openAncestors(index: number, seen = new Set<number>()): number[] {
    return this.#parents[index]!.flatMap(parent => {
      if (seen.has(parent)) return []
      seen.add(parent)
      if (this.#decided[parent] === 'open') return [parent]
      return this.#early.has(parent) ? this.#openAncestors(parent, seen) : []
    })
  }

  /**
   * Only circles are left. In a circle that waits for no other one, the act of the most senior author counts first (a removal before anything
   * else), and the open removals of that author are void: whoever counts by seniority is not removed by those it outranks.
   */
  #cutCircle(open: readonly number[]): void {
    const isOpen = (index: number) => this.#decided[index] === 'open'
    const circle = firstClosedCircle(open, index => [...this.#openAncestors(index), ...this.#concurrentRemovesOfAuthor(index).filter(isOpen)])
    // The lowest statement of a closed circle has no open ancestors and an author who may act: there is always a candidate.
    const candidates = circle.filter(index => this.#mayAct(index) && !this.#removedByOpenAncestor(index)).map(index => {
      const { author, body } = this.#placed[index]!.statement
      return { index, seniority: this.#memberBefore(index, author)!.add, rank: body.type === 'remove' ? 0 : 1 }
    })
    candidates.sort((a, b) => a.rank - b.rank || a.seniority - b.seniority || a.index - b.index)
    const first = candidates[0]!.index
    for (const remove of this.#concurrentRemovesOfAuthor(first).filter(isOpen)) this.#decide(remove, 'void')
    if (this.#openAncestors(first).length > 0) this.#early.add(first)
    this.#decide(first, 'counts')
  }

  #removedByOpenAncestor(index: number): boolean {
    const removes = this.#removes.get(this.#placed[index]!.statement.author) ?? []
    return removes.some(remove => this.#decided[remove] === 'open' && this.#ancestors[index]!.has(remove))
  }

  resolution(): Resolution {
    const counted = (index: number) => this.#decided[index] === 'counts'
    const effective = new Set(this.#placed.flatMap(({ statement }, index) => (counted(index) ? [statement.hash] : [])))
    const removed = new Map<DeviceId, Removal>()
    for (const [device, removes] of this.#removes) {
      const removals = removes.filter(counted).map(index => this.#removal(index))
      if (removals.length > 0) removed.set(device, removals.reduce((a, b) => (endsBefore(b, a) ? b : a)))
    }
    const admitted = [...this.#adds].flatMap(([device, adds]) => {
      const admitting = removed.has(device) ? [] : adds.filter(index => this.#admitting.has(index))
      const [add] = admitting
      return add === undefined ? [] : [{ device, add, role: this.#roleOf(admitting) }]
    })
    admitted.sort((a, b) => a.add - b.add)
    const members = new Map(admitted.map(({ device, add, role }, seniority) => [device, this.#member(add, role, seniority)]))
    const readers = [...members.values()].filter(({ role }) => role !== 'keeper')
    return { effective, removed, members, epochs: this.#epochs(new Set(readers.map(({ id }) => id))) }
  }

  /** To those who know only a part of the log, `device` may have been one that acts, whatever is known now. */
  #wasEverAdmitted(index: number, device: DeviceId): boolean {
    const { body } = this.#placed[index]!.statement
    if (body.type === 'create') return true
    return this.#adds.get(device)?.some(add => this.#ancestors[index]!.has(add) && roleIn(this.#placed[add]!.statement.body) !== 'keeper') ?? false
  }

  #removal(index: number): Removal {
    const { statement } = this.#placed[index]!
    const { body } = statement
    if (body.type !== 'remove') throw new Error('a removal removes nobody')
    return { lastSeq: body.lastSeq, head: body.head, by: statement.author, at: statement.at }
  }

  #member(add: number, role: Role, seniority: number): Member {
    const { statement } = this.#placed[add]!
    const { body } = statement
    if (body.type !== 'create' && body.type !== 'addDevice') throw new Error('a member was not added')
    return { ...body.card, person: hexOf(body.person), role, addedAt: statement.at, seniority }
  }

  /**
   * Whoever a statement gives a key to holds it, admitted or not: a key that left the circle of those who may read is not used again. A
   * rekey that is void is known as well, for others may have sealed with its key before they knew.
   */
  #epochs(readers: ReadonlySet<DeviceId>): Epoch[] {
    const epochs = new Map<string, { readonly counts: boolean; readonly holders: Set<DeviceId> }>()
    for (const [index, { statement }] of this.#placed.entries()) {
      const { author, body } = statement
      if ((body.type !== 'create' && body.type !== 'rekey') || !this.#wasEverAdmitted(index, author)) continue
      const recipients = body.type === 'rekey' ? body.recipients.map(to => deviceIdOf(to.recipient)) : []
      epochs.set(epochOf(statement), { counts: this.#decided[index] === 'counts', holders: new Set([author, ...recipients]) })
    }
    for (const [index, { statement: { body } }] of this.#placed.entries()) {
      if (body.type !== 'addDevice' || this.#decided[index] !== 'counts') continue
      for (const key of body.keys) epochs.get(hexOf(key.epoch))?.holders.add(body.card.id)
    }
    return [...epochs].map(([id, { counts, holders }]) => ({ id, holders, counts, usable: counts && [...holders].every(device => readers.has(device)) })).reverse()
  }
}

/** Of two removals that name branches of equal length, either serves, so long as every device takes the same one. */
function endsBefore(a: Removal, b: Removal): boolean {
  return a.lastSeq < b.lastSeq || (a.lastSeq === b.lastSeq && hexOf(a.head) < hexOf(b.head))
}

function append(map: Map<DeviceId, number[]>, key: DeviceId, value: number): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function roleIn(body: StatementBody): Role {
  return body.type === 'addDevice' ? body.role : 'admin'
}
