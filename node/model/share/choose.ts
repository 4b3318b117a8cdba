import { KinmeshError } from '../../../mesh/errors.ts'
import type { Manifest } from '../store/manifest.ts'
import type { Offer } from './ask.ts'
import type { DeviceOffers, WantedModel } from './share.ts'

/** Fewer characters of an id are too easily a name. */
const minIdChars = 8

/**
 * Of what other devices hold, the one model that is meant: by its id whatever it is, else by its name if it was made as wanted. What is held by most is preferred, and of
 * these the one that was made last.
 * @throws KinmeshError `AmbiguousModelName`
 */
export function chooseOffer(devices: readonly DeviceOffers[], wanted: WantedModel): { offer: Offer; byId: boolean } | undefined {
  const all = devices.flatMap(({ offers }) => offers)
  const name = wanted.name.toLowerCase()
  const byId = new RegExp(`^[0-9a-f]{${minIdChars},64}$`).test(name) ? all.filter(({ id }) => id.startsWith(name)) : []
  const named = byId.length > 0 ? byId : all.filter(({ manifest }) => isMeant(manifest, wanted))
  const kinds = new Set(named.map(({ id, manifest }) => (byId.length > 0 ? id : nameOf(manifest))))
  if (kinds.size > 1) throw new KinmeshError('AmbiguousModelName', `"${wanted.name}" may be ${[...kinds].slice(0, 3).join(' or ')}: give all of it`)
  const holders = (offer: Offer) => named.filter(({ id }) => id === offer.id).length
  const [offer] = [...named].sort((a, b) => holders(b) - holders(a) || b.manifest.madeAt - a.manifest.madeAt)
  return offer && { offer, byId: byId.length > 0 }
}

/** Whether this is the model that is wanted, as far as its manifest says. */
export function isMeant(manifest: Manifest, { name, endpoint, revision, kind, recipe }: WantedModel): boolean {
  const { source, recipe: its } = manifest
  const given = name.toLowerCase()
  const names = [manifest.name, ...('repo' in source ? [source.repo] : [])].map(each => each.toLowerCase())
  if (!names.some(each => each === given || each.split('/').at(-1) === given)) return false
  if ('repo' in source && (source.endpoint ?? null) !== endpoint) return false
  if (revision !== null && !('repo' in source && source.revision === revision)) return false
  if (kind !== null && manifest.kind !== kind) return false
  // An encoder runs as it is published.
  if (recipe === null || manifest.kind === 'encoder') return its === null
  return its !== null && Object.entries(recipe).every(([field, value]) => its[field] === value)
}

function nameOf({ name, source }: Manifest): string {
  return ('repo' in source ? source.repo : name).toLowerCase()
}
