/** Every bound of the protocol, with its reason. Sizes in bytes, times in ms. PROTOCOL.md repeats those that other implementations must share. */

export const modelsProtocol = '/kinmesh/models/1'
/** What is hashed, checked and taken up again as one: the hashes of 2 GiB are 256 KiB, and no more than one of these is ever fetched in vain of a file that its holder has. */
export const chunkBytes = 256 * 1024
/** Of a file in one frame, which takes 64 KiB: a chunk is five of about the same size. */
export const partBytes = 52 * 1024
/** Orders on their way at a time: 832 KiB, which the window of a channel (1 MiB) has room for, and 8 MiB a second at a round trip of 100 ms. */
export const maxOrders = 16
/** Orders are held back so that what else goes over the same connection waits no longer than this for them. */
export const queueMs = 50
/** Of a file that is told in chunks: its hashes are 8 MiB then. */
export const maxSharedFileBytes = 64 * 1024 ** 3
/** 64 MiB of a file, which any disk reads well within the silence that is borne. */
export const hashesPerFrame = 256
/** Of a manifest in one frame. */
export const manifestPartBytes = 48 * 1024
/** Models that one device tells of, and all of their manifests together: one is 2 KiB as a rule. */
export const maxOffered = 64
export const maxListBytes = 4 * 1024 * 1024
export const maxCodeChars = 40

/** Who asks, and who answers: streams at a time, of one device and together. Two, so that one that is just ending is in nobody's way. */
export const maxStreamsPerDevice = 2
export const maxStreams = 8
/** For the next question, and for an answer to be taken: 52 KiB in a minute is less than any line that is of use. */
export const idleMs = 60_000
/** Without an answer. A large file is hashed 64 MiB a frame. */
export const silenceMs = 30_000
/** For a chunk: whoever brings less than 4 KiB a second is left for another device. */
export const chunkMs = 60_000
/** For a list, which a person waits for. */
export const listMs = 5_000
/** Questions of one device: 100 MiB a second of orders; a list reads all manifests, hashes a whole file. */
export const ordersPerSecond = 2_000
export const ordersBurst = 4_000
export const heavyPerSecond = 2
export const heavyBurst = 32

/** How long a pull waits for a device that has the model to come back. */
export const patienceMs = 60_000
/** Between tries of one device, twice as long each time. */
export const retryMs = 500
/** Tries in a row that bring nothing. */
export const maxTries = 6
/** A device that sent other bytes than it should is asked no more for so long. */
export const asideMs = 3_600_000
