import { sha256Hex } from '#mesh/sha256'
import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import { pathProblem, pathsProblem } from './file-path.ts'

/** A hub's largest models have some hundred files. */
export const maxFiles = 1000
/** 1000 files whose paths are as long as they may be. */
export const maxManifestBytes = 1024 * 1024
/** Parts of a recipe beside bits and block. */
const maxRecipeFields = 32

const line = (maxLength: number) => v.pipe(v.string(), v.nonEmpty('it is empty'), v.maxLength(maxLength, `it has more than ${maxLength} characters`), v.regex(/^[^\p{Cc}\p{Cs}]+$/u, 'it holds control characters'))
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
export const sha256Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'it is not a SHA-256 in hex'))

export const modelNameSchema = line(200)
export const kinds = ['decoder', 'encoder'] as const
/** A decoder writes text, an encoder turns text into a vector. */
export type ModelKind = (typeof kinds)[number]

export const sourceSchema = v.union([
  /** Of a hub: `revision` is the commit. `endpoint` only where it is not the usual one. */
  v.strictObject({ repo: line(200), revision: line(128), endpoint: v.exactOptional(line(500)) }),
  /** Of a folder of this machine, or a model that was made here. */
  v.strictObject({ path: line(4096) })
])

/** How the weights were made from the source. Null: they are as the source has them. */
export const recipeSchema = v.pipe(
  v.objectWithRest(
    {
      /** Per weight of the large matrices. */
      bits: v.picklist([4, 8, 16, 32]),
      /** Weights that share one scale; null for one scale per row, or none. */
      block: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1)))
    },
    v.union([v.nullable(line(200)), v.pipe(v.number(), v.finite()), v.boolean()])
  ),
  v.check(recipe => Object.keys(recipe).length <= maxRecipeFields, `it has more than ${maxRecipeFields} fields`),
  v.check(recipe => Object.keys(recipe).every(name => /^[a-z][a-zA-Z0-9]{0,63}$/.test(name)), 'its fields are named in camelCase')
)

const fileSchema = v.strictObject({
  path: v.pipe(v.string(), v.check(path => pathProblem(path) === undefined, issue => pathProblem(issue.input) ?? '')),
  bytes: wholeNumber,
  sha256: sha256Schema
})

const manifestSchema = v.strictObject({
  format: v.literal(1),
  name: modelNameSchema,
  kind: v.picklist(kinds),
  source: sourceSchema,
  licence: v.nullable(line(200)),
  recipe: v.nullable(recipeSchema),
  files: v.pipe(
    v.array(fileSchema),
    v.minLength(1, 'a model has files'),
    v.maxLength(maxFiles, `a model has at most ${maxFiles} files`),
    v.check(files => pathsProblem(pathsOf(files)) === undefined, issue => pathsProblem(pathsOf(issue.input)) ?? '')
  ),
  /** Unix time in ms. */
  madeAt: wholeNumber,
  /** Program and version. */
  madeBy: line(100)
})

/** What a model directory says of itself. */
export type Manifest = v.InferOutput<typeof manifestSchema>
export type ModelFile = v.InferOutput<typeof fileSchema>
export type Recipe = v.InferOutput<typeof recipeSchema>

/** Its files come in the order of their paths. @throws KinmeshError `BadManifest` naming the field that is wrong */
export function checkManifest(given: unknown): Manifest {
  const result = v.safeParse(manifestSchema, given)
  if (result.success) return { ...result.output, files: sortedFiles(result.output.files) }
  const [issue] = result.issues
  throw badManifest(`${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`)
}

/** @throws KinmeshError `BadManifest` */
export function parseManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > maxManifestBytes) throw badManifest(`it is larger than ${maxManifestBytes} bytes`)
  let given: unknown
  try {
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw badManifest('it is not JSON', cause)
  }
  const format = typeof given === 'object' && given !== null && 'format' in given ? given.format : undefined
  if (typeof format === 'number' && format > 1) throw new KinmeshError('ManifestNewer', `this model was made by a newer kinmesh (format ${format}, this one knows 1): update kinmesh on this device`)
  return checkManifest(given)
}

/** The same manifest gives the same text, whatever the order in which it was put together. @throws KinmeshError `BadManifest` */
export function serializeManifest(given: Manifest): string {
  const { format, name, kind, source, licence, recipe, files, madeAt, madeBy } = checkManifest(given)
  const ordered = {
    format, name, kind,
    source: 'repo' in source ? { repo: source.repo, revision: source.revision, ...(source.endpoint === undefined ? {} : { endpoint: source.endpoint }) } : { path: source.path },
    licence,
    recipe: recipe && { bits: recipe.bits, block: recipe.block, ...Object.fromEntries(Object.entries(recipe).sort(([a], [b]) => (a < b ? -1 : 1))) },
    files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    madeAt, madeBy
  }
  return `${JSON.stringify(ordered, null, 2)}\n`
}

/**
 * Names a model by its content: the SHA-256 in hex of one line `sha256 bytes path` per file, each ended by a line feed, in UTF-8, sorted by path in the order of UTF-16
 * code units. The same files give the same id, whatever the model is called and whoever made it when.
 */
export function modelId({ files }: Pick<Manifest, 'files'>): string {
  return sha256Hex(sortedFiles(files).map(({ path, bytes, sha256 }) => `${sha256} ${bytes} ${path}\n`).join(''))
}

export function bytesOf({ files }: Pick<Manifest, 'files'>): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

function sortedFiles(files: readonly ModelFile[]): ModelFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
}

function pathsOf(files: readonly { path: string }[]): string[] {
  return files.map(({ path }) => path)
}

function badManifest(problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError('BadManifest', `the manifest of this model is not what it should be (${problem.replaceAll('\n', ' ')}): get or make the model again`, { cause })
}
