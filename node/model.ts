import type { Forms } from './model/grammar/form-grammar.ts'
import type { Tool, ToolChoice } from './model/grammar/tool-grammar.ts'
import type { Finish } from './model/runtime/engine.ts'
import type { SamplerOptions } from './model/text/sampling.ts'
import type { ToolRefusal } from './model/text/tool-calls.ts'

/** A tool that the model wants to be used. `id` tells calls apart: nine letters and digits, as all templates take them. */
export type Call = { readonly id?: string | undefined; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }

/** One message of a prompt. `tool`: what a call gave back; `name` of the tool and `callId` are for templates that repeat them. */
export type Message =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls?: readonly Call[] | undefined }
  | { readonly role: 'tool'; readonly text: string; readonly callId?: string | undefined; readonly name?: string | undefined }

/** `refusals`: calls that cannot be made; the model may be told so and try again. */
export type Generated = {
  readonly text: string
  readonly tokens: { readonly prompt: number; readonly completion: number }
  readonly finish: Finish
  readonly calls: readonly Call[]
  readonly refusals: readonly ToolRefusal[]
}

export type TextOptions = {
  /** Stops the work itself, not only the wait. */
  readonly signal?: AbortSignal | undefined
  /** Gets the pieces of the text in order: whole characters, and no part of a stop string or of a call. */
  readonly onToken?: ((piece: string) => void) | undefined
  readonly maxTokens?: number | undefined
  /** Any of these strings ends the text, and is no part of it. */
  readonly stop?: readonly string[] | undefined
  /** In the place of what the makers of the model say. */
  readonly sampling?: Partial<SamplerOptions> | undefined
  /** The id of an adapter that is loaded. None: the model as it is. */
  readonly adapter?: string | undefined
  /** JSON schema: the text is one JSON document that it accepts, if `finish` is `end`. Cut off by `length`, `context` or `stop` it is the beginning of one. What can be held says `schemaRule`. */
  readonly schema?: unknown
  readonly tools?: readonly Tool[] | undefined
  readonly toolChoice?: ToolChoice | undefined
  /** What the whole text is, or begins with, but for calls of tools. Where there is one form and no tool, it is said without the model. */
  readonly forms?: Forms | undefined
  /** Messages that the context does not hold are an error (`PromptTooLong`), rather than left out from the oldest on. */
  readonly whole?: boolean | undefined
}

/** A language model on this device. */
export type Model = {
  /** Shown to the person, "smollm2-135m-q4". */
  readonly name: string
  /** Its chat template, where it has one: by it a model is known that was taught a form of prompt of its own. */
  readonly template?: string | undefined
  /** It writes through what was learned beside it, in words of its own maybe. */
  readonly isAdapted?: boolean | undefined
  /** @throws KinmeshError `PromptTooLong` · `InvalidOption` · `NoTools` · `ModelFailed` · `TemplateRefused` · `TemplateFailed` · `AdapterNotLoaded` · `DeviceStopped`; the reason of the signal */
  generate(messages: readonly Message[], options: TextOptions): Promise<Generated>
  /** How many tokens each text has, and how many the context holds, answer included. A model that does not say is taken for one of usual size. @throws KinmeshError `ModelFailed` · `DeviceStopped` */
  measure?(texts: readonly string[]): Promise<Measured>
}

export type Measured = { readonly tokens: readonly number[]; readonly context: number }

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
