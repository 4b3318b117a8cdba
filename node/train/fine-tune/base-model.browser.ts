import { weightFile } from '../../model/graph/decoder.ts'
import { badModelFile } from '../../model/model-errors.ts'
import { readModelText } from '../../model/model-text.ts'
import { bytesOf } from '../../model/open-decoder.browser.ts'
import type { OrtWasm } from '../../model/runtime/ort-wasm.browser.ts'
import { openWebSession } from '../../model/runtime/ort-web-session.browser.ts'
import type { Tensor } from '../../model/runtime/session.ts'
import type { FileSource } from '../../model/safetensors.ts'
import { type Manifest, modelId } from '../../model/store/manifest.ts'
import type { Base } from '../decoder-objective.ts'
import type { BaseInput } from '../graphs/base-weights.ts'
import { ModelBase } from '../model-base.ts'
import { UnpackedBase } from '../unpacked-base.ts'
import { type BaseModel, readRecipe } from './base-model.ts'

/** A converted model out of the files that a page has of it. Its weights go into the memory of the library as they are asked for, and stay. @throws KinmeshError `NotConverted` · `BadModelFile` · `UnknownModel` */
export async function openBaseModel(manifest: Manifest, files: ReadonlyMap<string, Blob>, ort: OrtWasm): Promise<BaseModel> {
  const recipe = readRecipe(manifest)
  const text = await readModelText(async (name, maxBytes) => {
    const file = files.get(name)
    if (file && file.size > maxBytes) throw badModelFile(`${name} has ${file.size} bytes, and at most ${maxBytes} are read: choose another model`)
    return file && bytesOf(file)
  })
  const weights = files.get(weightFile)
  if (!weights) throw badModelFile(`${manifest.name} lacks ${weightFile}: get or make the model again`)
  const base = new PlacedBase(new ModelBase(text.config, recipe, readInto(ort, weights)), ort)
  const { format } = base
  return {
    id: modelId(manifest), name: manifest.name, text, base,
    unpacked: format.bits === 32 ? undefined : new UnpackedBase(new ModelBase(text.config, recipe, { size: weights.size, read: (offset, length) => partOf(weights, offset, length) }, { keeps: false }), format, count => ort.numbers(count)),
    open: model => openWebSession(ort, model, {}, { asWritten: true }),
    place(numbers) {
      const placed = ort.numbers(numbers.length)
      placed.set(numbers)
      return placed
    },
    // The library ends with its worker, and its memory with it.
    close: async () => {}
  }
}

/** A file that is read into the memory of the library, where graphs find it without a copy. */
function readInto(ort: OrtWasm, file: Blob): FileSource {
  return {
    size: file.size,
    async read(offset, length) {
      const part = await partOf(file, offset, length)
      const bytes = ort.bytes(length)
      bytes.set(part)
      return bytes
    }
  }
}

async function partOf(file: Blob, offset: number, length: number): Promise<Uint8Array> {
  const part = await bytesOf(file.slice(offset, offset + length))
  if (part.length < length) throw badModelFile(`${weightFile} has ${file.size} bytes, and ${offset + length} are needed: get or make the model again`)
  return part
}

/** What is made of the weights, such as zero points, lies in the memory of the library as well; and all graphs are given the same tensors. */
class PlacedBase implements Base {
  readonly format: Base['format']
  readonly #base: Base
  readonly #ort: OrtWasm
  readonly #tensors = new Map<string, Promise<Tensor>>()

  constructor(base: Base, ort: OrtWasm) {
    this.format = base.format
    this.#base = base
    this.#ort = ort
  }

  tensor(input: BaseInput): Promise<Tensor> {
    const known = this.#tensors.get(input.name) ?? this.#base.tensor(input).then(tensor => this.#ort.placed(tensor))
    this.#tensors.set(input.name, known)
    return known
  }
}
