import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** One check, and how the source reads without it. */
export type Removal = { readonly text: string; readonly without: string; readonly tests: readonly string[]; /** Where the text stands, when it stands in several files. */ readonly file?: string }

const root = resolve(import.meta.dirname, '..', '..')
/** A test that hangs without the check has noticed, too. */
const deadlineSeconds = 60

/** The files that hold checks, by path. */
export function checkedSources(from = root): Map<string, string> {
  const paths = globSync('{mesh,sync}/**/*.ts', { cwd: from, exclude: path => /\.(test|fixtures|contract)\.ts$|(^|\/)testing(\/|$)/.test(path) })
  return new Map(paths.map(path => [path, readFileSync(join(from, path), 'utf8')]))
}

/** The one file that holds the text of a check. @throws Error when it is in none or in several, or more than once: the list has to follow the sources */
export function fileOf({ text, file }: Removal, sources: ReadonlyMap<string, string>): string {
  const found = [...sources].filter(([path, source]) => (file === undefined || path === file) && source.includes(text))
  const [first, ...more] = found
  if (!first) throw new Error(`bench/checks/list.ts names a check that is not in the sources any more: ${text}`)
  if (more.length > 0) throw new Error(`${found.map(([path]) => path).join(' and ')} both hold ${text}: name the file in bench/checks/list.ts`)
  if (first[1].split(text).length > 2) throw new Error(`${first[0]} holds more than once: ${text}`)
  return first[0]
}

/** A copy of the working tree in which checks are taken out, one at a time. */
export class Sandbox {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
    cpSync(root, dir, { recursive: true, filter: path => !/\/(node_modules|\.git|dist)$/.test(path) })
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  }

  /** True when the tests pass as the tree is. */
  async passes(tests: readonly string[]): Promise<boolean> {
    const child = spawn(process.execPath, ['-C', 'development', 'tools/test.ts', '--jobs', '1', '--deadline', String(deadlineSeconds), ...tests], { cwd: this.#dir, stdio: 'ignore' })
    const [code] = (await once(child, 'close')) as [number | null]
    return code === 0
  }

  /** True when a test notices that the check is gone. */
  async notices(removal: Removal, sources: ReadonlyMap<string, string>): Promise<boolean> {
    const file = fileOf(removal, sources)
    const source = sources.get(file) ?? ''
    writeFileSync(join(this.#dir, file), source.replace(removal.text, () => removal.without))
    try {
      for (const test of removal.tests) if (!(await this.passes([test]))) return true
      return false
    } finally {
      writeFileSync(join(this.#dir, file), source)
    }
  }
}
