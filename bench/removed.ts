import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseIdentity } from '../mesh/identity.ts'
import { type Bench, type Context, type Values, numberOf } from './bench.ts'
import { inSync, joinMesh, launch, startMesh, stopAll, type Running } from './device/small-mesh.ts'
import { intrude } from './removed/intruder.ts'
import { readableEntries } from './removed/reader.ts'
import { row, type Row } from './report.ts'

export const removedBench: Bench = {
  name: 'removed',
  about: 'what a removed device can still read, and whether it can still connect',
  options: { entries: { type: 'string' }, attempts: { type: 'string' } },
  help: ['--entries N        written after the removal (default 1000)', '--attempts N       of the removed device to connect, to each of the others (default 6)'],
  run
}

/** Memories from before the removal: the removed device must still read these, or the method of measuring is wrong. */
const before = 100

async function run(values: Values, context: Context): Promise<Row[]> {
  const entries = numberOf(values, 'entries', 1000)
  const attempts = numberOf(values, 'attempts', 6)
  const [stays, staysToo, removed] = await startMesh(context, ['stays', 'stays too', 'removed'])
  if (!stays || !staysToo || !removed) throw new Error('a device is missing')
  const members = [stays, staysToo]
  await stays.process.call('record')
  await stays.process.call('burst', { count: before, concurrency: 1, seed: 1 })
  await inSync([...members, removed], before)
  const sentBefore = await stays.process.call('recorded')

  // A copy, taken while it was a member: it knows nothing yet of its removal, and no honest program has had a hand in it since.
  await removed.process.stop()
  const taken = join(context.dir, 'taken')
  cpSync(removed.home, taken, { recursive: true })
  await stays.process.call('removeDevice', removed.started.id)
  await stays.process.call('record')
  await stays.process.call('burst', { count: entries, concurrency: 1, seed: 2 })
  await inSync(members, before + entries)
  const sentSince = await stays.process.call('recorded')

  const identity = parseIdentity(readFileSync(join(taken, 'identity')))
  const connections = await intrude(identity, members.map(({ started }) => started), attempts)
  context.say(`${attempts} attempts to connect to each of ${members.length} devices: ${connections.opened} succeeded (${[...connections.reasons].join('; ')})`)
  const cameBack = await comesBack(context, members, taken, before + entries)
  await stopAll(members)

  const found = await readableEntries({ identity, home: taken }, stays.home, { before: sentBefore, since: sentSince })
  context.say(`the removed device reads ${found.before} of ${found.entriesBefore} entries from before its removal, and ${found.after} of ${found.entriesAfter} from after; a member reads ${found.memberAfter}`)
  if (found.before !== found.entriesBefore || found.memberAfter !== found.entriesAfter || found.entriesAfter < entries) throw new Error('the way of measuring is wrong: what must be readable is not')
  return [
    row('entries', found.entriesAfter, 'count'), row('decryptable', found.after, 'count'), row('new_keys_opened', found.keysOpened, 'count'),
    row('connection_attempts', attempts * members.length, 'count'), row('connections', connections.opened + Number(cameBack), 'count')
  ]
}

/** Starts the removed device's own program again, as if nothing had happened. */
async function comesBack(context: Context, members: readonly Running[], home: string, memories: number): Promise<boolean> {
  const back = await launch(context, 'removed', {}, home)
  // Pairing takes longer than any dial: by its end the removed device has had its chance.
  const witness = await joinMesh(context, 'witness', members)
  await inSync([...members, witness], memories)
  const states = await Promise.all([...members, witness].map(device => device.process.call('state')))
  const learned = (await back.process.call('state')).memories > before
  await stopAll([back, witness])
  return learned || states.some(({ connected }) => connected.includes(back.started.id))
}
