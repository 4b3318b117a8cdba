import { join } from 'node:path'
import type { DataFile } from './data-file.ts'
import { readDataFile, unpacked } from './data-files.node.ts'
import { type ImageSet, imageSet } from './image-set.ts'

/** MNIST, or what is like it: two sets of images with their classes. `files`: what they were read from. */
export type Mnist = { readonly training: ImageSet; readonly heldOut: ImageSet; readonly files: readonly DataFile[] }

const folder = 'mnist'
const names = { training: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'], heldOut: ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'] } as const
const advice = `give the folder that holds ${folder}/ with the four files of MNIST (${[...names.training, ...names.heldOut].join(', ')}, each .gz; http://yann.lecun.com/exdb/mnist/ and mirrors of it)`

/** From `dir`/mnist. @throws KinmeshError `DataMissing` · `BadTrainingData` · `StoreFailed` */
export async function readMnist(dir: string): Promise<Mnist> {
  const files: DataFile[] = []
  const read = async (name: string): Promise<Uint8Array> => {
    const { bytes, file } = await readDataFile(dir, `${folder}/${name}.gz`, advice)
    files.push(file)
    return unpacked(join(dir, file.name), bytes)
  }
  const set = async ([images, labels]: readonly [string, string]) => imageSet(images, await read(images), await read(labels))
  const [training, heldOut] = [await set(names.training), await set(names.heldOut)]
  return { training, heldOut, files }
}
