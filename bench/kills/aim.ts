import { DatabaseSync, StatementSync, type SQLInputValue } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import type { WireTap } from '../../mesh/types.ts'

/** What a commit of the store of shared spaces writes, by what it is told apart. */
export type Mark = 'entries' | 'bases' | 'prune' | 'statements' | 'naming' | 'left'

/** Where a process ends: at the commit, or the outgoing frame, that comes after `skip` others of its kind. */
export type Aim =
  /** `inside`: between two rows of the transaction; `before`, `after`: its COMMIT; `during`: `delayMs` after COMMIT began; `later`: `delayMs` after it returned. */
  | { readonly at: 'commit'; readonly mark: Mark; readonly skip: number; readonly moment: 'inside' | 'before' | 'during' | 'after' | 'later'; readonly delayMs: number }
  /** `delayMs` after the frame was handed on. */
  | { readonly at: 'frame'; readonly protocol: string; readonly skip: number; readonly delayMs: number }

/** A row of which table, in which SQL, makes a commit one of a kind. */
const marks: Record<Mark, RegExp> = {
  entries: /^INSERT INTO entries /,
  bases: /^INSERT OR REPLACE INTO bases /,
  prune: /^DELETE FROM entries WHERE log = \? AND seq < /,
  statements: /^INSERT OR IGNORE INTO statements /,
  naming: /^INSERT INTO spaces \(id, name/,
  left: /^DELETE FROM spaces /
}

/**
 * Ends this process with SIGKILL where it was told to. It watches what node:sqlite is asked to do, so that the code which runs is the very code of a
 * device. SQLite's calls block the thread: what must end the process meanwhile is a thread of its own.
 */
export class Trigger {
  #aim: Aim | undefined
  #left = 0
  /** Tells the thread to wait (0) or to strike (1), and after how many µs. */
  readonly #cell = new Int32Array(new SharedArrayBuffer(8))

  constructor() {
    this.#watch()
  }

  async set(aim: Aim): Promise<void> {
    const reaper = new Worker(new URL('./reaper.ts', import.meta.url), { workerData: this.#cell })
    reaper.unref()
    await new Promise(resolve => reaper.once('online', resolve))
    this.#left = aim.skip
    this.#aim = aim
  }

  readonly tap: WireTap = ({ layer, protocol }) => {
    const aim = this.#aim
    if (layer === 'frame' && aim?.at === 'frame' && aim.protocol === protocol && this.#left-- === 0) this.#strikeIn(aim.delayMs)
  }

  #watch(): void {
    let begun = false
    let marked = false
    const inspect = (sql: string) => this.#inspect(sql)
    const run = methodOf<(this: StatementSync, ...values: SQLInputValue[]) => unknown>(StatementSync.prototype, 'run')
    const watched = function (this: StatementSync, ...values: SQLInputValue[]): unknown {
      const changes = run.apply(this, values)
      if (begun) marked = inspect(this.sourceSQL) || marked
      return changes
    }
    Object.defineProperty(StatementSync.prototype, 'run', { value: watched })
    const exec = methodOf<(this: DatabaseSync, sql: string) => void>(DatabaseSync.prototype, 'exec')
    const commit = (work: () => void) => this.#commit(work)
    DatabaseSync.prototype.exec = function (sql: string) {
      if (sql !== 'COMMIT' || !marked) exec.call(this, sql)
      else commit(() => exec.call(this, sql))
      if (sql === 'BEGIN IMMEDIATE') begun = true
      else if (sql === 'COMMIT' || sql === 'ROLLBACK') begun = marked = false
    }
  }

  /** True for a row of the wanted kind. */
  #inspect(sql: string): boolean {
    const aim = this.#aim
    if (aim?.at !== 'commit' || !marks[aim.mark].test(sql)) return false
    if (aim.moment === 'inside' && this.#left === 0) strike()
    return true
  }

  #commit(work: () => void): void {
    const aim = this.#aim
    if (aim?.at !== 'commit' || this.#left-- > 0) return work()
    if (aim.moment === 'before') strike()
    if (aim.moment === 'during') this.#strikeIn(aim.delayMs)
    work()
    if (aim.moment === 'after') strike()
    this.#strikeIn(aim.delayMs)
  }

  #strikeIn(delayMs: number): void {
    this.#cell[1] = Math.round(delayMs * 1000)
    Atomics.store(this.#cell, 0, 1)
    Atomics.notify(this.#cell, 0)
  }
}

function strike(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** The method as it is, to be called with its object. */
function methodOf<Method>(prototype: object, name: string): Method {
  return Object.getOwnPropertyDescriptor(prototype, name)?.value as Method
}
