import { checkpointsIn } from '../checkpoint.node.ts'
import { smallTraining } from './small-training.ts'

// A program that trains, for tests that end it: `training-process DIR EVERY-STEPS [HOLD-AT]`. At the gradient HOLD-AT of this run it says so and waits to be ended.

const [, , dir = '', everySteps = '', holdAt = ''] = process.argv
const say = (line: string) => void process.stdout.write(`${line}\n`)

const { report, trace } = await smallTraining(checkpointsIn(dir), Number(everySteps), {
  hold: async count => {
    if (count !== Number(holdAt)) return
    say('holding')
    await new Promise(resolve => setInterval(resolve.bind(null, undefined), 2 ** 30))
  },
  onProgress: ({ step }) => say(`step ${step}`)
})
say(`notes ${report.notes.length}`)
say(trace)
