import { quantile } from '../statistics.ts'
import type { Measured } from './measured.ts'
import type { Trial } from './trial.ts'

export type EditOptions = { edits: number; everyMs: number }

/** Edit → acknowledged, and shown on the other device; and the bytes that this put on the wire. */
export async function measureEdits(trial: Trial, { edits, everyMs }: EditOptions): Promise<Measured[]> {
  const { writer, reader } = await trial.pair()
  // A first, shorter run warms up the code; it does not count.
  const warmUp = Math.ceil(edits / 5)
  await writer.call('pace', { count: warmUp, everyMs, seed: 1 })
  await reader.call('reached', { count: warmUp, synced: false })
  // Between two devices there is one link; with a server there are two, and what an edit costs is the sum.
  const ends = trial.system.hasHub ? [writer, reader] : [reader]
  const sent = async () => (await Promise.all(ends.map(end => end.call('bytes')))).reduce((sum, bytes) => sum + bytes, 0)
  const before = await sent()
  await reader.call('watch')
  const written = await writer.call('pace', { count: edits, everyMs, seed: 2 })
  await reader.call('reached', { count: warmUp + edits, synced: false })
  const arrivals = new Map((await reader.call('arrivals')).map(({ id, at }) => [id, at]))
  const bytes = (await sent()) - before
  const times = written.map(({ id, startedAt, durableAt }) => {
    const seenAt = arrivals.get(id)
    if (seenAt === undefined) throw new Error('an edit never showed on the other device')
    return Math.max(durableAt, seenAt) - startedAt
  })
  return [
    { metric: 'edit_visible_p50', value: quantile(times, 0.5), unit: 'ms', case: '2' },
    { metric: 'edit_visible_p99', value: quantile(times, 0.99), unit: 'ms', case: '2' },
    { metric: 'bytes_on_wire', value: bytes / 1000, unit: 'KB', case: `${edits} edits` }
  ]
}

export type BurstOptions = { writes: number; concurrency: number; runs: number }

/** How many memories a second many writers at once get acknowledged, and how many the other device shows. */
export async function measureBurst(trial: Trial, { writes, concurrency, runs }: BurstOptions): Promise<Measured[]> {
  const { writer, reader } = await trial.pair()
  const acknowledged: number[] = []
  const shown: number[] = []
  for (let run = 1; run <= runs; run++) {
    const [{ visibleAt }, { startedAt, durableAt }] = await Promise.all([
      reader.call('reached', { count: run * writes, synced: false }), writer.call('burst', { count: writes, concurrency, seed: run })
    ])
    acknowledged.push((writes / (durableAt - startedAt)) * 1000)
    shown.push((writes / (visibleAt - startedAt)) * 1000)
  }
  await trial.stop(reader)
  await trial.stop(writer)
  return [{ metric: 'burst_writes', value: quantile(acknowledged, 0.5), unit: 'per s' }, { metric: 'burst_writes', value: quantile(shown, 0.5), unit: 'per s', case: 'shown on the other device' }]
}

/** What of `writes` acknowledged memories is gone when the process that keeps them is killed right after the last acknowledgement. */
export async function measureKill(trial: Trial, { writes, concurrency }: { writes: number; concurrency: number }): Promise<Measured[]> {
  const { keeper } = trial.system
  const hub = await trial.hub()
  const acknowledged = new Set<string>()
  const enough = Promise.withResolvers<void>()
  const onAck = ({ id }: { id: string }) => {
    if (acknowledged.size < writes) acknowledged.add(id)
    else enough.resolve()
  }
  const writer = await trial.first({ onAck })
  const writing = writer.call('write', { concurrency, seed: 1 }).catch(enough.reject)
  await enough.promise
  // The others follow at once: what another process still holds must not come to the rescue.
  await trial.kill(keeper === 'hub' && hub ? hub : writer)
  await trial.end()
  await writing
  const left = new Set(keeper === 'hub' ? await leftOnHub(trial) : await leftOnReplica(trial))
  const lost = [...acknowledged].filter(id => !left.has(id)).length
  return [{ metric: 'lost_on_kill', value: lost, unit: 'count', case: `of ${writes}` }]
}

async function leftOnHub(trial: Trial): Promise<string[]> {
  const hub = trial.spawnHub()
  await hub.call('listen', trial.home('hub'))
  return hub.call('load')
}

async function leftOnReplica(trial: Trial): Promise<string[]> {
  const replica = await trial.replica('first')
  return replica.call('ids')
}
