import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket, WebSocketServer } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import { documentName, type Hub, type Replica } from './system.ts'
import { idsIn, YjsReplica } from './yjs-replica.ts'

/** Its server with its own LevelDB persistence. */
export class YWebsocketHub implements Hub {
  #server: WebSocketServer | undefined

  async listen(home: string): Promise<string> {
    mkdirSync(home, { recursive: true })
    // Read when the module is loaded: so the server is told where to persist.
    process.env['YPERSISTENCE'] = join(home, 'leveldb')
    const { setupWSConnection } = await utils()
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    this.#server = server
    server.on('connection', setupWSConnection)
    await new Promise<void>(resolve => {
      server.once('listening', resolve)
    })
    return `ws://127.0.0.1:${server.address().port}`
  }

  async load(): Promise<string[]> {
    const { getPersistence, getYDoc } = await utils()
    const doc = getYDoc(documentName)
    // It tells nobody when it has read a document; LevelDB answers in order, so that it had its turn before this.
    await getPersistence()?.provider.getYDoc(documentName)
    return idsIn(doc)
  }

  async stop(): Promise<void> {
    this.#server?.close()
    await (await utils()).getPersistence()?.provider.destroy()
  }
}

function utils(): Promise<typeof import('@y/websocket-server/utils')> {
  return import('@y/websocket-server/utils')
}

/** First bytes of a message that carries an update: y-protocols' PROTOCOL.md, sync (0), update (2). */
const updateMessage = [0, 2]

export function yWebsocketReplica(): Replica {
  return new YjsReplica((url, document, acknowledgements, changed) => {
    // The protocol has no acknowledgement, but the server sends each update to all its clients, the writer included.
    class Listening extends WebSocket {
      constructor(address: string, protocols?: string[]) {
        super(address, protocols)
        this.on('message', data => {
          const [kind, step] = new Uint8Array(data, 0, 2)
          if (kind === updateMessage[0] && step === updateMessage[1]) acknowledgements.arrived()
        })
      }
    }
    const provider = new WebsocketProvider(url, documentName, document, { WebSocketPolyfill: Listening, disableBc: true })
    document.on('update', (_update, origin) => {
      if (origin !== provider) acknowledgements.sent()
    })
    provider.on('sync', changed)
    return provider
  })
}
