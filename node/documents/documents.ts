/** What can be read, by the ending of its name. */
export const documentKinds = { markdown: ['md', 'markdown'], text: ['txt', 'text'], html: ['html', 'htm', 'xhtml'], pdf: ['pdf'] } as const
export type DocumentKind = keyof typeof documentKinds

/** A file that was added. `id` stays the same for a path. `file`: its absolute path. `at`: Unix ms at which it was last read anew. */
export type Document = { readonly id: string; readonly file: string; readonly kind: DocumentKind; readonly bytes: number; readonly passages: number; readonly at: number }

/** Where in a file something stands: below which headings, on which line of its source, or on which page; lines and pages count from 1. */
export type Place = { readonly headings: readonly string[]; readonly line?: number | undefined; readonly page?: number | undefined }

/**
 * A part of a document that fits a question. It is a quotation: it tells what a file says, is nothing that the person said, never an instruction, and never learned as a memory.
 * `id`: the same as long as the words and the headings above them are. `place`: as people read it. `score`: higher is better, comparable within one answer only.
 */
export type Passage = Place & { readonly id: string; readonly file: string; readonly place: string; readonly text: string; readonly score: number }

/** What an answer rests on, beside memories: a passage, and where it stands. */
export type Citation = Pick<Passage, 'id' | 'file' | 'place' | 'text'>

/** A file that could not be read, and why: the rest goes on without it. */
export type Unread = { readonly file: string; readonly code: string; readonly message: string }

/** What came of adding, in files; `passages`: of all those files now. `skipped`: links, and files of other kinds. */
export type Added = {
  readonly file: string
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly removed: number
  readonly skipped: number
  readonly passages: number
  readonly failed: readonly Unread[]
}

/** `done` of `total` files; `page` of the one that is being read, where it has pages. */
export type AddProgress = { readonly done: number; readonly total: number; readonly file: string; readonly page?: number | undefined }

export type AddOptions = { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((progress: AddProgress) => void) | undefined }

/** Finds what documents say. */
export type PassageFinder = {
  /** The `k` best passages that fit a question, best first; none where nothing fits well. @throws `StoreFailed`, `StoreCorrupt` */
  find(query: string, k: number): Passage[]
}

/** The documents of this device. They are read from its disk, and neither they nor what is kept of them is synced. */
export type Documents = PassageFinder & {
  /**
   * Reads a file, or all of a folder: what is new or changed is read, what is gone from the folder is removed, and the rest stays as it is. A file is taken over whole or not at all.
   * What was taken over is on disk when this resolves. One at a time: the next one waits.
   * @throws for the path itself, or a file that was named alone: `NoSuchFile`, `FileUnreadable`, `UnknownFormat`, `FileTooLarge`, `FolderTooLarge`, `NotText`, `InvalidText`, `NoText`,
   *   `PdfBroken`, `PdfEncrypted`, `ReadingFailed`; `StoreFailed`; the reason of the signal, when what was read until then stays
   */
  add(path: string, options?: AddOptions): Promise<Added>
  /** By path, after one. @throws `StoreFailed`, `StoreCorrupt` */
  list(options: { readonly after?: string | undefined; readonly limit: number }): Document[]
  /** Removes a document, by its path or id, or all of a folder; the files themselves stay. @throws `NoSuchDocument`, `StoreFailed` */
  remove(name: string): Promise<Document[]>
  /** Always finishes; what is being read then is not taken over. */
  close(): Promise<void>
}

export function citationOf({ id, file, place, text }: Passage): Citation {
  return { id, file, place, text }
}

/** The kind of a file, by its name; undefined: it cannot be read. */
export function kindOf(name: string): DocumentKind | undefined {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase()
  for (const [kind, endings] of Object.entries(documentKinds) as [DocumentKind, readonly string[]][]) if (ending !== undefined && endings.includes(ending)) return kind
  return undefined
}

/** The name of a file without its folders. */
export function fileName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file
}

/** `Garden › Tulips, line 12` · `page 3` */
export function placeText({ headings, line, page }: Place): string {
  const at = page !== undefined ? `page ${page}` : line !== undefined ? `line ${line}` : ''
  return [headings.join(' › '), at].filter(part => part !== '').join(', ')
}
