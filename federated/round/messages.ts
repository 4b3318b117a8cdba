import type { DeviceId } from '../../mesh/types.ts'
import type { RoundManifest } from './manifest.ts'

// What devices of a round say to each other, as plain data: hashes and signatures are hex, so that a state which holds messages is JSON. wire.ts has the bytes.

/** Bytes that are fetched by hash: `root` is the SHA-256 of their chunk manifest. */
export type Payload = { readonly root: string; readonly bytes: number }

/** A result and what it was made of. It is its own proof, and names nobody who vouches for it. */
export type Value = {
  /** In which it was made. */
  readonly attempt: number
  /** The signed contributions in it, ascending by author. */
  readonly offers: readonly Said<'offer'>[]
  /** The mean: f32, little-endian. */
  readonly result: Payload
  /** What takes the masks off, and which messages agreed on it; only with secure aggregation. */
  readonly transcript: Payload | null
  /** Weights of the contributions together. */
  readonly weight: number
}

export type Bodies = {
  /** The round itself; from its proposer, passed on by anybody. */
  propose: { readonly manifest: RoundManifest }
  /** "I do not know this round." */
  unknown: object
  /** The coordinator of an attempt begins it. */
  begin: { readonly attempt: number }
  /** A promise to accept no result of an earlier attempt, and which one this device has accepted last. */
  join: { readonly attempt: number; readonly accepted: { readonly attempt: number; readonly value: string } | null }
  /** The coordinator has that promise. */
  joined: { readonly attempt: number }
  /** The result that a `join` names. */
  held: { readonly attempt: number; readonly value: Value }
  /** A participant's part of a phase. `examples` is 0 where it is hidden, and in phases that carry no update. */
  offer: { readonly attempt: number; readonly phase: number; readonly base: string; readonly examples: number; readonly payload: Payload }
  /** The coordinator's word on an offer: taken (empty), or the code of its refusal. */
  receipt: { readonly attempt: number; readonly phase: number; readonly root: string; readonly code: string }
  /** "I take no further part in this attempt." */
  pass: { readonly attempt: number; readonly code: string }
  /** What a phase came to, for those who go on to the next one, `phase`. */
  show: { readonly attempt: number; readonly phase: number; readonly payload: Payload }
  /** A result to be accepted, and the promises that allow it to be this one. */
  commit: { readonly attempt: number; readonly value: Value; readonly joins: readonly Said<'join'>[] }
  accept: { readonly attempt: number; readonly value: string }
  /** A result is wrong. `receipt`: proof, where the coordinator left out what it had taken. */
  refuse: { readonly attempt: number; readonly value: string; readonly code: string; readonly receipt: Said<'receipt'> | null }
  /** A result that a quorum has accepted. */
  decided: { readonly value: Value; readonly accepts: readonly Said<'accept'>[] }
  /** "I am not of this round any more." */
  leave: { readonly code: string }
}

export type MessageType = keyof Bodies
export type Body = { [T in MessageType]: { readonly type: T } & Bodies[T] }[MessageType]

/** A message as its author signed it. */
export type Said<T extends MessageType = MessageType> = { [Each in T]: { readonly type: Each; readonly round: string; readonly author: DeviceId; readonly signature: string } & Bodies[Each] }[T]

/** Refusals carry codes of errors. */
export const maxCodeChars = 40
