import * as v from 'valibot'
import { isKinmeshError } from '../../../mesh/errors.ts'
import type { Logger } from '../../../mesh/log.ts'
import type { Message, Model } from '../../model.ts'
import { isStarter } from '../../starter/is-starter.ts'
import { type LearnedItem, type PromptContext, learnPrompt, learnedKinds, learnedSchema } from '../../starter/prompt.ts'
import { learnedSchemaOf } from '../../starter/held.ts'

/** Eight items of a sentence each fit; a model that does not end is cut here. */
const maxTokens = 512
/** Of a statement: what is longer was not said in one sentence. In characters. */
const maxText = 500
const itemsSchema = v.pipe(
  v.array(v.object({ text: v.pipe(v.string(), v.maxLength(maxText)), kind: v.picklist(learnedKinds), subject: v.pipe(v.string(), v.maxLength(maxText)), replaces: v.optional(v.pipe(v.string(), v.maxLength(8 * maxText))) })),
  v.maxLength(learnedSchema.maxItems)
)

/** `earlier`: up to two messages before the one to learn from, which is the user's. */
export type Asked = { readonly context: Omit<PromptContext, 'asked'>; readonly earlier: readonly Message[]; readonly message: string }

/**
 * Asks a model what is to be kept of a message. What it says is a proposal and no more. One that fails, or writes what is no list of items, proposes nothing.
 * @throws the reason of the signal, also where the model does not heed it
 */
export async function propose(model: Model, { context, earlier, message }: Asked, signal: AbortSignal, log: Logger): Promise<readonly LearnedItem[]> {
  signal.throwIfAborted()
  const prompt: Message[] = [learnPrompt({ ...context, asked: [message] }), ...earlier, { role: 'user', text: message }]
  const schema = isStarter(model) ? learnedSchemaOf(prompt) : learnedSchema
  // It could only say so.
  if (schema.maxItems === 0) return []
  const written = model.generate(prompt, { schema, maxTokens, sampling: { temperature: 0 }, signal })
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason as Error)
  signal.addEventListener('abort', abort)
  try {
    const { text } = await Promise.race([written, aborted.promise])
    return v.parse(itemsSchema, JSON.parse(text) as unknown)
  } catch (error) {
    signal.throwIfAborted()
    // Never its words: they may be those of a conversation.
    log.debug('a model proposed nothing that could be read', { reason: isKinmeshError(error) ? error.code : error instanceof Error ? error.name : 'unknown' })
    return []
  } finally {
    signal.removeEventListener('abort', abort)
    written.catch(() => {}) // told above, or nobody waits for it any more
    aborted.promise.catch(() => {})
  }
}
