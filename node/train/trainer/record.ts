/** Of one step. `loss`: mean over its labels. `norm`: of the gradient of that mean, before clipping. */
export type StepRecord = { readonly step: number; readonly loss: number; readonly rate: number; readonly norm: number; readonly labels: number }
/** `step`: how many steps had been made. `loss`: mean over all labels of the holdout. */
export type Evaluation = { readonly step: number; readonly loss: number }

const stepFields = 4
const evaluationFields = 2
/** Share of the steps before in the smoothed loss: about the last fifty count. */
const kept = 0.98

/** What a training did so far, in 32 bytes a step. */
export class TrainingRecord {
  #steps = new Float64Array(64 * stepFields)
  #count = 0
  readonly #evaluations: Evaluation[] = []
  #average = 0

  get count(): number {
    return this.#count
  }

  get evaluations(): readonly Evaluation[] {
    return this.#evaluations
  }

  /** Mean of the losses so far, in which the last ones count most; NaN before the first step. */
  get smoothedLoss(): number {
    return this.#average / (1 - kept ** this.#count)
  }

  add({ loss, rate, norm, labels }: Omit<StepRecord, 'step'>): void {
    const at = this.#count * stepFields
    if (at === this.#steps.length) {
      const larger = new Float64Array(at * 2)
      larger.set(this.#steps)
      this.#steps = larger
    }
    this.#steps.set([loss, rate, norm, labels], at)
    this.#count++
    this.#average = kept * this.#average + (1 - kept) * loss
  }

  addEvaluation(evaluation: Evaluation): void {
    this.#evaluations.push(evaluation)
  }

  *steps(): Generator<StepRecord> {
    for (let step = 0; step < this.#count; step++) {
      const [loss = 0, rate = 0, norm = 0, labels = 0] = this.#steps.subarray(step * stepFields, (step + 1) * stepFields)
      yield { step, loss, rate, norm, labels }
    }
  }

  /** All of it as numbers, f64 [count, 4] and f64 [evaluations, 2]. */
  numbers(): { steps: Float64Array; evaluations: Float64Array } {
    return { steps: this.#steps.subarray(0, this.#count * stepFields), evaluations: Float64Array.from(this.#evaluations.flatMap(({ step, loss }) => [step, loss])) }
  }

  /** Becomes what `numbers` gave. */
  restore({ steps, evaluations }: { steps: Float64Array; evaluations: Float64Array }): void {
    this.#count = 0
    this.#average = 0
    this.#evaluations.length = 0
    for (let at = 0; at < steps.length; at += stepFields) this.add({ loss: steps[at]!, rate: steps[at + 1]!, norm: steps[at + 2]!, labels: steps[at + 3]! })
    for (let at = 0; at < evaluations.length; at += evaluationFields) this.addEvaluation({ step: evaluations[at]!, loss: evaluations[at + 1]! })
  }
}
