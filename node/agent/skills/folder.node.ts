import { hash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'

/** A skill is instructions and small scripts. */
const maxFiles = 200
const maxBytes = 8 * 1024 * 1024
const maxDepth = 8

/** A file of a folder, by its path in it with `/`. */
export type FolderFile = { readonly path: string; readonly bytes: Uint8Array }

/** All files of a folder, in the order of their paths. No links: they could lead out of it. @throws KinmeshError `SkillTooLarge` · `BadSkill` */
export function readFolder(dir: string): FolderFile[] {
  const files: FolderFile[] = []
  let total = 0
  const visit = (at: string, depth: number): void => {
    if (depth > maxDepth) throw new KinmeshError('SkillTooLarge', `the skill has folders in folders more than ${maxDepth} deep: make it flatter`)
    for (const name of readdirSync(join(dir, at)).sort()) {
      const path = at === '' ? name : `${at}/${name}`
      const stat = lstatSync(join(dir, path))
      if (stat.isDirectory()) {
        if (name !== '.git' && name !== 'node_modules') visit(path, depth + 1)
        continue
      }
      if (!stat.isFile()) throw new KinmeshError('BadSkill', `the skill holds ${JSON.stringify(path)}, which is no file: links and the like are not taken`)
      total += stat.size
      if (files.length >= maxFiles || total > maxBytes) throw new KinmeshError('SkillTooLarge', `a skill has at most ${maxFiles} files and ${maxBytes} bytes: make it smaller`)
      files.push({ path, bytes: readFileSync(join(dir, path)) })
    }
  }
  try {
    visit('', 0)
  } catch (cause) {
    if (cause instanceof KinmeshError) throw cause
    throw new KinmeshError('BadSkill', `the folder ${dir} cannot be read (${cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)}): name one with a SKILL.md`, { cause })
  }
  return files
}

/** Of all paths and contents; as hex. */
export function folderHash(files: readonly FolderFile[]): string {
  return hash('sha256', JSON.stringify(files.map(({ path, bytes }) => [path, hash('sha256', bytes, 'hex')])), 'hex')
}

export function writeFolder(dir: string, files: readonly FolderFile[]): void {
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true, mode: 0o700 })
    writeFileSync(join(dir, path), bytes, { mode: 0o600 })
  }
}
