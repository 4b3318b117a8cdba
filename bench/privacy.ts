import { epsilonOfRounds, noiseMultiplierFor } from '../federated/privacy/accountant.ts'
import { clip } from '../federated/privacy/clip.ts'
import { remedies } from '../federated/privacy/drowning.ts'
import { addGaussianNoise } from '../federated/privacy/gaussian-noise.ts'
import { addGridNoise, fineStep, planGrid } from '../federated/privacy/grid-noise.ts'
import { type Bench, type Values, listOf, UsageError } from './bench.ts'
import { row, type Row } from './report.ts'
import { median } from './statistics.ts'

const delta = 1e-5
const clipNorm = 1

export const privacyBench: Bench = {
  name: 'privacy',
  about: 'learning together with differential privacy: how many devices it takes, and what clipping, noise and accounting cost',
  options: { epsilons: { type: 'string' }, rounds: { type: 'string' }, parameters: { type: 'string' } },
  help: ['--epsilons LIST    budgets at δ = 1e-5 (default 2,8)', '--rounds LIST      rounds that every device takes part in (default 1,20,100)', '--parameters LIST  sizes of an update (default 1000,20000,200000)'],
  run
}

async function run(values: Values): Promise<Row[]> {
  const budgets = numbersOf(values, 'epsilons', ['2', '8'])
  const sizes = numbersOf(values, 'parameters', ['1000', '20000', '200000'])
  const cohorts = budgets.flatMap(epsilon => numbersOf(values, 'rounds', ['1', '20', '100']).flatMap(rounds => {
    const noiseMultiplier = noiseMultiplierFor({ epsilon, delta }, { sampleRate: 1, rounds })
    const terms = `ε ${epsilon}, rounds ${rounds}`
    return [
      row('noise_multiplier', noiseMultiplier, 'ratio', terms),
      ...sizes.map(parameters => row('devices_needed', remedies({ participants: 1, parameters, noiseMultiplier, noiseIn: 'sum' }).participants, 'count', `${terms}, parameters ${parameters}`))
    ]
  }))
  const costs = sizes.flatMap(parameters => {
    const update = Float32Array.from({ length: parameters }, (_, at) => Math.sin(at))
    const clipped = clip(update, clipNorm)
    const grid = planGrid({ clipNorm, noiseMultiplier: 1, parameters, step: fineStep(clipNorm, parameters) })
    const size = `parameters ${parameters}`
    return [
      row('clip', medianMs(() => clip(update, clipNorm)), 'ms', size),
      row('gaussian_noise', medianMs(() => addGaussianNoise(clipped, 1)), 'ms', size),
      row('discrete_noise', medianMs(() => addGridNoise(clipped, grid)), 'ms', size)
    ]
  })
  return [...cohorts, ...costs, row('account', medianMs(() => epsilonOfRounds([{ noiseMultiplier: 1.1, sampleRate: 0.01, rounds: 1000 }], delta)), 'ms')]
}

/** Of nine. */
function medianMs(work: () => unknown): number {
  return median(Array.from({ length: 9 }, () => {
    const from = performance.now()
    work()
    return performance.now() - from
  }))
}

function numbersOf(values: Values, name: string, otherwise: readonly string[]): number[] {
  return listOf(values, name, otherwise).map(text => {
    const number = Number(text)
    if (!(number > 0)) throw new UsageError(`--${name} takes numbers above 0, not "${text}"`)
    return number
  })
}
