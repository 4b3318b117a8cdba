import { readFileSync } from 'node:fs'
import * as v from 'valibot'

/** Of this package. */
export const version: string = readVersion()

/** package.json lies one folder up in the sources. In what is published that one only holds import names, and the package's own is above it. */
function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    const manifest = v.safeParse(v.object({ version: v.string() }), JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')))
    if (manifest.success) return manifest.output.version
  }
  throw new Error('package.json has no version')
}
