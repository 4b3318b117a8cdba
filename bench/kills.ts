import { type Bench, type Context, type Values, numberOf } from './bench.ts'
import { Ordeal } from './kills/ordeal.ts'
import { row, type Row } from './report.ts'

/** So often a device that just starts again is killed once more. */
const killedTwice = 0.25

export const killsBench: Bench = {
  name: 'kills',
  about: 'two devices that write are killed with SIGKILL over and over: is anything lost that was acknowledged?',
  options: { rounds: { type: 'string' }, seed: { type: 'string' } },
  help: ['--rounds N         (default 100)', '--seed N           repeats the choices of an earlier run: who is killed, when, and what is written'],
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  const rounds = numberOf(values, 'rounds', 100)
  const seed = numberOf(values, 'seed', Math.floor(Math.random() * 2 ** 31), 0)
  context.say(`seed ${seed}: npm run bench -- kills --rounds ${rounds} --seed ${seed}`)
  const ordeal = await Ordeal.start(context, seed)
  try {
    for (let round = 1; round <= rounds; round++) {
      const { victim, writtenMs, again } = ordeal.draw(killedTwice)
      await ordeal.round({ victim, writtenMs, again })
      if (round % 10 === 0 || round === rounds) context.say(`round ${round}: ${ordeal.acknowledged} acknowledged, ${ordeal.lost} lost, ${ordeal.torn} torn, ${ordeal.faults.size} faults`)
    }
  } finally {
    await ordeal.stop()
  }
  for (const fault of ordeal.faults) context.say(`fault: ${fault}`)
  return [
    row('rounds', rounds, 'count'), row('kills', ordeal.kills, 'count'), row('acknowledged', ordeal.acknowledged, 'count'), row('lost', ordeal.lost, 'count'),
    row('torn', ordeal.torn, 'count'), row('damaged_files', ordeal.damaged, 'count'), row('faults', ordeal.faults.size, 'count')
  ]
}
