import { listen, machineName, machinePlace, openChosenEncoder, openChosenModel, openConversations, openDocuments, openFederated, openHome, openMcpServers, openMemoryVectors, openModelShare, openSkills, openStore, openTermIndex, examine, every, pageFiles, residentBytes, tokenFile, version, type Home } from '#node/platform'
import { toString } from 'uint8arrays/to-string'
import * as v from 'valibot'
import { randomBytes } from '../mesh/crypto.ts'
import { KinmeshError } from '../mesh/errors.ts'
import { createIdentity, parseIdentity, serializeIdentity } from '../mesh/identity.ts'
import { silentLogger, type Logger } from '../mesh/log.ts'
import type { AddressBook, DeviceId, Identity, Mesh, WireTap } from '../mesh/types.ts'
import { wasRemoved } from '../sync/own-spaces.ts'
import { openSync, type SyncOptions } from '../sync/sync.ts'
import type { Sync } from '../sync/types.ts'
import { createApi } from './api/app.ts'
import { Lists } from './agent/lists.ts'
import { Permissions } from './agent/permissions.ts'
import { Questions } from './agent/questions.ts'
import { Reminders } from './agent/reminders.ts'
import { Toolbox } from './agent/toolbox.ts'
import { builtInRunners } from './agent/tools/built-in.ts'
import type { ForeignTool } from './agent/tools/guarded.ts'
import { createAssistant } from './assistant.ts'
import { Learner } from './context/learn/learner.ts'
import { createRecall } from './context/recall.ts'
import { createShortTerm } from './context/short-term/short-term.ts'
import { type Model, fixedModel } from './model.ts'
import type { EncoderSlot } from './model/encoder/chosen-encoder.ts'
import { offlineMesh } from './offline-mesh.ts'
import { createPairing } from './pairing.ts'
import type { DeviceParts } from './parts.ts'
import { clockBehind, clockFile, clockInPast, clockSchema, noteClockMs } from './run-clock.ts'
import { defaultPort, meshPort, settingsSchema, tcpPorts, type Settings } from './settings.ts'

export type DeviceOptions = {
  home: string
  /** Kept for the next start when it is given; at first the name of the machine. */
  name?: string | undefined
  /** Of the API; the mesh takes the three after it. 0: any free ones. Kept like the name. */
  port?: number | undefined
  /** Interface the mesh listens on. Kept like the name. */
  host?: string | undefined
  mdns?: boolean | undefined
  /** Relay between devices of the mesh that cannot reach each other. Kept like the name. */
  relay?: boolean | undefined
  /** What a keeper keeps at most for the others, in MiB. Kept like the name. */
  keepMiB?: number | undefined
  /** False: no UDP; pages reach the device over WebSocket only. */
  webrtc?: boolean
  /** False: no port for the mesh, so that others reach the device through a relay only. For tests and benches. */
  listen?: boolean
  /** False: open the home without network and API port, for the time of a command. */
  online?: boolean
  /** Go on although the clock is behind the last run. */
  trustClock?: boolean
  /** How long to wait for a command that has the home open, in ms. */
  waitMs?: number
  /** In the place of the one that was chosen with `kinmesh model use`. */
  model?: Model | null
  /** In the place of the one that was chosen so. */
  encoder?: EncoderSlot
  /** Of the program that embeds the device, behind the person's permission like all foreign tools. */
  tools?: readonly ForeignTool[]
  log?: Logger
  /** Sees every byte that leaves, before it is sealed. */
  tap?: WireTap | undefined
  clock?: () => number
  /** For benches, which cannot wait for what comes once in many writes. */
  pace?: NonNullable<SyncOptions['pace']>
}

/** A device that runs: all of it, in this process. */
export type Device = DeviceParts & {
  /** Where the API answers; undefined when offline. */
  readonly api: string | undefined
  /** Where its page is, for a browser on this machine; undefined when offline, or when the page was not built. */
  readonly page: string | undefined
  readonly token: string
  /** The API without a port. */
  fetch(request: Request): Promise<Response>
  /** Resolves when the device has stopped, whoever asked for it. */
  readonly stopped: Promise<void>
  /** Always finishes. */
  stop(): Promise<void>
}

const identityFile = 'identity'
const settingsFile = 'config.json'
const peersFile = 'peers.json'
const certificateFile = 'certificate'
const storeFile = 'sync.db'
/** How long recall waits for the encoder, in ms. A command has to load it first, and asks once. */
const [questionMs, commandQuestionMs] = [300, 3000]
const peersSchema = v.record(v.pipe(v.string(), v.maxLength(128)), v.pipe(v.array(v.pipe(v.string(), v.maxLength(512))), v.maxLength(64)))

/**
 * Starts a device: the only place where mesh, sync and the rest meet.
 * @throws KinmeshError `HomeInUse`, `HomeUnusable`, `FileCorrupt`, `ClockInPast`, `BadIdentity`, `PortInUse`, and those of the stores
 */
export async function startDevice(options: DeviceOptions): Promise<Device> {
  const { online = true, webrtc = true, trustClock = false, waitMs = 0, log = silentLogger, tap, clock = Date.now, pace } = options
  const startedAt = clock()
  // Undone from the last to the first, at the end as after a start that failed half way.
  const undo = new AsyncDisposableStack()
  try {
    const home = await openHome(options.home, { waitMs })
    undo.defer(() => home.close())
    const noteTime = async () => {
      await home.write(clockFile, JSON.stringify({ lastRun: clock() })).catch((error: unknown) => log.warn('the time of this run could not be noted', { reason: String(error) }))
    }
    const settings = await loadSettings(home, options)
    let kept = settings
    const save = async (changed: Partial<Settings>) => {
      kept = { ...kept, ...changed }
      await home.write(settingsFile, settingsText(kept))
    }
    const lastRun = home.readJson(clockFile, clockSchema)?.lastRun
    const clockBehindMs = clockBehind(lastRun, startedAt)
    if (lastRun !== undefined && clockBehindMs > 0 && !trustClock) throw clockInPast(lastRun, startedAt)
    const token = await loadToken(home)
    await noteTime()
    undo.defer(noteTime)
    undo.defer(every(noteClockMs, () => void noteTime()))

    const card = { name: settings.name, place: machinePlace() }
    const conversations = openConversations(home.path('conversations.db'))
    undo.defer(() => conversations.close())
    const store = openStore(home.path(storeFile))
    let storeOwned = false
    undo.defer(() => {
      if (!storeOwned) store.close()
    })
    let identity = await loadIdentity(home)
    if (await wasRemoved(store, identity)) {
      // A removed key is never let in again, and what is here must not be out of reach for it.
      identity = await newIdentity(home)
      log.warn('this device was removed from its mesh: it goes on under a new key, alone, with what it had', { id: identity.id })
    }
    const mesh = online ? await openMesh(home, identity, settings, { place: card.place, webrtc, listen: options.listen ?? true, log, tap, clock }) : offlineMesh(identity, card)
    undo.defer(() => mesh.stop())
    const sync = await openSync({ identity, card, store, mesh, log, ...(tap ? { tap } : {}), ...(pace ? { pace } : {}), clock, keeping: settings.keepMiB === undefined ? {} : { quotaBytes: settings.keepMiB * 1024 * 1024 } })
    storeOwned = true
    undo.defer(() => sync.stop())
    const encoder = options.encoder ?? openChosenEncoder(home.path('models'))
    undo.defer(() => encoder.close())
    const spaces = () => sync.spaces()
    const vectors = await openMemoryVectors(home.path('.'), { encoder, spaces, log, makes: online, patienceMs: online ? questionMs : commandQuestionMs })
    const recall = createRecall({ index: openTermIndex(home.path('index.db'), log), vectors, spaces, log, clock })
    undo.defer(() => recall.close())
    const documents = openDocuments(home.path('documents.db'), home.dir)
    undo.defer(() => documents.close())
    undo.defer(sync.onMembers(members => mesh.setMembers(members)))

    const model = options.model === undefined ? openChosenModel(home.path('models'), log) : fixedModel(options.model)
    undo.defer(() => model.close())
    const models = openModelShare({ dir: home.path('models'), mesh, devices: () => readers(sync), log, clock })
    undo.defer(() => models.stop())
    // A device that goes on running has it ready; a command that ends soon loads it only when it needs it.
    if (online) void model.reload()

    const shortTerm = createShortTerm({ conversations, model, log })
    undo.defer(() => shortTerm.close())
    const reminders = new Reminders({ sync, device: identity.id, devices: () => sync.members().flatMap(({ id, role }) => (role === 'keeper' ? [] : [id])).sort(), clock, log, after })
    undo.defer(() => reminders.close())
    const lists = new Lists({ sync, device: identity.id, clock })
    const tools = builtInRunners({ sync, device: identity.id, recall, documents, lists, reminders, clock })
    const permissions = new Permissions({ sync, device: identity.id, clock })
    const mcpServers = openMcpServers({ home, log, start: online })
    undo.defer(() => mcpServers.close())
    const skills = openSkills({ home, log })
    const toolbox = new Toolbox([async () => options.tools ?? [], () => mcpServers.tools(), () => skills.tools()], permissions)
    const learner = new Learner({ sync, device: identity.id, recall, conversations, model, log, clock, isOn: settings.learn !== false, save: learn => save({ learn }) })
    undo.defer(() => learner.close())
    // A command that ends soon leaves what waits to a device that goes on running.
    if (online) learner.wake()
    const together = await openFederated({
      home: home.dir, mesh, devices: () => readers(sync), allowed: settings.federated ?? {}, keepAllowed: federated => save({ federated }), saidAt: () => conversations.list(1)[0]?.lastAt, adapterChanged: () => void model.reload(),
      goesOn: online, log, clock
    })
    undo.defer(() => together.federated.stop())
    const stopping = Promise.withResolvers<void>()
    const stopped = stopping.promise.then(() => undo.disposeAsync()).catch((error: unknown) => log.error('not everything stopped cleanly', { reason: String(error) }))
    let api: string | undefined
    const parts: DeviceParts = {
      id: identity.id, name: settings.name, startedAt, online, mesh, sync, recall, documents, conversations, model, encoder, models, together, log, clock,
      assistant: createAssistant({ device: identity.id, sync, recall, documents, conversations, shortTerm, model, tools, foreignTools: () => toolbox.runnable(), learner, log, clock }), learner, lists, reminders,
      permissions, questions: new Questions(), toolbox, mcpServers, skills,
      pairing: createPairing(mesh, sync, log),
      examine: () => examine({ home, sync, mesh, online, ports: tcpPorts(settings), api, host: settings.host, mdns: settings.mdns !== false, clockBehindMs, certificateFile, storeFile }),
      shutdown: () => stopping.resolve()
    }
    const files = pageFiles()
    const app = createApi(parts, { token, version, residentBytes, page: files })
    if (online) {
      const server = await listen(request => app.fetch(request), settings.port)
      undo.defer(() => server.close())
      api = server.url
      await home.announce(api)
    }
    return {
      ...parts,
      api,
      page: files && api,
      token,
      fetch: async request => app.fetch(request),
      stopped,
      async stop() {
        stopping.resolve()
        await stopped
      }
    }
  } catch (error) {
    await undo.disposeAsync()
    throw error
  }
}

/** The other devices of this person that may read, for which this one has to be one of them. */
function readers(sync: Sync): DeviceId[] {
  if (sync.removed || sync.kept()) return []
  return sync.members().filter(({ self, role }) => !self && role !== 'keeper').map(({ id }) => id)
}

type MeshParts = { place: string; webrtc: boolean; listen: boolean; log: Logger; tap: WireTap | undefined; clock: () => number }

async function openMesh(home: Home, identity: Identity, settings: Settings, { place, webrtc, listen, log, tap, clock }: MeshParts): Promise<Mesh> {
  const addressBook: AddressBook = {
    load: async () => home.readJson(peersFile, peersSchema) ?? {},
    save: book => home.write(peersFile, JSON.stringify(book, null, 2))
  }
  // libp2p takes longer to load than most commands run, and those open no network.
  const { createMesh } = await import('../mesh/mesh.ts')
  return createMesh({
    identity,
    name: settings.name,
    place,
    port: meshPort(settings.port),
    ...(settings.host === undefined ? {} : { host: settings.host }),
    mdns: settings.mdns ?? true,
    relay: settings.relay ?? true,
    webrtc,
    listen,
    addressBook,
    certificate: { load: async () => home.read(certificateFile), save: bytes => home.write(certificateFile, bytes) },
    log,
    ...(tap ? { tap } : {}),
    clock
  })
}

/** config.json, with what this start says otherwise; written when it changes. */
async function loadSettings(home: Home, { name, port, host, mdns, relay, keepMiB }: DeviceOptions): Promise<Settings> {
  const stored = home.readJson(settingsFile, settingsSchema)
  const given = Object.fromEntries(Object.entries({ name, port, host, mdns, relay, keepMiB }).filter(([, value]) => value !== undefined))
  const wanted = { ...(stored ?? { name: machineName(), port: defaultPort }), ...given }
  const checked = v.safeParse(settingsSchema, wanted)
  if (!checked.success) throw new KinmeshError('BadSetting', `${v.getDotPath(checked.issues[0]) ?? 'setting'}: ${checked.issues[0].message}`)
  if (JSON.stringify(checked.output) !== JSON.stringify(stored)) await home.write(settingsFile, settingsText(checked.output))
  return checked.output
}

function settingsText(settings: Settings): string {
  return `${JSON.stringify(settings, null, 2)}\n`
}

async function loadIdentity(home: Home): Promise<Identity> {
  const bytes = home.read(identityFile)
  return bytes ? parseIdentity(bytes) : newIdentity(home)
}

async function newIdentity(home: Home): Promise<Identity> {
  const identity = await createIdentity()
  await home.write(identityFile, serializeIdentity(identity))
  return identity
}

async function loadToken(home: Home): Promise<string> {
  const stored = home.read(tokenFile)
  if (stored) {
    const token = new TextDecoder().decode(stored).trim()
    if (/^[0-9a-f]{64}$/.test(token)) return token
    throw new KinmeshError('FileCorrupt', `${home.path(tokenFile)} is damaged: remove it and start again; a new one is made`)
  }
  const token = toString(randomBytes(32), 'hex')
  await home.write(tokenFile, token)
  return token
}

/** Calls `work` after so many ms; returns how to prevent that. */
function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}
