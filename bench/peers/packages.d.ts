// What the bench uses of the systems it measures beside kinmesh. They are installed on first use, so that checking these sources cannot need them.

declare module '@hocuspocus/server' {
  import type { Doc } from 'yjs'
  export class Server {
    constructor(configuration: { address: string; port: number; quiet: boolean; stopOnSignals: boolean; extensions: unknown[]; debounce?: number })
    readonly address: { port: number }
    readonly hocuspocus: { openDirectConnection(name: string): Promise<{ document: Doc }> }
    listen(): Promise<unknown>
    destroy(): Promise<void>
  }
}

declare module '@hocuspocus/extension-database' {
  export class Database {
    constructor(configuration: {
      fetch: (data: { documentName: string }) => Promise<Uint8Array | null>
      store: (data: { documentName: string; state: Uint8Array }) => Promise<void>
    })
  }
}

declare module '@hocuspocus/provider' {
  import type { Doc } from 'yjs'
  export class HocuspocusProvider {
    constructor(configuration: { url: string; name: string; document: Doc; WebSocketPolyfill: unknown })
    readonly synced: boolean
    readonly unsyncedChanges: number
    on(event: 'synced', listener: () => void): void
    on(event: 'unsyncedChanges', listener: (event: { number: number }) => void): void
    destroy(): void
  }
}

declare module 'y-websocket' {
  import type { Doc } from 'yjs'
  export class WebsocketProvider {
    constructor(url: string, name: string, document: Doc, options: { WebSocketPolyfill: unknown; disableBc: boolean })
    readonly synced: boolean
    on(event: 'sync', listener: (synced: boolean) => void): void
    destroy(): void
  }
}

declare module '@y/websocket-server/utils' {
  import type { Doc } from 'yjs'
  export function setupWSConnection(socket: unknown, request: unknown): void
  export function getYDoc(name: string): Doc
  export function getPersistence(): { provider: { getYDoc(name: string): Promise<Doc>; destroy(): Promise<void> } } | null
}

declare module 'ws' {
  import type { IncomingMessage } from 'node:http'
  export class WebSocket {
    constructor(url: string, protocols?: string | string[])
    on(event: 'message', listener: (data: ArrayBuffer) => void): void
  }
  export class WebSocketServer {
    constructor(options: { host: string; port: number })
    on(event: 'connection', listener: (socket: WebSocket, request: IncomingMessage) => void): void
    once(event: 'listening', listener: () => void): void
    address(): { port: number }
    close(): void
  }
}

declare module '@automerge/automerge-repo' {
  export class ImmutableString {
    constructor(text: string)
    toString(): string
  }
  export type Patch = { readonly action: string; readonly path: readonly (string | number)[] }
  export interface DocHandle<T> {
    readonly url: string
    doc(): T
    change(edit: (doc: T) => void): void
    on(event: 'change', listener: (event: { patches: readonly Patch[] }) => void): void
  }
  export class Repo {
    constructor(configuration: { storage: unknown; network: unknown[]; sharePolicy?: () => Promise<boolean> })
    readonly networkSubsystem: { addNetworkAdapter(adapter: unknown): void }
    create<T>(initial: T): DocHandle<T>
    find<T>(url: string): Promise<DocHandle<T>>
    flush(): Promise<void>
    shutdown(): Promise<void>
  }
}

declare module '@automerge/automerge-repo-network-websocket' {
  export class WebSocketClientAdapter {
    constructor(url: string)
    whenReady(): Promise<void>
  }
  export class WebSocketServerAdapter {
    constructor(server: unknown)
  }
}

declare module '@automerge/automerge-repo-storage-nodefs' {
  export class NodeFSStorageAdapter {
    constructor(folder: string)
  }
}
