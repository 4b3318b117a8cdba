import * as v from 'valibot'
import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import { toShownError } from '../../pairing.ts'
import { BusyError } from '../admission.ts'

/** An error as clients of OpenAI's API read it (https://platform.openai.com/docs/guides/error-codes). */
export const openAiErrorSchema = v.object({ error: v.object({ message: v.string(), type: v.string(), param: v.nullable(v.string()), code: v.nullable(v.string()) }) })
export type OpenAiError = v.InferOutput<typeof openAiErrorSchema>

/** Something is wrong with one part of a request, `messages[2].content` for instance. */
export class ParamError extends KinmeshError {
  readonly param: string

  constructor(param: string, message: string, code = 'BadRequest') {
    super(code, `${param}: ${message}`)
    this.param = param
  }
}

export type Status = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503 | 507
type Kind = { readonly status: Status; readonly type: string; readonly code?: string }

const invalid = 'invalid_request_error'
/** Codes of ours that clients act upon, or whose status is another one here. `code`: OpenAI's own, where there is one. */
const kinds: Readonly<Record<string, Kind>> = {
  Unauthorized: { status: 401, type: invalid, code: 'invalid_api_key' },
  RateLimited: { status: 429, type: 'requests', code: 'rate_limit_exceeded' },
  NoSuchModel: { status: 404, type: invalid, code: 'model_not_found' },
  NoModel: { status: 404, type: invalid, code: 'model_not_found' },
  NoEncoder: { status: 404, type: invalid, code: 'model_not_found' },
  NoSuchRoute: { status: 404, type: invalid, code: 'unknown_url' },
  UnknownParameter: { status: 400, type: invalid, code: 'unknown_parameter' },
  UnsupportedParameter: { status: 400, type: invalid, code: 'unsupported_parameter' },
  PromptTooLong: { status: 400, type: invalid, code: 'context_length_exceeded' },
  BadToolCall: { status: 500, type: 'server_error', code: 'invalid_tool_call' },
  ModelFailed: { status: 500, type: 'server_error' },
  DeviceStopped: { status: 503, type: 'server_error' }
}

/** `status`: what this error has elsewhere in the API. */
export function openAiErrorOf(error: unknown, status: Status): { readonly status: Status; readonly body: OpenAiError; readonly headers: Record<string, string> } {
  const { code, message } = toShownError(error)
  const kind = kinds[code] ?? { status: status === 422 ? 400 : status, type: status >= 500 ? 'server_error' : invalid }
  const param = error instanceof ParamError ? error.param : null
  return {
    status: kind.status,
    body: { error: { message, type: kind.type, param, code: kind.code ?? code } },
    headers: error instanceof BusyError ? { 'retry-after': String(error.retryAfter) } : {}
  }
}

/** What a model found wrong with the request it was given, by the part of the request that it came from. */
export function inRequest(error: unknown): unknown {
  if (isKinmeshError(error, 'NoTools')) return new ParamError('tools', error.message, 'NoTools')
  if (!isKinmeshError(error, 'InvalidOption')) return error
  const [, part = '', rest = ''] = /^(\w+)[:.]? ?(.*)$/s.exec(error.message) ?? []
  const param = partsOfRequest[part]
  return param === undefined ? error : new ParamError(param, rest, 'InvalidOption')
}

/** Names that a model has for what it is asked, and those of the API. */
const partsOfRequest: Readonly<Record<string, string>> = { schema: 'response_format', tools: 'tools', toolChoice: 'tool_choice', stop: 'stop', messages: 'messages' }
