
/** What the process of a device does for a bench. All times are of `now` in clock.ts, in ms: one clock for all processes of a machine. */
export type Calls = {
  /** Resolves when the device is ready, as `kinmesh up` is when it prints its first line. */
  start(options: { home: string; name: string; host?: string | undefined; port?: number | undefined }): Promise<Started>
  /** Puts `count` memories into a home without starting the device, `batch` in one commit. */
  fill(options: { home: string; name: string; count: number; batch: number; seed: number }): Promise<void>
  /** An invite that admits whoever proves its code. */
  invite(): Promise<string>
  join(uri: string): Promise<{ admittedAt: number }>
  removeDevice(id: string): Promise<void>
  /** Writes one memory every `everyMs`, whether or not the one before is on disk. */
  pace(options: { count: number; everyMs: number; seed: number }): Promise<Written[]>
  /** Writes with `concurrency` writers, each waiting for the disk before its next memory. */
  burst(options: { count: number; concurrency: number; seed: number }): Promise<{ startedAt: number; durableAt: number }>
  /** Notes when each change shows, from now on. */
  watch(): Promise<void>
  /** What `watch` noted; ends it. */
  arrivals(): Promise<Arrival[]>
  /** When this many memories showed, and when after that the device was in sync with `peers` connected devices. */
  reached(options: { count: number; peers: number }): Promise<Reached>
  /** Resolves when the words of every memory can be found. */
  searchable(): Promise<{ at: number }>
  memory(): Promise<Memory>
  state(): Promise<State>
  items(): Promise<{ id: string; text: string }[]>
  /** Writes without pause until `quiet`, and tells each memory that is on disk as an `Ack`. */
  write(options: { label: string; seed: number; concurrency: number; pauseMs: number }): Promise<void>
  quiet(): Promise<void>
  /** Edits, replaces and reads memories until `quiet`, and tells each that is on disk as an `Ack`. Resolves when as many are there as `live` says. */
  churn(options: ChurnOptions): Promise<void>
  /** How hard the process was pressed since the last call; the first one begins. */
  strain(): Promise<Strain>
  /** Reads broken messages of every kind, which no peer gets to send in such a number. */
  readBroken(options: { count: number; seed: number }): Promise<{ refused: number; read: number }>
  /** What the process holds after a garbage collection. */
  usage(): Promise<Usage>
  /** When the process next stands still for a second, its clock is found `ms` later, as after a sleep. */
  sleepSoon(options: { ms: number }): Promise<void>
  /** Breaks every connection, and lets none come about for `forMs`. */
  cut(options: { forMs: number }): Promise<void>
  /** Keeps every frame of the sync protocol that leaves, as it is before Noise seals it, from now on. */
  record(): Promise<void>
  recorded(): Promise<Uint8Array[]>
  stop(): Promise<void>
}

/** `live`: memories of its own that the device keeps; `everyMs`: between two acts. */
export type ChurnOptions = { readonly live: number; readonly everyMs: number; readonly seed: number }

export type Started = { id: string; readyAt: number; addrs: string[] }
export type Written = { id: string; startedAt: number; durableAt: number }
export type Arrival = { id: string; at: number }
/** `connectedAt`: when the first frame left for another device. */
export type Reached = { connectedAt: number; visibleAt: number; syncedAt: number }
/** In MB: resident now, the most it ever was, and what of it is JavaScript's heap, in use and kept, and what lies outside it. */
export type Memory = { rss: number; peak: number; heapUsed: number; heapTotal: number; external: number }
/** After a garbage collection: the heap, what of it is compiled code, memory beside it, open handles other than timers (`kinds` tells them all apart), file descriptors (where the system tells), and the CPU time so far. */
export type Usage = {
  heapMB: number; codeMB: number; externalMB: number; arrayBuffersMB: number; rssMB: number; handles: number; timers: number; kinds: Record<string, number>; fds: number; cpuMs: number
}
export type State = { memories: number; digest: string; connected: string[]; synced: string[]; faults: string[]; removed: boolean }

/** Memory now and at most, the longest time (ms) that the event loop was held up beyond its due, and the most of such a time that it worked itself. */
export type Strain = { rssMB: number; peakRssMB: number; stallMs: number; busyMs: number }

export type Ask = { call: string; n: number; args: unknown[] }
export type Answer = { n: number; result?: unknown; error?: string }
/** An empty text: it was removed. */
export type Ack = { ack: { id: string; text: string } }
export type Said = Answer | Ack
