import { toString } from 'uint8arrays/to-string'
import { randomBytes } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { whenAborted } from '../feed.ts'
import type { PersonAnswer } from './tools/tool.ts'

/** Questions to a person that wait for their answer, each under a name that cannot be guessed. One lives as long as whoever asked stays. */
export class Questions {
  readonly #waiting = new Map<string, (answer: PersonAnswer) => void>()

  /** `answer`: what the person says; `no` when `signal` aborts before. */
  ask(signal: AbortSignal): { readonly ref: string; readonly answer: Promise<PersonAnswer> } {
    const ref = toString(randomBytes(16), 'hex')
    const answered = new Promise<PersonAnswer>(resolve => this.#waiting.set(ref, resolve))
    const left = whenAborted(signal).then((): PersonAnswer => 'no')
    return { ref, answer: Promise.race([answered, left]).finally(() => this.#waiting.delete(ref)) }
  }

  /** @throws KinmeshError `NoSuchQuestion`: it was answered, or nobody waits for it any more */
  answer(ref: string, answer: PersonAnswer): void {
    const resolve = this.#waiting.get(ref)
    if (!resolve) throw new KinmeshError('NoSuchQuestion', 'nobody waits for this answer any more: ask again')
    this.#waiting.delete(ref)
    resolve(answer)
  }
}
