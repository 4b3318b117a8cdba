import { ristretto255, ristretto255_FROST as frost } from '@noble/curves/ed25519.js'
import { equals } from 'uint8arrays/equals'

// Shamir's sharing with Feldman's commitments (1987), as noble has them for FROST (RFC 9591 appendix C): over a group of prime order, where
// a point has one encoding. Everybody can check a share against the commitments, so whoever lies about one is known by name.

/** A secret of 252 random bits, as a scalar of ristretto255 (32 bytes). */
export function randomSecret(): Uint8Array {
  return frost.utils.randomScalar()
}

export type Dealt = {
  /** `threshold` points of 32 bytes; the first is the secret's. */
  readonly commitments: Uint8Array[]
  /** By place within 0…holders−1, 32 bytes each. Any `threshold` of them give the secret, fewer tell nothing of it. */
  readonly shares: Uint8Array[]
}

export function dealSecret(secret: Uint8Array, holders: number, threshold: number): Dealt {
  const identifiers = Array.from({ length: holders }, (_, place) => identifierOf(place))
  const dealt = frost.trustedDealer({ min: threshold, max: holders }, identifiers, secret)
  return { commitments: dealt.public.commitments, shares: identifiers.map(identifier => dealt.secretShares[identifier]!.signingShare) }
}

/** Whether this is the share that the dealer committed to for the holder at `place`; false for anything that is no share at all. */
export function isShare(commitments: readonly Uint8Array[], place: number, share: Uint8Array): boolean {
  try {
    frost.validateSecret({ identifier: identifierOf(place), signingShare: share }, { signers: { min: commitments.length, max: commitments.length }, commitments: [...commitments], verifyingShares: {} })
    return true
  } catch {
    return false
  }
}

export type HeldShare = { readonly place: number; readonly share: Uint8Array }

/**
 * The secret from shares of different holders, as many as there are commitments at least. Wrong shares among them do no harm while enough
 * right ones are left: their places come back as `wrong`, as far as they had to be looked at.
 * `secret` is undefined where too few are right.
 */
export function combineShares(commitments: readonly Uint8Array[], held: readonly HeldShare[]): { secret: Uint8Array | undefined; wrong: number[] } {
  const threshold = commitments.length
  // One multiplication instead of one check per share, as long as nobody lies.
  const quick = held.length < threshold ? undefined : interpolate(commitments, held.slice(0, threshold))
  if (quick) return { secret: quick, wrong: [] }
  const right = held.filter(({ place, share }) => isShare(commitments, place, share))
  const wrong = held.filter(one => !right.includes(one)).map(({ place }) => place)
  return { secret: right.length < threshold ? undefined : interpolate(commitments, right.slice(0, threshold)), wrong }
}

/** Undefined when the shares give another secret than the one committed to. */
function interpolate(commitments: readonly Uint8Array[], held: readonly HeldShare[]): Uint8Array | undefined {
  try {
    const secret = frost.combineSecret(held.map(({ place, share }) => ({ identifier: identifierOf(place), signingShare: share })), { min: held.length, max: held.length })
    const { Point } = ristretto255
    return equals(Point.BASE.multiply(Point.Fn.fromBytes(secret)).toBytes(), commitments[0]!) ? secret : undefined
  } catch {
    return undefined // noble throws on bytes that are no scalar; to a caller that is a wrong share like any other
  }
}

/** Shamir's x coordinate: zero is the secret's own. */
function identifierOf(place: number): string {
  return frost.Identifier.fromNumber(place + 1)
}
