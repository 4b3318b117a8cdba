import type { HoldoutLoss } from './holdout.ts'

/** `margin`: by which share the candidate's loss may be above the current one's and still count as no worse. `leastLabels`: with fewer held back, chance decides. */
export type AdoptionRule = { readonly margin: number; readonly leastLabels: number }
export const defaultAdoption: AdoptionRule = { margin: 0.01, leastLabels: 200 }

/** `unknown`: this device has too little to tell. `text`: a sentence for its person; its numbers stay on the device. */
export type Judgement = { readonly verdict: 'better' | 'no worse' | 'worse' | 'unknown'; readonly text: string }

/** Whether a candidate may take the place of the current adapter (or of none), by what this device held back. */
export function judge(candidate: HoldoutLoss, current: HoldoutLoss, { margin, leastLabels }: AdoptionRule = defaultAdoption): Judgement {
  if (candidate.labels !== current.labels || candidate.examples !== current.examples) throw new RangeError('two adapters are measured on the same examples')
  if (current.labels < leastLabels) return { verdict: 'unknown', text: `This device holds back too little to tell (${current.labels} tokens, and ${leastLabels} are the least).` }
  const loss = `The loss of ${current.examples} held-out examples is ${candidate.loss.toFixed(3)} with the new adapter and ${current.loss.toFixed(3)} as it is now`
  if (candidate.loss < current.loss) return { verdict: 'better', text: `${loss}: it is better.` }
  // Written so that NaN is worse.
  if (candidate.loss <= current.loss * (1 + margin)) return { verdict: 'no worse', text: `${loss}: it is no worse than ${percent(margin)} allows.` }
  return { verdict: 'worse', text: `${loss}: it is worse, and is not taken.` }
}

/** Whether an adapter that was adopted is to go: what was said since is written worse through it than through the one before, by more than the margin. */
export function isRegressed(adopted: HoldoutLoss, before: HoldoutLoss, rule: AdoptionRule = defaultAdoption): boolean {
  return judge(adopted, before, rule).verdict === 'worse'
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
