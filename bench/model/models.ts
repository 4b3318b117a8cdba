import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertFolder, readFolderText } from '../../node/model/convert.node.ts'
import type { ConvertRecipe } from '../../node/model/convert-recipe.ts'
import { graphFile, weightFile } from '../../node/model/graph/decoder.ts'
import { openDecoder } from '../../node/model/open-model.node.ts'
import { writeGguf } from './gguf.ts'
import { writePublished } from './published.ts'
import type { ModelFiles, Subject } from './runtime.ts'
import type { Shape } from './shapes.ts'
import { graphForTransformers } from './transformers-graph.ts'

export type Prepare = {
  /** Those that are to run; for others nothing is made, and their places are empty. */
  readonly subjects: readonly Subject[]
  readonly block: ConvertRecipe['block']
  /** Positions that the graph for transformers.js has a rotation for. */
  readonly positions: number
  say(text: string): void
}

/** Makes the models of a shape in `dir`, out of the same weights; what is there already stays. */
export async function prepareModels(dir: string, { name, config }: Shape, { subjects, block, positions, say }: Prepare): Promise<ModelFiles> {
  const place = join(dir, name)
  const published = join(place, 'published')
  await made(published, async to => {
    say(`${name}: writes a model as people publish it …`)
    writePublished(to, config)
  })
  const kinmesh = join(place, `4-bits-by-${block}`)
  if (!existsSync(kinmesh)) {
    const startedAt = performance.now()
    await convertFolder(published, kinmesh, { bits: 4, block, zeroPoints: false, small: false })
    say(`${name}: converted in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  }
  // As on a device: the first time that a model is loaded its weights are laid out for the machine.
  const packed = `${kinmesh}-packed`
  if (!existsSync(packed)) {
    const startedAt = performance.now()
    const { decoder } = await openDecoder(kinmesh, name, { slots: 1, positions: 8, packed })
    decoder.close()
    say(`${name}: loaded for the first time in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  }
  const gguf = join(place, 'q4_0.gguf')
  if (subjects.includes('node-llama-cpp')) await made(gguf, to => writeGguf(published, to, config))
  const transformers = join(place, `transformers-by-${block}-to-${positions}`)
  if (subjects.includes('transformers.js')) await made(transformers, async to => {
    mkdirSync(join(to, 'onnx'), { recursive: true })
    writeFileSync(join(to, 'config.json'), JSON.stringify(config))
    writeFileSync(join(to, 'onnx', graphFile), graphForTransformers(readFileSync(join(kinmesh, graphFile)), (await readFolderText(kinmesh)).config, positions))
    linkSync(join(kinmesh, weightFile), join(to, 'onnx', weightFile))
  })
  return { kinmesh, packed, gguf, transformers }
}

/** Appears whole or not at all: a run that was cut off leaves nothing half for the next one. */
async function made(path: string, make: (to: string) => Promise<void>): Promise<void> {
  if (existsSync(path)) return
  const making = `${path}.making`
  rmSync(making, { recursive: true, force: true })
  await make(making)
  renameSync(making, path)
}
