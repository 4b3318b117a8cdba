import { Sfc32 } from '../model/text/sfc32.ts'

/** Chance that a seed repeats exactly, in Node and in every browser. */
export class Dice {
  readonly #numbers: Sfc32

  /** `seed`: a whole number from 0 to 2^53 − 1. */
  constructor(seed: number) {
    this.#numbers = new Sfc32(seed)
  }

  /** A whole number within 0…limit−1; limits far below 2^32, so that the remainder favours none of them by more than one in a million. */
  below(limit: number): number {
    return this.#numbers.next() % limit
  }

  /** A whole number within from…to. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1)
  }

  chance(share: number): boolean {
    return this.#numbers.uniform() < share
  }

  pick<T>(values: readonly T[]): T {
    if (values.length === 0) throw new Error('nothing to pick from')
    return values[this.below(values.length)] as T
  }

  /** One of the values, as often as its weight says. */
  weighted<T>(values: readonly (readonly [T, number])[]): T {
    let left = this.#numbers.uniform() * values.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of values) if ((left -= weight) < 0) return value
    return (values.at(-1) as readonly [T, number])[0]
  }

  shuffle<T>(values: readonly T[]): T[] {
    const mixed = [...values]
    for (let last = mixed.length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      ;[mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T]
    }
    return mixed
  }

  /** `count` different ones of the values, or all of them in another order where there are fewer. */
  some<T>(values: readonly T[], count: number): T[] {
    return this.shuffle(values).slice(0, count)
  }
}
