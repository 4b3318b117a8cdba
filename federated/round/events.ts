import type { DeviceId } from '../../mesh/types.ts'
import type { Body, Payload, Said, Value } from './messages.ts'

/** What can happen to a round on one device. `now`: Unix ms of this device. */
export type RoundEvent = { readonly now: number } & (
  /** Form and signatures were checked, and it came from its author (of `propose`: from anybody). */
  | { readonly type: 'message'; readonly message: Said }
  /** A device of the cohort is connected, or was not for a while. */
  | { readonly type: 'up' | 'down'; readonly peer: DeviceId }
  | { readonly type: 'time' }
  /** Say again what was not answered. */
  | { readonly type: 'again' }
  /** This device starts with a state that it had stored. */
  | { readonly type: 'restart' }
  /** The person, or the device for its sake, takes it out of the round. */
  | { readonly type: 'leave'; readonly code: string }
  /** Below: what became of an effect. `code`: empty, or why not. */
  | { readonly type: 'answered'; readonly code: string }
  | { readonly type: 'prepared'; readonly attempt: number; readonly phase: number; readonly payload: Payload | null; readonly examples: number; readonly code: string }
  | { readonly type: 'checked'; readonly attempt: number; readonly phase: number; readonly author: DeviceId; readonly root: string; readonly code: string }
  | { readonly type: 'closed'; readonly attempt: number; readonly phase: number; readonly shown: Payload | null; readonly value: Pick<Value, 'result' | 'transcript' | 'weight'> | null; readonly code: string; readonly named: readonly DeviceId[] }
  | { readonly type: 'verified'; readonly value: string; readonly code: string }
  | { readonly type: 'delivered' }
)

/** What a device is to do. All but `send` answer with an event; each may be done again after a restart. */
export type Effect =
  | { readonly do: 'send'; readonly to: DeviceId; readonly body: Body }
  /** Ask the policy whether to take part. */
  | { readonly do: 'answer' }
  /** Make this device's part of a phase, out of what was shown for it. */
  | { readonly do: 'prepare'; readonly attempt: number; readonly phase: number; readonly shown: readonly Payload[]; readonly from: DeviceId }
  /** Get an offer's payload and look at it, beside those of the phases before. */
  | { readonly do: 'check'; readonly attempt: number; readonly offer: Said<'offer'>; readonly before: readonly (readonly Said<'offer'>[])[] }
  /** Put together what the offers of all phases so far come to. */
  | { readonly do: 'close'; readonly attempt: number; readonly phase: number; readonly offers: readonly (readonly Said<'offer'>[])[] }
  /** Get the parts of a result and repeat it. */
  | { readonly do: 'verify'; readonly value: Value; readonly from: readonly DeviceId[] }
  /** Hand the result over. */
  | { readonly do: 'deliver'; readonly value: Value; readonly from: readonly DeviceId[] }

export type Send = Effect & { readonly do: 'send' }
export type Job = Exclude<Effect, Send>
