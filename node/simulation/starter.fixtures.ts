import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertFolder } from '../model/convert.node.ts'
import { publishedConfig, publishedModel, writeModel } from '../model/published-model.fixtures.ts'
import { vocabSize } from '../starter/tokenizer-files.ts'

const starter = join(import.meta.dirname, '..', 'starter', 'model')

/** For tests: a model of few numbers, which knows nothing, with the tokenizer of the starter model; converted into the folder that is returned. */
export async function tinyStarter(dir: string, bits: 8 | 32 = 32): Promise<string> {
  const tokenizer = Object.fromEntries(['tokenizer.json', 'tokenizer_config.json'].map(name => [name, readFileSync(join(starter, name), 'utf8')]))
  const published = writeModel(join(dir, 'published'), { ...publishedModel(3, { ...publishedConfig, vocabSize }), ...tokenizer })
  const made = join(dir, 'model')
  await convertFolder(published, made, { bits, block: 32, zeroPoints: false, small: true })
  return made
}
