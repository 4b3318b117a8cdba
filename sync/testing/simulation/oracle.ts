import { silentLogger } from '../../../mesh/log.ts'
import { MembershipLog } from '../../../mesh/membership.ts'
import { HybridClock } from '../../hlc.ts'
import { checkpointEntries } from '../../limits.ts'
import { rebuildSpace } from '../../rebuild.ts'
import { receive } from '../../receive.ts'
import { SpaceState } from '../../space-state.ts'
import { createMemoryStore } from '../../store-memory.ts'
import type { Acknowledged, Ledger } from './ledger.ts'
import type { SimulatedDevice } from './simulated-device.ts'
import type { Life } from './virtual-time.ts'

/** Faults that an honest run never shows. */
const expectedFaults = ['LargeDeletion', 'Removed', 'RemovedAuthor']
/** … and those that a copied, restored or damaged device explains. */
const forkFaults = ['OwnLogForked', 'Equivocation', 'LogFrozen']

type MayShow = { readonly forks: boolean; readonly rot: boolean; readonly tampered: boolean }

/** Everything that is wrong with devices of one mesh that all say that they are synced. */
export async function verdict(devices: readonly SimulatedDevice[], ledger: Ledger, mayShow: MayShow): Promise<string[]> {
  const [first] = devices
  if (!first) return ['no device is left']
  const wrong = [...sameEverywhere(first, devices)]
  for (const device of devices) {
    wrong.push(...faultsOf(device, mayShow))
    const { view } = device.personal.state
    const counted = view.recount(device.personal.state.logs.keys())
    const live = counted.reduce((sum, shard) => sum + shard.live, 0)
    if (live !== device.personal.count) wrong.push(`${device.name} counts ${device.personal.count} items where there are ${live}`)
  }
  // A view that went wrong is found by comparing it, and a device that is left alone has nobody to compare with.
  if (mayShow.rot && devices.length === 1) return wrong
  wrong.push(...(await replayed(first, ledger)))
  const last = devices.at(-1) ?? first
  const before = last.personal.digest()
  const settled: { done: boolean } = { done: false }
  void last.personal.state.exclusive(() => rebuildSpace(last.personal.state)).then(() => { settled.done = true })
  await last.life.time.until(() => settled.done, 60_000)
  if (last.personal.digest() !== before) wrong.push(`${last.name} shows other memories once its view is built anew`)
  return wrong
}

function* sameEverywhere(first: SimulatedDevice, devices: readonly SimulatedDevice[]): Iterable<string> {
  const shown = contentOf(first)
  for (const device of devices.slice(1)) {
    if (device.personal.digest() !== first.personal.digest()) yield `${device.name} and ${first.name} have other digests`
    const content = contentOf(device)
    for (const [id, text] of shown) if (content.get(id) !== text) yield `${device.name} shows ${content.get(id) ?? 'nothing'} for ${id}, and ${first.name} ${text}`
    for (const id of content.keys()) if (!shown.has(id)) yield `${device.name} shows ${id}, and ${first.name} does not`
  }
}

function contentOf(device: SimulatedDevice): Map<string, string> {
  return new Map(device.personal.list({ limit: 1e6 }).map(({ id, hlc, device: by, value }) => [id, JSON.stringify([hlc, by, value])]))
}

function faultsOf(device: SimulatedDevice, { forks, rot, tampered }: MayShow): string[] {
  const expected = [...expectedFaults, ...(forks ? forkFaults : []), ...(rot ? ['Diverged'] : []), ...(tampered ? ['WrongSnapshot'] : [])]
  return (device.sync?.faults() ?? []).filter(({ kind }) => !expected.includes(kind)).map(({ kind, text }) => `${device.name} found a fault: ${kind}: ${text}`)
}

/** What was acknowledged on `device` must be explained by what `shower` shows: that version, a later one, or a removal. */
export function missing(device: SimulatedDevice, shower: SimulatedDevice, ledger: Ledger, owed: readonly Acknowledged[]): string[] {
  const wrong: string[] = []
  for (const { device: name, id, hlc, text } of owed) {
    if (name !== device.name) continue
    const item = shower.personal.get(id)
    if (!item) {
      if (!ledger.removals.has(id)) wrong.push(`${id} ("${text.slice(0, 30)}"), acknowledged by ${name}, never removed, is missing on ${shower.name}`)
    } else if (item.hlc < hlc && !ledger.removals.has(id)) wrong.push(`${id} shows an older version than ${name} acknowledged`)
    else if (!ledger.knows(id, String(item.value['text']))) wrong.push(`${id} shows "${String(item.value['text'])}", which nobody wrote`)
  }
  return wrong
}

/** The logs, replayed from their first entries into a device that has nothing. */
async function replayed(device: SimulatedDevice, ledger: Ledger): Promise<string[]> {
  const { state } = device.personal
  const membership = await MembershipLog.load(state.membership.statements())
  const timers: Life = device.life
  const context = {
    identity: device.identity, store: createMemoryStore(), log: silentLogger, tap: undefined, now: state.context.now, timers, checkpointEvery: checkpointEntries,
    clock: new HybridClock(state.context.now), boot: 1
  }
  const replay = await SpaceState.open(context, 'personal', membership)
  for (const { author, head, height } of state.logs.values()) {
    const chain = ledger.chain(head, height)
    if (!chain) return [`the log of ${author} up to ${height} has entries that never reached a disk`]
    const { refused } = await receive(replay, chain)
    if (refused.length > 0) return refused.map(({ seq, error }) => `entry ${seq} of ${author} is refused when the logs are replayed: ${error.code}: ${error.message}`)
  }
  if (replay.view.digest() === device.personal.digest()) return []
  const versionsOf = (of: SpaceState) => new Map([...state.logs.keys()].flatMap(author => of.context.store.logVersions(of.id, author).map(row => [`${row.author} ${row.id}`, JSON.stringify([row.pending ?? row.hlc, row.pending === null ? row.body : null])])))
  const [said, shown] = [versionsOf(replay), versionsOf(state)]
  const differing = [...new Set([...said.keys(), ...shown.keys()])].filter(key => said.get(key) !== shown.get(key))
  return [`${device.name} shows other memories than its logs say: ${differing.slice(0, 3).map(key => `${key} is ${shown.get(key)}, not ${said.get(key)}`).join('; ')}`]
}
