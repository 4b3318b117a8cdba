/** Those that are measured: ours and the peers. */
export const subjects = ['kinmesh', 'node-llama-cpp', 'transformers.js'] as const
export type Subject = (typeof subjects)[number]

/** Where one shape lies, for each of those that run it. */
export type ModelFiles = {
  /** Folder of a converted model. */
  readonly kinmesh: string
  /** Its weights as the kernels of this machine want them. */
  readonly packed: string
  /** A file. */
  readonly gguf: string
  /** Folder with a config.json, and the graph in onnx/. */
  readonly transformers: string
}

/** Texts that are written at once, each with a place for so many tokens. */
export type Room = { readonly sessions: number; readonly positions: number }

/** `text`: which of those that are written at once. */
export type OnToken = (text: number, id: number) => void

/** One way to run a model, in the process that it runs in. Nothing is ever reused of one text for another: prompts have no beginning in common. */
export interface Runtime {
  /** Loads the library and the model; it could read tokens when this resolves. */
  load(files: ModelFiles, threads: number, room: Room): Promise<void>
  /** Other room, for runtimes that set it aside before. What was kept is gone. */
  make(room: Room): Promise<void>
  /** Writes so many tokens after each prompt, all at once, always the most likely one. */
  write(prompts: readonly (readonly number[])[], tokens: number, onToken: OnToken): Promise<void>
  /** Reads prompts one after the other into sessions of their own, which are all kept until something else is written. */
  keep(prompts: readonly (readonly number[])[]): Promise<void>
}

/** What is counted, and means nothing for others. */
export interface Countable {
  /** Tokens that the second turn of a conversation brought, and those that were read for it. */
  secondTurn(prompt: readonly number[], added: readonly number[]): Promise<{ brought: number; read: number }>
  /** The most runs of the decoder that begin after the signal of a text was aborted, be it while its prompt is read or while it is written. */
  runsAfterCancel(prompt: readonly number[]): Promise<number>
}
