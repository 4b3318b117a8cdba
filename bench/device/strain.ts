import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Strain } from './calls.ts'

const resolutionMs = 5
const samplesPerLook = 20
const MB = 2 ** 20

/** Watches how hard a process is pressed: its event loop and its memory. */
export class StrainGauge {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs })
  readonly #timer: ReturnType<typeof setInterval>
  #peakRss = 0
  #busyMs = 0
  #looks = 0
  #last = { at: performance.now(), cpuMs: ownCpuMs() }

  constructor() {
    this.#delay.enable()
    this.#timer = setInterval(() => this.#look(), resolutionMs)
    this.#timer.unref()
  }

  /** What was seen since the last time this was asked. */
  read(): Strain {
    this.#sample()
    const rss = process.memoryUsage.rss() / MB
    const strain = { rssMB: rss, peakRssMB: Math.max(rss, this.#peakRss / MB), stallMs: Math.max(0, this.#delay.max / 1e6 - resolutionMs), busyMs: this.#busyMs }
    this.#peakRss = 0
    this.#busyMs = 0
    this.#delay.reset()
    return strain
  }

  /** How much of the time since the last look was this thread's own work: on a machine that has other things to do, the rest is theirs. */
  #look(): void {
    const [at, cpuMs] = [performance.now(), ownCpuMs()]
    this.#busyMs = Math.max(this.#busyMs, Math.min(at - this.#last.at, cpuMs - this.#last.cpuMs))
    this.#last = { at, cpuMs }
    if (++this.#looks % samplesPerLook === 0) this.#sample()
  }

  #sample(): void {
    this.#peakRss = Math.max(this.#peakRss, process.memoryUsage.rss())
  }
}

function ownCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
