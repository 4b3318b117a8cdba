import { curve } from './curve.ts'
import type { Evaluation } from './record.ts'

export type LossCurve = {
  readonly title?: string
  /** In the order of the steps. */
  readonly training: Iterable<{ readonly step: number; readonly loss: number }>
  readonly holdout: readonly Evaluation[]
}

/** A picture of a training, 800 × 400, as an SVG file: the loss of the steps and of the holdout. Steps without a finite loss are left out. */
export function lossCurve({ title = 'Loss', training, holdout }: LossCurve): string {
  const points = (all: Iterable<{ readonly step: number; readonly loss: number }>) => [...all].map(({ step, loss }) => ({ step, value: loss }))
  return curve({ title, over: 'steps', of: 'loss per label', best: 'lowest', training: points(training), holdout: points(holdout) })
}
