import { join } from 'node:path'
import type { Logger } from '../../mesh/log.ts'
import { realTimers } from '../../mesh/timers.ts'
import type { DeviceId, Mesh } from '../../mesh/types.ts'
import { chosenAdapter } from '../model/chosen-adapter.node.ts'
import { readFolderText } from '../model/convert.node.ts'
import { openDeviceModels } from '../model/device-models.node.ts'
import { AdoptedAdapters } from './adopted.node.ts'
import { inUseOf } from './adopted.ts'
import { networkNow, powerNow } from './circumstances.node.ts'
import { openConsents } from './consents.node.ts'
import { defaultEligibility, type EligibilitySettings } from './eligibility.ts'
import { Federated } from './federated.ts'
import type { AdapterShelf, Allowances, FederatedParts } from './federated-parts.ts'
import type { OpenedFederated } from './federated-status.ts'
import { openLedgers } from './ledgers.node.ts'
import type { ModelInUse } from './local-work.ts'
import { openRoundStore } from './round-store.node.ts'
import { openTaskStates } from './task-states.node.ts'
import { threadedLocalWork } from './threaded-local-work.node.ts'
import { openUploadLog } from './upload-log.node.ts'

export type FederatedOptions = {
  /** Its folder federated/ is made by this; adapters/, models/ and conversations.db are where they are. */
  readonly home: string
  readonly mesh: Pick<Mesh, 'identity' | 'handle' | 'open' | 'onPeer' | 'peers'>
  /** The other devices of this person that may read. */
  devices(): readonly DeviceId[]
  /** As they were kept. */
  readonly allowed: Allowances
  keepAllowed(allowed: Allowances): Promise<void>
  saidAt(): number | undefined
  adapterChanged(): void
  readonly goesOn: boolean
  readonly log: Logger
  readonly clock: () => number
}

/** @throws KinmeshError `StoreFailed` */
export async function openFederated({ home, mesh, devices, allowed, keepAllowed, saidAt, adapterChanged, goesOn, log, clock }: FederatedOptions): Promise<OpenedFederated> {
  const dir = join(home, 'federated')
  const adopted = new AdoptedAdapters(join(home, 'adapters'), clock)
  const [consents, states, ledgers, uploads, rounds] = await Promise.all([
    openConsents(dir, clock), openTaskStates(dir), openLedgers(dir, mesh.identity.id), openUploadLog(join(dir, 'uploads.log')), openRoundStore(dir)
  ])
  let now = allowed
  const parts: FederatedParts = {
    mesh, devices, consents, states, ledgers, uploads, rounds, saidAt, adapterChanged, goesOn, log, clock, timers: realTimers,
    adapters: shelf(adopted, join(home, 'adapters')),
    model: () => modelInUse(join(home, 'models')),
    work: model => threadedLocalWork(model, { home, adopted, clock }),
    settings: () => settingsOf(now),
    async allow(changed) {
      const next = { ...now, ...defined(changed) }
      await keepAllowed(next)
      now = next
    },
    power: () => powerNow(), network: () => networkNow()
  }
  return { federated: await Federated.open(parts), parts }
}

function settingsOf({ idleMinutes, onBattery, onMetered }: Allowances): EligibilitySettings {
  const { idleMinutes: idle, onBattery: battery, onMetered: metered, assume } = defaultEligibility
  return { idleMinutes: idleMinutes ?? idle, onBattery: onBattery ?? battery, onMetered: onMetered ?? metered, assume }
}

function defined(changed: Allowances): Allowances {
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined))
}

function shelf(adopted: AdoptedAdapters, dir: string): AdapterShelf {
  return {
    inUse: async model => inUseOf(model, await chosenAdapter(dir)),
    adopt: async (name, model, of) => adopted.adopt(name, { id: model.id, config: (await readFolderText(model.dir)).config }, of),
    undo: (model, action) => adopted.undo(model, action),
    drop: name => adopted.drop(name),
    forget: task => adopted.forget(task),
    history: () => adopted.history()
  }
}

/** Read anew each time: a person may choose another one meanwhile. */
async function modelInUse(dir: string): Promise<ModelInUse | undefined> {
  const current = await (await openDeviceModels(dir)).current()
  return current && { id: current.id, name: current.manifest.name, dir: current.dir }
}
