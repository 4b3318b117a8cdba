import { KinmeshError } from '../../../mesh/errors.ts'
import { editDistance } from '../../../mesh/nearest.ts'
import type { StoredModel } from './store.ts'

/** Fewer characters of an id are too easily a slip of the keyboard. */
const minPrefix = 4
const maxSuggested = 3

/**
 * The one model that `given` means: by its full name, by the part after the slash, by its id or the beginning of it, in this order.
 * @throws KinmeshError `UnknownModelName`, `AmbiguousModelName`
 */
export function findModel<T extends Pick<StoredModel, 'id'> & { readonly name: string | null }>(models: readonly T[], given: string): T {
  const wanted = given.toLowerCase()
  const ways: ((model: T) => boolean)[] = [
    model => model.id === wanted,
    model => model.name === given,
    model => model.name?.toLowerCase() === wanted,
    model => lastPart(model.name) === wanted,
    model => wanted.length >= minPrefix && model.id.startsWith(wanted)
  ]
  for (const isMeant of ways) {
    const found = models.filter(isMeant)
    const [only] = found
    if (only && found.length === 1) return only
    if (only) throw new KinmeshError('AmbiguousModelName', `"${given}" may be ${listed(found.map(model => `${model.id.slice(0, 12)} (${model.name ?? 'damaged'})`))}: give the beginning of the id`)
  }
  throw new KinmeshError('UnknownModelName', `no model here is called "${given}"${advice(models.flatMap(model => model.name ?? []), wanted)}`)
}

function advice(names: readonly string[], wanted: string): string {
  if (names.length === 0) return ': there is none yet; get one with kinmesh model pull NAME'
  const near = [...new Set(names)]
    .map(name => ({ name, distance: Math.min(editDistance(name.toLowerCase(), wanted), editDistance(lastPart(name), wanted)), within: name.toLowerCase().includes(wanted) }))
    .filter(each => each.within || (each.distance <= Math.max(1, wanted.length / 3) && each.distance < wanted.length))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, maxSuggested)
  return near.length === 0 ? ': see kinmesh model list, or get one with kinmesh model pull NAME' : `: did you mean ${listed(near.map(({ name }) => name))}?`
}

function lastPart(name: string | null): string {
  return name?.toLowerCase().split('/').at(-1) ?? ''
}

function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`
}
