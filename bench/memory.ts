import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Device, type DeviceOptions, startDevice } from '../node/device.ts'
import type { Model } from '../node/model.ts'
import { openModel } from '../node/model/open-model.node.ts'
import { openChosenEncoder } from '../node/model/encoder/chosen-encoder.node.ts'
import type { EncoderSlot } from '../node/model/encoder/chosen-encoder.ts'
import { type Bench, type Context, type Values, UsageError, numberOf, sizesOf } from './bench.ts'
import { type Conversation, EvidenceScore, memoriesOf, readConversations } from './memory/locomo.ts'
import { recallPace } from './memory/pace.ts'
import { standInEncoder } from './memory/stand-in.ts'
import { vectorRows } from './memory/vectors.ts'
import { dialoguesOf, modelFor, proposers, writeQuality } from './memory/writes.ts'
import type { Row } from './report.ts'

const defaultDialogues = 300
const starterDir = join(import.meta.dirname, '..', 'node', 'starter', 'model')

export const memoryBench: Bench = {
  name: 'memory',
  about: 'recall: evidence that is found for the questions of LoCoMo, how quickly memories are found among many, and what is learned from generated dialogues',
  options: { quick: { type: 'boolean' }, data: { type: 'string' }, sizes: { type: 'string' }, embedder: { type: 'string' }, vectors: { type: 'string' }, writes: { type: 'boolean' }, dialogues: { type: 'string' } },
  help: [
    '--data FILE        conversations of LoCoMo with questions, for evaluation only; without it only the pace is measured',
    '--sizes 1k,10k     how many memories (default 1k,10k,100k); --quick: 300',
    '--embedder KIND    none (default), or beside it: device (the encoder of ~/.kinmesh or KINMESH_HOME), or stand-in (for the pace alone: it knows no language and takes no time)',
    '--vectors 20k,100k hnswlib beside exact search, among so many vectors',
    `--writes           only what is learned, of --dialogues N of each kind (default ${defaultDialogues}; --quick: 3, and without --writes none)`
  ],
  sectionOf: values => (values['writes'] ? 'memory --writes' : 'memory'),
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  // What was asked in vain is told before anything takes its time.
  const talks = typeof values['data'] === 'string' ? readConversations(resolve(values['data'])) : []
  const learned = values['quick'] && !values['writes'] ? [] : await learning(numberOf(values, 'dialogues', values['quick'] ? 3 : defaultDialogues), context)
  if (values['writes']) return learned
  const { encoder, name } = await embedderOf(values)
  const rows = talks.length === 0 ? [] : await evidence(talks, context)
  if (talks.length > 0 && encoder && name !== 'stand-in') rows.push(...(await evidence(talks, context, encoder, `, ${name}`)))
  for (const { label, memories } of sizesOf({ ...(values['quick'] ? {} : { sizes: '1k,10k,100k' }), ...values }, values['quick'] === true)) {
    context.say(`${label} memories …`)
    rows.push(...(await withDevice(join(context.dir, label), undefined, device => recallPace(device, memories, label))))
    if (!encoder) continue
    context.say(`${label} memories with ${name} …`)
    rows.push(...(await withDevice(join(context.dir, `${label}-vectors`), encoder, device => recallPace(device, memories, `${label}, ${name}`))))
  }
  for (const { label, memories } of values['vectors'] === undefined ? [] : sizesOf({ sizes: values['vectors'] }, false)) {
    context.say(`${label} vectors …`)
    rows.push(...(await vectorRows(memories, label, context.say)))
  }
  await encoder?.close()
  return [...rows, ...learned]
}

async function learning(count: number, { dir, say }: Context): Promise<Row[]> {
  const dialogues = dialoguesOf(count)
  const rows: Row[] = []
  const starter = await openModel(starterDir, 'starter', { slots: 1, packed: join(dir, 'packed') })
  try {
    for (const proposer of proposers) {
      say(`${dialogues.length} dialogues, ${proposer} …`)
      rows.push(...(await withDevice(join(dir, proposer.replace(' ', '-')), undefined, device => writeQuality(device, dialogues, proposer), modelFor(proposer, dialogues, starter.model))))
    }
  } finally {
    await starter.close()
  }
  return rows
}

async function embedderOf(values: Values): Promise<{ readonly encoder?: EncoderSlot; readonly name: string }> {
  const kind = values['embedder'] ?? 'none'
  if (kind === 'none') return { name: '' }
  if (kind === 'stand-in') return { encoder: standInEncoder(), name: 'stand-in' }
  if (kind !== 'device') throw new UsageError(`--embedder takes none, device or stand-in, not "${String(kind)}"`)
  const encoder = openChosenEncoder(join(process.env['KINMESH_HOME'] ?? join(homedir(), '.kinmesh'), 'models'))
  const name = await encoder.name()
  if (name === null) throw new UsageError('no encoder is chosen: kinmesh model pull OWNER/NAME (BERT, DistilBERT or MPNet in ONNX), then kinmesh model use OWNER/NAME')
  return { encoder, name }
}

async function evidence(talks: readonly Conversation[], { dir, say }: Context, encoder?: EncoderSlot, addition = ''): Promise<Row[]> {
  const score = new EvidenceScore()
  for (const conversation of talks) {
    say(`${conversation.sample_id}${addition} …`)
    await withDevice(join(dir, `${conversation.sample_id}${encoder ? '-vectors' : ''}`), encoder, async device => {
      const memories = memoriesOf(conversation, device.id)
      const items = await device.sync.space('personal').putMany(memories.map(({ value }) => value))
      await device.recall.settled()
      await score.ask(device, conversation, new Map(items.map(({ id }, index) => [id, memories[index]!.turn])))
    })
  }
  return score.rows(addition)
}

/** One with an encoder makes vectors while it runs, and one without may be opened as a command opens it. */
async function withDevice<T>(home: string, encoder: EncoderSlot | undefined, work: (device: Device) => Promise<T>, model: Model | null = null): Promise<T> {
  const running: Partial<DeviceOptions> = encoder ? { port: 0, host: '127.0.0.1', mdns: false, webrtc: false, listen: false, encoder: { ...encoder, close: async () => undefined } } : { online: false }
  const device = await startDevice({ home, name: 'bench', model, ...running })
  try {
    return await work(device)
  } finally {
    await device.stop()
  }
}
