import { readdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { folderFiles } from '../file-source.node.ts'
import { badModelFile } from '../model-errors.ts'
import { openSession } from '../runtime/open-session.node.ts'
import { isMissing } from '../store/files.node.ts'
import { onnxOf } from '../store/pick.ts'
import { type EncoderConfig, type EncoderJson, encoderTexts, readEncoderConfig } from './encoder-config.ts'
import { EncoderGraph } from './encoder-graph.ts'
import { type Encoder, createEncoder } from './encoder.ts'
import { type WordPieces, readWordPieces } from './word-pieces.ts'

export type OpenEncoderOptions = { readonly threads?: number | undefined }

/** More cores than this are better left to whatever the device does meanwhile. */
const maxThreads = 4
/** A tokenizer of 120,000 word pieces has 3 MB. */
const maxJsonBytes = 64 * 1024 * 1024
/** Graph and weights: twice what the largest encoder of these families has. */
const maxGraphBytes = 4 * 1024 ** 3

/** Loads a published encoder from its folder. @throws KinmeshError `ModelUnusable` · `BadModelFile` · `UnknownModel` · `ModelFailed` · `RuntimeMissing` */
export async function openEncoder(dir: string, { threads = Math.min(maxThreads, availableParallelism()) }: OpenEncoderOptions = {}): Promise<Encoder> {
  const { config, tokenizer } = await readFolder(dir)
  const [graphFile, ...data] = onnxOf(await graphPaths(dir))
  let bytes = 0
  for (const path of [graphFile, ...data]) bytes += (await stat(join(dir, path))).size
  if (bytes > maxGraphBytes) throw badModelFile(`the graph and its weights have ${bytes} bytes, and at most ${maxGraphBytes} are read: choose a smaller encoder`)
  const session = await openSession(join(dir, graphFile), { threads })
  try {
    return await createEncoder(new EncoderGraph(session, config), tokenizer, config, nextTurn)
  } catch (error) {
    session.close()
    throw error
  }
}

async function readFolder(dir: string): Promise<{ config: EncoderConfig; tokenizer: WordPieces }> {
  const json: { -readonly [File in keyof EncoderJson]: EncoderJson[File] } = {}
  for (const path of encoderTexts) json[path] = await readJson(dir, path)
  const tokenizer = await readJson(dir, 'tokenizer.json')
  if (json['config.json'] === undefined) throw badModelFile(`there is no config.json in ${dir}: choose the folder of a model`)
  if (tokenizer === undefined) throw badModelFile(`there is no tokenizer.json in ${dir}: choose a model that has one (kinmesh reads no vocab.txt)`)
  const config = readEncoderConfig(json)
  return { config, tokenizer: readWordPieces(tokenizer, json['tokenizer_config.json'], config.vocabSize) }
}

/** Undefined where there is none. */
async function readJson(dir: string, path: string): Promise<unknown> {
  const files = folderFiles(join(dir, dirname(path)))
  try {
    const file = await files.open(basename(path))
    if (!file) return undefined
    if (file.size > maxJsonBytes) throw badModelFile(`${path} has ${file.size} bytes, and at most ${maxJsonBytes} are read: choose another model`)
    return parsed(path, await file.read(0, file.size))
  } finally {
    await files.close()
  }
}

function parsed(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw badModelFile(`${path} is not JSON: get this file again`, cause)
  }
}

/** Files that may be a graph or its weights, in the two folders where they are published. */
async function graphPaths(dir: string): Promise<string[]> {
  const paths: string[] = []
  for (const folder of ['', 'onnx/']) {
    const names = await readdir(join(dir, folder)).catch((cause: unknown) => {
      if (isMissing(cause)) return []
      throw badModelFile(`cannot read ${join(dir, folder)}: choose the folder of a model`, cause)
    })
    paths.push(...names.map(name => `${folder}${name}`))
  }
  return paths
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
