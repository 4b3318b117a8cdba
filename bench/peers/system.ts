/** One device of a system, in the process that it runs in. */
export interface Replica {
  /** Memories it shows. */
  readonly count: number
  /** True when it holds all that the others have, as far as its system tells. */
  readonly synced: boolean
  /** Opens a home, alone; what an earlier process left there shows. */
  start(home: string): Promise<void>
  /** Connects to where `place` says; later than that it shows what is there. `admittedAt` as in calls.ts, where others must let it in. */
  join(place: string): Promise<{ admittedAt?: number }>
  /** What a newcomer needs to join this one. */
  place(): Promise<string>
  /** Resolves with its id when the system acknowledges it: README.md says what that is worth in each. */
  put(text: string): Promise<string>
  /** Many in one commit, where the system has such a thing. */
  putMany(texts: readonly string[]): Promise<void>
  ids(): string[]
  /** Calls `listener` when more shows, or `synced` may have changed. */
  onChange(listener: () => void): void
  /** Ids that came to show since it was last asked; the first answer means nothing. */
  arrived(): readonly string[]
  stop(): Promise<void>
}

/** The server of a system that has one, in the process that it runs in. */
export interface Hub {
  /** Resolves with the place for replicas to join. */
  listen(home: string): Promise<string>
  /** Reads what is on disk, as for the first client that asks; resolves with the ids. Undefined where devices hold the memories and the server only passes them on. */
  load?(): Promise<string[]>
  stop(): Promise<void>
}

/** How a memory lies in the map of any system: the fields that ours has. */
export function valueOf(text: string): { v: number; kind: string; text: string; observedAt: number } {
  return { v: 1, kind: 'fact', text, observedAt: Date.now() }
}

/** The document, and the map in it, that all memories of a system are in. */
export const documentName = 'memories'
export const mapName = 'items'
