import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { seededRandom } from '../../federated/simulation/random.ts'

/** For tests: an idx file of bytes. */
export function idxBytes(sizes: readonly number[], data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x0800 + sizes.length)
  sizes.forEach((size, at) => view.setUint32(4 + 4 * at, size))
  bytes.set(data, 4 + 4 * sizes.length)
  return bytes
}

/** For tests: files laid out as those of MNIST below `dir`, of small images: a digit is a bright spot whose place is the digit's, among noise. */
export function writeSpots(dir: string, { training, heldOut }: { readonly training: number; readonly heldOut: number }): void {
  mkdirSync(join(dir, 'mnist'), { recursive: true })
  for (const [name, count] of [['train', training], ['t10k', heldOut]] as const) {
    const random = seededRandom(1, name)
    const labels = Array.from({ length: count }, (_, at) => at % 10)
    const pixels = labels.flatMap(label => Array.from({ length: 32 }, (_, at) => (Math.floor(at / 3) === label ? 150 : 0) + random.below(100)))
    writeFileSync(join(dir, 'mnist', `${name}-images-idx3-ubyte.gz`), gzipSync(idxBytes([count, 4, 8], pixels)))
    writeFileSync(join(dir, 'mnist', `${name}-labels-idx1-ubyte.gz`), gzipSync(idxBytes([count], labels)))
  }
}

/** For tests: a play of five, some of whom say more. */
export function writeSpeeches(dir: string): void {
  mkdirSync(join(dir, 'text'), { recursive: true })
  const random = seededRandom(1, 'speeches')
  const speeches = Array.from({ length: 25 }, (_, at) => `PERSON ${at % 5}:\n${Array.from({ length: 20 + 10 * (at % 5) }, () => 'abcdefgh'.slice(random.below(4), 4 + random.below(5))).join(' ')}\n`)
  writeFileSync(join(dir, 'text', 'tinyshakespeare.txt'), speeches.join('\n'))
}
