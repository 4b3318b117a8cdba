import { createIdentity, parseIdentity, serializeIdentity } from '../mesh/identity.ts'
import { silentLogger, type Logger } from '../mesh/log.ts'
import { createMesh } from '../mesh/mesh.ts'
import type { AddressBook, DeviceId, Identity, Mesh } from '../mesh/types.ts'
import { type BrowserStore, openIndexedDbStore } from '../sync/store.browser.ts'
import { wasRemoved } from '../sync/own-spaces.ts'
import { openSync } from '../sync/sync.ts'
import type { Sync } from '../sync/types.ts'
import { createPairing, type Pairing } from './pairing.ts'

export type PageDeviceOptions = {
  /** Kept for the next start when it is given; at first the name of the browser. */
  readonly name?: string
  /** Of the database. */
  readonly database?: string
  /** Wait until no other tab has this device open, or the signal says to give up. */
  readonly wait?: AbortSignal
  readonly log?: Logger
  /** The browser cleared the data of this page while it was open. */
  readonly onLost?: () => void
}

/** A device that lives in a page: it keeps, writes and syncs like any other, and runs while the page is open. */
export type PageDevice = {
  readonly id: DeviceId
  readonly name: string
  readonly mesh: Mesh
  readonly sync: Sync
  readonly pairing: Pairing
  /** Asks the browser not to clear this device when room gets scarce; false where it may. */
  stay(): Promise<boolean>
  /** Always finishes. Resolves when another tab may open the device. */
  stop(): Promise<void>
}

const identityFile = 'identity'
const nameFile = 'name'
const peersFile = 'peers'

/**
 * Starts the device of this origin, and makes it on the first run.
 * @throws KinmeshError `HomeInUse`, `InsecurePage`, `BadIdentity`, and those of the store
 */
export async function startPageDevice({ name, database, wait, log = silentLogger, onLost }: PageDeviceOptions = {}): Promise<PageDevice> {
  // Undone from the last to the first, at the end as after a start that failed half way.
  const undo: (() => void | Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step()
  }
  try {
    const store = await openIndexedDbStore({ log, ...(database && { name: database }), ...(wait && { wait }), ...(onLost && { onLost }) })
    undo.push(() => {
      store.close()
      return store.released
    })
    const identity = await loadIdentity(store, log)
    const card = { name: await loadName(store, name), place: placeName() }
    const mesh = await createMesh({ identity, ...card, port: 0, mdns: false, addressBook: addressBook(store, log), log })
    undo.push(() => mesh.stop())
    const sync = await openSync({ identity, card, store, mesh, log })
    undo.push(() => sync.stop())
    undo.push(sync.onMembers(members => mesh.setMembers(members)))
    undo.push(onWaking(() => mesh.wake()))
    return { id: identity.id, name: card.name, mesh, sync, pairing: createPairing(mesh, sync, log), stay, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function loadIdentity(store: BrowserStore, log: Logger): Promise<Identity> {
  const bytes = store.file(identityFile)
  if (bytes) {
    const identity = parseIdentity(bytes)
    if (!(await wasRemoved(store, identity))) return identity
    // A removed key is never let in again, and what is here must not be out of reach for it.
    log.warn('this device was removed from its mesh: it goes on under a new key, alone, with what it had')
  }
  const fresh = await createIdentity()
  await store.keepFile(identityFile, serializeIdentity(fresh))
  return fresh
}

/** Written only when it is news: a device must start, and read, where nothing more can be kept. */
async function loadName(store: BrowserStore, given: string | undefined): Promise<string> {
  const bytes = store.file(nameFile)
  const stored = bytes && new TextDecoder().decode(bytes)
  const name = given ?? stored ?? browserName()
  if (name !== stored) await store.keepFile(nameFile, new TextEncoder().encode(name))
  return name
}

function addressBook(store: BrowserStore, log: Logger): AddressBook {
  return {
    async load() {
      const bytes = store.file(peersFile)
      if (!bytes) return {}
      try {
        const book = JSON.parse(new TextDecoder().decode(bytes)) as Record<DeviceId, unknown>
        return Object.fromEntries(Object.entries(book).map(([id, addrs]) => [id, Array.isArray(addrs) ? addrs.filter(addr => typeof addr === 'string') : []]))
      } catch (error) {
        log.warn('the address book is damaged; devices that are met again fill it', { error: String(error) })
        return {}
      }
    },
    save: book => store.keepFile(peersFile, new TextEncoder().encode(JSON.stringify(book)))
  }
}

/** Calls `wake` whenever the network or the person may be back. */
function onWaking(wake: () => void): () => void {
  const shown = (): void => {
    if (document.visibilityState === 'visible') wake()
  }
  const ending = new AbortController()
  const { signal } = ending
  window.addEventListener('online', wake, { signal })
  window.addEventListener('pageshow', wake, { signal })
  document.addEventListener('visibilitychange', shown, { signal })
  return () => ending.abort()
}

async function stay(): Promise<boolean> {
  return (await navigator.storage.persisted()) || navigator.storage.persist()
}

const browsers: readonly (readonly [sign: RegExp, name: string])[] = [[/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/Chrom(e|ium)\//, 'Chrome'], [/Safari\//, 'Safari']]
const systems: readonly (readonly [sign: RegExp, name: string])[] = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Mac OS/, 'macOS'], [/Windows/, 'Windows'], [/Linux/, 'Linux']]

/** "Chrome on Android": a first name for this device, told by the browser. */
function browserName(): string {
  const nameIn = (names: typeof browsers) => names.find(([sign]) => sign.test(navigator.userAgent))?.[1]
  return `${nameIn(browsers) ?? 'browser'} on ${nameIn(systems) ?? 'a device'}`
}

function placeName(): string {
  return `${browserName()}, a page`
}
