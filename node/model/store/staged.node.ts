import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'
import { syncFolder, writeSynced } from '../../durable-file.node.ts'
import { hashFile, isMissing, syncFile, walk } from './files.node.ts'
import { manifestFile } from './file-path.ts'
import { serializeManifest, type Manifest } from './manifest.ts'
import type { Damage, WorkOptions } from './store.ts'

/**
 * Checks that a folder holds what its manifest says and nothing else, writes the manifest and puts all of it on disk.
 * @throws KinmeshError `WrongFiles`, `WrongHash`
 */
export async function seal(dir: string, manifest: Manifest, options: WorkOptions): Promise<void> {
  const { files, folders, others } = await walk(dir)
  const listed = new Map(manifest.files.map(file => [file.path, file]))
  const stranger = others[0] ?? [...files.keys()].find(path => !listed.has(path) && path !== manifestFile)
  if (stranger !== undefined) throw wrongFiles(`${stranger} is there and not in the manifest`)
  const [first] = await sizeDamage(dir, manifest)
  if (first) throw wrongFiles(`${first.path} ${first.problem}`)
  for (const { path, sha256 } of manifest.files) {
    if ((await hashFile(join(dir, path), options)) !== sha256) throw new KinmeshError('WrongHash', `${path} is not what the manifest of the model says: get or make it again`)
  }
  for (const { path } of manifest.files) await syncFile(join(dir, path))
  await writeSynced(join(dir, manifestFile), serializeManifest(manifest))
  for (const folder of folders) await syncFolder(join(dir, folder))
  await syncFolder(dir)
}

/** What is missing in a model directory, or of another size. Reads no contents. */
export async function sizeDamage(dir: string, manifest: Manifest): Promise<Damage[]> {
  const found: Damage[] = []
  for (const { path, bytes } of manifest.files) {
    const size = await sizeOf(join(dir, path))
    if (size !== bytes) found.push({ path, problem: size === undefined ? 'is missing' : `has ${size} bytes, not ${bytes}` })
  }
  return found
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const { size } = await stat(path)
    return size
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw cause
  }
}

/** What is missing, of another size or of other content. */
export async function damage(dir: string, manifest: Manifest, options: WorkOptions): Promise<Damage[]> {
  const found = await sizeDamage(dir, manifest)
  const known = new Set(found.map(({ path }) => path))
  for (const { path, sha256 } of manifest.files) {
    if (known.has(path)) continue
    if ((await hashFile(join(dir, path), options)) !== sha256) found.push({ path, problem: 'has other content than it had' })
  }
  return found
}

export async function makeRoom(dir: string): Promise<{ dir: string; workDir: string }> {
  const room = { dir: join(dir, 'model'), workDir: join(dir, 'work') }
  await mkdir(room.dir, { recursive: true, mode: 0o700 })
  await mkdir(room.workDir, { recursive: true, mode: 0o700 })
  return room
}

function wrongFiles(problem: string): KinmeshError {
  return new KinmeshError('WrongFiles', `the folder does not hold what the manifest of the model says (${problem}): get or make it again`)
}
