import * as v from 'valibot'
import { memoryKinds, permissionKind } from '../memory.ts'
import { maxRecalled } from '../context/recall.ts'

/** A year fits what a person remembers; the bound keeps times inside what every clock can hold. Unix ms. */
const timeSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(-8.64e15), v.maxValue(8.64e15))
/** Texts are checked by what stores them, with a better message; this bounds the work before. */
export const textSchema = v.string()
export const idSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(128))
/** Most memories in one page. */
export const maxPage = 1000

export const newMemorySchema = v.strictObject({
  text: textSchema,
  space: v.optional(idSchema),
  kind: v.optional(v.picklist(memoryKinds)),
  subject: v.optional(textSchema),
  attribute: v.optional(textSchema),
  value: v.optional(textSchema),
  observedAt: v.optional(timeSchema),
  supersedes: v.optional(idSchema),
  validTo: v.optional(timeSchema)
})

export const memorySchema = v.object({
  id: v.string(),
  text: v.string(),
  kind: v.picklist([...memoryKinds, permissionKind]),
  space: v.string(),
  subject: v.optional(v.string()),
  attribute: v.optional(v.string()),
  value: v.optional(v.string()),
  device: v.string(),
  /** `device`: where it was told or learned; `ref`: the conversation and turn there, by opaque ids. */
  source: v.optional(v.object({ device: v.string(), how: v.picklist(['told', 'learned']), ref: v.optional(v.string()) })),
  at: v.number(),
  validTo: v.optional(v.number()),
  supersedes: v.optional(v.string()),
  others: v.number()
})

export const recallQuerySchema = v.strictObject({ query: textSchema, k: v.optional(countSchema(maxRecalled), '10'), tokens: v.optional(countSchema(100_000)), asOf: v.optional(v.pipe(v.string(), v.regex(/^-?\d{1,16}$/), v.transform(Number), timeSchema)) })
/** A passage of a document, and where it stands. */
export const citationSchema = v.object({ id: v.string(), file: v.string(), place: v.string(), text: v.string() })
export const recallReplySchema = v.object({
  memories: v.array(v.object({ ...memorySchema.entries, score: v.number() })),
  documents: v.array(v.object({ ...citationSchema.entries, headings: v.array(v.string()), line: v.optional(v.number()), page: v.optional(v.number()), score: v.number() }))
})

export const pageQuerySchema = v.strictObject({ space: v.optional(idSchema), after: v.optional(idSchema), limit: v.optional(countSchema(maxPage), '100') })
export const pageReplySchema = v.object({ memories: v.array(memorySchema), next: v.nullable(v.string()) })

const roleSchema = v.picklist(['reader', 'writer', 'admin', 'keeper'])
/** `gap`: it is a keeper that does not have any more what is missing here next. */
export const peerSchema = v.object({ id: v.string(), name: v.string(), role: roleSchema, connected: v.boolean(), synced: v.boolean(), gap: v.boolean(), lagMs: v.nullable(v.number()) })
/** What a keeper holds sealed for the others. */
const keepingSchema = v.object({ entries: v.number(), bytes: v.number(), quotaBytes: v.number(), ttlMs: v.number(), oldestAt: v.nullable(v.number()) })
export const spaceSchema = v.object({ id: v.string(), name: v.string(), memories: v.number(), digest: v.string() })
export const faultSchema = v.object({ at: v.number(), kind: v.string(), device: v.optional(v.string()), text: v.string() })
export const heldSchema = v.object({ ref: v.string(), device: v.string(), count: v.number(), at: v.number() })

/** `modelProblem`: why the model that was chosen is not the one that answers. */
export const modelStateSchema = v.object({ model: v.nullable(v.string()), modelProblem: v.nullable(v.string()) })

export const statusReplySchema = v.object({
  device: v.object({ id: v.string(), name: v.string() }),
  online: v.boolean(),
  removed: v.boolean(),
  peers: v.array(peerSchema),
  spaces: v.array(spaceSchema),
  keeping: v.nullable(keepingSchema),
  ...modelStateSchema.entries,
  addrs: v.array(v.string()),
  held: v.array(heldSchema),
  faults: v.array(faultSchema)
})

export const shownDeviceSchema = v.object({ id: v.string(), name: v.string(), place: v.string() })
export const deviceSchema = v.object({ ...peerSchema.entries, place: v.string(), self: v.boolean(), addedAt: v.number(), lastSeen: v.number() })
export const errorSchema = v.object({ error: v.object({ code: v.string(), message: v.string() }) })

export const answerSchema = v.object({
  text: v.string(),
  memories: v.array(v.string()),
  documents: v.array(citationSchema),
  steps: v.array(v.object({ tool: v.string(), arguments: v.record(v.string(), v.unknown()), result: v.string(), error: v.optional(v.string()) })),
  model: v.nullable(v.string()),
  tokens: v.object({ prompt: v.number(), completion: v.number() }),
  conversation: v.string()
})

export const turnSchema = v.object({ id: v.string(), role: v.picklist(['user', 'assistant']), text: v.string(), at: v.number() })
export const conversationSchema = v.object({ id: v.string(), startedAt: v.number(), lastAt: v.number(), turns: v.number() })
export const checkSchema = v.object({ name: v.string(), result: v.picklist(['ok', 'warn', 'fail']), text: v.string(), fix: v.optional(v.string()) })
export const doneSchema = v.object({ done: v.literal(true) })

/** A count in a query string, 1…max. */
export function countSchema(max: number) {
  return v.pipe(v.string(), v.regex(/^\d{1,6}$/, 'is not a whole number'), v.transform(Number), v.minValue(1, 'must be at least 1'), v.maxValue(max, `must be at most ${max}`))
}
