/** How far a download is. */
export type Meter = {
  /** `fetched`: bytes that came over the network just now; those that were there already count as done only. */
  add(bytes: number, fetched: boolean): void
  /** Bytes that are of no use after all. */
  takeBack(bytes: number): void
  read(): { readonly bytes: number; readonly totalBytes: number; readonly bytesPerSecond: number | null; readonly leftMs: number | null }
}

/** The rate is that of the last seconds, in ms: a connection changes. */
const windowMs = 10_000
/** A shorter time tells nothing about a rate, in ms. */
const leastMs = 500
/** Steps of the window, in ms. */
const stepMs = 200

export function createMeter(totalBytes: number, clock: () => number): Meter {
  let done = 0
  let fetchedBytes = 0
  let samples: { at: number; fetched: number }[] = [{ at: clock(), fetched: 0 }]
  return {
    add(bytes, fetched) {
      done += bytes
      if (!fetched) return
      fetchedBytes += bytes
      const at = clock()
      if (at - (samples.at(-1)?.at ?? 0) < stepMs) return
      samples.push({ at, fetched: fetchedBytes })
      // The one before the window stays, so that the window is covered.
      while (samples.length > 2 && at - (samples[1]?.at ?? at) > windowMs) samples.shift()
    },
    takeBack(bytes) {
      done -= bytes
    },
    read() {
      const first = samples[0]
      const elapsedMs = first ? clock() - first.at : 0
      const bytesPerSecond = first && elapsedMs >= leastMs ? ((fetchedBytes - first.fetched) * 1000) / elapsedMs : null
      return { bytes: done, totalBytes, bytesPerSecond, leftMs: bytesPerSecond ? ((totalBytes - done) * 1000) / bytesPerSecond : null }
    }
  }
}
