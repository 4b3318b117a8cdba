import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import * as v from 'valibot'

/** Of this package: its package.json lies one folder up in the sources, and two in what is published. */
export const version: string = readVersion()

function readVersion(): string {
  const file = findPackageJSON(import.meta.url)
  return file ? v.parse(v.object({ version: v.string() }), JSON.parse(readFileSync(file, 'utf8'))).version : 'unknown'
}
