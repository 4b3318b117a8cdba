import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { slim } from '../../clients/web/slim.ts'
import { row, type Row } from '../report.ts'

const kilobyte = 1000

/** Size of mesh and sync for a browser, minified, as a server sends it. */
export async function measureBundle(): Promise<Row[]> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [slim()],
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: {
      write: false, target: 'es2024', modulePreload: false,
      rolldownOptions: { input: join(import.meta.dirname, 'mesh-and-sync.browser.ts'), preserveEntrySignatures: 'strict' }
    }
  }) as Rolldown.RolldownOutput
  const code = built.output.flatMap(file => (file.type === 'chunk' ? file.code : []))
  const total = (size: (text: string) => number) => code.reduce((sum, text) => sum + size(text), 0) / kilobyte
  return [
    row('bundle_gzip', total(text => gzipSync(text, { level: 9 }).length), 'KB'),
    row('bundle_gzip', total(text => brotliCompressSync(text).length), 'KB', 'brotli'),
    row('bundle_gzip', total(text => Buffer.byteLength(text)), 'KB', 'not compressed')
  ]
}
