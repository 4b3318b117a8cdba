import { badTrainingData } from '../train/training-errors.ts'

// The format of MNIST: two zero bytes, the type of the elements, the number of dimensions, their sizes (u32, big-endian), and then the elements, the last dimension fastest.
// http://yann.lecun.com/exdb/mnist/

const unsignedByte = 0x08
const maxDimensions = 4

/** u8, `sizes` of which the last runs fastest. */
export type Idx = { readonly sizes: readonly number[]; readonly data: Uint8Array }

/** `name` is for errors. @throws KinmeshError `BadTrainingData` */
export function readIdx(name: string, bytes: Uint8Array): Idx {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4 || view.getUint16(0) !== 0) throw bad(name, 'it does not begin like one')
  const [type, dimensions] = [view.getUint8(2), view.getUint8(3)]
  if (type !== unsignedByte) throw bad(name, `its elements are of type ${type}, and only bytes (8) are read`)
  if (dimensions < 1 || dimensions > maxDimensions || bytes.length < 4 + 4 * dimensions) throw bad(name, `it has ${dimensions} dimensions`)
  const sizes = Array.from({ length: dimensions }, (_, at) => view.getUint32(4 + 4 * at))
  const elements = sizes.reduce((product, size) => product * size, 1)
  const data = bytes.subarray(4 + 4 * dimensions)
  if (elements === 0 || data.length !== elements) throw bad(name, `it has ${data.length} bytes of elements, and says ${sizes.join(' × ')}`)
  return { sizes, data }
}

function bad(name: string, problem: string): Error {
  return badTrainingData(`${name} is no idx file of bytes: ${problem}; get it again`)
}
