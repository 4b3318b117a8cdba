import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Model } from '../../model.ts'
import type { DeviceParts } from '../../parts.ts'

/** The assistant, as a model among the others. */
export const assistantId = 'kinmesh'

export const modelSchema = v.object({ id: v.string(), object: v.literal('model'), created: v.number(), owned_by: v.string() })
export const modelListSchema = v.object({ object: v.literal('list'), data: v.array(modelSchema) })
type Listed = v.InferOutput<typeof modelSchema>

/** What may be named in a request now: the assistant, the model in use, and the encoder. `created` is when the device was started. */
export async function listModels({ model, encoder, startedAt, log }: DeviceParts): Promise<Listed[]> {
  const chosen = await encoder.name().catch((error: unknown) => {
    log.warn('the encoder that was chosen cannot be used', { error: error instanceof Error ? error.name : String(error) })
    return null // what is wrong with it is told to whoever asks for vectors
  })
  const ids = [assistantId, (await model.ready())?.name, chosen].filter(id => typeof id === 'string')
  return [...new Set(ids)].map(id => ({ id, object: 'model', created: Math.floor(startedAt / 1000), owned_by: 'kinmesh' }))
}

/** @throws KinmeshError `NoSuchModel` */
export async function listedModel(parts: DeviceParts, id: string): Promise<Listed> {
  const listed = await listModels(parts)
  const found = listed.find(each => each.id === id)
  if (!found) throw noSuchModel(id, listed.map(each => each.id))
  return found
}

/** The model in use, if it has this name. @throws KinmeshError `NoModel` · `NoSuchModel` */
export async function modelNamed({ model: slot }: DeviceParts, name: string): Promise<Model> {
  const model = await slot.ready()
  if (!model) throw new KinmeshError('NoModel', `no language model is ${slot.problem === null ? 'installed: kinmesh model pull OWNER/NAME gets one' : `loaded (${slot.problem})`}; the model ${assistantId} answers from memory without one`)
  if (model.name !== name) throw noSuchModel(name, [assistantId, model.name])
  return model
}

export function noSuchModel(name: string, known: readonly string[]): KinmeshError {
  return new KinmeshError('NoSuchModel', `there is no model ${JSON.stringify(name.slice(0, 200))} in use here: name ${known.join(' or ')}, or choose another one with kinmesh model use`)
}
