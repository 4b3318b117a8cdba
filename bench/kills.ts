import { type Bench, type Context, UsageError, type Values, listOf, numberOf } from './bench.ts'
import { Ordeal } from './kills/ordeal.ts'
import { type Phase, drawRound, phases } from './kills/phases.ts'
import { row, type Row } from './report.ts'

export const killsBench: Bench = {
  name: 'kills',
  about: 'devices are killed with SIGKILL over and over, in the middle of everything: is anything lost that was acknowledged?',
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, phase: { type: 'string' } },
  help: [
    '--rounds N         (default 100)',
    `--phase LIST       what they are doing, round by round, of ${phases.join(', ')} (default: all)`,
    '--seed N           repeats the choices of an earlier run: who is killed, when, and what is written'
  ],
  run
}

async function run(values: Values, context: Context): Promise<Row[]> {
  const rounds = numberOf(values, 'rounds', 100)
  const seed = numberOf(values, 'seed', Math.floor(Math.random() * 2 ** 31), 0)
  const wanted = listOf(values, 'phase', phases).map(phaseOf)
  context.say(`seed ${seed}: npm run bench -- kills --rounds ${rounds} --seed ${seed}${values['phase'] === undefined ? '' : ` --phase ${wanted.join()}`}`)
  const ordeal = new Ordeal(context, seed)
  for (let round = 1; round <= rounds; round++) {
    await ordeal.round(drawRound(ordeal.next, wanted[round % wanted.length] ?? 'anytime'))
    if (round % 10 === 0 || round === rounds) context.say(`round ${round}: ${ordeal.kills} kills, ${ordeal.lost} lost, ${ordeal.torn} torn, ${ordeal.damaged} damaged, ${ordeal.halfMade} half made, ${ordeal.faults.size} faults`)
  }
  await ordeal.finish()
  for (const fault of ordeal.faults) context.say(`fault: ${fault}`)
  const perPhase = [...ordeal.tallies].sort(([a], [b]) => phases.indexOf(a) - phases.indexOf(b))
  return [
    row('rounds', rounds, 'count'), row('kills', ordeal.kills, 'count'), row('acknowledged', ordeal.acknowledged, 'count'), row('lost', ordeal.lost, 'count'),
    row('torn', ordeal.torn, 'count'), row('damaged_files', ordeal.damaged, 'count'), row('half_made', ordeal.halfMade, 'count'), row('faults', ordeal.faults.size, 'count'),
    ...perPhase.flatMap(([phase, tally]) => [row('rounds', tally.rounds, 'count', phase), row('kills', tally.kills, 'count', phase), row('kills_in_phase', tally.hits, 'count', phase)])
  ]
}

function phaseOf(text: string): Phase {
  const phase = phases.find(each => each === text)
  if (!phase) throw new UsageError(`--phase takes ${phases.join(', ')}, not "${text}"`)
  return phase
}
