import { openOrtSession } from '../../node/model/runtime/ort-session.node.ts'
import type { Measured, Task } from './tasks.ts'
import { CaseTraining } from './training.ts'

// A process that trains one case and ends.

process.once('message', task => void measure(task as Task).then(measured => process.send?.(measured, () => process.disconnect())))

async function measure({ name, steps, threads }: Task): Promise<Measured> {
  const training = await CaseTraining.open(name, { open: model => openOrtSession(model, { threads, asWritten: true }), place: tensor => tensor })
  const rssBefore = process.memoryUsage.rss()
  const took = await training.run(steps)
  await training.close()
  return { ...took, tokens: training.tokens, parameters: training.parameterCount, rssBefore, rssPeak: process.resourceUsage().maxRSS * 1024 }
}
