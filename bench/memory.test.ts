import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../node/testing/temp.node.ts'
import { dialoguesOf } from './memory/writes.ts'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

const turn = (id: string, speaker: string, text: string, caption?: string) => ({ id, session: id.split(':')[0], at: '1:56 pm on 8 May, 2023', speaker, text, ...(caption === undefined ? {} : { caption }) })

test('memory: evidence that is found counts, by category and depth; what was never said is not asked', () => withTempDir(async dir => {
  const file = join(dir, 'talks.json')
  const others = Array.from({ length: 30 }, (_, n) => turn(`D3:${n}`, 'Bo', `weather number ${n} is nice`))
  writeFileSync(file, JSON.stringify([{
    sample_id: 'one', turns: [turn('D1:1', 'Ann', 'I have a new violin'), turn('D2:1', 'Bo', 'Look', 'a photo of a red kite'), ...others],
    qa: [
      { question: 'What does Ann play on her violin?', category: 4, evidence: ['D1:1'] }, { question: 'What is red?', category: 1, evidence: ['D2:1', 'D3:7'] },
      { question: 'Where is the submarine?', category: 2, evidence: ['D1:1'] }, { question: 'What did Ann never say?', category: 5, evidence: ['D1:1'] }, { question: 'What is gone?', category: 4, evidence: ['D9:9'] }
    ]
  }]))
  const report = await documentOf('memory', '--quick', '--data', file)
  const value = (metric: string, variant: string) => valueOf(report, metric, variant)
  assert.equal(['single-hop', 'multi-hop', 'temporal', 'all'].map(name => value('recall_at_5', name)), [1, 0.5, 0, 0.5])
  assert.equal([value('ndcg_at_10', 'single-hop'), value('ndcg_at_10', 'multi-hop')], [1, 0.613])
  assert.ok(value('latency_p95', '300') >= value('latency_p50', '300') && value('latency_p50', '300') > 0)
  writeFileSync(file, '[{}]')
  const { code, stderr } = await bench('memory', '--data', file)
  assert.is(code, 2)
  assert.match(stderr, /--data takes conversations of LoCoMo/)
}))

test('memory: what a dialogue says to be replaced is among the memories that it begins with', () => {
  const replaced = dialoguesOf(20).flatMap(({ items, memories }) => items.flatMap(({ replaces }) => (replaces === undefined ? [] : [memories.some(({ text }) => text === replaces)])))
  assert.ok(replaced.length >= 20 && replaced.every(Boolean), `${replaced.filter(Boolean).length} of ${replaced.length}`)
})

test('memory: what is learned of generated dialogues is what was said, whoever proposes it', async () => {
  const report = await documentOf('memory', '--quick', '--writes')
  assert.equal(report.rows.filter(({ metric }) => metric === 'unsupported').map(({ value, case: proposer }) => [value, proposer]), [[0, 'oracle model'], [0, 'noisy model'], [0, 'starter model'], [0, 'no model']])
  assert.equal(['junk', 'reingested', 'duplicates', 'recalled_100', 'wrongly_replaced'].map(metric => valueOf(report, metric, 'oracle model')), [0, 0, 0, 0, 0])
  assert.ok(valueOf(report, 'kept', 'oracle model') >= 0.8)
})

test.run()
