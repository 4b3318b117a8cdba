import * as v from 'valibot'
import { KinmeshError } from '../../mesh/errors.ts'
import { maxRoundNumber, maxTaskChars } from '../../federated/privacy/ledger.ts'

/** As `chosenAdapter` gives it. */
export type ChosenAdapter = { readonly name: string; readonly model: string }

/** `adopted`: took the place of `before`. `undone`: a person took it back. `rolled back`: code did, as it got worse. */
const actions = ['adopted', 'undone', 'rolled back'] as const
const name = v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(64)))
const entrySchema = v.strictObject({
  at: v.pipe(v.number(), v.safeInteger()),
  action: v.picklist(actions),
  task: v.pipe(v.string(), v.minLength(1), v.maxLength(maxTaskChars)),
  round: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(maxRoundNumber)),
  /** Id of the base model. */
  model: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** What the model answered through before and does now: names of folders; null for none. */
  before: name,
  after: name,
  /** False where it was written down and is not known to have been carried out. */
  done: v.boolean()
})
/** One change of the adapter that a model answers through. `at`: Unix ms. */
export type Adoption = v.InferOutput<typeof entrySchema>

const historySchema = v.strictObject({ format: v.literal(1), entries: v.array(entrySchema) })
/** Kept; older ones are forgotten, and cannot be undone any more. */
export const maxAdoptions = 1000

/** @throws KinmeshError `FileCorrupt` */
export function readAdoptions(text: string): Adoption[] {
  try {
    return v.parse(historySchema, JSON.parse(text)).entries
  } catch (cause) {
    throw new KinmeshError('FileCorrupt', 'the history of adopted adapters is damaged: choose an adapter with kinmesh train use NAME, and move HOME/adapters/.adopted.json away', { cause })
  }
}

export function writeAdoptions(entries: readonly Adoption[]): string {
  return `${JSON.stringify({ format: 1, entries: entries.slice(-maxAdoptions) })}\n`
}

/** Without the last one where a crash came before it was carried out, by what is chosen now. */
export function settled(entries: readonly Adoption[], chosen: ChosenAdapter | undefined): Adoption[] {
  const last = entries.at(-1)
  if (!last || last.done) return [...entries]
  return last.after === inUseOf(last.model, chosen) ? [...entries.slice(0, -1), { ...last, done: true }] : entries.slice(0, -1)
}

/** What this model answers through; a choice for another model is none for it. */
export function inUseOf(model: string, chosen: ChosenAdapter | undefined): string | null {
  return chosen?.model === model ? chosen.name : null
}

/**
 * What to take back of a model, of a settled history: adoptions lie on each other, an undo takes one off, and the last one left counts where its adapter is the one in use. Undefined where that came otherwise: a
 * person's own choice is not overruled.
 */
export function lastAdoption(entries: readonly Adoption[], model: string, chosen: ChosenAdapter | undefined): Adoption | undefined {
  const left: Adoption[] = []
  for (const entry of entries) {
    if (entry.model !== model) continue
    if (entry.action === 'adopted') left.push(entry)
    else left.pop()
  }
  const top = left.at(-1)
  const inUse = inUseOf(model, chosen)
  return inUse !== null && top?.after === inUse ? top : undefined
}
