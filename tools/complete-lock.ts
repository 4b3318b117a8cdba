import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { platformOf } from './platform-of.ts'

// node tools/complete-lock.ts [FOLDER]: adds to package-lock.json the optional packages of other platforms that npm left out, because
// the registry at hand lacked them or because of npm/cli#4828. Without them `npm ci` refuses the lock file, and other platforms go without.

type Locked = { version?: string; dev?: true; optional?: true; optionalDependencies?: Record<string, string> }

const path = join(import.meta.dirname, '..', process.argv[2] ?? '.', 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Locked> }
const added: string[] = []
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const platform = platformOf(name)
    const place = `node_modules/${name}`
    // Only exact versions: a range would have to be resolved, and that is npm's business.
    if (!platform || lock.packages[place] || !/^\d+\.\d+\.\d+$/.test(version)) continue
    lock.packages[place] = { version, ...platform, ...(parent.dev && { dev: true }), optional: true }
    added.push(`${name}@${version}`)
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
writeFileSync(path, JSON.stringify({ ...lock, packages: sorted }, null, 2) + '\n')
console.log(added.length === 0 ? 'package-lock.json is complete' : `added ${added.join(', ')}`)
