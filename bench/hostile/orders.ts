/** Whom an attacker attacks, and with what. */
export type Target = { readonly id: string; readonly addrs: readonly string[] }

/** What a member's stolen device does; see member.ts. */
export const memberAttacks = ['fuzz', 'broken', 'pings', 'haves', 'members', 'entries', 'parts', 'wants', 'deaf', 'silent', 'gaps', 'reopen', 'greetings', 'replay', 'equivocation', 'mass-delete'] as const
/** What somebody who is no member does; see stranger.ts. */
export const strangerAttacks = ['storm', 'handshakes', 'garbage', 'flips', 'invited'] as const

/** What no attacker can do in such numbers: the victim reads broken messages; see read-broken.ts. */
export const ownAttacks = ['malformed'] as const

export type MemberAttack = (typeof memberAttacks)[number]
export type StrangerAttack = (typeof strangerAttacks)[number]

export type Order = { readonly attack: MemberAttack | StrangerAttack | (typeof ownAttacks)[number]; readonly home: string; readonly target: Target; readonly seconds: number; readonly frames: number; readonly seed: number }
/** What it did: frames (or bytes chunks of a stranger) that left, sessions or connections it began, and those that were ended or refused. */
export type Deeds = { sent: number; begun: number; ended: number }
