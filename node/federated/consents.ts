import * as v from 'valibot'
import { KinmeshError } from '../../mesh/errors.ts'
import { readTask, type Task, termsHash } from './task.ts'

/** What a person said about a task. `terms`: the hash of what was shown. `agreedAt`, `leftAt`: Unix ms; `leftAt` is null while the yes holds. */
export type Consent = { readonly task: Task; readonly terms: string; readonly agreedAt: number; readonly leftAt: number | null }

/** `changed`: the yes was to other terms. */
export type ConsentState = 'given' | 'none' | 'changed' | 'left'

/** Where consents rest, a text for each task. A platform gives these. */
export type ConsentTexts = {
  read(task: string): Promise<string | undefined>
  /** Durable when it resolves. */
  write(task: string, text: string): Promise<void>
  all(): Promise<readonly string[]>
}

const consentSchema = v.strictObject({ format: v.literal(1), task: v.unknown(), terms: v.string(), agreedAt: v.pipe(v.number(), v.safeInteger()), leftAt: v.nullable(v.pipe(v.number(), v.safeInteger())) })

/**
 * Which tasks this device takes part in: those to whose terms, word for word, a person said yes on this device, and did not leave. Without that there is none: nothing is agreed to by default, by another
 * device, or by an earlier version of a task.
 */
export class Consents {
  readonly #texts: ConsentTexts
  readonly #clock: () => number
  #before: Promise<unknown> = Promise.resolve()

  /** `clock`: Unix ms. */
  constructor(texts: ConsentTexts, clock: () => number) {
    this.#texts = texts
    this.#clock = clock
  }

  /** Read anew each time. @throws KinmeshError `ConsentDamaged` · `StoreFailed` */
  async of(task: string): Promise<Consent | undefined> {
    const text = await this.#texts.read(task)
    const found = text === undefined ? undefined : readConsent(text)
    if (found && found.task.id !== task) throw damaged()
    return found
  }

  /** @throws KinmeshError `ConsentDamaged` · `StoreFailed` */
  async state(task: Task): Promise<ConsentState> {
    const found = await this.of(task.id)
    if (!found) return 'none'
    if (found.leftAt !== null) return 'left'
    return found.terms === termsHash(task) ? 'given' : 'changed'
  }

  /**
   * A person read what `plainWords` says of these terms, and said yes. `shown`: the hash of the terms that were on the screen, so that a task that changed meanwhile is not agreed to.
   * @throws KinmeshError `TermsChanged` · `BadTask` · `StoreFailed`
   */
  async agree(task: Task, shown: string): Promise<Consent> {
    const checked = readTask(task)
    const terms = termsHash(checked)
    if (shown !== terms) throw new KinmeshError('TermsChanged', `the terms of ${checked.name} are others than those that were shown: look at them again, and agree to these or not`)
    return this.#inTurn(async () => this.#write({ task: checked, terms, agreedAt: this.#clock(), leftAt: null }))
  }

  /** From now on this device takes no part; a round under way asks again before it sends. Leaving twice is leaving once. @throws KinmeshError `NoSuchTask` · `StoreFailed` */
  async leave(task: string): Promise<Consent> {
    return this.#inTurn(async () => {
      const found = await this.of(task)
      if (!found) throw new KinmeshError('NoSuchTask', 'this device takes no part in a task of this name: list them with kinmesh federated status')
      return found.leftAt === null ? this.#write({ ...found, leftAt: this.#clock() }) : found
    })
  }

  /** By name. @throws KinmeshError `ConsentDamaged` · `StoreFailed` */
  async list(): Promise<Consent[]> {
    return (await this.#texts.all()).map(readConsent).sort((a, b) => (a.task.name < b.task.name ? -1 : a.task.name > b.task.name ? 1 : a.agreedAt - b.agreedAt))
  }

  async #write(consent: Consent): Promise<Consent> {
    await this.#texts.write(consent.task.id, `${JSON.stringify({ format: 1, ...consent })}\n`)
    return consent
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#before.then(work)
    this.#before = turn.catch(() => {}) // its caller hears of it
    return turn
  }
}

/** One that says yes to other terms than it holds was changed by hand or by a bad disk: it is no yes. */
function readConsent(text: string): Consent {
  let found: Consent
  try {
    const { task, terms, agreedAt, leftAt } = v.parse(consentSchema, JSON.parse(text))
    found = { task: readTask(task), terms, agreedAt, leftAt }
  } catch (cause) {
    throw damaged(cause)
  }
  if (termsHash(found.task) !== found.terms) throw damaged()
  return found
}

function damaged(cause?: unknown): KinmeshError {
  return new KinmeshError('ConsentDamaged', 'what this device agreed to is damaged on its disk, so it takes no part: agree again', { cause })
}
