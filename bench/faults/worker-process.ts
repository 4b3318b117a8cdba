import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

/** What became of one schedule. */
export type Answer = { readonly devices: number; readonly operations: number; readonly done: Readonly<Record<string, number>>; readonly failure?: string }

/** A process that runs schedules one by one; it ends with this one. */
export class Worker {
  readonly #child: ChildProcess

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'worker.ts'), { execArgv: ['-C', 'development'] })
  }

  run(seed: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null) => reject(new Error(`the process that ran schedule ${seed} ended with ${code}`))
      this.#child.once('exit', gone)
      this.#child.once('message', answer => {
        this.#child.off('exit', gone)
        resolve(answer as Answer)
      })
      this.#child.send(seed)
    })
  }

  stop(): void {
    this.#child.disconnect()
  }
}
