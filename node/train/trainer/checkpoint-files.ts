import { KinmeshError } from '../../../mesh/errors.ts'
import { type CheckpointHeader, type Checkpoints, Damage, type TrainingState, checkSame, checkpointParts, hashBytes, headerLength, prefixBytes, readHeader, restore } from './checkpoint.ts'

/** The last one, and the one before for the case that a disk spoils it. */
const keptCheckpoints = 2
const checkpointName = /^step-(\d{12})\.checkpoint$/
const nameOf = (step: number) => `step-${String(step).padStart(12, '0')}.checkpoint`
/** What is hashed at once. */
const pieceBytes = 1024 * 1024

export type Hash = { update(bytes: Uint8Array): unknown; digest(): Uint8Array }

/** A file that is open, for reading. */
export type ReadFile = { readonly size: number; /** @throws Damage: it ends before */ readInto(bytes: Uint8Array, offset: number): Promise<void>; close(): Promise<void> }

/** Where the checkpoints of one training lie: the files of a folder, on a platform. */
export interface CheckpointFolder {
  /** For people. */
  readonly name: string
  /** All that is there; what a crash left half-written goes. A folder that is not there yet is empty. */
  names(): Promise<string[]>
  /** A file that is whole under its name, and on disk when this resolves, or not there. */
  write(name: string, parts: Iterable<Uint8Array>): Promise<void>
  open(name: string): Promise<ReadFile>
  remove(name: string): Promise<void>
  sha256(): Hash
  /** Whatever its methods throw, by name. */
  failed(cause: unknown): unknown
}

/** Checkpoints as the files of a folder, which one training at a time uses. */
export function checkpointsOf(folder: CheckpointFolder): Checkpoints {
  return {
    async save(recipe, state) {
      try {
        await folder.write(nameOf(state.step), hashed(checkpointParts(recipe, state), folder.sha256()))
        // Later ones were damaged, else this training had gone on from them.
        const files = await lastFirst(folder)
        for (const file of files.filter((file, at) => file > nameOf(state.step) || at >= files.indexOf(nameOf(state.step)) + keptCheckpoints)) await folder.remove(file)
      } catch (cause) {
        throw folder.failed(cause)
      }
    },
    async load(recipe, state) {
      const notes: string[] = []
      try {
        const files = await lastFirst(folder)
        for (const file of files) {
          try {
            await readWhole(folder, file, async (open, header, start) => {
              checkSame(folder.name, header, recipe, state)
              await restoreFrom(open, header, state, start)
            })
            return { notes }
          } catch (error) {
            if (!(error instanceof Damage)) throw error
            notes.push(`the checkpoint ${file} is damaged (${error.message}): the training goes on from the one before`)
          }
        }
        if (files.length > 0) throw new KinmeshError('CheckpointDamaged', `no checkpoint in ${folder.name} is whole: check the disk; remove the folder to begin anew`)
        return undefined
      } catch (cause) {
        throw folder.failed(cause)
      }
    }
  }
}

const restoreFrom = (file: ReadFile, header: CheckpointHeader, state: TrainingState, start: number) => restore(header, state, start, (bytes, offset) => file.readInto(bytes, offset))

async function lastFirst(folder: CheckpointFolder): Promise<string[]> {
  return (await folder.names()).filter(file => checkpointName.test(file)).sort().reverse()
}

/** The parts, and their hash behind them. */
function* hashed(parts: readonly Uint8Array[], hash: Hash): Generator<Uint8Array> {
  for (const part of parts) {
    hash.update(part)
    yield part
  }
  yield hash.digest()
}

/** Checks a checkpoint to its last bit before `use` reads anything of it into a training. @throws Damage */
async function readWhole(folder: CheckpointFolder, name: string, use: (file: ReadFile, header: CheckpointHeader, start: number) => Promise<void>): Promise<void> {
  const file = await folder.open(name)
  try {
    const { size } = file
    if (size < prefixBytes + hashBytes) throw new Damage(`it has ${size} bytes`)
    const prefix = new Uint8Array(prefixBytes)
    await file.readInto(prefix, 0)
    const text = new Uint8Array(Math.min(headerLength(prefix), size - prefixBytes - hashBytes))
    await file.readInto(text, prefixBytes)
    await checkHash(file, folder.sha256())
    await use(file, readHeader(text, size), prefixBytes + text.length)
  } finally {
    await file.close()
  }
}

async function checkHash(file: ReadFile, hash: Hash): Promise<void> {
  const end = file.size - hashBytes
  const piece = new Uint8Array(pieceBytes)
  for (let at = 0; at < end; at += pieceBytes) {
    const bytes = piece.subarray(0, Math.min(pieceBytes, end - at))
    await file.readInto(bytes, at)
    hash.update(bytes)
  }
  const expected = new Uint8Array(hashBytes)
  await file.readInto(expected, end)
  const found = hash.digest()
  if (!expected.every((byte, at) => byte === found[at])) throw new Damage('its content is not what it was')
}
