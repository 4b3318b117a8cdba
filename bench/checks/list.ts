import type { Removal } from './removal.ts'
import { meshChecks } from './mesh.ts'
import { syncChecks } from './sync.ts'

/** Every check that bytes of others pass through; each is held by a test that fails without it. */
export const checks: readonly Removal[] = [...meshChecks, ...syncChecks]
