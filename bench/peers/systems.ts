/** A system to measure, in one configuration. */
export type System = {
  readonly subject: 'kinmesh' | 'hocuspocus' | 'y-websocket' | 'automerge-repo'
  /** Names a configuration other than the recommended one, in `case`. */
  readonly variant?: string
  /** Options for its drivers; see main.ts. */
  readonly options?: object
  readonly hasHub: boolean
  /** Who holds the memories on disk, and so acknowledges, restarts and is killed. */
  readonly keeper: 'hub' | 'replica'
  /** Longest burst, where every write costs more the more there are; shorter ones flatter it. */
  readonly burstWrites?: number
  /** Its packages, whose versions are told. */
  readonly packages: readonly string[]
}

export const systems: readonly System[] = [
  { subject: 'kinmesh', hasHub: false, keeper: 'replica', packages: [] },
  { subject: 'hocuspocus', hasHub: true, keeper: 'hub', packages: ['@hocuspocus/server', '@hocuspocus/provider', '@hocuspocus/extension-database', 'yjs'] },
  { subject: 'y-websocket', hasHub: true, keeper: 'hub', packages: ['y-websocket', '@y/websocket-server', 'y-leveldb', 'yjs'] },
  {
    subject: 'automerge-repo', hasHub: true, keeper: 'replica', burstWrites: 1000,
    packages: ['@automerge/automerge-repo', '@automerge/automerge-repo-network-websocket', '@automerge/automerge-repo-storage-nodefs']
  }
]

/** Trades speed for durability: nothing else of it differs. */
export const storing: System = { subject: 'hocuspocus', variant: 'stores at every change', options: { storeAfterMs: 0 }, hasHub: true, keeper: 'hub', burstWrites: 1000, packages: [] }
