/** Payloads of one round, in pieces by SHA-256 (hex). */
export type Blobs = {
  get(address: string): Promise<Uint8Array | undefined>
  put(address: string, bytes: Uint8Array): Promise<void>
}

/** Where a device keeps its rounds. A platform gives one that outlives the process. */
export type RoundStore = {
  /** States as they were saved last, one per round. */
  load(): Promise<Uint8Array[]>
  /** Replaces the state of a round at once; what it says may go out once this resolves, so it is durable then. */
  save(round: string, state: Uint8Array): Promise<void>
  /** Pieces are found by their hash, so one that was lost with a crash is asked for again. */
  blobs(round: string): Blobs
  /** Forgets a round and its payloads. */
  drop(round: string): Promise<void>
}

/** For simulations and tests: it ends with the process. */
export function memoryRoundStore(): RoundStore {
  const states = new Map<string, Uint8Array>()
  const blobs = new Map<string, Map<string, Uint8Array>>()
  return {
    load: async () => [...states.values()],
    save: async (round, state) => void states.set(round, state),
    blobs: round => {
      const those = blobs.get(round) ?? new Map<string, Uint8Array>()
      blobs.set(round, those)
      return { get: async address => those.get(address), put: async (address, bytes) => void those.set(address, bytes) }
    },
    drop: async round => {
      states.delete(round)
      blobs.delete(round)
    }
  }
}
