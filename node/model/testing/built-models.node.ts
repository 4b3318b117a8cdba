import { mkdtempSync, openSync, closeSync, writeFileSync, writeSync, ftruncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DecoderConfig } from '../decoder-config.ts'
import { type Recipe, decoderGraph, weightFile } from '../graph/decoder.ts'
import { type MatrixError, type TensorRows, writeWeights } from '../write-weights.ts'

export const unrounded: Recipe = { linear: { bits: 32 }, embedding: { bits: 32 } }

type BuiltDecoder = { path: string; promptsPath: string; adaptedPath: string; adaptedPromptsPath: string; pagePath: string; errors: MatrixError[] }

/** For tests: writes a decoder to disk as conversion does; the path of the model. */
export async function buildDecoder(config: DecoderConfig, recipe: Recipe, tensors: TensorRows): Promise<BuiltDecoder> {
  const dir = mkdtempSync(join(tmpdir(), 'decoder-'))
  const { model, prompts, adapted, page, sections, weightBytes } = decoderGraph(config, recipe)
  const written = (name: string, bytes: Uint8Array | null) => {
    if (bytes) writeFileSync(join(dir, name), bytes)
    return join(dir, name)
  }
  const paths = {
    path: written('model.onnx', model), promptsPath: written('prompts.onnx', prompts), pagePath: written('page.onnx', page),
    adaptedPath: written('model-adapted.onnx', adapted.model), adaptedPromptsPath: written('prompts-adapted.onnx', adapted.prompts)
  }
  const file = openSync(join(dir, weightFile), 'w')
  try {
    ftruncateSync(file, weightBytes)
    return { ...paths, errors: await writeWeights(sections, tensors, async (offset, bytes) => void writeSync(file, bytes, 0, bytes.length, offset)) }
  } finally {
    closeSync(file)
  }
}
