import { createServer } from 'node:net'
import { connectTo, type Client } from '../../cli/client.node.ts'
import { document, up, type Up } from '../../cli/testing/processes.node.ts'

type Invite = { readonly uri: string; readonly code: string }
type Listed = { readonly memories: readonly { readonly text: string }[] }
type StateEvent = { readonly event: string }

/** A Node device in a process of its own, which can be stopped and started again at the same ports. */
export class NodeDevice {
  readonly home: string
  readonly #name: string
  #port: number
  #running: { up: Up; client: Client } | undefined

  constructor(home: string, name: string, port: number) {
    this.home = home
    this.#name = name
    this.#port = port
  }

  static async start(home: string, name: string): Promise<NodeDevice> {
    const device = new NodeDevice(home, name, await freePorts())
    await device.start()
    return device
  }

  async start(): Promise<void> {
    const started = await up(this.home, ['--name', this.#name, '--port', String(this.#port)])
    this.#running = { up: started, client: connectTo(this.home, started.api) }
  }

  async stop(): Promise<void> {
    await this.#running?.up.stop()
    this.#running = undefined
  }

  /** Stops it, and starts it again where nobody expects it. */
  async move(): Promise<void> {
    await this.stop()
    this.#port = await freePorts()
    await this.start()
  }

  get addrs(): readonly string[] {
    return this.#running?.up.addrs ?? []
  }

  async remember(text: string): Promise<void> {
    if (this.#running) await this.#running.client.request('POST', '/api/memories', { text })
    else await document(this.home, ['remember', text])
  }

  invite(): Promise<Invite> {
    return this.#client.request<Invite>('POST', '/api/invites', { unattended: true })
  }

  async join(uri: string): Promise<void> {
    for await (const { event } of this.#client.stream<StateEvent>('POST', '/api/join', { body: { invite: uri } })) if (event === 'joined') return
    throw new Error('did not join')
  }

  async texts(): Promise<string[]> {
    return (await this.#client.request<Listed>('GET', '/api/memories?limit=1000')).memories.map(({ text }) => text)
  }

  /** Resolves when the device holds this memory, or when it no longer does. */
  async until(text: string, wanted: boolean): Promise<void> {
    for await (const _ of this.#client.stream<StateEvent>('GET', '/api/events', { signal: AbortSignal.timeout(20_000) })) {
      if ((await this.texts()).includes(text) === wanted) return
    }
  }

  get #client(): Client {
    if (!this.#running) throw new Error('the device does not run')
    return this.#running.client
  }
}

/** The API's port, with those of the mesh free behind it. */
async function freePorts(): Promise<number> {
  for (;;) {
    const base = 33_000 + Math.floor(Math.random() * 20_000)
    const free = await Promise.all([0, 1, 2].map(offset => isFree(base + offset)))
    if (free.every(Boolean)) return base
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
