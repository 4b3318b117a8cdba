import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Context } from '../bench.ts'
import { now } from '../device/clock.ts'
import { DeviceProcess } from '../device/process.ts'
import { launch } from '../device/small-mesh.ts'
import { row, type Row } from '../report.ts'
import { median, quantile, spread } from '../statistics.ts'
import type { BenchSite } from './site.ts'

/** Memories one commit takes while a home is filled. */
const fillBatch = 500

/** A page that joins a Node device with many memories: from its admission until all show and both agree. */
export async function measureJoin(context: Context, site: BenchSite, { memories, label, runs }: { memories: number; label: string; runs: number }): Promise<Row[]> {
  const home = join(context.dir, `member-${label}`)
  context.say(`filling a home with ${label} memories`)
  const filler = new DeviceProcess()
  await filler.call('fill', { home, name: 'member', count: memories, batch: fillBatch, seed: memories })
  await filler.stop()
  const member = await launch(context, 'member', {}, home)
  const synced: number[] = []
  try {
    await member.process.call('searchable')
    for (let run = 1; run <= runs; run++) {
      const origin = await site.origin()
      const page = await origin.open('tools')
      const took = await page.evaluate<{ visible: number; synced: number }>(`takeIn(${JSON.stringify(await member.process.call('invite'))}, ${memories})`)
      context.say(`  joined with ${label}: shown after ${took.visible.toFixed(0)} ms, in sync after ${took.synced.toFixed(0)} ms`)
      synced.push(took.synced)
      await origin.close()
    }
  } finally {
    await member.process.stop()
  }
  return [row('cold_join', median(synced), 'ms', label)]
}

/** Edit → visible between a page and a Node device: from the call that writes until it is on disk there, and on disk and shown on the other. */
export async function measureEdits(context: Context, site: BenchSite, { edits, everyMs, runs }: { edits: number; everyMs: number; runs: number }): Promise<Row[]> {
  const node = await launch(context, 'node')
  const origin = await site.origin()
  const toPage: number[][] = []
  const toNode: number[][] = []
  try {
    const page = await origin.open('tools')
    await page.evaluate(`takeIn(${JSON.stringify(await node.process.call('invite'))}, 0)`)
    // A first run warms up the code; it does not count.
    for (let run = 0; run <= runs; run++) {
      const before = (await node.process.call('state')).memories
      const offset = await clockOffset(page)
      const seen = await page.evaluateHandle<() => { id: string; at: number }[]>('watch()')
      const fromNode = await node.process.call('pace', { count: edits, everyMs, seed: run })
      await page.evaluate(`reached(${before + edits})`)
      const shown = new Map((await seen.evaluate(stop => stop())).map(({ id, at }) => [id, at + offset]))
      const there = fromNode.map(({ id, startedAt, durableAt }) => Math.max(durableAt, shown.get(id) ?? Number.NaN) - startedAt)

      await node.process.call('watch')
      const fromPage = await page.evaluate<{ id: string; startedAt: number; durableAt: number }[]>(`pace(${edits}, ${everyMs})`)
      await node.process.call('reached', { count: before + 2 * edits, peers: 1 })
      const arrived = new Map((await node.process.call('arrivals')).map(({ id, at }) => [id, at]))
      const back = fromPage.map(({ id, startedAt, durableAt }) => Math.max(durableAt + offset, arrived.get(id) ?? Number.NaN) - startedAt - offset)
      if ([...there, ...back].some(Number.isNaN)) throw new Error('an edit never showed on the other side')
      if (run === 0) continue
      toPage.push(there)
      toNode.push(back)
    }
  } finally {
    await origin.close()
    await node.process.stop()
  }
  return [...rowsOf(context, 'node → page', toPage), ...rowsOf(context, 'page → node', toNode)]
}

function rowsOf(context: Context, variant: string, times: readonly (readonly number[])[]): Row[] {
  const p50s = times.map(each => quantile(each, 0.5))
  const p99s = times.map(each => quantile(each, 0.99))
  context.say(`edit ${variant}: p50 ${spread(p50s)} ms, p99 ${spread(p99s)} ms`)
  return [row('edit_visible_p50', median(p50s), 'ms', variant), row('edit_visible_p99', median(p99s), 'ms', variant)]
}

/** Samples of the page's clock; the one that was answered fastest is off by half its round trip at most, under a millisecond. */
const clockSamples = 25

/** What to add to a time of the page's clock to get one of this machine's. */
async function clockOffset(page: Page): Promise<number> {
  const samples: { roundTrip: number; offset: number }[] = []
  for (let n = 0; n < clockSamples; n++) {
    const asked = now()
    const there = await page.evaluate<number>('performance.now()')
    const answered = now()
    samples.push({ roundTrip: answered - asked, offset: (asked + answered) / 2 - there })
  }
  samples.sort((a, b) => a.roundTrip - b.roundTrip)
  return samples[0]?.offset ?? 0
}
