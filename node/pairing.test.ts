import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from '../mesh/log.ts'
import type { Invite, Mesh } from '../mesh/types.ts'
import type { Sync } from '../sync/types.ts'
import { createPairing } from './pairing.ts'

test('whoever invites a device that will read gets ready for it at once, and for a keeper not', async () => {
  let expected = 0
  const sync: Pick<Sync, 'kept' | 'expectNewcomer'> = { kept: () => undefined, expectNewcomer: async () => void expected++ }
  const invite: Invite = { uri: 'kinmesh:x', code: 'X', expiresAt: 1, admitted: new Promise(() => undefined), cancel: () => undefined }
  const mesh: Pick<Mesh, 'invite'> = { invite: async () => invite }
  const pairing = createPairing(mesh as Mesh, sync as Sync, silentLogger)
  await pairing.invite({ unattended: true, keeper: true })
  assert.is(expected, 0)
  await pairing.invite({ unattended: true })
  assert.is(expected, 1)
})

test.run()
