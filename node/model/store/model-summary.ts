import { bytesOf, type Manifest } from './manifest.ts'

/** What a list of models says of each. */
export function modelSummary({ id, manifest }: { readonly id: string; readonly manifest: Manifest }) {
  const { name, kind, source, licence, recipe, madeAt } = manifest
  return { id, name, kind, bytes: bytesOf(manifest), licence, recipe, source, madeAt }
}
