import type { Schedule } from './schedule.ts'

/** Schedules that once failed, as small as they got, with what was wrong. They run with every test, whatever the seeds mean by then. */
export const cases: readonly { readonly found: string; readonly schedule: Schedule }[] = [
]
