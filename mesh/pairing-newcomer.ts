import { isKinmeshError, KinmeshError } from './errors.ts'
import { publicKeyOf } from './identity.ts'
import { MembershipLog } from './membership.ts'
import {
  newNonce, proofOf, readMessage, readStatements, refusal, sameProof, sendMessage, type Transcript
} from './pairing-messages.ts'
import { stepTimeoutMs } from './pairing-invite.ts'
import type { Timers } from './timers.ts'
import type { Channel, DeviceCard, JoinOptions, JoinResult, Role } from './types.ts'

/** A person walks to the other device and reads what is asked there; invites rarely live longer. */
export const confirmTimeoutMs = 15 * 60_000

type Options = Pick<JoinOptions, 'onProgress' | 'accept' | 'store'> & { card: DeviceCard; code: Uint8Array; timers: Timers; onInviter(inviter: DeviceCard): Promise<void> }

/**
 * The newcomer's side, over a channel to a device that may be the inviter.
 * @throws KinmeshError a refusal of the other side, `PairingTampered`, `InviterUnreachable`, `NewerVersion`, and what `store` throws
 */
export async function pairAsNewcomer(channel: Channel, options: Options): Promise<JoinResult> {
  try {
    return await pair(channel, options)
  } catch (error) {
    // The inviter keeps no secrets from whoever may read its refusal, and nothing that went wrong here is its business.
    channel.abort(error instanceof Error ? error : new Error(String(error)))
    if (isKinmeshError(error, 'MalformedBytes', 'BadSignature', 'WrongSpace', 'MissingParent', 'TooManyStatements')) throw refusal('PairingTampered', error)
    if (isKinmeshError(error, 'ChannelClosed')) throw inviterUnreachable(error)
    throw error
  }
}

export function inviterUnreachable(cause?: unknown): KinmeshError {
  return new KinmeshError('InviterUnreachable', 'the inviting device does not answer: is it on, on the same network, and its invite not over? Make a new one if in doubt', { cause })
}

async function pair(channel: Channel, { card, code, timers, onProgress, accept, store, onInviter }: Options): Promise<JoinResult> {
  const within = async <T>(timeoutMs: number, reading: Promise<T>): Promise<T> => {
    const timer = timers.set(() => channel.abort(new Error(`no pairing message within ${timeoutMs} ms`)), timeoutMs)
    try {
      return await reading
    } finally {
      timers.clear(timer)
    }
  }
  onProgress?.('proving')
  const nonce = newNonce()
  await sendMessage(channel, { type: 'hello', nonce, card })
  const welcome = await within(stepTimeoutMs, readMessage(channel, 'welcome'))
  const { card: inviter, role } = welcome
  if (inviter.id !== channel.peer) throw refusal('PairingTampered')
  // Before the code is proven: an invite that cannot be used stays good.
  accept?.(role)
  const transcript: Transcript = {
    newcomerKey: card.publicKey, inviterKey: publicKeyOf(channel.peer),
    newcomerNonce: nonce, inviterNonce: welcome.nonce, newcomer: card, inviter, role
  }
  await sendMessage(channel, { type: 'newcomerProof', proof: proofOf('newcomer', code, transcript) })
  const { proof } = await within(stepTimeoutMs, readMessage(channel, 'inviterProof'))
  if (!sameProof(proof, proofOf('inviter', code, transcript))) throw refusal('PairingTampered')

  onProgress?.('waiting-for-confirmation')
  await within(confirmTimeoutMs, readMessage(channel, 'confirmed'))
  const statements = await within(confirmTimeoutMs, readStatements(channel))
  await checkLog(statements, card, inviter, role)

  onProgress?.('admitted')
  // Before it is in the mesh: a crash right after would leave it there without a way to the only device it has met.
  await onInviter(inviter)
  await store(statements, inviter)
  // Stored is joined: when the acknowledgement gets lost, the inviter knows from its own log.
  await sendMessage(channel, { type: 'done' }).catch(() => {})
  await channel.close()
  return { inviter, role, statements }
}

async function checkLog(statements: Uint8Array[], card: DeviceCard, inviter: DeviceCard, role: Role): Promise<void> {
  const members = (await MembershipLog.load(statements)).members()
  const self = members.get(card.id)
  const sameKey = self?.encryptionKey.every((byte, index) => byte === card.encryptionKey[index])
  if (!self || !sameKey || !members.has(inviter.id)) throw refusal('PairingTampered', new Error('the log does not name both devices'))
  if (self.role !== role) throw refusal('PairingTampered', new Error(`the log names this device as ${self.role}, and the invite was for ${role}`))
}
