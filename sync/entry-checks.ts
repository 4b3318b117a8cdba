import { equals } from 'uint8arrays/equals'
import { KinmeshError } from '../mesh/errors.ts'
import { deviceIdOf } from '../mesh/identity.ts'
import type { DeviceId } from '../mesh/types.ts'
import { type Entry, readEntry, verifyEntry } from './entry.ts'
import type { LogStage } from './log-stage.ts'
import { endsAsNamed } from './named-branch.ts'
import type { LogState } from './space-state.ts'

/**
 * The checks that take no key: size and form, space, signature. Entries that are held already are left out.
 * @throws KinmeshError `MalformedBytes` · `WrongSpace` · `BadSignature`: the sender broke the protocol
 */
export async function signedEntries(state: LogState, list: readonly Uint8Array[]): Promise<Entry[]> {
  const entries = list.map(readEntry)
  if (entries.some(entry => !equals(entry.space, state.spaceId))) throw new KinmeshError('WrongSpace', 'an entry belongs to another space')
  const fresh = entries.filter(entry => !isHeld(state, entry))
  const signed = await Promise.all(fresh.map(verifyEntry))
  if (signed.includes(false)) throw new KinmeshError('BadSignature', 'an entry is not signed by its author')
  return fresh
}

/** Resent entries cost no signature check. */
function isHeld(state: LogState, entry: Entry): boolean {
  const author = deviceIdOf(entry.author)
  const { height, lowest } = state.logRow(author)
  return (entry.seq <= height || entry.seq < lowest) && !isOther(knownHash(state, author, entry.seq), entry.hash)
}

/** Of an entry that is here, or as much of it as the checkpoint after it lists; undefined where nothing is known. */
export function knownHash(state: LogState, author: DeviceId, seq: number): Uint8Array | undefined {
  const [row] = state.context.store.entries(state.id, author, seq, 1)
  return row?.seq === seq ? row.hash : state.listed.get(author, seq)
}

/** True when another entry is known than the one with this hash, at the same place of the same log. */
export function isOther(known: Uint8Array | undefined, hash: Uint8Array): boolean {
  return known !== undefined && !equals(known, hash.subarray(0, known.length))
}

/** Members may write; a removed device's log counts up to the entry that its removal names, and no further. */
export function checkMembership(state: LogState, author: DeviceId, seq: number): void {
  const member = state.membership.members().get(author)
  if (member?.role === 'reader' || member?.role === 'keeper') throw new KinmeshError('NotAWriter', 'its author may not write to this space')
  if (member) return
  const removal = state.membership.removedDevices().get(author)
  if (!removal) throw new KinmeshError('NotAMember', 'its author is no member of this space (as far as this device knows)')
  if (seq > removal.lastSeq) throw new KinmeshError('RemovedAuthor', 'its author had been removed')
}

/** False for an entry that is held already. Two different entries at one place prove that the author's log forked. */
export function checkLink(state: LogState, stage: LogStage, author: DeviceId, entry: Entry): boolean {
  const log = stage.log(author)
  // Whatever else its author signed: this is what counts of it.
  if (endsAsNamed(state, author, log)) return false
  if (log.frozen) throw new KinmeshError('LogFrozen', 'its author\'s log forked')
  const forked = entry.seq <= log.height ? isOther(stage.hashOf(author, entry.seq) ?? knownHash(state, author, entry.seq), entry.hash) : entry.seq === log.height + 1 && !equals(entry.prevHash, log.head)
  if (forked && author === state.self) throw new KinmeshError('OwnLogForked', 'this device was restored from an older copy: what it wrote since is written anew')
  if (forked && state.membership.removedDevices().has(author)) throw new KinmeshError('OtherBranch', 'another branch of the log of a removed device')
  if (forked) {
    freeze(state, stage, author)
    throw new KinmeshError('LogFrozen', 'its author wrote two different entries at one place')
  }
  if (entry.seq > log.height + 1) throw new KinmeshError('LogGap', `entry ${log.height + 1} is due`)
  return entry.seq > log.height
}

/** Nothing of a log that forked is taken any more, and a person is told. */
export function freeze(state: LogState, stage: LogStage, author: DeviceId): void {
  stage.setLog({ ...stage.log(author), frozen: true })
  stage.also({ faults: [state.fault('Equivocation', author, 'the log of a device forked: it was copied, or restored from a backup. Remove it (kinmesh devices remove) and pair it again; nothing it wrote before is lost')] })
}
