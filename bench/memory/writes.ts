import type { Device } from '../../node/device.ts'
import { textOf } from '../../node/memory.ts'
import type { Model } from '../../node/model.ts'
import { type TaskName, generate } from '../../node/starter/generate.ts'
import { normalised } from '../../node/starter/judge.ts'
import { type LearnedItem, shownIn } from '../../node/starter/prompt.ts'
import type { Item } from '../../sync/types.ts'
import { random } from '../random.ts'
import { type Row, row } from '../report.ts'
import { type Truth, noisyModel, oracleModel } from './models.ts'

/** A dialogue of the starter model's test split: what is remembered before, what is said, and what is to be kept of it. */
type Dialogue = { readonly memories: readonly { readonly text: string; readonly at: number }[]; readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[]; readonly items: readonly LearnedItem[] }

const tasks = ['learn_facts', 'learn_change', 'learn_nothing'] as const satisfies readonly TaskName[]
const timesAsked = 100

/** Who proposes what is to be learned: a model that is always right, one that is bad at it, the one that ships, and none. */
export type Proposer = 'oracle model' | 'noisy model' | 'starter model' | 'no model'
export const proposers: readonly Proposer[] = ['oracle model', 'noisy model', 'starter model', 'no model']

/** `count` dialogues of each kind, the same ones for every proposer. */
export function dialoguesOf(count: number): Dialogue[] {
  return tasks.flatMap(task => Array.from({ length: count }, (_, seed) => dialogueOf(task, seed)))
}

function dialogueOf(task: TaskName, seed: number): Dialogue {
  const { messages, targets } = generate(seed, 'test', task)
  const [system, ...rest] = messages.slice(0, -1)
  const [target] = targets
  return {
    // They stand there without their days, of those that say the same the latest last.
    memories: shownIn(system?.text ?? '').map(({ text }, index) => ({ text, at: Date.UTC(2030, 0, 1 + index) })),
    messages: rest.flatMap(({ role, text }) => (role === 'user' || role === 'assistant' ? [{ role, text }] : [])),
    items: target?.check.kind === 'learns' ? target.check.items : []
  }
}

/** `starter`: the model that ships. */
export function modelFor(proposer: Proposer, dialogues: readonly Dialogue[], starter: Model): Model | null {
  if (proposer === 'no model') return null
  if (proposer === 'starter model') return starter
  const byMessage = new Map(dialogues.map(dialogue => [dialogue.messages.at(-1)?.text ?? '', dialogue]))
  const everything = dialogues.flatMap(({ items }) => items)
  const next = random(7)
  const truthOf = (message: string): Truth => {
    const dialogue = byMessage.get(message)
    return { items: dialogue?.items ?? [], shown: dialogue?.memories.map(({ text }) => text) ?? [], elsewhere: everything }
  }
  return proposer === 'oracle model' ? oracleModel(truthOf) : noisyModel(truthOf, next)
}

/** What a device makes of the dialogues. Each begins with the memories of its own and no others. */
export async function writeQuality(device: Device, dialogues: readonly Dialogue[], proposer: Proposer): Promise<Row[]> {
  const counts = { learned: 0, unsupported: 0, junk: 0, wanted: 0, kept: 0, changes: 0, changed: 0, before: 0, wronged: 0, reingested: 0, again: 0, asked: 0 }
  const space = device.sync.space('personal')
  const all = () => [...space.list({ limit: 10_000 }), ...device.sync.space('device').list({ limit: 10_000 })]
  for (const dialogue of dialogues) {
    for (const item of all()) await (space.get(item.id) ? space : device.sync.space('device')).remove(item.id)
    const before = await space.putMany(dialogue.memories.map(({ text, at }) => ({ v: 1, kind: 'fact', text, observedAt: at, source: { device: device.id } })))
    const message = dialogue.messages.at(-1)?.text ?? ''
    const at = Math.max(...before.map(({ value }) => Number(value['observedAt'])), Date.UTC(2040, 0)) + 1000
    await hold(device, dialogue, at)
    const learned = all().filter(item => !before.some(({ id }) => id === item.id))
    const right = (item: Item) => dialogue.items.find(({ text }) => normalised(text) === normalised(textOf(item)))
    counts.learned += learned.length
    counts.unsupported += learned.filter(item => !normalised(message).includes(normalised(textOf(item)).trim())).length
    counts.junk += learned.filter(item => !right(item)).length
    counts.wanted += dialogue.items.length
    counts.kept += dialogue.items.filter(item => learned.some(each => right(each) === item)).length
    const ended = (id: string) => space.get(id)?.value['validTo'] !== undefined
    const replaced = new Set(dialogue.items.map(({ replaces }) => replaces))
    for (const item of dialogue.items.filter(({ replaces }) => replaces !== undefined)) {
      counts.changes++
      const old = before.find(each => textOf(each) === item.replaces)
      if (old && ended(old.id) && learned.some(each => right(each) === item && each.value['validTo'] === undefined)) counts.changed++
    }
    const others = before.filter(item => !replaced.has(textOf(item)))
    counts.before += others.length
    counts.wronged += others.filter(({ id }) => ended(id)).length
    const held = all().length
    await hold(device, dialogue, at + 60_000)
    const toldAgain = all().length
    counts.reingested += toldAgain - held
    for (const item of learned) await hold(device, { messages: [{ role: 'user', text: `By the way, ${textOf(item)}.` }] }, at + 120_000)
    counts.again += all().length - toldAgain
    if (dialogue === dialogues[0]) {
      const known = all().length
      for (let times = 0; times < timesAsked; times++) await hold(device, { messages: [{ role: 'user', text: `${dialogue.memories[0]?.text ?? 'my name is Ann'}, is that right?` }] }, at + 180_000)
      counts.asked = all().length - known
    }
  }
  const share = (part: number, whole: number) => part / Math.max(1, whole)
  return [
    row('unsupported', share(counts.unsupported, counts.learned), 'share', proposer), row('junk', share(counts.junk, counts.learned), 'share', proposer), row('kept', share(counts.kept, counts.wanted), 'share', proposer),
    row('contradiction', share(counts.changed, counts.changes), 'share', proposer), row('wrongly_replaced', share(counts.wronged, counts.before), 'share', proposer), row('reingested', counts.reingested, 'count', proposer), row('duplicates', counts.again, 'count', proposer), row('recalled_100', counts.asked, 'count', proposer)
  ]
}

/** Has a conversation, of which only the last message is new. */
async function hold({ conversations, learner }: Device, { messages }: Pick<Dialogue, 'messages'>, at: number): Promise<void> {
  const conversation = conversations.newId()
  for (const [index, { role, text }] of messages.entries()) conversations.append(conversation, role, text, at + index, index === messages.length - 1 ? { space: undefined } : undefined)
  learner.wake()
  await learner.idle()
}
