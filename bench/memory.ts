import { join, resolve } from 'node:path'
import { type Device, startDevice } from '../node/device.ts'
import type { Bench, Context, Values } from './bench.ts'
import { sizesOf } from './bench.ts'
import { EvidenceScore, memoriesOf, readConversations } from './memory/locomo.ts'
import { recallPace } from './memory/pace.ts'
import type { Row } from './report.ts'

export const memoryBench: Bench = {
  name: 'memory',
  about: 'recall: evidence that is found for the questions of LoCoMo, and how quickly memories are found among many',
  options: { quick: { type: 'boolean' }, data: { type: 'string' }, sizes: { type: 'string' } },
  help: [
    '--data FILE        conversations of LoCoMo with questions, for evaluation only; without it only the pace is measured',
    '--sizes 1k,10k     how many memories (default 1k,10k,100k); --quick: 300'
  ],
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  const rows = typeof values['data'] === 'string' ? await evidence(resolve(values['data']), context) : []
  for (const { label, memories } of sizesOf({ ...(values['quick'] ? {} : { sizes: '1k,10k,100k' }), ...values }, values['quick'] === true)) {
    context.say(`${label} memories …`)
    rows.push(...(await withDevice(join(context.dir, label), device => recallPace(device, memories, label))))
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

async function withDevice<T>(home: string, work: (device: Device) => Promise<T>): Promise<T> {
  const device = await startDevice({ home, name: 'bench', online: false, model: null })
  try {
    return await work(device)
  } finally {
    await device.stop()
  }
}
