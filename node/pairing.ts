import { isKinmeshError, KinmeshError } from '../mesh/errors.ts'
import type { Logger } from '../mesh/log.ts'
import type { DeviceCard, DeviceId, Mesh } from '../mesh/types.ts'
import type { Sync } from '../sync/types.ts'
import { Feed } from './feed.ts'

/** A device as a person gets to see it. */
export type ShownDevice = { readonly id: DeviceId; readonly name: string; readonly place: string }

export type InviteEvent =
  | { readonly event: 'newcomer'; readonly device: ShownDevice }
  | { readonly event: 'admitted'; readonly device: ShownDevice }
  | { readonly event: 'failed'; readonly error: { readonly code: string; readonly message: string } }

export type JoinStep = 'looking' | 'connecting' | 'proving' | 'waiting-for-confirmation' | 'admitted'

export type OpenInvite = { readonly ref: string; readonly uri: string; readonly code: string; readonly expiresAt: number; readonly events: Feed<InviteEvent> }

export type Pairing = {
  /** `unattended` admits whoever proves the code, without asking; `keeper` as a device that holds sealed entries and reads nothing. @throws `KeeperCannotInvite` */
  invite(options: { unattended: boolean; keeper?: boolean | undefined; ttlMs?: number | undefined }): Promise<OpenInvite>
  /** @throws `NoSuchInvite` */
  open(ref: string): OpenInvite
  /** Says whether the newcomer that proved the code comes in. @throws `NoSuchInvite`, `NobodyWaits` */
  decide(ref: string, accept: boolean): void
  cancel(ref: string): void
  join(invite: string, options: { addresses?: string[] | undefined; signal: AbortSignal; onProgress: (step: JoinStep) => void }): Promise<ShownDevice>
}

/** Ended invites that are kept, so that whoever waits on one still hears how it ended. */
const keptInvites = 16

type Kept = OpenInvite & { decide?: (accept: boolean) => void; cancel(): void }

/** Invites and joins of this device, between the mesh that carries them, the membership log that keeps them and the person who confirms. */
export function createPairing(mesh: Mesh, sync: Sync, log: Logger): Pairing {
  const invites = new Map<string, Kept>()
  const find = (ref: string): Kept => {
    const invite = invites.get(ref)
    if (!invite) throw new KinmeshError('NoSuchInvite', 'there is no such invite: make one with kinmesh invite')
    return invite
  }
  return {
    async invite({ unattended, keeper = false, ttlMs }) {
      if (sync.kept()) throw new KinmeshError('KeeperCannotInvite', 'this device is a keeper, which lets nobody in: run kinmesh invite on one of your other devices')
      const role = keeper ? 'keeper' : 'admin'
      const events = new Feed<InviteEvent>()
      const ref = crypto.randomUUID()
      const confirm = async (newcomer: DeviceCard): Promise<boolean> => {
        events.push({ event: 'newcomer', device: shown(newcomer) })
        if (unattended) return true
        const { promise, resolve } = Promise.withResolvers<boolean>()
        find(ref).decide = resolve
        return promise
      }
      const made = await mesh.invite({ confirm, admit: newcomer => sync.admit(newcomer, role), role, ...(ttlMs === undefined ? {} : { ttlMs }) })
      if (!keeper) void sync.expectNewcomer()
      const kept: Kept = { ref, uri: made.uri, code: made.code, expiresAt: made.expiresAt, events, cancel: () => made.cancel() }
      invites.set(ref, kept)
      for (const old of invites.keys()) if (invites.size > keptInvites) invites.delete(old)
      made.admitted.then(
        device => {
          log.info('admitted a device', { device: device.id })
          events.push({ event: 'admitted', device: shown(device) })
          events.end()
        },
        (error: unknown) => {
          log.info('an invite ended without a newcomer', { reason: isKinmeshError(error) ? error.code : String(error) })
          events.push({ event: 'failed', error: toShownError(error) })
          events.end()
        }
      )
      return kept
    },
    open: find,
    decide(ref, accept) {
      const invite = find(ref)
      if (!invite.decide) throw new KinmeshError('NobodyWaits', 'nobody waits to be let in: the newcomer has to run kinmesh join first')
      invite.decide(accept)
      delete invite.decide
    },
    cancel: ref => find(ref).cancel(),
    async join(invite, { addresses, signal, onProgress }) {
      if (sync.removed) throw new KinmeshError('DeviceRemoved', 'this device was removed from its mesh: stop it and start it again (it goes on with a new key and what it had), then join')
      // Known before anybody is asked: the inviter would otherwise admit a device that then cannot come.
      if (sync.members().some(member => !member.self)) {
        throw new KinmeshError('AlreadyInMesh', 'this device has a mesh already: run kinmesh invite here and kinmesh join on the other device, or remove its other devices first (kinmesh devices remove)')
      }
      const result = await mesh.join(invite, { signal, onProgress, accept: role => sync.mayJoin(role), store: statements => sync.adopt(statements), ...(addresses ? { addresses } : {}) })
      log.info('joined a mesh', { inviter: result.inviter.id })
      return shown(result.inviter)
    }
  }
}

export function toShownError(error: unknown): { code: string; message: string } {
  return isKinmeshError(error) ? { code: error.code, message: error.message } : { code: 'Internal', message: 'something failed inside kinmesh: see its log' }
}

function shown({ id, name, place }: DeviceCard): ShownDevice {
  return { id, name, place }
}
