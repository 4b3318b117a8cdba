import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { rejects } from '../tools/assert.ts'
import type { Entry } from './entry.ts'
import { type Receipt, receive } from './receive.ts'
import type { Scene } from './receive.fixtures.ts'

export const take = ({ state }: Scene, ...entries: (Entry | Uint8Array)[]): Promise<Receipt> => receive(state, entries.map(entry => (entry instanceof Uint8Array ? entry : entry.bytes)))
export const texts = ({ state }: Scene) => state.view.list('', 1e6).map(item => item.value['text'])
export const refusals = ({ refused }: Receipt) => refused.map(({ author, seq, error }) => [author, seq, error.code])
export const seqs = ({ accepted }: Receipt) => accepted.map(({ author, seq }) => [author, seq])
export const faults = ({ store }: Scene) => store.faults().map(({ kind, device }) => [kind, device])
export const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)

/** All that is stored and shown of a space, to find that something left it alone. */
export function picture({ state, store }: Scene): unknown {
  const authors = [...state.logs.keys()]
  return {
    logs: store.logs(state.id), memory: [...state.logs.values()], entries: authors.map(author => store.entries(state.id, author, 0, 1e6)), bases: authors.map(author => store.bases(state.id, author)),
    rows: authors.map(author => store.logVersions(state.id, author)), shards: store.shards(state.id), gone: store.gone(state.id, 0, 1e6), held: store.held(state.id),
    rev: state.view.rev, count: state.view.count, digest: state.view.digest(), items: state.view.list('', 1e6), changes: state.view.changesSince(0, 1e6)
  }
}

/** The receiver answers `code`, once and again, and nothing else came of it. */
export async function refusesAll(set: Scene, code: string, entry: Entry | Uint8Array): Promise<void> {
  const before = picture(set)
  await rejects(take(set, entry), coded(code))
  assert.equal(picture(set), before)
}

export async function refusesOne(set: Scene, code: string, entry: Entry): Promise<void> {
  const before = picture(set)
  const receipt = await take(set, entry)
  assert.equal(receipt.refused.map(({ seq, error }) => [seq, error.code]), [[entry.seq, code]])
  assert.equal(receipt.accepted, [])
  assert.equal(picture(set), before)
}
