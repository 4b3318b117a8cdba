import { KinmeshError, isKinmeshError } from './errors.ts'
import { publicKeyOf } from './identity.ts'
import type { Logger } from './log.ts'
import { formatCode, formatInvite, maxInviteAddrs, newCode } from './pairing-code.ts'
import {
  isRefusal, newNonce, proofOf, readMessage, refusal, sameProof, sendMessage, sendStatements, type Refusal, type Transcript
} from './pairing-messages.ts'
import type { Timers } from './timers.ts'
import type { Channel, DeviceCard, DeviceId, Invite, InviteOptions, Role } from './types.ts'

/** How long an invite lives unless its options say otherwise. */
export const inviteTtlMs = 10 * 60_000
/** Wrong proofs that end an invite: for typing errors; 5 of 2^80 guesses are none. */
export const maxWrongTries = 5
/** How long an ended invite still says why it ended, to those who prove that they hold its code. */
export const lingerMs = 2 * 60_000
/** For each message of the other side that no person has to decide about. */
export const stepTimeoutMs = 10_000
/** For the newcomer to write the log to its disk and acknowledge it. */
export const storeTimeoutMs = 30_000

type Options = { card: DeviceCard; addrs(): string[]; log: Logger; clock: () => number; timers: Timers; welcome(): () => void }

/** The inviting side: at most one live invite, and what strangers get to hear of it. */
export class Inviter {
  readonly #options: Options
  #invite: LiveInvite | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** A new invite withdraws the one before. */
  invite(options: InviteOptions): Invite {
    const { card, addrs, clock } = this.#options
    this.#invite?.end('InviteCancelled')
    this.#invite?.forget()
    const invite = new LiveInvite(options, this.#options)
    this.#invite = invite
    return {
      uri: formatInvite({ id: card.id, addrs: inviteAddrs(addrs()), code: invite.code }),
      code: formatCode(invite.code),
      expiresAt: clock() + (options.ttlMs ?? inviteTtlMs),
      admitted: invite.admitted,
      cancel: () => invite.end('InviteCancelled')
    }
  }

  /** Answers one stranger. @param vouch called once it has proven that it holds the code */
  async serve(channel: Channel, vouch: () => void): Promise<void> {
    const invite = this.#invite
    if (!invite) throw new Error('no invite')
    try {
      await this.#pair(invite, channel, vouch)
    } catch (error) {
      const code = isKinmeshError(error, 'MalformedBytes') ? 'PairingTampered' : isKinmeshError(error) && isRefusal(error.code) ? error.code : undefined
      this.#options.log.warn('pairing failed', { peer: channel.peer, error: String(error) })
      if (!code) throw error
      await sendMessage(channel, { type: 'refused', code })
    }
  }

  stop(): void {
    this.#invite?.end('InviteCancelled')
    this.#invite?.forget()
  }

  async #pair(invite: LiveInvite, channel: Channel, vouch: () => void): Promise<void> {
    const inviter = this.#options.card
    const { role } = invite
    const hello = await this.#within(stepTimeoutMs, channel, readMessage(channel, 'hello'))
    if (hello.card.id !== channel.peer) throw refusal('PairingTampered')
    const nonce = newNonce()
    await sendMessage(channel, { type: 'welcome', nonce, card: inviter, role })
    const transcript: Transcript = {
      newcomerKey: publicKeyOf(channel.peer), inviterKey: inviter.publicKey,
      newcomerNonce: hello.nonce, inviterNonce: nonce, newcomer: hello.card, inviter, role
    }
    const { proof } = await this.#within(stepTimeoutMs, channel, readMessage(channel, 'newcomerProof'))
    if (!sameProof(proof, proofOf('newcomer', invite.code, transcript))) throw invite.wrongTry()
    invite.claim(channel.peer)
    vouch()
    try {
      await sendMessage(channel, { type: 'inviterProof', proof: proofOf('inviter', invite.code, transcript) })
      await invite.confirm(hello.card)
      // Fails when the newcomer has gone meanwhile: it is then not admitted, and may come back to the same confirmation.
      await sendMessage(channel, { type: 'confirmed' })
      await sendStatements(channel, await invite.admit(hello.card))
      await this.#within(storeTimeoutMs, channel, readMessage(channel, 'done'))
      invite.done()
    } finally {
      invite.release()
    }
  }

  async #within<T>(timeoutMs: number, channel: Channel, reading: Promise<T>): Promise<T> {
    const { timers } = this.#options
    const timer = timers.set(() => channel.abort(new Error(`no pairing message within ${timeoutMs} ms`)), timeoutMs)
    try {
      return await reading
    } finally {
      timers.clear(timer)
    }
  }
}

/** One invite from its making until nobody needs to hear of it any more. */
class LiveInvite {
  readonly code = newCode()
  readonly admitted: Promise<DeviceCard>
  readonly role: Role
  readonly #options: InviteOptions
  readonly #timers: Timers
  readonly #result = Promise.withResolvers<DeviceCard>()
  readonly #over = Promise.withResolvers<never>()
  readonly #closeGate: () => void
  readonly #expiry: unknown
  #linger: unknown
  #ended: Refusal | undefined
  #wrongTries = 0
  #newcomer: DeviceId | undefined
  #confirmation: Promise<boolean> | undefined
  #admitted: DeviceCard | undefined

  constructor(options: InviteOptions, { timers, welcome }: Options) {
    this.#options = options
    this.role = options.role ?? 'admin'
    this.#timers = timers
    this.#closeGate = welcome()
    this.admitted = this.#result.promise
    // Either may have no listener when it rejects; whoever listens still gets it.
    this.admitted.catch(() => {})
    this.#over.promise.catch(() => {})
    this.#expiry = timers.set(() => this.end('InviteExpired'), options.ttlMs ?? inviteTtlMs)
  }

  /** What a wrong proof gets. */
  wrongTry(): KinmeshError {
    if (!this.#ended && ++this.#wrongTries >= maxWrongTries) this.end('InviteSpent')
    return refusal(this.#ended === 'InviteSpent' ? 'InviteSpent' : 'WrongCode')
  }

  /** The first who proves the code has the invite for itself, until it leaves unconfirmed. @throws KinmeshError a refusal */
  claim(peer: DeviceId): void {
    if (this.#ended) throw refusal(this.#ended)
    if (this.#newcomer !== undefined && this.#newcomer !== peer) throw refusal('InviteUsed')
    this.#newcomer = peer
  }

  release(): void {
    if (!this.#confirmation) this.#newcomer = undefined
  }

  /** Asks the person, once. @throws KinmeshError `InviteRefused`, or why the invite ended meanwhile */
  async confirm(card: DeviceCard): Promise<void> {
    this.#confirmation ??= this.#options.confirm(card)
    const confirmed = await this.#unlessOver(this.#confirmation)
    if (confirmed) return
    this.end('InviteRefused')
    throw refusal('InviteRefused')
  }

  async admit(card: DeviceCard): Promise<Uint8Array[]> {
    try {
      const statements = await this.#options.admit(card)
      this.#admitted = card
      return statements
    } catch (cause) {
      this.#result.reject(cause)
      this.end('InviteFailed')
      throw refusal('InviteFailed', cause)
    }
  }

  done(): void {
    this.end('InviteUsed')
  }

  end(reason: Refusal): void {
    if (this.#ended) return
    this.#ended = reason
    this.#timers.clear(this.#expiry)
    // Admitted is admitted, also when its acknowledgement got lost: the device stands in the log.
    if (this.#admitted) this.#result.resolve(this.#admitted)
    else this.#result.reject(refusal(reason))
    this.#over.reject(refusal(reason))
    this.#linger = this.#timers.set(() => this.forget(), lingerMs)
  }

  /** Strangers are not let in any more. */
  forget(): void {
    this.#timers.clear(this.#linger)
    this.#closeGate()
  }

  async #unlessOver(decision: Promise<boolean>): Promise<boolean> {
    try {
      return await Promise.race([decision, this.#over.promise])
    } catch (cause) {
      if (isKinmeshError(cause) && isRefusal(cause.code)) throw cause
      this.#result.reject(cause)
      this.end('InviteFailed')
      throw refusal('InviteFailed', cause)
    }
  }
}

/** Loopback only when there is nothing else: it leads nowhere on another device. */
function inviteAddrs(addrs: readonly string[]): string[] {
  const elsewhere = addrs.filter(addr => !/^\/(ip4\/127\.|ip6\/::1\/)/.test(addr))
  return (elsewhere.length > 0 ? elsewhere : addrs).map(addr => addr.replace(/\/p2p\/[^/]+$/, '')).slice(0, maxInviteAddrs)
}
