import { startPageDevice, type PageDevice } from '../../../node/page-device.browser.ts'

// A page of the same origin as the real one, for tests and benches: what a person would need an hour for, it does at once.

/** About as long as a memory is. */
const memoryText = (n: number): string => `memory ${n}: ${'the dentist moved the appointment to the week after next, and the car needs new tyres'.slice(n % 20)}`
const valueOf = (text: string, device: PageDevice) => ({ v: 1, kind: 'fact', text, observedAt: Date.now(), source: { device: device.id } })
const fillBatch = 1000

/** Fills the device of this origin with memories, and closes it. */
async function fill(count: number): Promise<void> {
  const device = await startPageDevice()
  const space = device.sync.space('personal')
  for (let from = space.count; from < count; from += fillBatch) {
    await space.putMany(Array.from({ length: Math.min(fillBatch, count - from) }, (_, n) => valueOf(memoryText(from + n), device)))
  }
  await device.stop()
}

/** Writes until the page is killed, several writers at once; says `acknowledged` of each memory that is on disk. */
async function writeOn(label: string, writers: number, acknowledged: (text: string) => Promise<void>): Promise<void> {
  const device = await startPageDevice()
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; ; n++) {
      const text = `${label}, writer ${writer}, memory ${n}`
      await device.sync.space('personal').put(valueOf(text, device))
      await acknowledged(text)
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
}

/** Pairs by a typed code, at these addresses only; returns the address of the connection. */
async function join(code: string, addresses: string[]): Promise<string | undefined> {
  const device = await startPageDevice()
  try {
    await device.pairing.join(code, { addresses, signal: AbortSignal.timeout(20_000), onProgress() {} })
    await new Promise<void>(resolve => {
      const look = (): void => {
        if (device.sync.peers().some(peer => peer.connected && peer.synced)) resolve()
      }
      device.sync.onPeers(look)
      look()
    })
    return device.mesh.peers().find(peer => peer.connected)?.addrs[0]
  } finally {
    await device.stop()
  }
}

/** The device of this origin, open until the page goes. */
let opened: Promise<PageDevice> | undefined
const device = (): Promise<PageDevice> => (opened ??= startPageDevice())

/** Resolves when the device holds so many memories and is in sync with all others; times in ms of this page's clock. */
async function reached(count: number): Promise<{ visibleAt: number; syncedAt: number }> {
  const { sync } = await device()
  let visibleAt: number | undefined
  const stops: (() => void)[] = []
  try {
    return await new Promise(resolve => {
      const look = (): void => {
        if (sync.space('personal').count < count) return
        visibleAt ??= performance.now()
        const peers = sync.peers()
        if (peers.length > 0 && peers.every(peer => peer.connected && peer.synced)) resolve({ visibleAt, syncedAt: performance.now() })
      }
      // Joining a mesh puts another space in the place of the one there was.
      stops.push(sync.onMembers(() => {
        stops.push(sync.space('personal').subscribe(look))
        look()
      }), sync.onPeers(look))
    })
  } finally {
    for (const stop of stops) stop()
  }
}

/** Joins, and takes in all of a mesh; ms from the admission. */
async function takeIn(uri: string, count: number): Promise<{ visible: number; synced: number }> {
  const { pairing } = await device()
  const done = reached(count)
  let admittedAt = 0
  await pairing.join(uri, {
    signal: AbortSignal.timeout(60_000),
    onProgress(step) {
      if (step === 'admitted') admittedAt = performance.now()
    }
  })
  const { visibleAt, syncedAt } = await done
  return { visible: visibleAt - admittedAt, synced: syncedAt - admittedAt }
}

/** Writes memories at a pace. */
async function pace(count: number, everyMs: number): Promise<{ id: string; startedAt: number; durableAt: number }[]> {
  const writer = await device()
  const begin = performance.now()
  return Promise.all(Array.from({ length: count }, async (_, n) => {
    await new Promise(resolve => setTimeout(resolve, begin + n * everyMs - performance.now()))
    const startedAt = performance.now()
    const { id } = await writer.sync.space('personal').put(valueOf(memoryText(n), writer))
    return { id, startedAt, durableAt: performance.now() }
  }))
}

/** From now on, notes when each memory shows; the second call tells. */
async function watch(): Promise<() => { id: string; at: number }[]> {
  const space = (await device()).sync.space('personal')
  const seen: { id: string; at: number }[] = []
  let { rev } = space
  const stop = space.subscribe(() => {
    const at = performance.now()
    const changes = space.changesSince(rev)
    for (const { id } of changes) seen.push({ id, at })
    rev = changes.at(-1)?.rev ?? rev
  })
  return () => {
    stop()
    return seen
  }
}

/** Texts of all memories that the device of this origin holds. */
async function texts(): Promise<string[]> {
  const device = await startPageDevice()
  const found = device.sync.space('personal').list({ limit: Number.MAX_SAFE_INTEGER }).map(item => String(item.value['text']))
  await device.stop()
  return found
}

/** Clears tables of the store, as nobody would by hand. */
async function clear(tables: string[]): Promise<void> {
  const request = indexedDB.open('kinmesh')
  await new Promise((resolve, reject) => {
    request.onsuccess = resolve
    request.onerror = reject
  })
  const transaction = request.result.transaction(tables, 'readwrite')
  for (const table of tables) transaction.objectStore(table).clear()
  await new Promise(resolve => {
    transaction.oncomplete = resolve
  })
  request.result.close()
}

Object.assign(globalThis, { fill, writeOn, join, texts, clear, reached, takeIn, pace, watch })
