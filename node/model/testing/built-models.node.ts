import { mkdtempSync, openSync, closeSync, writeFileSync, writeSync, ftruncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DecoderConfig } from '../decoder-config.ts'
import { type Recipe, decoderGraph, weightFile } from '../graph/decoder.ts'
import { type MatrixError, type TensorRows, writeWeights } from '../write-weights.ts'

export const unrounded: Recipe = { linear: { bits: 32 }, embedding: { bits: 32 } }

/** For tests: writes a decoder to disk as conversion does; the path of the model. */
export async function buildDecoder(config: DecoderConfig, recipe: Recipe, tensors: TensorRows): Promise<{ path: string; promptsPath: string; pagePath: string; errors: MatrixError[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'decoder-'))
  const { model, prompts, page, sections, weightBytes } = decoderGraph(config, recipe)
  const path = join(dir, 'model.onnx')
  writeFileSync(path, model)
  const promptsPath = join(dir, 'prompts.onnx')
  if (prompts) writeFileSync(promptsPath, prompts)
  const pagePath = join(dir, 'page.onnx')
  if (page) writeFileSync(pagePath, page)
  const file = openSync(join(dir, weightFile), 'w')
  try {
    ftruncateSync(file, weightBytes)
    return { path, promptsPath, pagePath, errors: await writeWeights(sections, tensors, async (offset, bytes) => void writeSync(file, bytes, 0, bytes.length, offset)) }
  } finally {
    closeSync(file)
  }
}
