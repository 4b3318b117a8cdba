import { randomUUID } from 'node:crypto'
import * as Y from 'yjs'
import { Acknowledgements } from './acknowledgements.ts'
import { mapName, valueOf, type Replica } from './system.ts'

export type Connection = {
  readonly synced: boolean
  destroy(): void
}

/** Connects a document. Tells `acknowledgements` of each message with local updates that leaves, and of each that the server says it has; calls `changed` when `synced` may have changed. */
export type Connect = (place: string, doc: Y.Doc, acknowledgements: Acknowledgements, changed: () => void) => Connection

/** A client of a Yjs server: memories as flat JSON in one map of one document, which it keeps in memory alone. */
export class YjsReplica implements Replica {
  readonly #connect: Connect
  readonly #doc = new Y.Doc()
  readonly #items = this.#doc.getMap<object>(mapName)
  readonly #acknowledgements = new Acknowledgements()
  #connection: Connection | undefined
  #place = ''
  #count = 0
  #arrived: string[] = []
  #listener: () => void = () => undefined

  constructor(connect: Connect) {
    this.#connect = connect
    // Nothing is ever written twice or removed: each key that changed is one more. `Y.Map.size` would count them all each time.
    this.#items.observe(event => {
      const keysChanged = event.keysChanged as ReadonlySet<string>
      this.#count += keysChanged.size
      for (const key of keysChanged) this.#arrived.push(key) // more than a call takes arguments
      this.#listener()
    })
  }

  get count(): number {
    return this.#count
  }

  get synced(): boolean {
    return this.#connection?.synced === true
  }

  async start(): Promise<void> {
    // There is nothing on disk to open.
  }

  async join(place: string): Promise<Record<string, never>> {
    this.#place = place
    this.#connection = this.#connect(place, this.#doc, this.#acknowledgements, () => this.#listener())
    return {}
  }

  async place(): Promise<string> {
    return this.#place
  }

  async put(text: string): Promise<string> {
    const id = this.#set(text)
    await this.#acknowledgements.settled()
    return id
  }

  async putMany(texts: readonly string[]): Promise<void> {
    this.#doc.transact(() => texts.forEach(text => this.#set(text)))
    await this.#acknowledgements.settled()
  }

  ids(): string[] {
    return idsIn(this.#doc)
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
    this.#connection?.destroy()
  }

  #set(text: string): string {
    const id = randomUUID()
    this.#items.set(id, valueOf(text))
    return id
  }
}

export function idsIn(doc: Y.Doc): string[] {
  return [...doc.getMap(mapName).keys()]
}
