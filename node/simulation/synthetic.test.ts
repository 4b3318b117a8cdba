import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkExperiment } from '../../federated/simulation/experiment.ts'
import { simulate } from '../../federated/simulation/simulate.ts'
import { split } from '../../federated/simulation/splits.ts'
import { openTask } from './open-task.node.ts'
import { SyntheticTask, syntheticData } from './synthetic.ts'

const local = { epochs: 1, batch: null, optimizer: { name: 'sgd', momentum: 0 }, rate: 1, proximal: 0 } as const

test('the gradient that a step follows is that of the loss, by differences', async () => {
  const data = syntheticData(3, 1)
  // Trained and assessed on the same examples, so that both see one loss.
  const task = new SyntheticTask({ training: data.training, heldOut: data.training }, split({ kind: 'iid' }, data.training, 1, 1), local)
  const parameters = Float32Array.from({ length: 610 }, (_, at) => Math.sin(at))
  const { delta, loss } = await task.train({ client: 0, seed: 1, parameters })
  assert.ok(Math.abs(loss - (await task.assess(parameters)).loss) < 1e-12)
  for (const at of [0, 17, 333, 599, 600, 609]) {
    const moved = async (by: number) => (await task.assess(parameters.with(at, parameters[at]! + by))).loss
    const slope = ((await moved(1e-2)) - (await moved(-1e-2))) / 2e-2
    assert.ok(Math.abs(slope + delta[at]!) < 2e-3 * Math.max(1, Math.abs(slope)), `${at}: ${slope} by differences, ${-delta[at]!}`)
  }
})

test('sources differ, have twenty examples each, and are learned together', async () => {
  const { training, heldOut } = syntheticData(40, 3)
  assert.equal([training.count, heldOut.count], [800, 160])
  assert.equal([...training.speakers.subarray(18, 22)], [0, 0, 1, 1])
  assert.ok(new Set(training.labels).size > 5)
  const experiment = checkExperiment({ task: 'synthetic', rounds: 20, clients: 40, split: { kind: 'by-speaker' }, local: { batch: 10, rate: 0.1 } })
  const { task } = await openTask(experiment)
  const { records } = await simulate(experiment, task)
  assert.ok(records[20]!.accuracy! > 2 * records[0]!.accuracy! && records[20]!.loss! < records[0]!.loss!, JSON.stringify([records[0], records[20]]))
  await task.close()
})

test('the same seed makes the same data', () => {
  assert.equal(syntheticData(5, 1), syntheticData(5, 1))
  assert.not.equal(syntheticData(5, 1).training.labels, syntheticData(5, 2).training.labels)
})

test.run()
