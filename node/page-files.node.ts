import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { PageFiles } from './api/page.ts'

/** Beside the compiled code, or where `npm run build` puts it in a checkout. */
const folders = [join(import.meta.dirname, '..', 'web'), join(import.meta.dirname, '..', 'dist', 'web')]
const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' }

/** The built page of clients/web; undefined where it was not built. */
export function pageFiles(candidates: readonly string[] = folders): PageFiles | undefined {
  const folder = candidates.find(each => existsSync(join(each, 'index.html')))
  if (folder === undefined) return undefined
  // Only what is there now can be asked for: a path of a request never becomes one of the disk.
  const paths = new Set(readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)))
  return path => {
    const file = join(folder, path)
    const type = types[extname(file)]
    // One that a new build took away meanwhile is not there either.
    return paths.has(file) && existsSync(file) && type !== undefined ? { type, bytes: readFileSync(file) } : undefined
  }
}
