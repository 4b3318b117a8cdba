import fc from 'fast-check'
import type { FrameFault } from './virtual-net.ts'

/**
 * One thing that happens, then `after` ms pass. Devices, peers and items are numbers, taken modulo how many there are at that
 * moment, so that a schedule stays one when parts of it are taken out. Where nothing is to be done there (nothing is cut, everything
 * runs), the next place is taken at which something is, and if there is none, something is written.
 */
export type Step = { readonly after: number } & (
  | { readonly do: 'write'; readonly device: number; readonly count: number; readonly bytes: number }
  | { readonly do: 'edit'; readonly device: number; readonly item: number; readonly bytes: number }
  | { readonly do: 'remove'; readonly device: number; readonly item: number; readonly count: number }
  | { readonly do: 'settle'; readonly device: number; readonly accept: boolean }
  | { readonly do: 'cut' | 'heal' | 'break' | 'stall'; readonly device: number; readonly peer: number }
  | { readonly do: 'delay'; readonly device: number; readonly peer: number; readonly ms: number }
  | { readonly do: 'tamper'; readonly device: number; readonly peer: number; readonly fault: FrameFault; readonly frames: number }
  | { readonly do: 'partition'; readonly mask: number }
  | { readonly do: 'healAll' }
  /** `kept`: what share of the commits under way reaches the disk. `midCommit`: wait for one to be under way. */
  | { readonly do: 'crash'; readonly device: number; readonly kept: number; readonly midCommit: boolean }
  | { readonly do: 'stop' | 'start' | 'secondProcess'; readonly device: number }
  | { readonly do: 'fillDisk'; readonly device: number; readonly full: boolean }
  | { readonly do: 'slowDisk'; readonly device: number; readonly ms: number }
  | { readonly do: 'clock'; readonly device: number; readonly ms: number }
  | { readonly do: 'sleep'; readonly device: number; readonly ms: number; readonly awayMs: number }
  | { readonly do: 'backup'; readonly device: number }
  | { readonly do: 'restore'; readonly device: number }
  /** The last commits are gone, acknowledged ones as well: a disk that lied about its fsync. */
  | { readonly do: 'loseTail'; readonly device: number; readonly commits: number }
  /** What a device that does not run keeps of its view is damaged. */
  | { readonly do: 'rot'; readonly device: number; readonly item: number }
  | { readonly do: 'clone'; readonly device: number; readonly forMs: number }
  | { readonly do: 'add'; readonly device: number; readonly items: number }
  /** `rejoin`: a removed device goes on under a new key, and joins again through `peer`. */
  | { readonly do: 'removeDevice' | 'rejoin'; readonly device: number; readonly peer: number }
)

export type Schedule = {
  /** For everything that the steps leave open: delays, keys, times of fsyncs. */
  readonly seed: number
  readonly devices: number
  readonly checkpointEvery: number
  readonly housekeepingMs: number
  readonly windowBytes: number
  readonly delayMs: number
  readonly jitterMs: number
  readonly steps: readonly Step[]
}

const yearMs = 366 * 24 * 3600 * 1000
const dayMs = 24 * 3600 * 1000

const index = fc.nat(63)
const shareOf = (options: readonly number[]) => fc.constantFrom(...options)
/** Mostly moments, now and then minutes. */
const after = fc.oneof(
  { weight: 60, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 30, arbitrary: fc.integer({ min: 20, max: 500 }) },
  { weight: 10, arbitrary: fc.integer({ min: 500, max: 5_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 5_000, max: 100_000 }) }
)
const bytes = fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 80 }) }, { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 28_000 }) })
const pair = { device: index, peer: index }

type Kind = Step['do']
/** How often each happens: mostly writing, since faults need something to spoil. */
const kinds: { [K in Kind]: { weight: number; fields: Record<string, fc.Arbitrary<unknown>> } } = {
  write: { weight: 60, fields: { device: index, count: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) }, { weight: 1, arbitrary: fc.integer({ min: 20, max: 60 }) }), bytes } },
  edit: { weight: 45, fields: { device: index, item: index, bytes } },
  remove: { weight: 14, fields: { device: index, item: index, count: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 10, max: 60 }) }) } },
  settle: { weight: 3, fields: { device: index, accept: fc.boolean() } },
  cut: { weight: 6, fields: pair },
  heal: { weight: 7, fields: pair },
  break: { weight: 3, fields: pair },
  stall: { weight: 3, fields: pair },
  delay: { weight: 3, fields: { ...pair, ms: shareOf([0, 1, 20, 100, 400, 2_000]) } },
  tamper: { weight: 4, fields: { ...pair, fault: fc.constantFrom<FrameFault>('lost', 'twice', 'swapped'), frames: fc.integer({ min: 1, max: 6 }) } },
  partition: { weight: 2, fields: { mask: fc.nat(255) } },
  healAll: { weight: 3, fields: {} },
  crash: { weight: 5.5, fields: { device: index, kept: shareOf([0, 0.5, 1]), midCommit: fc.boolean() } },
  stop: { weight: 2, fields: { device: index } },
  start: { weight: 7.5, fields: { device: index } },
  secondProcess: { weight: 1, fields: { device: index } },
  fillDisk: { weight: 4, fields: { device: index, full: fc.boolean() } },
  slowDisk: { weight: 3, fields: { device: index, ms: shareOf([1, 4, 30, 300]) } },
  clock: { weight: 5, fields: { device: index, ms: fc.oneof(fc.integer({ min: -yearMs, max: yearMs }), fc.integer({ min: -5_000, max: 5_000 }), fc.integer({ min: -100_000, max: 100_000 })) } },
  sleep: { weight: 3, fields: { device: index, ms: fc.integer({ min: 100, max: 100_000 }), awayMs: fc.constantFrom(0, 60_000, dayMs, 31 * dayMs) } },
  backup: { weight: 2, fields: { device: index } },
  restore: { weight: 0.6, fields: { device: index } },
  loseTail: { weight: 1, fields: { device: index, commits: fc.integer({ min: 1, max: 20 }) } },
  rot: { weight: 1, fields: { device: index, item: index } },
  clone: { weight: 0.25, fields: { device: index, forMs: fc.integer({ min: 1_000, max: 60_000 }) } },
  add: { weight: 1.8, fields: { device: index, items: fc.nat(5) } },
  removeDevice: { weight: 0.8, fields: pair },
  rejoin: { weight: 2, fields: pair }
}

const step = fc.oneof(
  ...Object.entries(kinds).map(([kind, { weight, fields }]) => ({ weight: Math.round(weight * 20), arbitrary: fc.record({ do: fc.constant(kind), after, ...fields }) as unknown as fc.Arbitrary<Step> }))
)

export const scheduleArbitrary: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.nat(2 ** 31 - 1),
  devices: shareOf([2, 2, 3, 3, 3, 4, 4, 5, 6, 8]),
  checkpointEvery: shareOf([3, 6, 12, 30, 512]),
  housekeepingMs: shareOf([200, 3_000, 30_000]),
  windowBytes: shareOf([2_000, 64_000, 256 * 1024]),
  delayMs: shareOf([0, 2, 20, 150]),
  jitterMs: shareOf([0, 3, 50]),
  steps: fc.array(step, { minLength: 202, maxLength: 212, size: 'max' })
})

/** The schedule of a seed: the same one at every call. */
export function scheduleOf(seed: number): Schedule {
  const [schedule] = fc.sample(scheduleArbitrary, { seed, numRuns: 1 })
  if (!schedule) throw new Error('fast-check gave nothing')
  return schedule
}
