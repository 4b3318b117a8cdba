import { KinmeshError } from '../../../mesh/errors.ts'
import type { GraphSession } from './session.ts'

/** One decoder, for steps and for many tokens at once. They may be the same. */
export type GraphPair = { readonly steps: GraphSession; readonly prompts: GraphSession }
/** Loads both; `adapted`: with inputs for an adapter. */
export type OpenGraphs = (adapted: boolean) => Promise<GraphPair>
/** `open`: where this model has graphs for adapters. `adapted`: these are. */
export type GraphOptions = { readonly open?: OpenGraphs | undefined; readonly adapted?: boolean }

/** The graphs of a decoder: those that are quickest, until there is an adapter; from then on those that take one. */
export class LoadedGraphs {
  readonly #open: OpenGraphs | undefined
  /** Undefined: they were given back, and none came in their place. */
  #pair: GraphPair | undefined
  #adapted: boolean
  #admitting: Promise<void> | undefined
  /** Of whoever uses the graphs; it never fails. */
  #turn: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(pair: GraphPair, { open, adapted = false }: GraphOptions) {
    this.#pair = pair
    this.#open = open
    this.#adapted = adapted
  }

  /** Whether every run must give the inputs of an adapter, of rank 0 where there is none. */
  get adapted(): boolean {
    return this.#adapted
  }

  /** One run after the other. @throws KinmeshError `ModelFailed` */
  use<T>(which: keyof GraphPair, work: (session: GraphSession) => Promise<T>): Promise<T> {
    return this.#inTurn(() => {
      if (!this.#pair) throw new KinmeshError('ModelFailed', 'the model is no longer loaded: choose it again with kinmesh model use; in a page, load it again')
      return work(this.#pair[which])
    })
  }

  /**
   * Makes ready for adapters, once and for all.
   * @throws KinmeshError `NotConverted`: there are no such graphs; `ModelFailed` · `RuntimeMissing`: then everything is as before; `DeviceStopped`
   */
  admitAdapters(): Promise<void> {
    if (this.#adapted) return Promise.resolve()
    this.#admitting ??= this.#inTurn(() => this.#exchange()).catch((error: unknown) => {
      this.#admitting = undefined
      throw error
    })
    return this.#admitting
  }

  close(): void {
    this.#closed = true
    this.#giveBack()
  }

  async #exchange(): Promise<void> {
    const open = this.#open
    if (!open) throw new KinmeshError('NotConverted', 'this model was made before there were adapters: make it again with kinmesh model convert')
    // First, because both together would take twice the memory.
    this.#giveBack()
    try {
      this.#take(await open(true))
      this.#adapted = true
    } catch (error) {
      if (!this.#closed) this.#take(await open(false))
      throw error
    }
  }

  #take(pair: GraphPair): void {
    this.#pair = pair
    if (!this.#closed) return
    this.#giveBack()
    throw new KinmeshError('DeviceStopped', 'the model is shutting down')
  }

  #giveBack(): void {
    const pair = this.#pair
    this.#pair = undefined
    pair?.steps.close()
    if (pair?.prompts !== pair?.steps) pair?.prompts.close()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }
}
