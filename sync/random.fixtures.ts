import { test } from 'uvu'

// A page has no process; what runs there is given its seed otherwise.
const onlySeed = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env['KINMESH_SEED']

/** For tests: the same seed draws the same. The generator is mulberry32 (public domain, Tommy Ettinger). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** A number within [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer within 0…limit−1. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)]
    if (value === undefined) throw new Error('nothing to pick from')
    return value
  }

  /** Each value with a chance of `share`, in their order. */
  some<T>(values: readonly T[], share: number): T[] {
    return values.filter(() => this.chance(share))
  }

  shuffle<T>(values: readonly T[]): T[] {
    return values.map(value => ({ value, place: this.next() })).sort((a, b) => a.place - b.place).map(({ value }) => value)
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }
}

/** One test per seed; the name of a failing one says how to run it alone. `file`: the part of the path that `npm test` is given. */
export function seededTest(name: string, file: string, seeds: number, run: (random: Random) => Promise<void> | void): void {
  for (const seed of onlySeed === undefined ? Array.from({ length: seeds }, (_, index) => index + 1) : [Number(onlySeed)]) {
    test(`${name} (replay: KINMESH_SEED=${seed} npm test -- sync/${file})`, () => run(new Random(seed)))
  }
}
