import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import { openOrtSession } from './ort-session.node.ts'
import { type PackOptions, openPackedSession } from './packed-session.node.ts'
import type { DescribedSession, SessionOptions } from './session.ts'

export type OpenSessionOptions = SessionOptions & {
  /** Where the weights are kept as this machine wants them. Without it they are packed at each start. */
  readonly packed?: (Omit<PackOptions, keyof SessionOptions> & { readonly dir: string }) | undefined
}

/** Loads a graph the quickest way that this machine has. @throws KinmeshError `ModelFailed` · `RuntimeMissing` */
export async function openSession(path: string, { packed, threads }: OpenSessionOptions): Promise<DescribedSession> {
  try {
    return await (packed === undefined ? openOrtSession(path, { threads }) : openPackedSession(path, packed.dir, { threads, ...packed }))
  } catch (error) {
    if (!isKinmeshError(error, 'RuntimeMissing')) throw error
    const { openStockSession } = await import('./stock-session.node.ts').catch((cause: unknown) => {
      throw missing(cause)
    })
    return openStockSession(path, { threads })
  }
}

/** It is an optional dependency: its install script fetches files for graphics cards, and where it cannot, npm leaves the package out. */
function missing(cause: unknown): KinmeshError {
  return new KinmeshError('RuntimeMissing', 'language models need onnxruntime-node, which is not installed: set ONNXRUNTIME_NODE_INSTALL=skip, which leaves out its files for graphics cards, and install kinmesh again', { cause })
}
