import type { EncryptionKeys, SigningKeys } from './crypto.ts'
import type { Logger } from './log.ts'

/** A device's public name: the text form of its libp2p PeerId, which is its Ed25519 public key. */
export type DeviceId = string

/** What a member may do. A keeper holds sealed entries for the others and is given no key: it can read nothing, and writes nothing. */
export type Role = 'reader' | 'writer' | 'admin' | 'keeper'

/** This device's keys. They never leave it. */
export type Identity = {
  readonly id: DeviceId
  readonly signing: SigningKeys
  readonly encryption: EncryptionKeys
  /** Ed25519 signature (64 bytes) over `bytes`. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** What a device tells about itself when it pairs. */
export type DeviceCard = {
  readonly id: DeviceId
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
  /** X25519, 32 bytes: space keys are sealed to it. */
  readonly encryptionKey: Uint8Array
  /** Chosen by its owner, "mini PC". */
  readonly name: string
  /** Where it runs, for the person who confirms: "linux x64, node 24". */
  readonly place: string
}

/**
 * One framed, bounded, two-way stream to a device that the gate let in. Frames keep their boundaries and their order.
 */
export type Channel = {
  readonly peer: DeviceId
  /** Resolves when the frame was handed to the transport with room to spare; waits while it has none. @throws `ChannelClosed`, `FrameTooLarge` */
  send(frame: Uint8Array): Promise<void>
  /** Frames in order; ends when the peer closes, throws `ChannelClosed` when the connection breaks or the peer breaks a limit. */
  readonly frames: AsyncIterable<Uint8Array>
  /** Flushes and closes. Always finishes. */
  close(): Promise<void>
  /** Breaks the channel at once; `reason` is logged here and never sent. */
  abort(reason: Error): void
}

export type ChannelHandler = (channel: Channel) => Promise<void>

export type PeerStatus = {
  readonly id: DeviceId
  readonly connected: boolean
  /** Addresses it was seen at, best first. */
  readonly addrs: readonly string[]
  /** Unix ms of the last moment a connection to it was open; 0 = never. */
  readonly lastSeen: number
  /** The member through which its bytes pass; undefined when the connection is direct, or there is none. They are encrypted between the two ends. */
  readonly via?: DeviceId | undefined
}

export type RelayLimits = {
  readonly maxReservations: number
  /** Connections at a time, of one device and in total. */
  readonly maxRelayedPerDevice: number
  readonly maxRelayed: number
  readonly reservationTtlMs: number
}

/** What this device does for others as a relay, and what others do for it. */
export type RelayStatus = {
  readonly serving: boolean
  /** Devices that can be found through this one, and how many may be. */
  readonly reservations: number
  readonly maxReservations: number
  /** Connections that pass through this device now, and how many may. */
  readonly relayed: number
  readonly maxRelayed: number
  /** Members through which this device can be found. */
  readonly using: readonly DeviceId[]
  /** Members that refused to be, and why: `RelayFull`, `RelayRefused`. */
  readonly refused: readonly { readonly relay: DeviceId; readonly reason: string }[]
}

/** Where addresses of known devices survive a restart. */
export type AddressBook = {
  load(): Promise<Record<DeviceId, string[]>>
  save(book: Record<DeviceId, string[]>): Promise<void>
}

/**
 * Sees every byte that kinmesh hands out, before it is sealed: `payload` before space encryption, `frame` before Noise.
 */
export type WireTap = (sent: { layer: 'payload' | 'frame'; peer?: DeviceId; protocol: string; bytes: Uint8Array }) => void

export type Invite = {
  /** kinmesh:… — holds device id, addresses and code; shown as a QR code. */
  readonly uri: string
  /** 16 Crockford characters in groups of four, "ABCD-EFGH-JKMN-PQRS". */
  readonly code: string
  /** Unix ms. */
  readonly expiresAt: number
  /** The newcomer that was admitted. @throws `InviteExpired`, `InviteSpent` (5 wrong tries), `InviteRefused`, `InviteCancelled` */
  readonly admitted: Promise<DeviceCard>
  cancel(): void
}

export type InviteOptions = {
  /** Asked once, with the newcomer proven to hold the code. */
  confirm(newcomer: DeviceCard): Promise<boolean>
  /** Writes the newcomer into the membership log, durably, and returns the whole log. */
  admit(newcomer: DeviceCard): Promise<Uint8Array[]>
  /** Default: 10 minutes. */
  ttlMs?: number
  /** What the newcomer is to be; it is told before it proves the code. Default: admin. */
  role?: Role
}

export type JoinResult = {
  readonly inviter: DeviceCard
  /** What this device is to be. */
  readonly role: Role
  /** The membership log that now names this device; not yet stored. */
  readonly statements: Uint8Array[]
}

export type JoinOptions = {
  signal?: AbortSignal
  /** Extra addresses to try for a typed code, where multicast does not reach ("192.168.1.7:4455" or a multiaddr). */
  addresses?: string[]
  onProgress?(step: 'looking' | 'connecting' | 'proving' | 'waiting-for-confirmation' | 'admitted'): void
  /** Throws when this device cannot be what the invite is for; nobody was asked yet, and the invite stays good. */
  accept?(role: Role): void
  /** Stores the membership log durably; the inviter is told only after it resolved. */
  store(statements: Uint8Array[], inviter: DeviceCard): Promise<void>
}

export type MeshOptions = {
  identity: Identity
  name: string
  place: string
  /** TCP port; WebSocket and webrtc-direct use the next ones. 0: any free ones. */
  port: number
  /** Interfaces to listen on; default every one. Tests use 127.0.0.1. */
  host?: string
  addressBook: AddressBook
  /** PEM or raw form of the long-lived webrtc-direct certificate, made on first run and kept by the caller. */
  certificate?: { load(): Promise<Uint8Array | undefined>; save(bytes: Uint8Array): Promise<void> }
  /** Find devices of this mesh by multicast DNS. Default true. */
  mdns?: boolean
  /** Listen and dial over webrtc-direct (UDP). Default true; without it, pages reach this device over WebSocket only. */
  webrtc?: boolean
  /** False: open no port, as a page does; others reach this device through a relay only. Default true. */
  listen?: boolean
  /** Relay between members that cannot reach each other, where the platform can; an object sets other limits. Default true. */
  relay?: boolean | Partial<RelayLimits>
  log?: Logger
  tap?: WireTap
  clock?: () => number
}

/** This device's place in the mesh: who is there, and framed channels to them. */
export type Mesh = {
  readonly identity: Identity
  readonly card: DeviceCard
  /** Multiaddrs with /p2p/ID, best first. */
  addrs(): string[]
  /** The gate: only these devices may connect, and these are kept connected. Connections to others are cut at once. */
  setMembers(members: ReadonlySet<DeviceId>): void
  peers(): PeerStatus[]
  relay(): RelayStatus
  /** Called for each channel a member opens. */
  handle(protocol: string, handler: ChannelHandler): void
  /** Opens a channel to a connected or reachable member. @throws `NotAMember`, `Unreachable` */
  open(peer: DeviceId, protocol: string, options?: { signal?: AbortSignal }): Promise<Channel>
  onPeer(listener: (peer: DeviceId, connected: boolean) => void): () => void
  invite(options: InviteOptions): Promise<Invite>
  join(uriOrCode: string, options: JoinOptions): Promise<JoinResult>
  /** Redials every member that is away, now: call on wake, on network change, on a clock jump. */
  wake(): void
  stop(): Promise<void>
}
