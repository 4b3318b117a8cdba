import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { distImports, type ImportsMap } from './dist-imports.ts'

// Compiles what is published into dist/: the browser half first, then the Node half over it, so that shared files come from the latter; and the page.
const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
// Built aside and moved into place, so that a failed build leaves the old dist/ and two at once do not mix.
const cache = join(root, 'node_modules', '.cache')
mkdirSync(cache, { recursive: true })
const fresh = mkdtempSync(join(cache, 'kinmesh-build-'))
process.on('exit', () => rmSync(fresh, { recursive: true, force: true }))

compile('tsconfig.browser.build.json', '--outDir', fresh)
compile('tsconfig.build.json', '--outDir', fresh)

// The model that comes with kinmesh lies beside the code that opens it.
const model = join('node', 'starter', 'model')
cpSync(join(root, model), join(fresh, model), { recursive: true })

await build({ configFile: join(root, 'clients', 'web', 'vite.config.ts'), logLevel: 'error', build: { outDir: join(fresh, 'web') } })

const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: ImportsMap }
writeFileSync(join(fresh, 'package.json'), JSON.stringify({ type: 'module', imports: distImports(imports) }, null, 2) + '\n')
rmSync(dist, { recursive: true, force: true })
renameSync(fresh, dist)

function compile(project: string, ...options: string[]): void {
  const { status } = spawnSync(process.execPath, [tsc, '-p', project, ...options], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
