/** One message of a prompt. */
export type Message = { readonly role: 'system' | 'user' | 'assistant'; readonly text: string }

export type Generated = { readonly text: string; readonly tokens: { readonly prompt: number; readonly completion: number } }

/** A language model on this device. */
export type Model = {
  /** Shown to the person, "smollm2-135m-q4". */
  readonly name: string
  /** `signal` stops the work itself, not only the wait. `onToken` gets the pieces of the text in order. */
  generate(messages: readonly Message[], options: { signal?: AbortSignal | undefined; onToken?: ((piece: string) => void) | undefined }): Promise<Generated>
}
