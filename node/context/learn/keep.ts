import { sha256 } from '../../../mesh/crypto.ts'
import type { DeviceId } from '../../../mesh/types.ts'
import type { Space, Sync } from '../../../sync/types.ts'
import type { ToLearn } from '../../conversations.ts'
import { type Memory, endMemory, remember } from '../../memory.ts'
import type { LearnedItem } from '../../starter/prompt.ts'
import { keeping } from '../../starter/tagging/keeping.ts'
import type { Recall, Recalled } from '../recall.ts'
import { decide, isSameText } from './decide.ts'
import { wordsOf } from './span.ts'
import { type Statement, readStatement, user } from './statement.ts'

export type KeepParts = { readonly sync: Sync; readonly device: DeviceId; readonly recall: Recall; readonly clock: () => number }

/** Memories that may say the same, or the contrary, of which most have nothing to do with it. */
const lookedAt = 50
/** And may be what is replaced: as many as a model is shown. */
const comparedWith = 8
/** Words under which what has one value at a time is told, so that "I moved to Oslo" finds "I live in Rome". */
const cues: Readonly<Record<string, string>> = {
  home: 'live living moved home based flat house', address: 'address', job: 'work job profession', employer: 'work job company employed', birthday: 'birthday born', birthplace: 'born come from', name: 'name called named', age: 'years old', spouse: 'married',
  diet: 'eat diet food', opening: 'open opens', price: 'cost costs price', login: 'login log use', team: 'support team'
}

/** A part of what the user said that may be kept, in their own words. `replaces`: a memory that the model says it takes the place of. */
export type Item = Omit<LearnedItem, 'replaces'> & { readonly replaces?: Memory | undefined }

/**
 * Of what the user said in `turn`, keeps one part, if it is not known; in the place of what it contradicts. `isOld`: they said exactly this before, so that nothing is new in it but that what was
 * replaced since holds again. Undefined: there is nothing to keep. @throws as `remember`
 */
export async function keep(parts: KeepParts, item: Item, { conversation, turn, space }: ToLearn, isOld: boolean): Promise<Memory | undefined> {
  const { sync, device, clock } = parts
  const { text, kind, subject, replaces } = item
  const ref = `${conversation}/${turn.id}`
  const found = await about(parts, item)
  if (isOld && !found.some(memory => isSameText(memory.text, text))) return undefined
  const isLikely = replaces !== undefined && keeping.replacedOf({ text, subject }, [...new Set([replaces, ...found.slice(0, comparedWith)].map(memory => memory.text))]) === replaces.text
  const decision = decide({ text, subject, at: turn.at, ref, replaces, isLikely }, found.map(memory => ({ memory, ref: memory.source?.device === device ? memory.source.ref : undefined })))
  if (decision.known) return undefined
  const { replaced, until, statement } = decision
  const [first, ...others] = replaced
  const written = await remember(sync, device, {
    text, kind, subject: subject.toLowerCase() === user ? undefined : subject, ...shown(statement), observedAt: turn.at, supersedes: first?.id, validTo: until, ref, learned: true
  }, { space, now: clock(), idOf: (into, supersedes) => idFor(into, [subject.toLowerCase(), wordsOf(text).join(' '), supersedes ?? '']) })
  for (const { id } of others) await endMemory(sync, id, turn.at)
  return written
}

/** A taste has no name and no value that people know. */
function shown(statement: Statement | undefined): { attribute?: string; value?: string } {
  return statement === undefined || statement.attribute.startsWith('taste ') ? {} : { attribute: statement.attribute, value: statement.value }
}

async function about({ recall }: KeepParts, { text, subject, replaces }: Item): Promise<readonly Memory[]> {
  const statement = readStatement(text, subject)
  const own = subject.toLowerCase() === user ? '' : subject
  const cue = statement && `${[...statement.owners].filter(owner => owner !== user).join(' ')} ${cues[statement.attribute] ?? statement.attribute}`
  const found = new Map<string, Memory>(replaces ? [[replaces.id, replaces]] : [])
  for (const query of [`${text} ${own}`, ...(cue === undefined ? [] : [cue])]) for (const memory of await recall.recall(query, lookedAt, { everything: true }) satisfies Recalled[]) found.set(memory.id, memory)
  return [...found.values()]
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const idChars = 12
/** Learned memories are spread over so many shards of a space; each holds a thousand. */
const shards = 16

/**
 * The same for the same words in the same place of history, so that two devices that learn the same thing make one memory of it. By the id of the space, which only its members know: an id stays in
 * the logs for some time after its memory is forgotten. In the space `device`, where there is nobody else, and where secrets are, it is random.
 */
function idFor(space: Space, content: readonly string[]): string | undefined {
  if (space.name === 'device') return undefined
  const [shard = 0, ...bytes] = sha256(new TextEncoder().encode(JSON.stringify([space.id, ...content])))
  const id = `${bytes.slice(0, idChars).map(byte => alphabet[byte % alphabet.length]).join('')}.${(shard % shards).toString(36)}`
  // One that held before, and does not any more, stays what it was.
  return space.get(id) ? undefined : id
}
