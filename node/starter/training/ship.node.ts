import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { convertFiles, recipeFields } from '../../model/convert.node.ts'
import { seal } from '../../model/store/staged.node.ts'
import { modelId } from '../../model/store/manifest.ts'
import { version } from '../../version.node.ts'

// npm run starter:ship -- [--dir DIR]: puts what `starter:train` made in its place in this repository: the weights in eight bits, the curve of its losses, and its log.

const { values } = parseArgs({ options: { dir: { type: 'string', default: 'starter-training' } } })
const dir = resolve(values.dir)
const starter = join(import.meta.dirname, '..')
/** A log of every step would be larger than the tokenizer, and no easier to read. */
const loggedEvery = 10

const recipe = { bits: 8, block: 32, zeroPoints: false, small: false } as const
// Beside its place, so that a failure leaves the old one.
const making = await mkdtemp(join(starter, '.model-'))
try {
  const { files } = await convertFiles(join(dir, 'published'), making, recipe)
  const manifest = { format: 1, name: 'kinmesh-starter', kind: 'decoder', source: { path: 'npm run starter:train' }, licence: 'MIT', recipe: recipeFields(recipe), files, madeAt: Date.now(), madeBy: `kinmesh ${version}` } as const
  await seal(making, manifest, {})
  await rm(join(starter, 'model'), { recursive: true })
  await rename(making, join(starter, 'model'))
  const log = join(starter, 'training', 'log')
  await mkdir(log, { recursive: true })
  await copyFile(join(dir, 'loss.svg'), join(log, 'loss.svg'))
  const lines = (await readFile(join(dir, 'steps.jsonl'), 'utf8')).trimEnd().split('\n')
  const kept = lines.filter(line => {
    const { step, holdout } = JSON.parse(line) as { step: number; holdout?: number }
    return holdout !== undefined || step === 1 || step % loggedEvery === 0
  })
  await writeFile(join(log, 'steps.jsonl'), `${kept.join('\n')}\n`)
  process.stdout.write(`${modelId(manifest)}: ${(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1)} MB\n`)
} finally {
  await rm(making, { recursive: true, force: true })
}
