import { equals } from 'uint8arrays/equals'
import type { DeviceId } from '../mesh/types.ts'
import type { LogState } from './space-state.ts'

// Of a removed device's log the branch counts that its removal names by its last entry, however many branches are out.

type LogEnd = { readonly height: number; readonly head: Uint8Array }

/** True when a log of this end is, from its first entry to its last, what the removal of its author lets count. */
export function endsAsNamed(state: LogState, author: DeviceId, { height, head }: LogEnd = state.logRow(author)): boolean {
  const removal = state.membership.removedDevices().get(author)
  return removal !== undefined && height === removal.lastSeq && equals(head, removal.head)
}

/** True when a log has the length that counts, and another last entry. (Of a shorter one its next entry says whether it fits.) */
export function isOffBranch(state: LogState, author: DeviceId): boolean {
  const { height } = state.logRow(author)
  return height > 0 && height === state.membership.removedDevices().get(author)?.lastSeq && !endsAsNamed(state, author)
}
