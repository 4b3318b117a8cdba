import { KinmeshError } from '../../../mesh/errors.ts'
import { createMemoryStore } from '../../store-memory.ts'
import type { Commit, Store } from '../../store.ts'
import type { Random } from '../../random.fixtures.ts'
import type { Life } from './virtual-time.ts'

/** Share of the longest fsync that may pass until a commit is heard of. */
const longestSilence = 0.5

type Waiting = { readonly batch: Commit; readonly resolve: () => void; readonly reject: (error: unknown) => void }

export type DiskWatcher = {
  /** It is on the disk. */
  committed(batch: Commit): void
  /** The device knows, and shows it. */
  heard(): void
}

/**
 * The disk of one device. A commit is on it, and shows, when its fsync is done, together with all that waited when that began.
 * A crash keeps the first of those under way, any number of them, each whole or not at all: what SQLite's log and IndexedDB's
 * strict transactions promise, however the pages reached the platter.
 */
export class VirtualDisk {
  /** How long an fsync takes, ms. */
  fsyncMs: readonly [least: number, most: number] = [0.2, 4]
  /** Commits fail while it is. */
  full = false
  readonly #random: Random
  readonly #watcher: DiskWatcher
  #store = createMemoryStore()
  /** Everything that was ever applied, in order. */
  #history: Commit[] = []
  #waiting: Waiting[] = []
  #flushing = false
  #owner: Life | undefined

  constructor(random: Random, watcher: DiskWatcher, history: readonly Commit[] = []) {
    this.#random = random
    this.#watcher = watcher
    this.restore(history)
  }

  /** For reading what is on it from outside. */
  get content(): Store {
    return this.#store
  }

  /** What is on it now, or was before its last `without` commits: for a backup or a clone. */
  copy(without = 0): readonly Commit[] {
    return this.#history.slice(0, Math.max(0, this.#history.length - without))
  }

  get commits(): number {
    return this.#history.length
  }

  get busy(): boolean {
    return this.#waiting.length > 0
  }

  /** @throws KinmeshError `HomeInUse` while another run of the device has it, as node/home.node.ts does */
  open(life: Life): Store {
    if (this.#owner?.alive) throw new KinmeshError('HomeInUse', 'another process has this home')
    this.#owner = life
    this.#waiting = []
    this.#flushing = false
    return { ...this.#store, commit: batch => this.#commit(life, batch), close: () => undefined }
  }

  /** The process or the machine dies: of what was under way, the first `share` is on the disk. */
  crash(share: number): void {
    const kept = this.#waiting.slice(0, Math.round(this.#waiting.length * share))
    this.#waiting = []
    for (const { batch } of kept) this.#apply(batch)
  }

  /** Puts an older copy back, while no run of the device has it. */
  restore(history: readonly Commit[]): void {
    this.#waiting = []
    this.#store = createMemoryStore()
    this.#history = []
    for (const batch of history) this.#write(batch)
  }

  /** Changes what is on it from outside, while no run of the device has it. */
  write(batch: Commit): void {
    this.#write(batch)
  }

  #commit(life: Life, batch: Commit): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!life.alive) return // of a process that is gone: it hears nothing any more
      this.#waiting.push({ batch, resolve, reject })
      if (!this.#flushing) this.#flush(life)
    })
  }

  #flush(life: Life): void {
    if (this.#waiting.length === 0) return
    this.#flushing = true
    const count = this.#waiting.length
    const [least, most] = this.fsyncMs
    life.after(least + this.#random.next() * (most - least), () => {
      this.#flushing = false
      const done = this.#waiting.splice(0, count)
      const failed = this.full
      if (!failed) for (const { batch } of done) this.#apply(batch)
      // Other work may be done between the moment in which it shows and the one in which whoever waits hears of it.
      life.after(this.#random.next() * most * longestSilence, () => {
        for (const { resolve, reject } of done) {
          if (failed) reject(new KinmeshError('StoreFailed', 'the disk is full'))
          else resolve()
        }
        this.#watcher.heard()
      })
      this.#flush(life)
    })
  }

  #apply(batch: Commit): void {
    this.#write(batch)
    this.#watcher.committed(batch)
  }

  #write(batch: Commit): void {
    void this.#store.commit(batch)
    this.#history.push(batch)
  }
}
