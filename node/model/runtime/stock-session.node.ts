import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { KinmeshError } from '../../../mesh/errors.ts'
import { turnTelemetryOff } from './no-telemetry.node.ts'
import type { DescribedSession, Port, SessionOptions, Tensor } from './session.ts'

/**
 * The same as ort-session.node.ts by the binding that onnxruntime-node brings along, for machines on which its library cannot be called directly.
 * It writes outputs where they are wanted, and copies each of them once more besides: a step costs more the larger the cache is.
 * @throws KinmeshError `ModelFailed`
 */
export async function openStockSession(path: string, { threads }: SessionOptions): Promise<DescribedSession> {
  turnTelemetryOff()
  const session = await failing(InferenceSession.create(path, {
    intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all', logSeverityLevel: 4, extra: { session: { intra_op: { allow_spinning: '0' } } }
  }))
  const values = new WeakMap<Tensor, OrtTensor>()
  const valueOf = (tensor: Tensor): OrtTensor => {
    const known = values.get(tensor)
    if (known) return known
    const value = new OrtTensor(tensor.type as 'float32', tensor.data as Float32Array, tensor.shape)
    values.set(tensor, value)
    return value
  }
  const valuesOf = (tensors: Readonly<Record<string, Tensor>>) => Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, valueOf(tensor)]))
  return {
    inputs: session.inputMetadata.map(portOf),
    outputs: session.outputMetadata.map(portOf),
    async run(inputs: Readonly<Record<string, Tensor>>, outputs: Readonly<Record<string, Tensor>>) {
      await failing(session.run(valuesOf(inputs), valuesOf(outputs)))
    },
    close: () => void session.release()
  }
}

function portOf(metadata: InferenceSession.ValueMetadata): Port {
  if (!metadata.isTensor) return { name: metadata.name, type: 'no tensor', shape: [] }
  return { name: metadata.name, type: metadata.type, shape: metadata.shape.map(size => (typeof size === 'number' ? size : null)) }
}

async function failing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new KinmeshError('ModelFailed', `onnxruntime: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
