import { openBaseModel } from '../fine-tune/base-model.node.ts'
import { learnedOf, objectiveOf } from '../fine-tune/base-model.ts'
import type { MemoryPlan } from '../memory-plan.ts'
import { tokenData } from '../trainer/token-data.ts'
import { initialParameters } from '../trainer/initial-parameters.ts'
import { adamW } from '../trainer/optimizer.ts'
import { TokenExamples } from '../trainer/token-examples.ts'
import { train } from '../trainer/train.ts'

// A program that trains with a plan, a batch of each length, for tests: `memory-process FOLDER PLAN`. It says how much memory that took beyond the process before, bytes.

const [, , dir = '', json = ''] = process.argv
const plan = JSON.parse(json) as MemoryPlan
const model = await openBaseModel(dir, 1)
const examples = new TokenExamples()
for (const length of plan.lengths) {
  const rows = Math.max(1, Math.floor(plan.batchTokens / length))
  for (let row = 0; row < rows; row++) examples.add(Int32Array.from({ length: length + 1 }, (_, at) => (row + 7 * at) % model.text.config.vocabSize), () => true)
}
const { data } = tokenData(examples, { ...plan, pack: false })
const before = process.memoryUsage.rss()
const objective = objectiveOf(model, learnedOf(model, 8, 16), plan)
const parameters = initialParameters(objective.parameters, 1)
await train(objective, data, { parameters, optimizer: adamW(objective.parameters), schedule: { rate: 1e-3 }, length: { epochs: 1 } })
await objective.close()
await model.close()
process.stdout.write(String(process.resourceUsage().maxRSS * 1024 - before))
