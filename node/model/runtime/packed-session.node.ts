import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { cpus } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { syncFolder, writeSynced } from '../../durable-file.node.ts'
import { weightFile } from '../graph/decoder.ts'
import { checkSpace, diskError, freeBytes } from '../store/files.node.ts'
import { openOrtSession, ortVersion, packedFile } from './ort-session.node.ts'
import { alignPackedWeights } from './packed-weights.node.ts'
import type { DescribedSession, SessionOptions } from './session.ts'

/** Room while it is made, as a multiple of the weights: twice what remains, which holds them as they were and as the kernels want them (measured: 2.2 to 2.5). */
const makingShare = 5
const graphName = 'graph.onnx'
const madeOfName = 'made-of.json'
/** In the place of all else: on this machine they are read wrongly. */
const unfitName = 'unfit.json'

export type PackOptions = SessionOptions & {
  /** Runs the graph: what it gives with packed weights has to be the same to the last bit, or they are not used. */
  readonly probe: (session: DescribedSession) => Promise<Float32Array>
  /** Hears when the weights are being packed, and why they are not; the model runs all the same. */
  readonly onNote?: ((note: string) => void) | undefined
}

/**
 * Loads a graph whose weights the kernels of this machine read where they lie on the disk; the first time it writes them there, into a folder
 * in `dir`. Without that each start packs them anew, into memory that nothing can give back: 0.4 GB of a model of 0.5B with 4 bits.
 * @throws KinmeshError `ModelFailed` · `RuntimeMissing`
 */
export async function openPackedSession(path: string, dir: string, options: PackOptions): Promise<DescribedSession> {
  const packed = join(dir, basename(path, '.onnx'))
  const madeOf = await fingerprint(path)
  const plain = async (why: string) => {
    const session = await openOrtSession(path, options)
    options.onNote?.(`the model takes longer to load, and more memory: ${why}`)
    return session
  }
  try {
    const isKnown = (await says(packed, madeOfName, madeOf)) || (await says(packed, unfitName, madeOf))
    if (!isKnown) await pack(path, packed, madeOf, options)
    if (await says(packed, unfitName, madeOf)) return await plain('onnxruntime reads packed weights wrongly on this machine')
    return await openOrtSession(join(packed, graphName), { ...options, isPacked: true })
  } catch (error) {
    if (isKinmeshError(error, 'RuntimeMissing')) throw error
    // Whatever lies there, the next start makes it anew.
    await rm(packed, { recursive: true, force: true }).catch(() => undefined)
    return plain(error instanceof Error ? error.message : String(error))
  }
}

/** Writes them into `packed`, or there that they are read wrongly. @throws KinmeshError `DiskFull` · `StoreFailed` · `ModelFailed`: nothing is left */
async function pack(path: string, packed: string, madeOf: string, { probe, onNote, ...options }: PackOptions): Promise<void> {
  const dir = dirname(packed)
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    // What an earlier one was killed over; nobody else makes it now, or it makes the same.
    for (const name of await readdir(dir)) if (name.startsWith(`${basename(packed)}.making-`)) await rm(join(dir, name), { recursive: true, force: true })
    checkSpace(dir, makingShare * (await stat(join(dirname(path), weightFile))).size, await freeBytes(dir))
    onNote?.(`the weights of ${basename(path)} are being laid out for this machine: this takes a moment, once`)
    const making = await mkdtemp(`${packed}.making-`)
    try {
      const raw = { graph: join(making, 'raw.onnx'), weights: join(making, packedFile) }
      const expected = await probed(await openOrtSession(path, { ...options, packTo: raw.graph }), probe)
      await alignPackedWeights(raw, { graph: join(making, graphName), weights: join(making, weightFile) })
      for (const file of Object.values(raw)) await rm(file)
      const found = await probed(await openOrtSession(join(making, graphName), { ...options, isPacked: true }), probe)
      const isFit = found.every((value, index) => Object.is(value, expected[index]))
      if (!isFit) for (const name of await readdir(making)) await rm(join(making, name))
      await writeSynced(join(making, isFit ? madeOfName : unfitName), madeOf)
      await rm(packed, { recursive: true, force: true })
      await rename(making, packed)
      await syncFolder(dir)
    } catch (error) {
      await rm(making, { recursive: true, force: true })
      throw error
    }
  } catch (cause) {
    throw diskError(dir, cause)
  }
}

async function probed(session: DescribedSession, probe: PackOptions['probe']): Promise<Float32Array> {
  try {
    return await probe(session)
  } finally {
    session.close()
  }
}

/** What the packed weights follow from: the model, the library, and the processor for which it chooses its kernels. */
async function fingerprint(path: string): Promise<string> {
  const weights = await stat(join(dirname(path), weightFile)).catch(() => undefined)
  return JSON.stringify({
    graph: createHash('sha256').update(await readFile(path).catch(() => '')).digest('hex'), weights: weights && [weights.size, weights.mtimeMs],
    library: await ortVersion(), processor: [process.platform, process.arch, cpus()[0]?.model]
  })
}

async function says(packed: string, name: string, madeOf: string): Promise<boolean> {
  return (await readFile(join(packed, name), 'utf8').catch(() => undefined)) === madeOf
}
