import { isKinmeshError } from '../../../mesh/errors.ts'
import type { Logger } from '../../../mesh/log.ts'
import { shownMemory } from '../../agent/shown.ts'
import { clockText } from '../../agent/tools/times.ts'
import type { Conversations, ToLearn } from '../../conversations.ts'
import { type Memory, forget } from '../../memory.ts'
import type { Message, ModelSlot } from '../../model.ts'
import type { LearnedItem } from '../../starter/prompt.ts'
import { isSupported } from '../support.ts'
import { type Item, type KeepParts, keep } from './keep.ts'
import { propose } from './propose.ts'
import { plainItems } from './rules.ts'
import { sift } from './sift.ts'

export type LearnerParts = KeepParts & {
  readonly conversations: Conversations
  readonly model: ModelSlot
  readonly log: Logger
  /** Whether anything is learned at first. */
  readonly isOn: boolean
  /** Keeps for the next start whether anything is learned. */
  readonly save: (isOn: boolean) => Promise<void>
  /** How long a model may take for one turn, in ms. */
  readonly modelMs?: number
}

/** A message that is longer is pasted from somewhere most of the time. In UTF-16 units. */
const maxMessage = 2000
/** Memories that a model sees: as many as its examples have. */
const shownMemories = 8
/** Messages before the one to learn from: as many as the examples of the starter model have. */
const earlierMessages = 2
/** A turn during which the process ended so often is left alone. */
const maxTries = 3
/** A small model on a slow machine writes eight items in half of it. */
const defaultModelMs = 60_000

/**
 * Learns from what the user says, a turn at a time, when nobody waits for an answer. A turn that was noted to be learned from is looked at once, after a crash as well; what comes of it is decided by
 * code, whatever a model says.
 */
export class Learner {
  readonly #parts: LearnerParts
  readonly #closing = new AbortController()
  #pause = new AbortController()
  #held = 0
  #working: Promise<void> | undefined
  #isOn: boolean
  /** A turn whose memories could not be written waits for the next one that is said. */
  #isStuck = false

  constructor(parts: LearnerParts) {
    this.#parts = parts
    this.#isOn = parts.isOn
  }

  /** Whether anything is learned of what is said from now on. */
  get isOn(): boolean {
    return this.#isOn
  }

  /** Off: nothing is learned of what waits either. @throws KinmeshError `StoreFailed` */
  async turn(isOn: boolean): Promise<void> {
    await this.#parts.save(isOn)
    this.#isOn = isOn
    if (!isOn) this.#parts.conversations.learned()
    this.wake()
  }

  /** Looks at what waits. Returns at once. */
  wake(): void {
    this.#isStuck = false
    this.#go()
  }

  /** Somebody waits for an answer: a model that is being asked what to learn stops, and is asked again once what this returns was called. */
  hold(): () => void {
    this.#held++
    this.#pause.abort(new Error('somebody waits for an answer'))
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#held--
      this.wake()
    }
  }

  /** Nothing is learned of what was said of this before, and not looked at yet. How many turns that were. @throws KinmeshError `StoreFailed` */
  leaveOut(words: string): number {
    const { conversations } = this.#parts
    const meant = conversations.toLearn().filter(({ turn }) => isSupported(words, [turn.text]))
    for (const { turn } of meant) conversations.learned(turn.id)
    return meant.length
  }

  /** Resolves when nothing waits that can be looked at now. Never rejects. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working
  }

  /** Ends the work; what was not looked at is looked at when the device runs again. Always finishes. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the device stops'))
    await this.idle()
  }

  #go(): void {
    if (this.#working || this.#held > 0 || this.#isStuck || this.#closing.signal.aborted || !this.#isOn) return
    this.#pause = new AbortController()
    this.#working = this.#work().finally(() => {
      this.#working = undefined
      // It was to go on before it had stopped.
      if (this.#pause.signal.aborted) this.#go()
    })
  }

  async #work(): Promise<void> {
    const { conversations, log } = this.#parts
    let next: ToLearn | undefined
    try {
      while (this.#isOn && this.#held === 0 && !this.#closing.signal.aborted) {
        next = conversations.toLearn(1)[0]
        if (!next) return
        await this.#look(next)
        conversations.learned(next.turn.id)
      }
    } catch (error) {
      const isStopped = this.#pause.signal.aborted || this.#closing.signal.aborted
      if (!isStopped) log.warn('nothing could be learned from what was said; it is tried again later', { reason: isKinmeshError(error) ? error.code : error instanceof Error ? error.name : 'unknown' })
      this.#isStuck = !isStopped
      // Neither who stops it nor a full disk is the fault of a turn.
      if (next && (isStopped || isKinmeshError(error))) this.#takeBack(next)
    }
  }

  #takeBack({ turn }: ToLearn): void {
    try {
      this.#parts.conversations.learning(turn.id, -1)
    } catch (error) {
      this.#parts.log.debug('a turn that was not looked at counts as one that was', { reason: isKinmeshError(error) ? error.code : 'unknown' })
    }
  }

  async #look(waiting: ToLearn): Promise<void> {
    const { conversations, sync, log } = this.#parts
    const { turn } = waiting
    if (conversations.learning(turn.id) > maxTries || turn.text.length > maxMessage || sync.kept() || conversations.isRepeated(turn.id)) return
    const isOld = conversations.wasSaid(turn.id)
    let kept = 0
    for (const item of await this.#items(waiting)) {
      if (!conversations.isToLearn(turn.id)) break
      const memory = await keep(this.#parts, item, waiting, isOld)
      if (!memory) continue
      kept++
      // It was forgotten meanwhile, or learning was turned off.
      if (!conversations.isToLearn(turn.id)) await forget(sync, memory.id)
    }
    if (kept > 0) log.info('learned from what was said', { memories: kept })
  }

  /** What a model proposes and what is plain without one, as far as the user said it. */
  async #items(waiting: ToLearn): Promise<readonly Item[]> {
    const { text } = waiting.turn
    const earlier = this.#parts.conversations.before(waiting.turn.id, earlierMessages)
    const said = [...earlier.flatMap(turn => (turn.role === 'user' ? [turn.text] : [])), text]
    const { items, shown } = await this.#proposed(waiting, earlier.map(({ role, text: words }): Message => ({ role, text: words })))
    return sift(text, [...items, ...plainItems(text)], said, shown)
  }

  async #proposed({ turn: { id, text, at } }: ToLearn, earlier: readonly Message[]): Promise<{ readonly items: readonly LearnedItem[]; readonly shown: ReadonlyMap<string, Memory> }> {
    const { model: slot, recall, log, modelMs = defaultModelMs } = this.#parts
    const nothing = { items: [], shown: new Map<string, Memory>() }
    const model = await slot.ready()
    if (!model) return nothing
    const found = (await recall.recall(text, shownMemories)).filter(memory => memory.source?.ref?.endsWith(`/${id}`) !== true)
    const shown = new Map(found.map(memory => [shownMemory(memory).text, memory]))
    const context = { memories: found.map(shownMemory), now: clockText(new Date(at)) }
    const within = AbortSignal.timeout(modelMs)
    const stop = AbortSignal.any([this.#closing.signal, this.#pause.signal])
    try {
      return { items: await propose(model, { context, earlier, message: text }, AbortSignal.any([stop, within]), log), shown }
    } catch (error) {
      if (stop.aborted) throw error
      log.debug('a model took too long to say what is to be kept', { ms: modelMs })
      return nothing
    }
  }
}
