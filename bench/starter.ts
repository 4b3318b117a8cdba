import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { convertFolder } from '../node/model/convert.node.ts'
import { openModel } from '../node/model/open-model.node.ts'
import { heldTo } from '../node/agent/answer-prompt.ts'
import { chatTemplate } from '../node/starter/chat-template.ts'
import { learnedSchemaOf } from '../node/starter/held.ts'
import { maxPositions } from '../node/starter/tokenizer-files.ts'
import { type Ask, type LearnScore, type Score, type ScoreOptions, dialogueScore, learnScore, scored, taskScore } from '../node/starter/scores/score.ts'
import { dialogues } from '../node/starter/scores/dialogues.ts'
import { type Bench, type Context, UsageError, type Values, numberOf } from './bench.ts'
import { noiseModel } from './noise-model.fixtures.ts'
import { type Row, row } from './report.ts'
import { learnStyle } from './starter/style.ts'

const defaultModel = join(import.meta.dirname, '..', 'node', 'starter', 'model')
const defaultCount = 100
/** The longest answers of the examples have some 200 tokens. */
const maxTokens = 256

export const starterBench: Bench = {
  name: 'starter',
  about: 'the starter model on templates, names and words that it never saw, and on 50 dialogues written by hand; load, first token, memory',
  options: { quick: { type: 'boolean' }, model: { type: 'string' }, count: { type: 'string' }, seed: { type: 'string' }, validation: { type: 'boolean' }, failures: { type: 'string' }, style: { type: 'boolean' }, noise: { type: 'boolean' } },
  help: [
    '--model DIR        a converted model (default: the one that ships)',
    `--count N          examples of each task (default ${defaultCount}), --seed N of the first (default 0), --quick: two of each`,
    '--validation       of the validation split instead of the test split: to choose between trainings',
    '--failures FILE    what was wrong, for people: up to 20 of each figure',
    '--style            teaches it the style of one person by 100 conversations as well, and takes all scores again',
    '--noise            takes them of a model of noise in its place, too: what is right then is the merit of what stands beside the model'
  ],
  run
}

async function run(values: Values, { dir, say }: Context): Promise<Row[]> {
  const folder = typeof values['model'] === 'string' ? resolve(values['model']) : defaultModel
  if (!existsSync(join(folder, 'model.onnx'))) throw new UsageError(`there is no converted model in ${folder}: give one with --model, made by kinmesh model convert`)
  const options = { count: numberOf(values, 'count', values['quick'] ? 2 : defaultCount), seed: numberOf(values, 'seed', 0, 0), split: values['validation'] ? 'validation' : 'test' } as const
  const pace = await measured(folder)
  const noiseRows = values['noise'] ? scoreRows(await noiseScores(dir, options, say), 'with a model of noise') : []
  const opened = await openModel(folder, 'starter', { positions: maxPositions, slots: 1, packed: join(dir, 'packed') })
  try {
    const scores = await allScores(askOf(opened), options, say)
    if (typeof values['failures'] === 'string') writeFileSync(resolve(values['failures']), scores.flatMap(({ name, failures }) => failures.map(failure => `${JSON.stringify({ score: name, ...failure })}\n`)).join(''))
    const rows = [
      ...scoreRows(scores),
      ...noiseRows,
      ...scores.map(({ name, asked }) => row('asked', asked, 'count', name)),
      row('load', pace.loadMs, 'ms'), row('first_token', pace.answerMs, 'ms', 'of an answer'), row('first_token', pace.writtenMs, 'ms', 'that the model writes'), row('first_token', pace.callMs, 'ms', 'of a call, whole'), row('rss', pace.rssMB, 'MB')
    ]
    if (!values['style']) return rows
    say('one person\'s style …')
    const adapter = join(dir, 'style')
    const { seconds, holdoutLoss } = await learnStyle(folder, dir, adapter)
    if (!holdoutLoss) throw new Error('none of the conversations was held back')
    const { before, after } = holdoutLoss
    return [
      ...rows, row('style_learned', seconds, 's'), row('style_holdout', before, 'nats', 'before'), row('style_holdout', after, 'nats', 'after'), row('style_holdout_less', (100 * (before - after)) / before, '%'),
      ...scoreRows(await allScores(askOf(opened, await opened.loadAdapter(adapter)), options, say), 'with the style')
    ]
  } finally {
    await opened.close()
  }
}

/** As a device asks it, and the same answer each time: the most likely token. */
function askOf({ model }: Awaited<ReturnType<typeof openModel>>, adapter?: string): Ask {
  return async (messages, { tools, schema }) => {
    const held = schema === undefined ? heldTo({ template: chatTemplate, isAdapted: adapter !== undefined }, messages, { tools }) : { schema: learnedSchemaOf(messages) }
    const { text, calls } = await model.generate(messages, { ...held, adapter, maxTokens, sampling: { temperature: 0 } })
    return { text, calls }
  }
}

async function noiseScores(dir: string, options: ScoreOptions, say: Context['say']): Promise<(Score | LearnScore)[]> {
  say('a model of noise …')
  await convertFolder(noiseModel(join(dir, 'noise')), join(dir, 'noise-converted'), { bits: 8, block: 32, zeroPoints: false, small: true })
  const opened = await openModel(join(dir, 'noise-converted'), 'noise', { positions: maxPositions, slots: 1, packed: join(dir, 'noise-packed') })
  try {
    return await allScores(askOf(opened), options, say)
  } finally {
    await opened.close()
  }
}

async function allScores(ask: Ask, options: ScoreOptions, say: Context['say']): Promise<(Score | LearnScore)[]> {
  const scores: (Score | LearnScore)[] = []
  for (const name of Object.keys(scored) as (keyof typeof scored)[]) {
    say(`${name} …`)
    scores.push(await taskScore(ask, name, options))
  }
  say('extraction …')
  scores.push(await learnScore(ask, options))
  say('dialogues …')
  return [...scores, await dialogueScore(ask, dialogues)]
}

function scoreRows(scores: readonly (Score | LearnScore)[], variant?: string): Row[] {
  return scores.flatMap(score => ('precision' in score
    ? [row(score.name, score.share, 'F1', variant), row('extraction_precision', score.precision, 'share', variant), row('extraction_recall', score.recall, 'share', variant), row('extraction_kinds', score.kinds, 'share', variant)]
    : [row(score.name, score.share, 'share', variant)]))
}

type Pace = { readonly loadMs: number; readonly answerMs: number; readonly writtenMs: number; readonly callMs: number; readonly rssMB: number }

/** In a process of its own, which has loaded nothing else, started as package.json starts a device. */
async function measured(folder: string): Promise<Pace> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-C', 'development', '--max-semi-space-size=8', join(import.meta.dirname, 'starter', 'measure.ts'), folder])
  return JSON.parse(stdout) as Pace
}
