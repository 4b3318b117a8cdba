/** What the process of one test file tells the runner: JSON lines on file descriptor 3, written synchronously so that none is lost in a crash. */
export type TestEvent =
  /** The file was imported; it may have asked for more time than the default. */
  | { event: 'loaded'; deadlineMs?: number }
  /** This machine lacks what the file needs; none of its tests runs. */
  | { event: 'skipped'; missing: string }
  | { event: 'start'; test: string }
  /** `error` where it failed: shown when its suite, and so uvu's own text, never comes to an end. */
  | { event: 'end'; test: string; error?: string }
  /** One suite ran; `errors` is uvu's text of its failures. */
  | { event: 'suite'; passed: number; failed: number; errors: string }
  /** Something outside of a test failed; counts as one failure. */
  | { event: 'problem'; text: string }
  /** Explains failures that are counted elsewhere. */
  | { event: 'note'; text: string }
  /** The deadline passed; `open` are the resources that keep the process alive. */
  | { event: 'stuck'; open: string[] }
  /** Every test ran; only the process has to end. */
  | { event: 'done' }
  /** It did not end. */
  | { event: 'open-handles'; open: string[] }

export const eventsFd = 3
