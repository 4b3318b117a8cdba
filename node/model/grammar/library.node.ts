import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { GrammarLibrary } from './library.ts'

type Load = (module: { exports: object }, exports: object, require: NodeJS.Require, filename: string, console: object) => void

/**
 * A new instance of the grammar library: a megabyte of WASM, 30 ms. The package says that it is an ES module, and is a CommonJS one, so neither `import` nor
 * `require` loads it; and it writes to the console, which is not its own.
 */
export async function loadGrammarLibrary(): Promise<GrammarLibrary> {
  const file = fileURLToPath(import.meta.resolve('@mlc-ai/web-xgrammar'))
  const module = { exports: {} }
  const silent = { log() {}, warn() {}, error() {} }
  // The package's own code, as an import would run it.
  // oxlint-disable-next-line typescript/no-implied-eval
  const load = new Function('module', 'exports', 'require', '__filename', 'console', readFileSync(file, 'utf8')) as Load
  load(module, module.exports, createRequire(import.meta.url), file, silent)
  return module.exports as GrammarLibrary
}
