/** A tool that the model wants to be used. `id` tells calls apart: nine letters and digits, as all templates take them. */
export type Call = { readonly id?: string | undefined; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }

/** One message of a prompt. `tool`: what a call gave back; `name` of the tool and `callId` are for templates that repeat them. */
export type Message =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls?: readonly Call[] | undefined }
  | { readonly role: 'tool'; readonly text: string; readonly callId?: string | undefined; readonly name?: string | undefined }

export type Generated = { readonly text: string; readonly tokens: { readonly prompt: number; readonly completion: number } }

/** A language model on this device. */
export type Model = {
  /** Shown to the person, "smollm2-135m-q4". */
  readonly name: string
  /** `signal` stops the work itself, not only the wait. `onToken` gets the pieces of the text in order. */
  generate(messages: readonly Message[], options: { signal?: AbortSignal | undefined; onToken?: ((piece: string) => void) | undefined }): Promise<Generated>
}

/** The model that a device answers with. It may change while the device runs, and there may be none. */
export type ModelSlot = {
  readonly current: Model | null
  /** Why the one that was chosen is not in its place, for people. */
  readonly problem: string | null
  /** The model, once one that is being loaded is there. */
  ready(): Promise<Model | null>
  /** Takes the one that is chosen now. The one before answers until then, and also when it does not load. */
  reload(): Promise<void>
  /** Always finishes. */
  close(): Promise<void>
}

/** A model that never changes, or none. */
export function fixedModel(model: Model | null): ModelSlot {
  return { current: model, problem: null, ready: async () => model, reload: async () => undefined, close: async () => undefined }
}
