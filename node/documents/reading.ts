/** What the device asks the process that reads files (reading-process.node.ts), one at a time. `flush`: have all of it on disk. */
export type ReadingTask = { readonly type: 'read'; readonly file: string } | { readonly type: 'remove'; readonly files: readonly string[] } | { readonly type: 'flush' }

/** Whether the file had not been there, was another one, or is as it was. */
export type ReadOutcome = 'added' | 'changed' | 'unchanged'

/** What it says: that it is alive and on which page, and then what came of it. */
export type ReadingNews = { readonly type: 'page'; readonly page: number | null } | { readonly type: 'done'; readonly outcome: ReadOutcome | null } | { readonly type: 'failed'; readonly code: string; readonly message: string }
