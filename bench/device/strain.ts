import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Strain } from './calls.ts'

const resolutionMs = 5
const sampleMs = 100
const MB = 2 ** 20

/** Watches how hard a process is pressed: its event loop and its memory. */
export class StrainGauge {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs })
  readonly #timer: ReturnType<typeof setInterval>
  #peakRss = 0

  constructor() {
    this.#delay.enable()
    this.#timer = setInterval(() => this.#sample(), sampleMs)
    this.#timer.unref()
  }

  /** What was seen since the last time this was asked. */
  read(): Strain {
    this.#sample()
    const rss = process.memoryUsage.rss() / MB
    const strain = { rssMB: rss, peakRssMB: Math.max(rss, this.#peakRss / MB), stallMs: Math.max(0, this.#delay.max / 1e6 - resolutionMs) }
    this.#peakRss = 0
    this.#delay.reset()
    return strain
  }

  #sample(): void {
    this.#peakRss = Math.max(this.#peakRss, process.memoryUsage.rss())
  }
}
