import { isKinmeshError } from '../../mesh/errors.ts'
import { forget, remember } from '../../node/memory.ts'
import { startPageDevice, type PageDevice } from '../../node/page-device.browser.ts'
import { element, onSubmit } from './elements.browser.ts'
import { MemoryList } from './memory-list.browser.ts'

// The page of a device that lives in this browser. No look yet: plain controls for everything a device does.

const state = element('state', HTMLElement)

await main()

async function main(): Promise<void> {
  const device = await open()
  if (!device) return
  const { sync } = device
  const memories = new MemoryList(() => sync.space('personal'), id => void attempt(() => forget(sync, id)))
  let unfollow = (): void => {}
  // Joining a mesh puts another space in the place of the one there was.
  const follow = (): void => {
    unfollow()
    unfollow = sync.space('personal').subscribe(() => memories.changed())
    memories.changed()
    showDevices(device)
  }
  onSubmit('add', 'text', (text, form) => attempt(async () => {
    await remember(sync, device.id, { text }, { now: Date.now() })
    form.reset()
    state.textContent = 'Kept on this device.'
  }))
  onSubmit('join', 'uri', (uri, form) => attempt(() => join(device, uri, form)))
  memories.draw()
  sync.onMembers(follow)
  sync.onPeers(() => showDevices(device))
  element('device', HTMLElement).hidden = false
  state.textContent = `This is ${device.name}.`
  // Other devices hear at once that this one went, rather than from its silence. What was acknowledged is on disk already.
  window.addEventListener('pagehide', () => void device.stop())
  window.addEventListener('pageshow', event => {
    if (event.persisted) location.reload()
  })
}

/** Opens the device; while another tab has it, offers to wait for that tab. */
async function open(): Promise<PageDevice | undefined> {
  const onLost = (): void => fail(new Error('the browser cleared the data of this page: reload it to start as a new device'))
  try {
    return await startPageDevice({ onLost })
  } catch (error) {
    if (!isKinmeshError(error, 'HomeInUse')) {
      fail(error)
      return undefined
    }
    state.textContent = 'Another tab has this device open. This one takes over when that one is closed.'
    try {
      return await startPageDevice({ onLost, wait: new AbortController().signal })
    } catch (later) {
      fail(later)
      return undefined
    }
  }
}

async function join(device: PageDevice, uri: string, form: HTMLFormElement): Promise<void> {
  const inviter = await device.pairing.join(uri, { signal: AbortSignal.timeout(joinMs), onProgress: step => (state.textContent = `Joining: ${step.replaceAll('-', ' ')} …`) })
  form.reset()
  state.textContent = `This device shares its memories with ${inviter.name} now.`
  // A person has just said that this device is to stay: browsers that ask, ask now.
  if (!(await device.stay())) state.textContent += ' The browser may clear it when room gets scarce; the others keep everything.'
}

/** Long enough for a person to look up from one screen and confirm on another. */
const joinMs = 5 * 60_000

function showDevices({ sync, mesh, name }: PageDevice): void {
  const members = sync.members()
  const peers = new Map(sync.peers().map(peer => [peer.id, peer]))
  const relays = new Map(mesh.peers().map(peer => [peer.id, members.find(({ id }) => id === peer.via)]))
  const lines = members.map(member => {
    const peer = peers.get(member.id)
    const relay = relays.get(member.id)
    const path = relay ? `connected through ${relay.name}` : 'connected'
    const how = member.self ? 'this device' : peer?.connected ? `${path}, ${peer.synced ? 'in sync' : 'syncing'}` : 'away'
    return `${member.self ? name : member.name}: ${how}`
  })
  list('devices', lines)
  const faults = sync.faults().map(fault => fault.text)
  element('faults-section', HTMLElement).hidden = faults.length === 0
  list('faults', faults)
}

function list(id: string, lines: readonly string[]): void {
  element(id, HTMLUListElement).replaceChildren(...lines.map(text => {
    const line = document.createElement('li')
    line.textContent = text
    return line
  }))
}

async function attempt(work: () => Promise<unknown>): Promise<void> {
  element('error', HTMLElement).textContent = ''
  try {
    await work()
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  element('error', HTMLElement).textContent = error instanceof Error ? error.message : String(error)
}
