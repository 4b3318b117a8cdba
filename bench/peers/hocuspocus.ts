import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Database } from '@hocuspocus/extension-database'
import { HocuspocusProvider } from '@hocuspocus/provider'
import { Server } from '@hocuspocus/server'
import { WebSocket } from 'ws'
import { documentName, type Hub, type Replica } from './system.ts'
import { idsIn, YjsReplica } from './yjs-replica.ts'

export type HocuspocusOptions = {
  /** The server stores the document when it was quiet for so long, in ms; undefined for its default. */
  storeAfterMs?: number
}

/** Its server with its own database extension on SQLite: as its SQLite extension, which needs a compiler to install, on the SQLite of Node.js instead. */
export class HocuspocusHub implements Hub {
  readonly #options: HocuspocusOptions
  #server: Server | undefined

  constructor(options: HocuspocusOptions) {
    this.#options = options
  }

  async listen(home: string): Promise<string> {
    mkdirSync(home, { recursive: true })
    const { storeAfterMs } = this.#options
    const server = new Server({
      address: '127.0.0.1', port: 0, quiet: true, stopOnSignals: false,
      extensions: [sqlite(join(home, 'db.sqlite'))],
      ...(storeAfterMs === undefined ? {} : { debounce: storeAfterMs })
    })
    this.#server = server
    await server.listen()
    return `ws://127.0.0.1:${server.address.port}`
  }

  async load(): Promise<string[]> {
    if (!this.#server) throw new Error('the server does not run')
    const { document } = await this.#server.hocuspocus.openDirectConnection(documentName)
    return idsIn(document)
  }

  async stop(): Promise<void> {
    await this.#server?.destroy()
  }
}

/** One row for each document, which is replaced as a whole; the journal and its fsyncs are SQLite's defaults. */
function sqlite(file: string): Database {
  const db = new DatabaseSync(file)
  db.exec('CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, data BLOB NOT NULL)')
  const read = db.prepare('SELECT data FROM documents WHERE name = ?')
  const write = db.prepare('INSERT INTO documents VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data')
  return new Database({
    fetch: async ({ documentName: name }) => (read.get(name)?.['data'] as Uint8Array | undefined) ?? null,
    store: async ({ documentName: name, state }) => void write.run(name, state)
  })
}

export function hocuspocusReplica(): Replica {
  return new YjsReplica((url, document, acknowledgements, changed) => {
    const provider = new HocuspocusProvider({ url, name: documentName, document, WebSocketPolyfill: WebSocket })
    let unsynced = provider.unsyncedChanges
    provider.on('unsyncedChanges', ({ number }) => {
      if (number > unsynced) acknowledgements.sent(number - unsynced)
      else acknowledgements.arrived(unsynced - number)
      unsynced = number
      if (number === 0) changed()
    })
    provider.on('synced', changed)
    return {
      get synced() {
        return provider.synced && provider.unsyncedChanges === 0
      },
      destroy: () => provider.destroy()
    }
  })
}
