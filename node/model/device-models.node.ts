import { join } from 'node:path'
import type { ModelStore } from './store/store.ts'
import { openModelStore } from './store/store.node.ts'

/** Where the model that comes with kinmesh lies, beside this program. */
const builtIn = join(import.meta.dirname, '..', 'starter', 'model')

/** The models of a device, by custom in HOME/models, and the one that comes with kinmesh. @throws KinmeshError `StoreFailed`, `StoreBusy` */
export function openDeviceModels(dir: string): Promise<ModelStore> {
  return openModelStore(dir, { builtIn })
}
