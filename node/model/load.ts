/** Where a page finds a model. */
export type ModelSource = {
  /** Of the folder that `kinmesh model convert` wrote, from the page on. What is kept of this address is taken without asking it again. */
  readonly url: string
  /** The model that it is to be; it is taken from what is kept then, whatever address it came from. */
  readonly id?: string | undefined
}

/** Where a page finds an adapter, in the layout of PEFT: at the address of its folder, from the page on, or in the two files themselves. */
export type AdapterSource = { readonly url: string } | { readonly config: Blob; readonly weights: Blob }

/** Which graphics card a page takes, by WebGPU. `auto`: where one is quicker than the processor; `any`: also where it is not, because the processor stands in for it or does most of the work; `never`: none. */
export type GpuChoice = 'auto' | 'any' | 'never'

/** How far a page is with a model: it `fetch`es what it lacks, or `check`s what it kept, and then `load`s it. */
export type LoadProgress = { readonly step: 'fetch' | 'check' | 'load'; readonly bytes: number; readonly totalBytes: number }

/** What came of loading a model in a page. */
export type ModelLoad = {
  readonly id: string
  readonly name: string
  readonly runsOn: 'processor' | 'graphics card'
  readonly threads: number
  /** Where the files are kept for the next time. */
  readonly keptIn: 'opfs' | 'cache' | 'nowhere'
  /** Bytes that came over the network just now. */
  readonly fetchedBytes: number
  /** What this browser or page lacks and what that means, a sentence each. */
  readonly notes: readonly string[]
}
