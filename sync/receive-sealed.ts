import { isKinmeshError } from '../mesh/errors.ts'
import { deviceIdOf } from '../mesh/identity.ts'
import type { DeviceId } from '../mesh/types.ts'
import type { Arrivals } from './arrivals.ts'
import { noShard } from './checkpoint.ts'
import type { Entry } from './entry.ts'
import { checkLink, checkMembership, signedEntries } from './entry-checks.ts'
import { LogStage } from './log-stage.ts'
import type { Receipt, Refusal } from './receive.ts'
import type { LogState } from './space-state.ts'

/**
 * Takes entries from a peer on a device that cannot open them. Each passes, in this order, what needs no key: size and form,
 * signature, membership and role, place in the log; then it is stored, sealed as it came.
 * @param due the entry of a log that is taken next: later than the next one where the log goes on after what nobody sends any more
 * @throws KinmeshError `MalformedBytes` · `WrongSpace` · `BadSignature`: the sender broke the protocol, nothing was taken
 */
export async function receiveSealed(state: LogState, arrivals: Arrivals, list: readonly Uint8Array[], due: (author: DeviceId) => number): Promise<Receipt> {
  const entries = await signedEntries(state, list)
  return state.exclusive(async () => {
    const stage = new LogStage(state)
    const accepted: Receipt['accepted'][number][] = []
    const refused = new Map<DeviceId, Refusal>()
    for (const entry of entries) {
      const author = deviceIdOf(entry.author)
      if (refused.has(author)) continue
      try {
        if (!take(state, stage, arrivals, author, entry, due(author))) continue
        accepted.push({ author, seq: entry.seq })
      } catch (error) {
        if (!isKinmeshError(error)) throw error
        refused.set(author, { author, seq: entry.seq, hash: entry.hash, error })
      }
    }
    if (!stage.empty) await stage.commit()
    return { accepted, refused: [...refused.values()], removedOwn: [] }
  })
}

/** False for an entry that is held already, or was. */
function take(state: LogState, stage: LogStage, arrivals: Arrivals, author: DeviceId, entry: Entry, due: number): boolean {
  checkMembership(state, author, entry.seq)
  const log = stage.log(author)
  const goesOnLater = entry.seq === due && entry.seq > log.height + 1 && !log.frozen
  if (goesOnLater) {
    stage.setLog({ ...log, height: entry.seq - 1, head: entry.prevHash, lowest: entry.seq, tailBytes: 0 })
    stage.also({ prune: [{ author, below: entry.seq }], meta: arrivals.forgetting(author) })
  } else if (!checkLink(state, stage, author, entry)) return false
  stage.also({ meta: arrivals.noting(author) })
  stage.append(author, entry, noShard)
  return true
}
