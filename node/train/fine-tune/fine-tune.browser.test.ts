import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Browser, missingBrowser } from '../../../tools/browser/chromium.ts'
import type { ConvertRecipe } from '../../model/convert-recipe.ts'
import { ModelSite } from '../../model/testing/model-site.node.ts'
import { ModelTabs, Tab, type TabOptions, manifestOf } from '../../model/testing/model-tabs.node.ts'
import { openThreadedModel } from '../../model/worker/threaded-model.node.ts'
import { conversationOf, isHeldOut } from '../examples/conversation.ts'
import type { TrainingProgress } from '../trainer/train.ts'
import type { FineTuneReport, FineTuneSummary } from './fine-tune-report.ts'
import type { PageFineTuneOptions, PageFineTuneReport, PageFineTuneSummary } from './page-fine-tune.ts'
import { answer, conversation, madeModel } from './fine-tune.fixtures.ts'
import { prepareFineTune } from './fine-tune.node.ts'

/** Trainings in a page of a real browser, beside the same ones in Node. */
export const missing = missingBrowser
/** Some dozen trainings, each in a worker that compiles onnxruntime anew. */
export const deadlineMs = 400_000

const recipes: Record<string, ConvertRecipe> = {
  int4: { bits: 4, block: 32, zeroPoints: false, small: true },
  int8: { bits: 8, block: 32, zeroPoints: true, small: true },
  f32: { bits: 32, block: 32, zeroPoints: false, small: true }
}
const temp = mkdtempSync(join(tmpdir(), 'kinmesh-train-page-'))
const models = join(temp, 'models')
const ids = new Map<string, string>()
const browser = new Browser('--host-resolver-rules=MAP plain.test 127.0.0.1')
const site = missing === undefined ? await ModelSite.build(models, 'node/train/testing/train-page.browser.ts') : undefined
const tabs = new ModelTabs(browser, site, models)
const talk = Array.from({ length: 40 }, (_, index) => conversation(index))
/** Each has five steps; checkpoints come after 100. */
const epochs = 26
const memory = 2 ** 30

test.before(async () => {
  for (const [name, recipe] of Object.entries(recipes)) ids.set(name, await madeModel(temp, join(models, name), recipe))
})

test.after(async () => {
  await browser.remove()
  await site?.remove()
  rmSync(temp, { recursive: true, force: true, maxRetries: 5 })
})

/** What a page says of a run. `weights`: of the adapter, in base64. */
type Ran = { readonly report: PageFineTuneReport; readonly progress: TrainingProgress[]; readonly config: string; readonly weights: string }

/** A page that trains. */
class TrainTab {
  readonly #tab: Tab

  constructor(tab: Tab) {
    this.#tab = tab
  }

  options(more: Partial<PageFineTuneOptions> = {}, model = 'int4'): PageFineTuneOptions {
    return { model: { url: `${this.#tab.url}models/${model}/` }, conversations: talk, name: 'talk', rate: 0.01, maxMemoryBytes: memory, threads: 1, epochs, ...more }
  }

  prepare(more: Partial<PageFineTuneOptions> = {}, model?: string): Promise<PageFineTuneSummary | string> {
    return this.call('prepare', this.options(more, model))
  }

  async prepared(more: Partial<PageFineTuneOptions> = {}, model?: string): Promise<PageFineTuneSummary> {
    const summary = await this.prepare(more, model)
    if (typeof summary === 'string') throw new Error(summary)
    return summary
  }

  async ran(): Promise<Ran> {
    const ran = await this.call<Ran | string>('run')
    if (typeof ran === 'string') throw new Error(ran)
    return ran
  }

  call<T>(name: string, ...given: unknown[]): Promise<T> {
    return this.#tab.page.evaluate<T>(`${name}(${given.map(each => JSON.stringify(each)).join()})`)
  }

  /** Files that are kept of the training. */
  async keptNames(): Promise<string[]> {
    return Object.keys((await this.call<object | null>('kept', 'talk')) ?? {}).sort()
  }

  reload(): Promise<unknown> {
    return this.#tab.page.reload()
  }
}

const withTab = (use: (tab: TrainTab, page: Tab) => Promise<void>, options: TabOptions = {}) => tabs.with(tab => use(new TrainTab(tab), tab), options)

/** What Node makes of the same, with its adapter's folder. */
async function inNode(model: string): Promise<{ summary: FineTuneSummary; progress: TrainingProgress[]; holdoutLoss: FineTuneReport['holdoutLoss']; out: string }> {
  const dir = mkdtempSync(join(temp, 'node-'))
  const [file, out, progress]: [string, string, TrainingProgress[]] = [join(dir, 'talk.jsonl'), join(dir, 'adapter'), []]
  writeFileSync(file, talk.map(each => JSON.stringify(each)).join('\n'))
  const tuning = await prepareFineTune({ model: join(models, model), source: { kind: 'file', path: file }, work: join(dir, 'work'), out, rate: 0.01, maxMemoryBytes: memory, threads: 1, epochs })
  const { holdoutLoss } = await tuning.run({ onProgress: each => void (each.phase === 'train' && progress.push(each)) })
  await tuning.close()
  return { summary: tuning.summary, progress, holdoutLoss, out }
}

const bytesOf = ({ weights }: Ran) => Buffer.from(weights, 'base64')
/** The same training in a page that nothing interrupts, in base64. */
let whole: Promise<string> | undefined
const wholeAdapter = () => (whole ??= (async () => {
  let weights = ''
  await withTab(async tab => {
    await tab.prepared()
    ;({ weights } = await tab.ran())
  })
  return weights
})())
const checkpointOf = (step: number) => `step-${String(step).padStart(12, '0')}.checkpoint`

/** A training that is cancelled after so many steps; those that it had made then. */
async function cancelledAfter(tab: TrainTab, steps: number): Promise<number> {
  await tab.prepared()
  const running = tab.call('run')
  await tab.call('reached', steps)
  await tab.call('cancel')
  assert.is(await running, 'enough')
  await tab.call('close')
  return tab.call('reached', 0)
}

for (const model of Object.keys(recipes)) {
  test(`a page learns what Node learns, step by step, on one thread, and on two with weights that stay packed; Node answers with its adapter: ${model}`, () => withTab(async tab => {
    const node = await inNode(model)
    const { plan } = node.summary
    for (const threads of [1, 2]) {
      // The second one goes on from a plan that was made for less memory.
      if (threads === 2) await tab.call('keep', 'talk', 'training.json', JSON.stringify({ format: 1, startedAt: 1, plan }))
      const summary = await tab.prepared({ threads }, model)
      const [unpacked, continues] = threads === 1 ? [model !== 'f32', null] : [false, 1]
      assert.equal([{ ...summary.plan, bytes: plan.bytes }, summary.data, summary.model, summary.threads, summary.keptIn, summary.notes, summary.continues], [{ ...plan, unpacked }, node.summary.data, { id: ids.get(model), name: model }, threads, 'opfs', [], continues])
      const ran = await tab.ran()
      assert.equal([ran.progress.map(({ step }) => step), ran.progress.at(-1)?.of], [node.progress.map(({ step }) => step), summary.steps])
      const off = Math.max(...ran.progress.map(({ loss }, index) => Math.abs(loss - node.progress[index]!.loss)))
      // Measured: 2e-6 at most, of losses of about 9.
      assert.ok(off < 1e-4, `a loss is off by ${off}`)
      const { before, after } = ran.report.holdoutLoss!
      assert.ok(Math.abs(before - node.holdoutLoss!.before) < 1e-4 && Math.abs(after - node.holdoutLoss!.after) < 1e-4 && after < before / 3, JSON.stringify([ran.report.holdoutLoss, node.holdoutLoss]))
      assert.equal([ran.report.end, ran.report.made, ran.progress.every(({ perSecond, leftMs }) => perSecond > 0 && leftMs >= 0), ran.report.libraryBytes > 0], ['done', summary.steps, true, true])
      assert.equal(ran.config, readFileSync(join(node.out, 'adapter_config.json'), 'utf8'))

      writeFileSync(join(node.out, 'adapter_model.safetensors'), bytesOf(ran))
      const opened = await openThreadedModel({ dir: join(models, model), name: 'tiny', threads: 1 })
      const { text } = await opened.generate([{ role: 'user', text: 'say 7' }], { adapter: await opened.loadAdapter(node.out), maxTokens: 8, sampling: { temperature: 0 } })
      await opened.close()
      assert.is(text, answer)

      const kept = await tab.keptNames()
      assert.equal([kept.length, ...kept.slice(-2)], [3, checkpointOf(summary.steps), 'training.json'])
      await tab.call('done')
      await tab.call('close')
      assert.is(await tab.call('kept', 'talk'), null, 'nothing is left')
    }
  }))
}

test('a page that is closed in the middle goes on to the same numbers, bit for bit; what came to its end gives the same adapter again', () => withTab(async tab => {
  await tab.prepared()
  void tab.call('run').catch(() => {}) // its page goes
  await tab.call('reached', 101)
  await tab.reload()
  const summary = await tab.prepared()
  assert.ok(summary.continues !== null)
  const ran = await tab.ran()
  assert.ok(ran.progress[0]!.step > 100, `it went on with step ${ran.progress[0]?.step}`)
  assert.equal([ran.report.notes, ran.weights === (await wholeAdapter())], [[], true])
  await tab.reload()
  await tab.prepared()
  const again = await tab.ran()
  assert.equal([again.progress.length, again.weights === ran.weights, again.report.holdoutLoss], [0, true, ran.report.holdoutLoss])
}))

test('a browser that is killed in the middle of a training goes on to the same numbers, bit for bit', () => withTab(async (tab, { url }) => {
  const expected = await wholeAdapter()
  await tab.prepared()
  void tab.call('run').catch(() => {}) // its page goes
  await tab.call('reached', 101)
  await browser.kill()
  const again = new TrainTab(new Tab(await browser.open(url), url, models))
  assert.ok((await again.prepared()).continues !== null)
  const ran = await again.ran()
  assert.ok(ran.progress[0]!.step > 100, `it went on with step ${ran.progress[0]?.step}`)
  assert.equal([ran.report.notes, ran.weights === expected], [[], true])
}))

test('cancelled it keeps every step; other options than those of before are named, and it can be begun anew', () => withTab(async tab => {
  const made = await cancelledAfter(tab, 10)
  assert.equal(await tab.keptNames(), [checkpointOf(made), 'training.json'])
  await tab.prepared({ rate: 0.02 })
  assert.match(await tab.call<string>('run'), /^CheckpointMismatch: .*schedule.*begin anew with restart/)
  await tab.call('close')
  assert.match(await tab.prepare({ maxMemoryBytes: 2 ** 20 }) as string, /^CheckpointMismatch: .*MiB/)
  await tab.prepared()
  const ran = await tab.ran()
  assert.equal([ran.progress[0]!.step, ran.weights === (await wholeAdapter())], [made + 1, true])
  await tab.call('close')
  assert.is((await tab.prepared({ rate: 0.02, restart: true, epochs: 1 })).continues, null)
  assert.is((await tab.ran()).progress[0]!.step, 1)
}))

test('closed while it trains it ends with a checkpoint, and says so', () => withTab(async tab => {
  await tab.prepared()
  const running = tab.call<string>('run')
  await tab.call('reached', 3)
  await tab.call('close')
  assert.match(await running, /^DeviceStopped/)
  assert.is((await tab.keptNames()).length, 2)
  assert.is(await tab.call('cancelPreparing', tab.options({ name: 'other' })), 'enough')
  assert.ok((await tab.prepared({ name: 'other' })).steps > 0)
}))

for (const how of ['flip', 'cut'] as const) {
  test(`a damaged checkpoint (${how}): the one before is taken, and it is said; with none that is whole there is an error`, () => withTab(async tab => {
    const [first, second] = [await cancelledAfter(tab, 5), await cancelledAfter(tab, 12)]
    assert.equal(await tab.keptNames(), [checkpointOf(first), checkpointOf(second), 'training.json'])
    await tab.call('damage', 'talk', checkpointOf(second), how)
    await tab.prepared()
    const ran = await tab.ran()
    assert.match(ran.report.notes.join('|'), new RegExp(`^the checkpoint ${checkpointOf(second)} is damaged [^|]*$`))
    assert.equal([ran.progress[0]!.step, ran.weights === (await wholeAdapter())], [first + 1, true])
    await tab.call('close')
    for (const file of (await tab.keptNames()).filter(name => name.startsWith('step'))) await tab.call('damage', 'talk', file, how)
    await tab.prepared()
    assert.match(await tab.call<string>('run'), /^CheckpointDamaged: .*"talk" of this page's files/)
  }))
}

test('where the page has no room left: DiskFull, what was kept stays, and it goes on from there', () => withTab(async (tab, { page, url }) => {
  const made = await cancelledAfter(tab, 5)
  const devtools = await page.context().newCDPSession(page)
  const { origin } = new URL(url)
  await tab.prepared()
  const running = tab.call<string>('run')
  await tab.call('reached', made + 1)
  // Room for the beginning of a checkpoint.
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: (await tab.call<number>('usage')) + 50_000 })
  assert.match(await running, /^DiskFull: the browser has no room left for this training/)
  await tab.call('close')
  assert.equal(await tab.keptNames(), [checkpointOf(made), 'training.json'])
  await devtools.send('Storage.overrideQuotaForOrigin', { origin })
  await tab.prepared()
  assert.is((await tab.ran()).weights, await wholeAdapter())
}))

test('what cannot be is refused by name before anything is kept', () => withTab(async (tab, { page, url }) => {
  const refused = async (more: Partial<PageFineTuneOptions>, expected: RegExp) => {
    const found = await tab.prepare(more)
    assert.match(typeof found === 'string' ? found : 'it was prepared', expected)
    assert.is(await tab.call('kept', 'talk'), null)
    return found as string
  }
  const at = (name: string, id?: string) => ({ url: `${url}models/${name}/`, ...(id && { id }) })
  await refused({ model: at('nowhere') }, /^DownloadFailed/)
  await refused({ model: at('int4', ids.get('f32')!) }, /^WrongModel/)
  const old = manifestOf(models, 'int4')
  cpSync(join(models, 'int4'), join(models, 'old'), { recursive: true })
  writeFileSync(join(models, 'old', 'manifest.json'), JSON.stringify({ ...old, recipe: { ...old.recipe, graph: 1 } }))
  await refused({ model: at('old') }, /^NotConverted/)
  await refused({ conversations: [] }, /^NoTrainingData/)
  await refused({ conversations: [[{ role: 'user', content: 'secret' }]] }, /^NoTrainingData/)
  assert.not.match(await refused({ conversations: [talk[0], { messages: [{ role: 'secret', content: 'secret' }] }] }, /^BadTrainingData: conversation 2/), 'secret')
  await refused({ maxMemoryBytes: 2 ** 20 }, /^TooLittleMemory: .*MiB at least/)
  await refused({ rank: 0 }, /^InvalidOption: rank/)
  await refused({ name: '../talk' }, /^InvalidOption: name/)
  // A second tab has the same files.
  const other = await page.context().newPage()
  await other.goto(url)
  await other.evaluate(`prepare(${JSON.stringify(tab.options())})`)
  assert.match(await tab.prepare() as string, /^TrainingBusy: another tab/)
  await other.close()
  assert.ok((await tab.prepared()).steps > 0)
}))

test('a file of conversations; messages alone; and where training makes no held-out answer likelier there is no adapter', () => withTab(async tab => {
  const { data } = await tab.prepared({ conversations: talk.map(({ messages }) => messages) })
  await tab.call('close')
  await tab.call('ofFile')
  const ofFile = await tab.prepared()
  assert.equal([ofFile.data, data.conversations], [data, talk.length])
  await tab.call('close')
  // What is held back is what the rest makes less likely.
  const other = 'QZ#%&*'.repeat(20)
  const conversations = Array.from({ length: 200 }, (_, index) => [conversation(index), conversation(index, other)].find((each, at) => isHeldOut(conversationOf(each, ''), 0.1) === (at === 1))).filter(each => each !== undefined)
  await tab.prepared({ conversations, rate: 0.05 })
  assert.match(await tab.call<string>('run'), /^NoBetter: .*rate/)
  await tab.call('close')
  assert.is(await tab.call('kept', 'talk'), null)
}))

test('over plain http from another machine it trains all the same: on one thread, with nothing kept, and says so', () => withTab(async tab => {
  const { notes, threads, keptIn } = await tab.prepared({ threads: 2 })
  assert.equal([threads, keptIn, notes.length], [1, 'nowhere', 3])
  assert.match(notes.join('|'), /plain http.*fetched anew.*\|.*one thread.*\|.*plain http.*begins anew/)
  assert.is((await tab.ran()).weights, await wholeAdapter())
}, { host: 'plain.test', isolated: false }))

test.run()
