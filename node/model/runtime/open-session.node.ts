import { isKinmeshError } from '../../../mesh/errors.ts'
import { openOrtSession } from './ort-session.node.ts'
import type { GraphSession, SessionOptions } from './session.ts'

/** Loads a graph the quickest way that this machine has. @throws KinmeshError `ModelFailed` */
export async function openSession(path: string, options: SessionOptions): Promise<GraphSession> {
  try {
    return openOrtSession(path, options)
  } catch (error) {
    if (!isKinmeshError(error, 'RuntimeMissing')) throw error
    const { openStockSession } = await import('./stock-session.node.ts')
    return openStockSession(path, options)
  }
}
