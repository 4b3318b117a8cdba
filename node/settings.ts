import * as v from 'valibot'

/** Longest name of a device, in characters: it must fit a line of a table. */
export const maxNameChars = 64
/** The API listens here; the mesh takes the three ports after it (TCP, WebSocket, webrtc-direct). */
export const defaultPort = 4454
/** What a keeper may be set to keep: a terabyte is more than a household writes. */
export const maxKeepMiB = 1024 * 1024
/** A device that is asked something each week may still learn. */
export const maxIdleMinutes = 7 * 24 * 60
/** Ports that follow the API's. */
const meshPorts = 3

export const nameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('a name must not be empty'),
  v.maxLength(maxNameChars, `a name has at most ${maxNameChars} characters`),
  v.regex(/^[^\p{Cc}\p{Cs}]+$/u, 'a name must not hold control characters')
)

/** 0: any free ports, chosen anew at each start. */
export const portSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535 - meshPorts, `a port is at most ${65535 - meshPorts}, as three more follow it`))

/** config.json. Strict: a misspelt key is refused by name rather than ignored. */
export const settingsSchema = v.strictObject({
  name: nameSchema,
  port: portSchema,
  /** Interface the mesh listens on; every one when it is not given. */
  host: v.optional(v.pipe(v.string(), v.ip())),
  /** Find devices by multicast DNS; default true. */
  mdns: v.optional(v.boolean()),
  /** Relay between devices of the mesh that cannot reach each other; default true. */
  relay: v.optional(v.boolean()),
  /** Learn from what is said; default true. */
  learn: v.optional(v.boolean()),
  /** When this device takes part in learning together; what is not said is as `defaultEligibility` has it. */
  federated: v.optional(v.strictObject({
    /** Minutes since somebody asked it something. */
    idleMinutes: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(maxIdleMinutes))),
    /** Also on battery, or where it cannot tell. */
    onBattery: v.optional(v.boolean()),
    /** Also on a metered network, or where it cannot tell. */
    onMetered: v.optional(v.boolean())
  })),
  /** What a keeper keeps at most for the others, in MiB; default 256. */
  keepMiB: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1, 'a keeper needs at least 1 MiB'), v.maxValue(maxKeepMiB, `a keeper keeps at most ${maxKeepMiB} MiB`)))
})

export type Settings = v.InferOutput<typeof settingsSchema>

/** First port of the mesh for an API port. */
export function meshPort(apiPort: number): number {
  return apiPort === 0 ? 0 : apiPort + 1
}

/** TCP ports that a device of these settings takes: the API's, and the mesh's for TCP and WebSocket. None for any free ones. */
export function tcpPorts({ port }: Settings): number[] {
  return port === 0 ? [] : [port, port + 1, port + 2]
}
