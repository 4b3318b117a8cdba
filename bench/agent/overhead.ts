import { startDevice } from '../../node/device.ts'
import type { Model } from '../../node/model.ts'
import { type Row, row } from '../report.ts'
import { median, quantile } from '../statistics.ts'
import { maxTokens, memoryCount, memoryText, question } from './questions.ts'

/** What one question took, in ms. `first`: until the first piece of the answer; undefined where it had none. */
type Asked = { readonly total: number; readonly totalOwn: number; readonly first: number | undefined; readonly firstOwn: number | undefined }

/** A model that notes when it was busy. */
function timed(model: Model): { model: Model; begin(): void; busyUntil(at: number): number } {
  let spans: { from: number; to: number }[] = []
  return {
    model: {
      // A device knows by them how to ask it. Counting tokens is the assistant's wish, and no work on an answer.
      name: model.name, template: model.template, ...(model.measure && { measure: model.measure.bind(model) }),
      async generate(messages, options) {
        const span = { from: performance.now(), to: Infinity }
        spans.push(span)
        try {
          return await model.generate(messages, { ...options, maxTokens, sampling: { temperature: 0 } })
        } finally {
          span.to = performance.now()
        }
      }
    },
    begin: () => void (spans = []),
    busyUntil: at => spans.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, at) - from), 0)
  }
}

/**
 * Asks the assistant, and tells what it adds to the time in which the model works: recall, prompt, tools, storing both turns. In the same answers, so that what differs from run to run of the model is in neither.
 * The first token of the bare question is beside it: its prompt has no memories, tools and time.
 */
export async function overhead(home: string, model: Model, questions: number): Promise<Row[]> {
  const watch = timed(model)
  const device = await startDevice({ home, name: 'bench', online: false, model: watch.model })
  try {
    await device.sync.space('personal').putMany(Array.from({ length: memoryCount }, (_, n) => ({ v: 1, kind: 'fact', text: memoryText(n), source: { device: device.id } })))
    await device.recall.ready()
    await device.assistant.ask(question(0)) // the first one compiles
    const asked: Asked[] = []
    for (let n = 1; n <= questions; n++) {
      watch.begin()
      const from = performance.now()
      let firstAt: number | undefined
      await device.assistant.ask(question(n), { onToken: () => void (firstAt ??= performance.now()) })
      const to = performance.now()
      // What is learned of it is nobody's wait, and would count as the model's work on the next one.
      await device.learner.idle()
      asked.push({ total: to - from, totalOwn: to - from - watch.busyUntil(to), first: firstAt && firstAt - from, firstOwn: firstAt && firstAt - from - watch.busyUntil(firstAt) })
    }
    // Afterwards: between the others they would take the place of what the model has read of those.
    const bare: number[] = []
    for (let n = 1; n <= questions; n++) bare.push(await firstToken(model, question(n)))
    const firsts = asked.flatMap(({ first, firstOwn }) => (first === undefined || firstOwn === undefined ? [] : [{ first, firstOwn }]))
    return [
      ...(firsts.length === 0 ? [] : [row('overhead_first_token', median(firsts.map(({ firstOwn }) => firstOwn)), 'ms'), row('overhead_first_token', quantile(firsts.map(({ firstOwn }) => firstOwn), 0.95), 'ms', 'p95')]),
      row('overhead_total', median(asked.map(({ totalOwn }) => totalOwn)), 'ms'),
      row('overhead_total', quantile(asked.map(({ totalOwn }) => totalOwn), 0.95), 'ms', 'p95'),
      row('overhead_share', (100 * asked.reduce((sum, { totalOwn }) => sum + totalOwn, 0)) / asked.reduce((sum, { total }) => sum + total, 0), '%'),
      ...(firsts.length === 0 ? [] : [row('first_token', median(firsts.map(({ first }) => first)), 'ms', 'assistant')]),
      row('first_token', median(bare), 'ms', 'bare question'),
      row('answer', median(asked.map(({ total }) => total)), 'ms', 'assistant')
    ]
  } finally {
    await device.stop()
  }
}

async function firstToken(model: Model, text: string): Promise<number> {
  const from = performance.now()
  let first: number | undefined
  await model.generate([{ role: 'user', text }], { maxTokens: 1, sampling: { temperature: 0 }, onToken: () => void (first ??= performance.now() - from) })
  return first ?? performance.now() - from
}
