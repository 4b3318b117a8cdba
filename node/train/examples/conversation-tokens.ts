import { isKinmeshError } from '../../../mesh/errors.ts'
import type { ModelText } from '../../model/model-text.ts'
import { encodePrompt } from '../../model/text/prompt.ts'
import { badTrainingData } from '../training-errors.ts'
import type { TrainingConversation } from './conversation.ts'

/** Ids of a text, and the stretches of them that the model shall learn to write. */
export type EncodedExample = { readonly ids: readonly number[]; readonly learned: readonly { readonly from: number; readonly to: number }[] }

/**
 * A conversation as the model reads it, with what it shall write: all that it says after the beginning of its turn that is part of the prompt, up to the token that ends
 * the turn, and that one too. Where a template writes earlier turns in another way than the last one (it leaves their thoughts out, for example), an answer that would not be
 * found as it is written becomes an example of its own, which ends with it.
 * @throws KinmeshError `BadTrainingData`: the template does not take the conversation, or does not say where answers begin
 */
export function encodeConversation({ tokenizer, template, endIds }: Pick<ModelText, 'tokenizer' | 'template' | 'endIds'>, { messages, isLearned, tools }: TrainingConversation, nowMs: number): EncodedExample[] {
  const encode = (count: number, addGenerationPrompt: boolean) => encodePrompt(tokenizer, template, messages.slice(0, count), { nowMs, tools, addGenerationPrompt })
  try {
    const whole = encode(messages.length, false)
    const learned: { from: number; to: number }[] = []
    const alone: EncodedExample[] = []
    for (const index of messages.keys()) {
      if (!isLearned[index]) continue
      const [prompt, through] = [encode(index, true), encode(index + 1, false)]
      const [from, to] = [joint(tokenizer, prompt, whole), joint(tokenizer, through, whole)]
      if (from !== undefined && to !== undefined && to > from) learned.push({ from, to: endOfTurn(whole, from, to, endIds) })
      else {
        const own = joint(tokenizer, prompt, through)
        if (own === undefined) throw badTrainingData('the chat template of this model does not show where an answer begins: train another model')
        alone.push({ ids: through, learned: [{ from: own, to: endOfTurn(through, own, through.length, endIds) }] })
      }
    }
    return [...(learned.length > 0 ? [{ ids: whole, learned }] : []), ...alone]
  } catch (error) {
    throw isKinmeshError(error, 'TemplateRefused', 'TemplateFailed', 'InvalidOption') ? badTrainingData(`${error.message}: change the conversation, or leave it out`, error) : error
  }
}

/** At the end of a prompt, as many tokens as may have grown together with what follows. */
const maxGrown = 8

/**
 * The token of `whole` with which that begins which follows `beginning`; undefined where it is no beginning of it. Tokens may have grown together across the joint: one that has
 * anything of what follows in it counts to that.
 */
function joint(tokenizer: ModelText['tokenizer'], beginning: readonly number[], whole: readonly number[]): number | undefined {
  let at = 0
  while (at < beginning.length && beginning[at] === whole[at]) at++
  if (beginning.length - at > maxGrown) return undefined
  const rest = beginning.slice(at).flatMap(id => [...tokenizer.tokenBytes(id)])
  for (let done = 0; done < rest.length; at++) {
    const id = whole[at]
    if (id === undefined) return undefined
    const bytes = tokenizer.tokenBytes(id)
    if (bytes.length === 0 || bytes.some((byte, index) => done + index < rest.length && byte !== rest[done + index])) return undefined
    done += bytes.length
    if (done > rest.length) return at
  }
  return at
}

/** What stands behind the token that ends a turn is written by the template and never by the model. Without such a token the turn is all that there is. */
function endOfTurn(ids: readonly number[], from: number, to: number, endIds: ReadonlySet<number>): number {
  for (let at = to; at > from; at--) if (endIds.has(ids[at - 1]!)) return at
  return to
}
