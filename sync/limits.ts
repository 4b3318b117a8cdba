/** Every bound of sync/, with its reason. Sizes in bytes, times in ms. PROTOCOL.md repeats those that other implementations must share. */

/** An entry must fit a mesh frame of 64 KiB together with the frame's own few bytes. */
export const maxEntryBytes = 60 * 1024
/** Local edits are cut into entries of at most this size, as slot-size.ts counts it; one that is larger goes alone. */
export const targetUpdateBytes = 32 * 1024
/** Largest item value, as JSON: one item must fit an entry with room for its header. A memory is a statement, not a document. */
export const maxValueBytes = 32 * 1024
/** Largest item value in an update, where fractions take more than in JSON: it must fit an entry together with its header. */
export const maxEncodedValueBytes = 48 * 1024
/** Items one entry may write: more than a person does between two frames; bounds the work of one entry. */
export const maxItemsPerEntry = 1000
/** Nesting of an item's value: values are flat, and the bound keeps hostile ones from deep recursion. */
export const maxValueDepth = 32
/** Longest item id, in characters. */
export const maxIdChars = 64
/** A shard takes new items until it holds this many slots: small enough to load, rebuild and send in milliseconds. */
export const shardSlots = 1024
/** 4,096 shards × 1,024 slots are four million items; a hostile member can make no digest larger than this many sums. */
export const maxShards = 4096
/** Slots a log may fill in one shard before its entries are refused: twice what an honest device fills, for concurrent filling. */
export const maxSlotsPerShard = 4 * shardSlots

/** A log is summed up by a checkpoint after this many entries, so that loading a shard replays at most these. */
export const checkpointEntries = 512
/** … or after this many bytes of entries. */
export const checkpointBytes = 1024 * 1024
/** … or after this many bytes, when a device asks that has nothing of the log: below it entries are as quick. */
export const newcomerBytes = 64 * 1024
/** Y.Docs held in memory; each holds one log's part of one shard (about 1 MB when full). */
export const maxCachedDocs = 32

/** A deletion by another device of more than this many items at once … */
export const heldDeletionItems = 100
/** … or of more than this share of them … */
export const heldDeletionShare = 0.1
/** … but at least this many, is held for confirmation: below it a share says nothing. */
export const heldDeletionFloor = 20
/** How long the items of an undecided large deletion stay readable: 30 days. */
export const preImageMs = 30 * 24 * 3600 * 1000

/** A device that was not seen for this long no longer keeps others from pruning; it catches up from a snapshot. */
export const inactiveMs = 30 * 24 * 3600 * 1000
/** Entries before it that a checkpoint lists, to compare what a device holds that was away or came back from a backup: two checkpoints' worth … */
export const listedHashes = 1024
/** … with this much of the hash of each, 16 KiB in all: only its author, who signs them both, could make two entries that begin the same. */
export const listedHashBytes = 16

/** How long a keeper keeps an entry that somebody lacks: as long as that device keeps the others from pruning. */
export const keptTtlMs = inactiveMs
/** Bytes of entries a keeper keeps of one space: half a million ordinary ones. Among the members it is shared out when it does not do. */
export const keptQuotaBytes = 256 * 1024 * 1024

/** From opening the stream to HELLO: covers a slow phone on a slow link, and no slow loris. */
export const helloTimeoutMs = 10_000
/** HELLO: 64 spaces of 64 bytes, and room. */
export const maxHelloBytes = 8 * 1024
/** Spaces two devices may share. */
export const maxSpaces = 64
/** A peer that broke the protocol is not listened to for this long, twice as long the next time … */
export const penaltyMs = 1000
/** … up to this: a device that was repaired is back within a minute. */
export const maxPenaltyMs = 60_000
/** What a peer did is forgotten after this long without another fault. */
export const forgiveMs = 600_000
/** Sessions a peer may begin, per second and at once: one is enough, and a network that flaps takes a few. */
export const sessionStartsPerSecond = 1
export const sessionStartsBurst = 10
/** A peer that was asked for a log brings at least this many new bytes in `haveIntervalMs`, or another one is asked: the slowest link is a thousand times as fast. */
export const minBytesPerTurn = 2 * 1024
/** It is asked for that log again after this long, twice as long the next time, up to `forgiveMs`; at once when nobody else has it. */
export const stalledMs = 60_000
/** Entries a peer may push unasked, per second and at once: far above a person's pace, far below what hurts. */
export const unaskedEntriesPerSecond = 200
export const unaskedEntriesBurst = 2000
/** Bytes a peer may push unasked per second: a burst of long memories passes, a flood is dropped and asked for later. */
export const unaskedBytesPerSecond = 4 * 1024 * 1024
/** Frames one peer is listened to for, per second and at once: a catch-up at the speed of a LAN takes about 1,000 a second. */
export const framesPerSecond = 2500
export const framesBurst = 5000
/** Bytes of frames other than ENTRY and PART, per second and at once: the largest membership log with room to spare, then what nobody honest needs. */
export const controlBytesPerSecond = 512 * 1024
export const controlBytesBurst = 4 * 1024 * 1024
/** After this many frames, or bytes of those other than ENTRY and PART, of one peer the event loop turns: a few milliseconds of work. */
export const framesPerTurn = 32
export const bytesPerTurn = 64 * 1024
/** Entries per WANT: about 1 MB of ordinary entries in flight for each log. */
export const wantCredit = 1024
/** HAVE is repeated at this pace, so that a lost hint heals by itself. */
export const haveIntervalMs = 30_000
/** A peer that sends nothing, not even the answer to a PING, for this long is gone. */
export const silenceMs = 75_000
/** How long an announced entry may take to arrive from its author before it is asked of the one who announced it. */
export const wantPatienceMs = 50
/** Digests are compared when nothing changed for this long. */
export const digestQuietMs = 50
/** Bytes of one snapshot part: fits a frame. */
export const snapshotPartBytes = 48 * 1024
/** Largest canonical form of one shard of one log: twice what a full shard of the largest values takes. */
export const maxShardBytes = 64 * 1024 * 1024
/** The bases of one log together: a million ordinary items, and what a hostile author can make a newcomer hold in memory. */
export const maxSnapshotBytes = 256 * 1024 * 1024
/** Snapshot bytes a receiver has on order at one peer. */
export const snapshotWindowBytes = 4 * 1024 * 1024
/** … and how many bases: small ones keep the link as busy, and their number bounds the queue at the peer. */
export const snapshotWindowBases = 64
/** Bases a peer may have ordered and not got yet: sixteen windows, for what a receiver gave up and ordered anew. Beyond it the session ends. */
export const maxQueuedFetches = 16 * snapshotWindowBases
/** Between two rebuilds for the sake of a peer that shows something else; twice as long after each that found nothing wrong here … */
export const rebuildPauseMs = 60_000
/** … up to this: a peer that lies about its digest costs a rebuild a day. */
export const maxRebuildPauseMs = 24 * 3600 * 1000
/** The same fault of the same device is told of once in this time: what one device does must not push all other faults out of the list. */
export const faultRepeatMs = 3600 * 1000
/** Bytes of bases that one commit takes in, or one base that is larger: two full shards share an fsync. With four, 100,000 items leave 100 MB more of memory in use. */
export const installBytes = 512 * 1024
/** Faults kept for the person to read. */
export const maxFaults = 200
