import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join, relative, resolve } from 'node:path'

/** Where the peers' package.json, lock file and, once installed, packages lie. */
const benchFolder = resolve(import.meta.dirname, '..')

/** Where a package.json names peers, and how much they are on disk. */
export type Peers = { readonly folder: string; readonly size: string }

/** Installs the systems that are measured beside ours, unless they are there as the lock file says. @throws Error that names what to do */
export async function installPeers(say: (text: string) => void, { folder, size }: Peers = { folder: benchFolder, size: '80 MB' }): Promise<void> {
  if (isInstalled(folder)) return
  const shown = relative(dirname(benchFolder), folder)
  say(`installing the systems to compare with, once (npm ci in ${shown}/; about ${size}) …`)
  // The same npm that runs this, where one does: it knows how its user reaches the registry.
  const npm = process.env['npm_execpath']
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']
  // What installing runs is run by this Node.js, and not by another that comes first on the path.
  // An npm that does not know allowScripts runs all of them: these two would fetch and build what nobody needs here.
  const env = { ...process.env, NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true', ONNXRUNTIME_NODE_INSTALL: 'skip', PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` }
  const child = npm === undefined ? spawn('npm', args, { cwd: folder, env, stdio: ['ignore', 2, 2] }) : spawn(process.execPath, [npm, ...args], { cwd: folder, env, stdio: ['ignore', 2, 2] })
  const code = await new Promise<number | null>(done => child.once('close', done).once('error', () => done(null)))
  if (code !== 0 || !isInstalled(folder)) {
    throw new Error(`the systems to compare with could not be installed: run "npm ci" in ${shown}/ and read what it says. It needs the package registry; "--only kinmesh" does without`)
  }
}

/** True when every package that bench/package.json names is there in the version of the lock file. */
export function isInstalled(folder: string): boolean {
  const { packages } = readJson(join(folder, 'package-lock.json')) as { packages: Record<string, { version?: string; dependencies?: Record<string, string> }> }
  return Object.keys(packages['']?.dependencies ?? {}).every(name => versionOf(name, folder) === packages[`node_modules/${name}`]?.version)
}

/** The version that is installed, if any. */
export function versionOf(name: string, folder = benchFolder): string | undefined {
  const file = join(folder, 'node_modules', name, 'package.json')
  return existsSync(file) ? (readJson(file) as { version: string }).version : undefined
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
