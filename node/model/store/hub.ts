import { listFiles, modelInfo } from '@huggingface/hub'
import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import { checkRepo } from './repo-name.ts'
import { failed } from './retry.ts'

/** Training runs leave thousands of checkpoints in some repositories; more than this is no listing. */
const maxEntries = 20_000

/** `sha256` of files that are stored apart (LFS, Xet), else null; `gitSha1` is the id of git's blob: for a file stored apart that of its pointer. */
export type HubFile = { readonly path: string; readonly bytes: number; readonly sha256: string | null; readonly gitSha1: string }

export type HubModel = {
  /** As the hub spells it. */
  readonly repo: string
  /** The commit that the revision stands for now. */
  readonly commit: string
  readonly licence: string | null
  /** The hub's pipeline tag. */
  readonly task: string | null
  readonly files: readonly HubFile[]
}

const sha1Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))
const bytesSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const entrySchema = v.object({
  path: v.string(),
  size: bytesSchema,
  oid: sha1Schema,
  lfs: v.optional(v.object({ oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), size: bytesSchema }))
})
const infoSchema = v.object({ name: v.string(), sha: sha1Schema, task: v.optional(v.string()), cardData: v.optional(v.unknown()), tags: v.optional(v.array(v.string())) })
const licenceSchema = v.pipe(v.string(), v.trim(), v.regex(/^[\p{L}\p{N}][\p{L}\p{N} .+_-]*$/u), v.maxLength(100))
const cardSchema = v.object({ license: v.optional(v.union([v.string(), v.array(v.string())])), license_name: v.optional(v.string()) })

/**
 * What a hub says of a model. The calls are those of @huggingface/hub; `fetch` sends them, with its own rules of what goes where.
 * @throws KinmeshError `DownloadFailed` when the answer makes no sense, and those of `fetch`
 */
export async function readHub(repo: string, revision: string, { endpoint, fetch }: { endpoint: string; fetch: typeof globalThis.fetch }): Promise<HubModel> {
  const what = `the listing of ${repo}`
  try {
    const info = v.parse(infoSchema, await modelInfo({ name: repo, revision, hubUrl: endpoint, fetch, additionalFields: ['sha', 'cardData', 'tags'] }))
    const files: HubFile[] = []
    let entries = 0
    // By commit, so that a push in between gives no mixture.
    for await (const entry of listFiles({ repo: { type: 'model', name: repo }, revision: info.sha, recursive: true, hubUrl: endpoint, fetch })) {
      if (++entries > maxEntries) throw failed(what, `it has more than ${maxEntries} entries`)
      if (entry.type !== 'file') continue
      const { path, size, oid, lfs } = v.parse(entrySchema, entry)
      files.push({ path, bytes: lfs?.size ?? size, sha256: lfs?.oid ?? null, gitSha1: oid })
    }
    return { repo: spelled(info.name, repo), commit: info.sha, licence: licenceOf(info.cardData, info.tags ?? []), task: info.task ?? null, files }
  } catch (cause) {
    if (cause instanceof KinmeshError) throw cause
    throw failed(what, 'the answer is not what a hub answers', cause)
  }
}

/** A renamed model answers under its new name. */
function spelled(name: string, asked: string): string {
  try {
    return checkRepo(name)
  } catch {
    return asked // the name is for people; what was asked for is as good
  }
}

/** As the head of README.md says; the hub has read it. */
function licenceOf(card: unknown, tags: readonly string[]): string | null {
  const { license, license_name } = v.is(cardSchema, card) ? card : {}
  const first = Array.isArray(license) ? license.join(', ') : license
  const tag = tags.find(each => each.startsWith('license:'))?.slice('license:'.length)
  const found = v.safeParse(licenceSchema, (first === 'other' ? license_name : undefined) ?? first ?? tag)
  return found.success ? found.output : null
}
