import type { Ack, Arrival, Written } from '../device/calls.ts'

/** What every process of a system answers. Times as in ../device/calls.ts. */
type CommonCalls = {
  /** Resident memory in MB. */
  rss(): Promise<number>
  stop(): Promise<void>
}

/** What the process of a replica does; see system.ts. */
export type ReplicaCalls = CommonCalls & {
  start(home: string): Promise<void>
  join(place: string): Promise<{ startedAt: number; admittedAt?: number }>
  place(): Promise<string>
  /** Writes `batch` memories in one commit until there are `count`. */
  fill(options: { count: number; batch: number; seed: number }): Promise<void>
  pace(options: { count: number; everyMs: number; seed: number }): Promise<Written[]>
  burst(options: { count: number; concurrency: number; seed: number }): Promise<{ startedAt: number; durableAt: number }>
  /** Writes without pause and tells each acknowledgement; never answers. */
  write(options: { concurrency: number; seed: number }): Promise<void>
  watch(): Promise<void>
  arrivals(): Promise<Arrival[]>
  /** When this many showed, and when after that it was in sync. */
  reached(options: { count: number; synced: boolean }): Promise<{ visibleAt: number; syncedAt: number }>
  ids(): Promise<string[]>
  /** Bytes in both directions on all sockets of the process so far. */
  bytes(): Promise<number>
}

/** What the process of a server does; see system.ts. */
export type HubCalls = CommonCalls & {
  listen(home: string): Promise<string>
  load(): Promise<string[]>
}

export type Acknowledge = (ack: Ack['ack']) => void
