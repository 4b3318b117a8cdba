import { checksOf } from './condition.ts'

const receiving = ['sync/receive.test', 'sync/listed-hashes', 'sync/fork', 'sync/receive-summary', 'sync/keeper', 'sync/held']
const framing = ['sync/frames', 'sync/session.test', 'sync/hostile']
const sessions = ['sync/session.test', 'sync/frame-pace', 'sync/space-session', 'sync/sessions']
const snapshots = ['sync/snapshot-transfer', 'sync/doubted-snapshot', 'sync/install-snapshot', 'sync/snapshot-sender']

/** The checks of sync/. */
export const syncChecks = [
  ...checksOf('sync/entry-checks.ts', receiving, [
    'entries.some(entry => !equals(entry.space, state.spaceId))',
    'signed.includes(false)',
    ["member?.role === 'reader' || member?.role === 'keeper'", "member?.role === 'keeper'"],
    ["member?.role === 'reader' || member?.role === 'keeper'", "member?.role === 'reader'"],
    '!removal',
    'seq > removal.lastSeq',
    'log.frozen',
    'forked && author === state.self',
    'endsAsNamed(state, author, log)',
    'forked && state.membership.removedDevices().has(author)',
    'forked',
    'entry.seq > log.height + 1',
    ['return entry.seq > log.height\n', 'return true\n'],
    ['!equals(entry.prevHash, log.head)', 'false']
  ]),
  ...checksOf('sync/receive.ts', receiving, [
    'own && asWritten(own).body !== null',
    ['!equals(summary.root, payload.root) || ', ''],
    [' || !listsAgree(summary.before, payload.before)', ''],
    ['author === this.#state.self || removed <= limit ||', 'author === this.#state.self || true ||']
  ]),
  ...checksOf('sync/receive-sealed.ts', ['sync/keeper', 'sync/kept'], [
    ['  checkMembership(state, author, entry.seq)\n', ''],
    ['entry.seq === due && entry.seq > log.height + 1 && !log.frozen', 'entry.seq > log.height + 1 && !log.frozen'],
    ['else if (!checkLink(state, stage, author, entry)) return false', '']
  ]),
  ...checksOf('sync/entry.ts', ['sync/entry.test', 'sync/receive.test'], [
    'bytes.length > maxEntryBytes',
    'version !== formatVersion',
    ["space: fields.bytes('space', { length: hashBytes })", "space: fields.bytes('space', { max: 1e9 })"],
    ["author: fields.bytes('author', { length: keyBytes })", "author: fields.bytes('author', { max: 1e9 })"],
    ["prevHash: fields.bytes('prevHash', { length: hashBytes })", "prevHash: fields.bytes('prevHash', { max: 1e9 })"],
    ["epoch: fields.bytes('epoch', { length: epochBytes })", "epoch: fields.bytes('epoch', { max: 1e9 })"],
    ["nonce: fields.bytes('nonce', { length: nonceBytes })", "nonce: fields.bytes('nonce', { max: 1e9 })"],
    ["fields.bytes('signature', { length: signatureBytes })", "fields.bytes('signature', { max: 1e9 })"],
    ['return verify(entry.author, entry.signature, entry.hash)', 'return Promise.resolve(true)'],
    ['open(key, entry.nonce, entry.sealed, encodeCbor(headerFields(entry)))', 'open(key, entry.nonce, entry.sealed, new Uint8Array())']
  ]),
  ...checksOf('sync/payload.ts', ['sync/payload', 'sync/receive.test'], [
    ["fields.uint('shard', maxShards - 1)", "fields.uint('shard')"],
    ["fields.uint('boot', maxBoot)", "fields.uint('boot')"],
    ["fields.bytes('root', { length: hashBytes })", "fields.bytes('root', { max: 1e9 })"],
    ["fields.bytes('before', { max: listedHashes * listedHashBytes })", "fields.bytes('before', { max: 1e9 })"],
    'payload.before.length % listedHashBytes !== 0',
    ["fields.bytes('ref', { length: hashBytes })", "fields.bytes('ref', { max: 1e9 })"]
  ]),
  ...checksOf('sync/shard-doc.ts', ['sync/shard-doc', 'sync/hostile', 'sync/receive.test', 'sync/install-snapshot'], [
    'structs.length > maxItemsPerEntry',
    'struct.id.client !== clientId',
    'struct.id.clock !== clock',
    ['if (!(struct instanceof Y.Item) || struct.length !== 1) throw', 'if (false) throw'],
    'sets.has(id)',
    'this.#fills(created)',
    'item.rightOrigin',
    'key === undefined || !present || !Y.compareIDs(present.lastId, item.origin)',
    ['(item.parent as unknown) !== rootName || id === null', 'id === null'],
    'shardOfId(id) !== this.#shard',
    'this.#present(id)',
    'deletions > maxItemsPerEntry',
    'clock + len > known',
    'ds.clients.size > 0',
    'structs.length === 0',
    'structs.length > maxSlotsPerShard',
    ['|| struct.id.client !== clientId || struct.id.clock !== clock)', '|| struct.id.clock !== clock)'],
    ['|| struct.id.client !== clientId || struct.id.clock !== clock)', '|| struct.id.client !== clientId)'],
    ['|| id === null || shardOfId(id) !== shard)', '|| id === null)'],
    ['struct.origin || struct.rightOrigin || (struct.parent as unknown) !== rootName ||', ''],
    'id <= last',
    ['if (!isPlainObject(value)) throw', 'if (false) throw'],
    ['hlc <= 0 || hlc > maxHlc', 'hlc <= 0'],
    ['hlc <= 0 || hlc > maxHlc', 'hlc > maxHlc'],
    ['!Number.isSafeInteger(hlc) || ', ''],
    'del !== undefined && (del !== 1 || Object.keys(value).length !== 2)',
    'atMost > maxValueBytes && JSON.stringify(value).length > maxValueBytes',
    'depth > maxValueDepth',
    ["else throw bad('BadValue', 'has a value that is not plain JSON')", ''],
    ['Object.getPrototypeOf(value) === Object.prototype', 'true'],
    ['&& Number.isFinite(value)', '']
  ]),
  ...checksOf('sync/frames.ts', framing, [
    "type === 'hello' && bytes.length > maxHelloBytes",
    'version !== protocolVersion',
    ["fields.uint('type', typeNames.length - 1)", "fields.uint('type')"],
    ["fields.uint('space', maxSpaces - 1)", "fields.uint('space')"],
    ["const author = () => fields.bytes('author', { length: keyBytes })", "const author = () => fields.bytes('author', { max: 1e9 })"],
    ["const shard = () => fields.uint('shard', maxShards - 1)", "const shard = () => fields.uint('shard')"],
    ["fields.list('spaces', maxSpaces,", "fields.list('spaces', 1e9,"],
    ["each.text('members', maxHexChars)", "each.text('members', 1e9)"],
    ["fields.list('statements', maxStatements,", "fields.list('statements', 1e9,"],
    ["fields.list('logs', maxLogs,", "fields.list('logs', 1e9,"],
    ["fields.uint('credit', wantCredit)", "fields.uint('credit')"],
    ["fields.list('entries', wantCredit,", "fields.list('entries', 1e9,"],
    ["fields.list('heights', maxLogs,", "fields.list('heights', 1e9,"],
    ["fields.text('heads', maxHexChars)", "fields.text('heads', 1e9)"],
    ["fields.text('digest', maxHexChars)", "fields.text('digest', 1e9)"],
    ["seq: seq(), code: fields.text('code', maxCodeChars)", "seq: seq(), code: fields.text('code', 1e9)"],
    ["return { type, code: fields.text('code', maxCodeChars) }", "return { type, code: fields.text('code', 1e9) }"],
    ["fields.bytes('checkpoint', { max: maxEntryBytes })", "fields.bytes('checkpoint', { max: 1e9 })"],
    ["fields.list('bases', basesPerFrame,", "fields.list('bases', 1e9,"],
    ["fields.bytes('bytes', { max: snapshotPartBytes })", "fields.bytes('bytes', { max: 1e9 })"],
    ["shard: each.uint('shard', maxShards - 1)", "shard: each.uint('shard')"],
    ["hash: each.bytes('hash', { length: hashBytes })", "hash: each.bytes('hash', { max: 1e9 })"],
    ['  fields.end()\n  return frame\n', '  return frame\n'],
    ['  fields.end()\n  return result\n', '  return result\n'],
    ['if (value instanceof Uint8Array) return value\n', 'return value as Uint8Array\n']
  ]),
  ...checksOf('sync/snapshot-transfer.ts', snapshots, [
    'this.#bases.length > maxShards',
    ['part.offset !== order.filled || ', ''],
    '!equals(sha256(order.bytes), order.base.hash)',
    '!equals(rootOf(this.#bases), root)',
    'this.#bases.reduce((sum, { size }) => sum + size, 0) > maxSnapshotBytes',
    'new Set(this.#bases.map(({ shard }) => shard)).size < this.#bases.length',
    ['size === 0 || size > maxShardBytes', 'size > maxShardBytes'],
    ['size === 0 || size > maxShardBytes', 'size === 0'],
    ['!equals(entry.author, publicKeyOf(this.#author)) || ', ''],
    ['!equals(entry.space, this.#state.spaceId) || ', ''],
    [' || !(await verifyEntry(entry))', ''],
    'entry.seq <= passed',
    'removal && entry.seq > removal.lastSeq',
    '!removal && !this.#state.membership.members().has(this.#author)',
    ['isOthers && isOther(', 'false && isOther('],
    ['isOthers && isOther(', 'isOther('],
    "payload.kind !== 'checkpoint'"
  ]),
  ...checksOf('sync/checkpoint.ts', ['sync/install-snapshot'], ['!equals(rootOf(bases), root)', ['bytes.length > maxShardBytes || ', ''], [' || !equals(sha256(bytes), hash)', '']]),
  ...checksOf('sync/log-asker.ts', snapshots, [['if (!fetch?.awaits(seq)) return', 'if (!fetch) return']]),
  ...checksOf('sync/snapshot-sender.ts', snapshots, ['this.#fetches.length >= maxQueuedFetches']),
  ...checksOf('sync/session.ts', sessions, [
    "hello.type !== 'hello'",
    ["throw new KinmeshError('MalformedBytes', 'hello came twice')", 'return'],
    ["this.#fail(new KinmeshError('HelloTimeout', `no greeting within ${helloTimeoutMs / 1000} s`))", 'undefined'],
    ['this.#unanswered++ >= silentPings', 'false'],
    ["if (waitMs !== undefined) await this.#timers.wait(waitMs)", ''],
    ["this.misbehaved = isKinmeshError(error) && !isKinmeshError(error, 'StoreFailed', 'PeerSilent')", '']
  ]),
  ...checksOf('sync/frame-pace.ts', ['sync/frame-pace'], [['this.#frames.take(1)', '0'], ['isBulk ? 0 : this.#controlBytes.take(bytes)', '0'], ['this.#turnFrames < framesPerTurn && ', ''], [' && this.#turnBytes < bytesPerTurn', '']]),
  ...checksOf('sync/conduct.ts', ['sync/conduct', 'sync/sessions'], [
    ['this.penaltyMs(peer) === 0 && ', ''],
    [' && starts.tryTake(1)', ''],
    ['2 ** (strikes.count - 1)', '1'],
    ['Math.min(maxPenaltyMs, penaltyMs', 'Math.min(1e9, penaltyMs']
  ]),
  ...checksOf('sync/sessions.ts', ['sync/sessions'], [
    'this.#conduct.penaltyMs(peer) > 0',
    'this.#conduct.isStalled(session.peer, key) && this.#anotherHas(space, author, session)',
    'holder && holder !== session',
    ['if (this.#abort.signal.aborted || !this.#host.isMember(peer)) return channel.close()', '']
  ]),
  ...checksOf('sync/log-asker.ts', ['sync/space-session', 'sync/sessions'], [
    ['waitsForItsTurn || asked.bytes >= minBytesPerTurn', 'true'],
    ['if (this.#firstTime(`${refusal.author} ${refusal.error.code}`))', '']
  ]),
  ...checksOf('sync/space-session.ts', ['sync/space-session', 'sync/sessions', 'sync/keeper'], [
    '!this.#bothRead',
    ['byKey.get(nameOf(told.author))', 'deviceIdOf(told.author)'],
    ['this.#unaskedEntries.take(entries.length)', '0'],
    ['this.#unaskedBytes.take(bytes)', '0'],
    ['if (!(await this.#asker.onPart(frame))) await this.#timers.wait(this.#unaskedBytes.take(frame.bytes.length))', 'await this.#asker.onPart(frame)']
  ])
]
