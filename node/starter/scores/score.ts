import type { Message } from '../../model.ts'
import type { Tool } from '../../model/grammar/tool-grammar.ts'
import type { Check, Example } from '../example.ts'
import { type TaskName, generate } from '../generate.ts'
import { type Reply, fault, matchItems, readLearned } from '../judge.ts'
import { isSettled } from '../held.ts'
import { answerPrompt, learnedSchema } from '../prompt.ts'
import { type Dialogue, checkOf, dialoguePrompt } from './dialogue.ts'

/** A model, or what stands in for one. With `schema` the answer is held to it and there are no tools. */
export type Ask = (messages: readonly Message[], options: { readonly tools: readonly Tool[]; readonly schema?: unknown }) => Promise<Reply>

/** One figure. `share`: of the answers that are right, or F1. */
export type Score = { readonly name: string; readonly share: number; readonly right: number; readonly asked: number; readonly failures: readonly Failure[] }
/** An answer that is not right, so that people can look at it. */
export type Failure = { readonly messages: readonly Message[]; readonly check: Check; readonly reply: Reply; readonly why: string }

/** Tasks whose scores are one figure. `tool_choice`: calls with their arguments, what comes of results where more than one thing can be said of them, and that none is called where none is needed. */
export const scored = {
  grounded: ['grounded', 'yes_no', 'who', 'several', 'told_then_asked', 'correction', 'follow_up'],
  contradiction: ['contradiction'],
  abstention: ['abstention', 'world'],
  tool_choice: ['remember', 'recall', 'forget', 'list_add', 'list_remove', 'list_show', 'reminder', 'timer', 'dates', 'calculate', 'other_tool', 'no_tool', 'statement', 'small_talk', 'now']
} as const satisfies Readonly<Record<string, readonly TaskName[]>>
const learning = ['learn_facts', 'learn_change', 'learn_nothing'] as const satisfies readonly TaskName[]

/** Failures of one score that are kept. */
const maxFailures = 20

class Tally {
  #right = 0
  #asked = 0
  readonly #failures: Failure[] = []

  add(failure: Failure | undefined): void {
    this.#asked++
    if (!failure) this.#right++
    else if (this.#failures.length < maxFailures) this.#failures.push(failure)
  }

  score(name: string): Score {
    return { name, share: this.#asked === 0 ? 0 : this.#right / this.#asked, right: this.#right, asked: this.#asked, failures: this.#failures }
  }
}

export type ScoreOptions = { readonly seed?: number; readonly count: number; readonly split?: 'validation' | 'test'; readonly signal?: AbortSignal | undefined }

/** `count` examples of each task that belongs to the figure; each target of theirs is asked with the right answers before it. */
export async function taskScore(ask: Ask, name: keyof typeof scored, options: ScoreOptions): Promise<Score> {
  const tally = new Tally()
  for (const task of scored[name]) for (const example of examplesOf(task, options)) await askTargets(ask, example, options, failure => tally.add(failure))
  return tally.score(name)
}

/** As a device asks it: memories are arranged anew for each question, by what was said until then. */
export function promptAt({ messages, memories, now, learns }: Pick<Example, 'messages' | 'memories' | 'now' | 'learns'>, index: number): readonly Message[] {
  const before = messages.slice(0, index)
  return learns ? before : [answerPrompt({ memories, now, asked: before.flatMap(({ role, text }) => (role === 'user' ? [text] : [])) }), ...before.slice(1)]
}

async function askTargets(ask: Ask, example: Example, { signal }: ScoreOptions, hear: (failure: Failure | undefined, reply: Reply) => void): Promise<void> {
  const { tools, learns, targets } = example
  for (const { index, check } of targets) {
    signal?.throwIfAborted()
    const before = promptAt(example, index)
    // What code alone decides is no merit of the model.
    if (!learns && isSettled(before)) continue
    const reply = await ask(before, learns ? { tools: [], schema: learnedSchema } : { tools })
    const why = fault(check, reply)
    hear(why === undefined ? undefined : { messages: before, check, reply, why }, reply)
  }
}

function* examplesOf(task: TaskName, { seed = 0, count, split = 'test' }: ScoreOptions): Iterable<Example> {
  for (let index = 0; index < count; index++) yield generate(seed + index, split, task)
}

export type LearnScore = Score & { readonly precision: number; readonly recall: number; /** Of the items that are right, how many have the right kind as well. */ readonly kinds: number }

/** Over the items of all examples: those that are right (same words, same subject, same replaced memory) of those that were given, and of those that were wanted. */
export async function learnScore(ask: Ask, options: ScoreOptions): Promise<LearnScore> {
  let [right, given, wanted, kinds, asked, whole] = [0, 0, 0, 0, 0, 0]
  const failures: Failure[] = []
  for (const task of learning) {
    for (const example of examplesOf(task, options)) {
      await askTargets(ask, example, options, (failure, reply) => {
        const [target] = example.targets
        const items = target?.check.kind === 'learns' ? target.check.items : []
        const made = readLearned(reply.text) ?? []
        const match = matchItems(items, made)
        right += match.right
        kinds += match.kinds
        given += made.length
        wanted += items.length
        asked++
        if (!failure) whole++
        else if (failures.length < maxFailures) failures.push(failure)
      })
    }
  }
  const [precision, recall] = [given === 0 ? 0 : right / given, wanted === 0 ? 0 : right / wanted]
  return { name: 'extraction_f1', share: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall), precision, recall, kinds: right === 0 ? 0 : kinds / right, right: whole, asked, failures }
}

/** A dialogue is handled right if every one of its answers is. It goes on with the model's own answers, as in life; results of tools are written down beside it. */
export async function dialogueScore(ask: Ask, dialogues: readonly Dialogue[], signal?: AbortSignal): Promise<Score> {
  const tally = new Tally()
  for (const dialogue of dialogues) tally.add(await dialogueFailure(ask, dialogue, signal))
  return tally.score('dialogues')
}

async function dialogueFailure(ask: Ask, dialogue: Dialogue, signal: AbortSignal | undefined): Promise<Failure | undefined> {
  const turns: Message[] = []
  for (const turn of dialogue.turns) {
    signal?.throwIfAborted()
    turns.push(turn.user === undefined ? { role: 'tool', name: turn.tool, text: turn.result } : { role: 'user', text: turn.user })
    const { messages, tools, schema } = dialoguePrompt(dialogue, turns)
    const reply = await ask(messages, schema === undefined ? { tools } : { tools: [], schema })
    const check = checkOf(turn)
    const why = fault(check, reply)
    if (why !== undefined) return { messages, check, reply, why }
    turns.push({ role: 'assistant', text: reply.text, calls: reply.calls })
  }
  return undefined
}
