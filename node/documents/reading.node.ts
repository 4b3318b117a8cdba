import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KinmeshError } from '../../mesh/errors.ts'
import type { ReadingNews, ReadingTask, ReadOutcome } from './reading.ts'

const processFile = fileURLToPath(new URL(`./reading-process.node${extname(import.meta.url)}`, import.meta.url))
/** Of JavaScript objects, in MiB. */
const heapMiB = 512

export type ReadingLimits = {
  /** For a file, or a page, on a slow machine; without news for so long a parser goes round in circles. */
  readonly quietMs: number
  /** For a file: a PDF of thousands of pages. */
  readonly longestMs: number
  /** Of the process: room for the largest files that are read, with what a parser makes of them. */
  readonly residentBytes: number
}
const usualLimits: ReadingLimits = { quietMs: 60_000, longestMs: 15 * 60_000, residentBytes: 1024 ** 3 }

type Asked = { readonly onPage: (page: number | null) => void; readonly end: (result: ReadOutcome | null | KinmeshError) => void }

/** Reads files into the store, in a process of its own that is there while there is something to read. One task at a time. */
export class Reading {
  readonly #path: string
  readonly #limits: ReadingLimits
  #child: ChildProcess | undefined
  #asked: Asked | undefined

  /** `path`: of the store. */
  constructor(path: string, limits: Partial<ReadingLimits> = {}) {
    this.#path = path
    this.#limits = { ...usualLimits, ...limits }
  }

  /**
   * @throws KinmeshError `ReadingFailed`: it took too long, or more memory than there is for it, and nothing of it was taken over; what reading the file throws (documents.ts);
   *   the reason of the signal
   */
  async ask(task: ReadingTask, { onPage = () => {}, signal }: { onPage?: ((page: number | null) => void) | undefined; signal?: AbortSignal | undefined } = {}): Promise<ReadOutcome | null> {
    signal?.throwIfAborted()
    const child = (this.#child ??= this.#start())
    const ended = Promise.withResolvers<ReadOutcome | null>()
    const giveUp = (error: unknown) => {
      ended.reject(error)
      child.kill('SIGKILL')
    }
    const tooLong = () => giveUp(new KinmeshError('ReadingFailed', 'it takes too long to be read: divide it into several'))
    const longest = setTimeout(tooLong, this.#limits.longestMs)
    let quiet = setTimeout(tooLong, this.#limits.quietMs)
    const abort = () => giveUp(signal?.reason)
    signal?.addEventListener('abort', abort)
    this.#asked = {
      onPage: page => {
        clearTimeout(quiet)
        quiet = setTimeout(tooLong, this.#limits.quietMs)
        onPage(page)
      },
      end: result => (result instanceof KinmeshError ? ended.reject(result) : ended.resolve(result))
    }
    try {
      child.send(task)
      return await ended.promise
    } finally {
      clearTimeout(longest)
      clearTimeout(quiet)
      signal?.removeEventListener('abort', abort)
      this.#asked = undefined
      if (child.killed) await this.close()
    }
  }

  /** Ends the process, and gives its memory back; the next task starts another one. Always finishes. */
  async close(): Promise<void> {
    const child = this.#child
    if (!child) return
    const exited = new Promise<void>(resolve => {
      child.once('exit', () => resolve())
    })
    child.kill('SIGKILL')
    await exited
  }

  #start(): ChildProcess {
    // With no options of this process, which may name a script; what a parser warns of is for its makers.
    const child = fork(processFile, [this.#path, String(this.#limits.residentBytes), String(process.pid)], { execArgv: [`--max-old-space-size=${heapMiB}`], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    child.on('message', (news: ReadingNews) => {
      if (news.type === 'page') this.#asked?.onPage(news.page)
      else this.#asked?.end(news.type === 'done' ? news.outcome : new KinmeshError(news.code, news.message))
    })
    const gone = (message: string) => {
      if (this.#child === child) this.#child = undefined
      this.#asked?.end(new KinmeshError('ReadingFailed', message))
    }
    child.on('exit', () => gone('it needs more memory than reading may take, or breaks what reads it: divide it, or save it anew'))
    child.on('error', error => gone(`the process that reads files cannot be started (${error.message}): check that this machine has memory left`))
    return child
  }
}
