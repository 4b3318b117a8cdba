import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Device } from '../../node/device.ts'
import type { ItemValue } from '../../sync/types.ts'
import { UsageError } from '../bench.ts'
import { type Row, row } from '../report.ts'

const turnSchema = v.object({ id: v.string(), session: v.string(), at: v.string(), speaker: v.string(), text: v.string(), caption: v.optional(v.string()) })
const questionSchema = v.object({ question: v.string(), category: v.picklist([1, 2, 3, 4, 5]), evidence: v.optional(v.array(v.string()), []) })
const fileSchema = v.array(v.object({ sample_id: v.string(), turns: v.array(turnSchema), qa: v.array(questionSchema) }))
export type Conversation = v.InferOutput<typeof fileSchema>[number]
type Turn = Conversation['turns'][number]

/** Of LoCoMo (Maharana et al. 2024, arXiv:2402.17753). The fifth is about what was never said. */
const categories = new Map([[1, 'multi-hop'], [2, 'temporal'], [3, 'open-domain'], [4, 'single-hop']])
const depths = [5, 10, 20]
/** The file has the time of a session; its turns follow each other. In ms. */
const betweenTurns = 1000

/** @throws UsageError when the file is none of LoCoMo */
export function readConversations(file: string): Conversation[] {
  try {
    return v.parse(fileSchema, JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new UsageError(`--data takes conversations of LoCoMo as JSON, and ${file} is none (${cause instanceof Error ? cause.message : String(cause)}); the data are at https://github.com/snap-research/locomo`)
  }
}

/** A conversation as memories: each turn one, about who said it. */
export function memoriesOf({ turns }: Conversation, device: string): { readonly turn: string; readonly value: ItemValue }[] {
  return turns.map((turn, index) => ({
    turn: turn.id,
    value: {
      v: 1, kind: 'note', text: turn.caption === undefined ? turn.text : `${turn.text} (${turn.caption})`, subject: turn.speaker, observedAt: timeOf(turn) + index * betweenTurns,
      source: { device, ref: `${turn.session}/${turn.id}` }
    }
  }))
}

/** Of what is asked about a conversation: how much of the evidence is found, by category and in all. A device of its own holds it. */
export class EvidenceScore {
  /** By metric, then by category. */
  readonly #found = new Map<string, Map<string, number[]>>()

  /** `turnOf`: by the id of a memory. */
  async ask({ recall }: Pick<Device, 'recall'>, { turns, qa }: Conversation, turnOf: ReadonlyMap<string, string>): Promise<void> {
    const said = new Set(turns.map(({ id }) => id))
    for (const { question, category, evidence } of qa) {
      const name = categories.get(category)
      const wanted = evidence.filter(id => said.has(id))
      if (name === undefined || wanted.length === 0) continue
      const order = (await recall.recall(question, Math.max(...depths))).map(({ id }) => turnOf.get(id))
      for (const depth of depths) this.#add(`recall_at_${depth}`, name, wanted.filter(id => order.slice(0, depth).includes(id)).length / wanted.length)
      this.#add('ndcg_at_10', name, gain(order.slice(0, 10).map(id => Number(id !== undefined && wanted.includes(id)))) / gain(wanted.slice(0, 10).map(() => 1)))
    }
  }

  /** `addition`: what sets the case apart, behind its category. */
  rows(addition = ''): Row[] {
    return [...this.#found].map(([metric, byName]) => [...byName].map(([name, values]) => row(metric, values.reduce((sum, value) => sum + value, 0) / values.length, 'share', `${name}${addition}`))).flat()
  }

  #add(metric: string, category: string, value: number): void {
    const byName = this.#found.get(metric) ?? new Map<string, number[]>()
    this.#found.set(metric, byName)
    for (const name of ['all', category]) byName.set(name, [...(byName.get(name) ?? []), value])
  }
}

/** Discounted cumulative gain (Järvelin and Kekäläinen 2002) of what is right, 1, and what is not, 0. */
function gain(right: readonly number[]): number {
  return right.reduce((sum, value, index) => sum + value / Math.log2(index + 2), 0)
}

/** "1:56 pm on 8 May, 2023". */
function timeOf({ id, at }: Turn): number {
  const [, hour, minute, half, day, month, year] = /^(\d{1,2}):(\d{2}) (am|pm) on (\d{1,2}) (\w+), (\d{4})$/.exec(at) ?? []
  const date = Date.parse(`${day} ${month} ${year} UTC`)
  if (Number.isNaN(date)) throw new KinmeshError('BadData', `turn ${id} was said at ${JSON.stringify(at)}, which is no time of LoCoMo`)
  return date + (((Number(hour) % 12) + (half === 'pm' ? 12 : 0)) * 60 + Number(minute)) * 60_000
}
