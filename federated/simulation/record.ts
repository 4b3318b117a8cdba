/** What became of one round; one line of results.jsonl. Nothing of it depends on how fast the machine is. */
export type RoundRecord = {
  /** From 1; 0 is before the first. */
  readonly round: number
  readonly invited: number
  readonly contributors: number
  readonly dropped: number
  readonly late: number
  /** Contributions that were not admitted, by the code of why. */
  readonly refused: Readonly<Record<string, number>>
  /** Whether there was a result. */
  readonly quorum: boolean
  /** That the round took, and all so far, on the virtual clock. */
  readonly seconds: number
  readonly clock: number
  /** Updates that clients sent; parameters that they got, 4 bytes a value. */
  readonly bytesUp: number
  readonly bytesDown: number
  /** Mean over what was trained on, each example when its turn came. */
  readonly trainLoss: number | null
  /** Mean of ‖lost‖ / ‖wanted‖ over the updates. */
  readonly compressionError: number | null
  /** ‖result − wanted‖ / ‖wanted‖ of the round, where contributions are combined in another way than by their mean. */
  readonly aggregationError: number | null
  /** L2 of the step of the shared parameters. */
  readonly stepNorm: number
  /** ε so far of the client that took part most often. */
  readonly epsilon: number | null
  /** Of the shared parameters after the round, over examples that no client has; null where they were not assessed, and of a task without accuracy. */
  readonly loss: number | null
  readonly accuracy: number | null
}

const columns = [
  'round', 'invited', 'contributors', 'dropped', 'late', 'refused', 'quorum', 'seconds', 'clock', 'bytesUp', 'bytesDown', 'trainLoss', 'compressionError', 'aggregationError', 'stepNorm', 'epsilon', 'loss', 'accuracy'
] as const satisfies readonly (keyof RoundRecord)[]

/** One line, for results.jsonl. */
export function recordLine(record: RoundRecord): string {
  return `${JSON.stringify(Object.fromEntries(columns.map(column => [column, record[column]])))}\n`
}

/** RFC 4180, but for the ends of lines; what there is not is empty. `refused`: how many, for whatever reason. */
export function recordsCsv(records: readonly RoundRecord[]): string {
  const cell = (record: RoundRecord, column: (typeof columns)[number]) => (column === 'refused' ? Object.values(record.refused).reduce((a, b) => a + b, 0) : (record[column] ?? ''))
  return [columns.join(), ...records.map(record => columns.map(column => String(cell(record, column))).join())].map(line => `${line}\n`).join('')
}
