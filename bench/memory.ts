import { join, resolve } from 'node:path'
import { type Device, startDevice } from '../node/device.ts'
import type { Model } from '../node/model.ts'
import type { Bench, Context, Values } from './bench.ts'
import { numberOf, sizesOf } from './bench.ts'
import { EvidenceScore, memoriesOf, readConversations } from './memory/locomo.ts'
import { recallPace } from './memory/pace.ts'
import { dialoguesOf, modelFor, proposers, writeQuality } from './memory/writes.ts'
import type { Row } from './report.ts'

const defaultDialogues = 300

export const memoryBench: Bench = {
  name: 'memory',
  about: 'recall: evidence that is found for the questions of LoCoMo, how quickly memories are found among many, and what is learned from generated dialogues',
  options: { quick: { type: 'boolean' }, data: { type: 'string' }, sizes: { type: 'string' }, writes: { type: 'boolean' }, dialogues: { type: 'string' } },
  help: [
    '--data FILE        conversations of LoCoMo with questions, for evaluation only; without it only the pace is measured',
    '--sizes 1k,10k     how many memories (default 1k,10k,100k); --quick: 300',
    `--writes           only what is learned, of --dialogues N of each kind (default ${defaultDialogues}; --quick: 3, and without --writes none)`
  ],
  sectionOf: values => (values['writes'] ? 'memory --writes' : 'memory'),
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  const learned = values['quick'] && !values['writes'] ? [] : await learning(numberOf(values, 'dialogues', values['quick'] ? 3 : defaultDialogues), context)
  if (values['writes']) return learned
  const rows = typeof values['data'] === 'string' ? await evidence(resolve(values['data']), context) : []
  for (const { label, memories } of sizesOf({ ...(values['quick'] ? {} : { sizes: '1k,10k,100k' }), ...values }, values['quick'] === true)) {
    context.say(`${label} memories …`)
    rows.push(...(await withDevice(join(context.dir, label), device => recallPace(device, memories, label))))
  }
  return [...rows, ...learned]
}

async function learning(count: number, { dir, say }: Context): Promise<Row[]> {
  const dialogues = dialoguesOf(count)
  const rows: Row[] = []
  for (const proposer of proposers) {
    say(`${dialogues.length} dialogues, ${proposer} …`)
    rows.push(...(await withDevice(join(dir, proposer.replace(' ', '-')), device => writeQuality(device, dialogues, proposer), modelFor(proposer, dialogues))))
  }
  return rows
}

async function evidence(file: string, { dir, say }: Context): Promise<Row[]> {
  const score = new EvidenceScore()
  for (const conversation of readConversations(file)) {
    say(`${conversation.sample_id} …`)
    await withDevice(join(dir, conversation.sample_id), async device => {
      const memories = memoriesOf(conversation, device.id)
      const items = await device.sync.space('personal').putMany(memories.map(({ value }) => value))
      await score.ask(device, conversation, new Map(items.map(({ id }, index) => [id, memories[index]!.turn])))
    })
  }
  return score.rows()
}

async function withDevice<T>(home: string, work: (device: Device) => Promise<T>, model: Model | null = null): Promise<T> {
  const device = await startDevice({ home, name: 'bench', online: false, model })
  try {
    return await work(device)
  } finally {
    await device.stop()
  }
}
