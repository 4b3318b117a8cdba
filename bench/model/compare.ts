import { resolve } from 'node:path'
import type { Context } from '../bench.ts'
import { DeviceProcess, deviceLimits } from '../device/process.ts'
import { installPeers, versionOf } from '../peers/install.ts'
import { type Row, row } from '../report.ts'
import { median } from '../statistics.ts'
import type { ConvertRecipe } from '../../node/model/convert-recipe.ts'
import type { RuntimeCalls } from './measured.ts'
import { prepareModels } from './models.ts'
import type { ModelFiles, Subject } from './runtime.ts'
import type { Shape } from './shapes.ts'

/** What the peers are installed as. */
const packageOf: Record<Subject, string | undefined> = { kinmesh: undefined, 'node-llama-cpp': 'node-llama-cpp', 'transformers.js': '@huggingface/transformers' }
/** Where the package.json of the peers lies. */
export const peersFolder = import.meta.dirname
const program = resolve(import.meta.dirname, 'main.ts')

export type CompareOptions = {
  readonly shapes: readonly Shape[]
  readonly subjects: readonly Subject[]
  readonly contexts: readonly number[]
  readonly batches: readonly number[]
  readonly rounds: number
  readonly threads: number
  readonly block: ConvertRecipe['block']
  /** Where the models lie, to be found there by the next run. */
  readonly work: string
  /** Tokens that are written after each prompt, and by each text of a batch. */
  readonly tokens: number
  /** Longest that a peer may take for all of a round, ms. */
  readonly patienceMs: number
}

/** Sessions that are held at once, each of as many tokens as the longest context. */
const heldSessions = 3
/** Prompts of a batch: what is timed comes after them. */
const batchContext = 32
/** A short prompt is over too soon to be timed once. */
const runsOf = (context: number) => (context < 256 ? 3 : 1)

/** Ours is never left out: a busy machine may make it late. */
const oursPatience = 4

/** One figure of one process. */
type Figure = { readonly metric: string; readonly unit: string; readonly case: string; readonly value: number }

/** Every shape with every subject, one process after the other, round by round: whatever else the machine does meets all of them. Medians of the rounds. */
export async function compare(context: Context, options: CompareOptions): Promise<Row[]> {
  const { say } = context
  if (options.subjects.some(subject => packageOf[subject] !== undefined)) await installPeers(say, { folder: peersFolder, size: '570 MB' })
  for (const name of options.subjects.map(subject => packageOf[subject])) if (name !== undefined) say(`${name} ${versionOf(name, peersFolder) ?? 'missing'}`)
  const rows: Row[] = []
  for (const shape of options.shapes) {
    const files = await prepareModels(options.work, shape, { subjects: options.subjects, block: options.block, positions: roomOf(options), say })
    const rounds: Map<Subject, Figure[]>[] = []
    const failed = new Set<Subject>()
    for (let round = 1; round <= options.rounds; round++) {
      const figures = new Map<Subject, Figure[]>()
      for (const subject of options.subjects.filter(each => !failed.has(each))) {
        const { found, isWhole } = await measureSubject(context, subject, shape, files, options, round)
        figures.set(subject, found)
        if (!isWhole) failed.add(subject)
      }
      rounds.push(figures)
    }
    rows.push(...medians(rounds, options.subjects), ...ratios(rounds, options.subjects), ...gains(rounds, options.subjects))
  }
  return rows
}

/** Of a peer that fails or takes too long what was found until then is kept; ours fails the bench. */
export async function measureSubject(context: Context, subject: Subject, shape: Shape, files: ModelFiles, options: CompareOptions, round: number): Promise<{ found: Figure[]; isWhole: boolean }> {
  const process = new DeviceProcess<RuntimeCalls>({ profile: context.profile, limits: subject === 'kinmesh' ? deviceLimits : [], program: { path: program, args: [subject] } })
  const found: Figure[] = []
  const patienceMs = subject === 'kinmesh' ? options.patienceMs * oursPatience : options.patienceMs
  let isLate = false
  const patience = setTimeout(() => {
    isLate = true
    void process.kill()
  }, patienceMs)
  try {
    await measureProcess(process, subject, shape, files, options, round, figure => found.push(figure))
    await process.stop()
    return { found, isWhole: true }
  } catch (cause) {
    await process.kill()
    const reason = isLate ? `took longer than ${patienceMs / 1000} s` : cause instanceof Error ? cause.message : String(cause)
    if (subject === 'kinmesh') throw new Error(`${shape.name}: ${reason}`, { cause })
    context.say(`${shape.name}, ${subject}: the rest is left out: ${reason}`)
    return { found, isWhole: false }
  } finally {
    clearTimeout(patience)
    context.say(`${shape.name}, round ${round}, ${subject}: ${found.map(each => `${each.metric} ${each.case.replace(shape.name, '')} ${Number(each.value.toPrecision(3))}`).join('; ')}`)
  }
}

async function measureProcess(process: DeviceProcess<RuntimeCalls>, subject: Subject, { name, config }: Shape, files: ModelFiles, options: CompareOptions, round: number, onFigure: (figure: Figure) => void): Promise<void> {
  const { contexts, batches, tokens, threads } = options
  const add = (metric: string, unit: string, variant: string, value: number) => onFigure({ metric, unit, case: variant, value })
  const { loadMs, firstTokenAt, rss } = await process.call('load', {
    files, threads, vocabSize: config.vocab_size, room: { sessions: subject === 'kinmesh' ? Math.max(heldSessions, ...batches) : 1, positions: roomOf(options) }
  })
  add('load', 'ms', name, loadMs)
  add('first_token', 'ms', name, firstTokenAt - process.spawnedAt)
  add('rss', 'MB', name, rss)
  for (const context of contexts) {
    const { prefill, decode } = await process.call('pace', { context, tokens, runs: runsOf(context) })
    add('prefill', 'tok/s', `${name}@${context}`, prefill)
    add('decode', 'tok/s', `${name}@${context}`, decode)
  }
  // Memory changes little from round to round.
  if (round === 1) {
    const longest = Math.max(...contexts)
    const held = await process.call('sessions', { sessions: heldSessions, context: longest })
    add('rss', 'MB', `${name}, ${heldSessions} sessions of ${longest}`, held.rss)
    add('peak', 'MB', name, held.peak)
  }
  for (const texts of batches) add('throughput', 'tok/s', `batch${texts} ${name}`, await process.call('throughput', { texts, context: batchContext, tokens }))
  if (round === 1 && subject === 'kinmesh') {
    const { secondTurn, runsAfterCancel } = await process.call('counts', Math.max(...contexts))
    add('second_turn_brought', 'count', name, secondTurn.brought)
    add('second_turn_read', 'count', name, secondTurn.read)
    add('runs_after_cancel', 'count', name, runsAfterCancel)
  }
}

/** Positions of the longest context with what is written after it. */
function roomOf({ contexts, tokens, batches }: CompareOptions): number {
  return Math.max(Math.max(...contexts) + tokens, batchContext + tokens + Math.max(...batches)) + 1
}

function medians(rounds: readonly Map<Subject, Figure[]>[], wanted: readonly Subject[]): Row[] {
  return wanted.flatMap(subject => {
    const same = Map.groupBy(rounds.flatMap(figures => figures.get(subject) ?? []), ({ metric, case: variant }) => JSON.stringify([metric, variant]))
    return [...same.values()].map(figures => row(figures[0]!.metric, median(figures.map(({ value }) => value)), figures[0]!.unit, figures[0]!.case, subject))
  })
}

const compared = new Set(['prefill', 'decode'])

/** Ours by that of each peer in the same round, which noise of the machine changes least. */
function ratios(rounds: readonly Map<Subject, Figure[]>[], wanted: readonly Subject[]): Row[] {
  const ours = rounds[0]?.get('kinmesh') ?? []
  return ours.filter(({ metric }) => compared.has(metric)).flatMap(({ metric, case: variant }) =>
    wanted.filter(subject => subject !== 'kinmesh').flatMap(peer => {
      const shares = rounds.flatMap(figures => {
        const [mine, theirs] = (['kinmesh', peer] as const).map(subject => figures.get(subject)?.find(each => each.metric === metric && each.case === variant)?.value)
        return mine === undefined || theirs === undefined ? [] : [mine / theirs]
      })
      return shares.length === 0 ? [] : [row(`${metric}_ratio`, median(shares), 'times', `${variant} to ${peer}`)]
    }))
}

/** Throughput of many texts by that of one, of the same subject in the same round. */
function gains(rounds: readonly Map<Subject, Figure[]>[], wanted: readonly Subject[]): Row[] {
  return wanted.flatMap(subject => {
    const all = rounds.flatMap(figures => {
      const found = (figures.get(subject) ?? []).filter(({ metric }) => metric === 'throughput')
      const one = found.find(({ case: variant }) => variant.startsWith('batch1 '))
      return one ? found.filter(each => each !== one).map(each => ({ variant: each.case, gain: each.value / one.value })) : []
    })
    return [...Map.groupBy(all, ({ variant }) => variant)].map(([variant, same]) => row('throughput_gain', median(same.map(({ gain }) => gain)), 'times', variant, subject))
  })
}
