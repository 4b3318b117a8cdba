import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImmutableString, Repo, type DocHandle } from '@automerge/automerge-repo'
import { WebSocketClientAdapter, WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { WebSocketServer } from 'ws'
import { mapName, valueOf, type Hub, type Replica } from './system.ts'

type Memory = { v: number; kind: ImmutableString; text: ImmutableString; observedAt: number }
type Memories = { items: Record<string, Memory> }

/** A sync server as its maintainers run theirs: with storage, and without announcing documents to clients that did not ask. */
export class AutomergeHub implements Hub {
  #server: WebSocketServer | undefined

  async listen(home: string): Promise<string> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    this.#server = server
    await once(server as unknown as NodeJS.EventEmitter, 'listening')
    void new Repo({ storage: new NodeFSStorageAdapter(home), network: [new WebSocketServerAdapter(server)], sharePolicy: async () => false })
    return JSON.stringify({ url: `ws://127.0.0.1:${server.address().port}` })
  }

  async stop(): Promise<void> {
    this.#server?.close()
  }
}

/** A device with a store of its own: it acknowledges what is written there. */
export class AutomergeReplica implements Replica {
  readonly #shown = new Set<string>()
  #home = ''
  #repo: Repo | undefined
  #handle: DocHandle<Memories> | undefined
  #url = ''
  #flushing: Promise<void> | undefined
  #next: Promise<void> | undefined
  #arrived: string[] = []
  #listener: () => void = () => undefined

  get count(): number {
    return this.#shown.size
  }

  /** It does not tell. */
  get synced(): boolean {
    return true
  }

  async start(home: string): Promise<void> {
    this.#home = home
    mkdirSync(home, { recursive: true })
    this.#repo = new Repo({ storage: new NodeFSStorageAdapter(join(home, 'store')), network: [] })
    if (existsSync(this.#nameFile)) this.#use(await this.#repo.find<Memories>(readFileSync(this.#nameFile, 'utf8')))
  }

  async join(place: string): Promise<Record<string, never>> {
    const { url, name } = JSON.parse(place) as { url: string; name?: string }
    this.#url = url
    const adapter = new WebSocketClientAdapter(url)
    this.#opened.networkSubsystem.addNetworkAdapter(adapter)
    await adapter.whenReady()
    const handle = name === undefined ? this.#opened.create<Memories>({ [mapName]: {} } as Memories) : await this.#opened.find<Memories>(name)
    writeFileSync(this.#nameFile, handle.url)
    this.#use(handle)
    return {}
  }

  async place(): Promise<string> {
    return JSON.stringify({ url: this.#url, name: this.#document.url })
  }

  async put(text: string): Promise<string> {
    const id = randomUUID()
    this.#document.change(({ items }) => {
      items[id] = memoryOf(text)
    })
    await this.#flushed()
    return id
  }

  async putMany(texts: readonly string[]): Promise<void> {
    this.#document.change(({ items }) => {
      for (const text of texts) items[randomUUID()] = memoryOf(text)
    })
    await this.#flushed()
  }

  ids(): string[] {
    return Object.keys(this.#document.doc().items)
  }

  onChange(listener: () => void): void {
    this.#listener = listener
  }

  arrived(): readonly string[] {
    const arrived = this.#arrived
    this.#arrived = []
    return arrived
  }

  async stop(): Promise<void> {
    await this.#repo?.shutdown()
  }

  #use(handle: DocHandle<Memories>): void {
    this.#handle = handle
    handle.on('change', ({ patches }) => {
      const ids: string[] = []
      for (const { action, path } of patches) {
        const [map, id] = path
        if (action === 'put' && path.length === 2 && map === mapName && typeof id === 'string') ids.push(id)
      }
      this.#show(ids)
    })
    this.#show(this.ids())
  }

  #show(ids: readonly string[]): void {
    for (const id of ids) {
      this.#shown.add(id)
      this.#arrived.push(id)
    }
    this.#listener()
  }

  /** One flush at a time takes everything that was written before it, as a group commit does: the fastest way to use it that we found. */
  #flushed(): Promise<void> {
    if (!this.#flushing) return this.#flush()
    this.#next ??= this.#flushing.then(() => {
      this.#next = undefined
      return this.#flush()
    })
    return this.#next
  }

  #flush(): Promise<void> {
    const flushing = this.#opened.flush().finally(() => {
      if (this.#flushing === flushing) this.#flushing = undefined
    })
    this.#flushing = flushing
    return flushing
  }

  get #nameFile(): string {
    return join(this.#home, 'document')
  }

  get #opened(): Repo {
    if (!this.#repo) throw new Error('the device does not run')
    return this.#repo
  }

  get #document(): DocHandle<Memories> {
    if (!this.#handle) throw new Error('there is no document yet')
    return this.#handle
  }
}

/** A string that is replaced as a whole; a plain one would be a text that several edit, which is slower. */
function memoryOf(text: string): Memory {
  const value = valueOf(text)
  return { ...value, kind: new ImmutableString(value.kind), text: new ImmutableString(value.text) }
}
