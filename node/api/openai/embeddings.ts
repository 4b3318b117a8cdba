import { toString } from 'uint8arrays/to-string'
import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { DeviceParts } from '../../parts.ts'
import { ParamError } from './errors.ts'
import { noSuchModel } from './models.ts'

/** As OpenAI has it. */
const maxInputs = 2048

const input = v.pipe(v.string(), v.minLength(1))
export const embeddingsSchema = v.strictObject({
  model: v.pipe(v.string('is a text'), v.minLength(1), v.maxLength(512)),
  input: v.union([input, v.pipe(v.array(input), v.minLength(1), v.maxLength(maxInputs))], `is a text, or a list of up to ${maxInputs}, none of them empty; lists of tokens are not read`),
  encoding_format: v.optional(v.picklist(['float', 'base64'], 'is float or base64'), 'float'),
  dimensions: v.optional(v.number('is a number')),
  user: v.optional(v.string('is a text'))
})
export const embeddingsReplySchema = v.object({
  object: v.literal('list'), model: v.string(), usage: v.object({ prompt_tokens: v.number(), total_tokens: v.number() }),
  data: v.array(v.object({ object: v.literal('embedding'), index: v.number(), embedding: v.union([v.array(v.number()), v.string()]) }))
})

/** Vectors of texts, as the encoder of this device has them. @throws KinmeshError `NoEncoder` · `NoSuchModel` · `BadRequest`, and those of the encoder */
export async function embeddings({ encoder: slot }: DeviceParts, body: v.InferOutput<typeof embeddingsSchema>, signal: AbortSignal): Promise<v.InferOutput<typeof embeddingsReplySchema>> {
  const chosen = await slot.ready()
  if (!chosen) throw new KinmeshError('NoEncoder', 'no encoder is installed: get one with kinmesh model pull OWNER/NAME (BERT, DistilBERT or MPNet in ONNX), and choose it with kinmesh model use')
  const { name, encoder } = chosen
  if (body.model !== name) throw noSuchModel(body.model, [name])
  if (body.dimensions !== undefined && body.dimensions !== encoder.dimensions) throw new ParamError('dimensions', `the vectors of ${name} have ${encoder.dimensions}: leave it out`, 'UnsupportedParameter')
  let tokens = 0
  const vectors = await encoder.embed(typeof body.input === 'string' ? [body.input] : body.input, { signal, onTokens: read => (tokens = read) })
  const encoded = body.encoding_format === 'base64' ? base64Of : (vector: Float32Array) => [...vector]
  return { object: 'list', data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encoded(vector) })), model: name, usage: { prompt_tokens: tokens, total_tokens: tokens } }
}

/** f32, little-endian, as all machines that run this have it in memory. */
function base64Of({ buffer, byteOffset, byteLength }: Float32Array): string {
  return toString(new Uint8Array(buffer, byteOffset, byteLength), 'base64pad')
}
