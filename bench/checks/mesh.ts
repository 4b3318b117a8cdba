import { checksOf } from './condition.ts'

const statements = ['mesh/statement', 'mesh/pairing-messages', 'mesh/membership.test', 'mesh/membership-rules']
const pairing = ['mesh/pairing-messages', 'mesh/pairing-protocol', 'mesh/pairing.test', 'mesh/pairing-join']

/** The checks of mesh/. */
export const meshChecks = [
  ...checksOf('mesh/gate.ts', ['mesh/gate', 'mesh/mesh.test'], [
    ['denyDialPeer: peer => !this.permits(peer.toString())', 'denyDialPeer: () => false'],
    ['denyOutboundEncryptedConnection: peer => !this.permits(peer.toString())', 'denyOutboundEncryptedConnection: () => false'],
    ['this.isMember(peer.toString()) : this.admits(peer.toString())', 'this.isMember(peer.toString()) : true'],
    ['this.#welcomes > 0 && this.#strangers() < maxStrangers', 'this.#welcomes > 0'],
    ['this.#welcomes > 0 && this.#strangers() < maxStrangers', 'this.#strangers() < maxStrangers']
  ]),
  ...checksOf('mesh/connections.ts', ['mesh/gate', 'mesh/mesh.test', 'mesh/pairing'], [
    ["for (const { connection } of tracked) connection.abort(new Error('no longer a member'))", ''],
    ["if (!this.#vouched.has(connection)) connection.abort(new Error('a stranger that did not pair in time'))", ''],
    ['kept.splice(0, kept.length - maxConnectionsPerDevice)', '[]']
  ]),
  ...checksOf('mesh/mesh.ts', ['mesh/mesh.test', 'mesh/gate'], [
    ["      if (!this.#gate.isMember(peer)) {\n        this.#log.warn('stranger asked", "      if (false) {\n        this.#log.warn('stranger asked"],
    ["if (!this.#gate.isMember(peer)) throw new KinmeshError('NotAMember'", "if (false) throw new KinmeshError('NotAMember'"]
  ]),
  ...checksOf('mesh/statement.ts', statements, [
    ["if (bytes.length > maxStatementBytes) throw malformed('statement'", "if (false) throw malformed('statement'"],
    "fields.uint('version') !== statementVersion",
    '!readBody',
    'parents.some((parent, index) => index > 0 && parent <= parents[index - 1]!)',
    '(type === typeNumbers.create) !== (parents.length === 0)',
    'type === typeNumbers.create && space.some(byte => byte !== 0)',
    "statement.body.type === 'create' && statement.body.card.id !== statement.author",
    ["fields.list('parents', maxParents,", "fields.list('parents', 1e9,"],
    ["fields.text('personName', maxNameChars)", "fields.text('personName', 1e9)"],
    ["fields.list('keys', maxHandedKeys,", "fields.list('keys', 1e9,"],
    ["fields.text('reason', maxReasonChars)", "fields.text('reason', 1e9)"],
    ["fields.list('recipients', maxRecipients,", "fields.list('recipients', 1e9,"],
    ['return verify(statement.authorKey, signature, signedHash(fields.slice(0, -1)))', 'return true']
  ]),
  ...checksOf('mesh/membership.ts', statements, [
    ["if (!create) throw new KinmeshError('MissingParent'", "if (false) throw new KinmeshError('MissingParent'"],
    'wrong',
    'this.#placed.size + fresh.length > maxStatements',
    'next.length === left.length',
    ['if (!(await verifyStatement(statement))) throw', 'if (false) throw'],
    '!this.members().has(device)',
    'device === identity.id',
    '!member && this.members().size >= maxMembers'
  ]),
  ...checksOf('mesh/membership-resolve.ts', [...statements, 'mesh/membership.property'], [
    "this.#memberBefore(index, author)?.role !== 'admin'",
    ["return body.type !== 'remove' || this.#memberBefore(index, body.device) !== undefined", 'return true'],
    "concurrent.some(remove => this.#decided[remove] === 'counts')",
    '!this.#mayAct(index)',
    ['return others.length < maxMembers', 'return true'],
    ['!equals(create.person, body.person)', 'false'],
    ['usable: counts && [...holders].every(device => readers.has(device))', 'usable: counts'],
    ['removals.reduce((a, b) => (endsBefore(b, a) ? b : a))', 'removals[0]!'],
    ['const admitting = removed.has(device) ? [] : adds', 'const admitting = adds']
  ]),
  ...checksOf('mesh/epoch-keys.ts', statements, [['equals(keyCommitment(key), commitment) ? key : undefined', 'key']]),
  ...checksOf('mesh/card.ts', ['mesh/identity', 'mesh/pairing-protocol', 'mesh/statement', 'mesh/membership'], ["name === '' || deceptive.test(name) || deceptive.test(place)"]),
  ...checksOf('mesh/pairing-messages.ts', pairing, [
    'message.type !== type',
    ['all.length > maxStatements || ', ''],
    ['bytes > maxLogBytes || ', ''],
    ['|| (statements.length === 0 && !last)', ''],
    '!read',
    ["if (!(value instanceof Uint8Array) || value.length > maxStatementBytes) throw malformed('pairing message'", "if (false) throw malformed('pairing message'"],
    ["fields.bytes('nonce', { length: pairingNonceBytes })", "fields.bytes('nonce', { max: 1e9 })"],
    ["fields.bytes('proof', { length: hashBytes })", "fields.bytes('proof', { max: 1e9 })"],
    ['return equalBytes(a, b)', 'return true'],
    ['[pairingProtocol, side, newcomerKey, inviterKey, newcomerNonce,', '[pairingProtocol, side, newcomerNonce,'],
    ['cardFields(inviter), roles.indexOf(role)]', 'cardFields(inviter)]']
  ]),
  ...checksOf('mesh/pairing-invite.ts', pairing, [
    'hello.card.id !== channel.peer',
    "!sameProof(proof, proofOf('newcomer', invite.code, transcript))",
    ['if (this.#ended) throw refusal(this.#ended)', ''],
    'this.#newcomer !== undefined && this.#newcomer !== peer',
    ['if (!this.#ended && ++this.#wrongTries >= maxWrongTries)', 'if (false)'],
    ['if (confirmed) return\n', 'return\n']
  ]),
  ...checksOf('mesh/pairing-newcomer.ts', pairing, [
    'inviter.id !== channel.peer',
    "!sameProof(proof, proofOf('inviter', code, transcript))",
    ['!self || !sameKey || !members.has(inviter.id)', '!self || !members.has(inviter.id)'],
    ['!self || !sameKey || !members.has(inviter.id)', '!self || !sameKey'],
    'self.role !== role'
  ]),
  ...checksOf('mesh/greeting.ts', ['mesh/greeting'], [
    ["fields.list('addresses', maxAddrsPerDevice,", "fields.list('addresses', 1e9,"],
    ["fields.list('others', maxMembers,", "fields.list('others', 1e9,"],
    ["other.list('addresses', maxAddrsTold,", "other.list('addresses', 1e9,"],
    ["other.text('id', maxIdChars)", "other.text('id', 1e9)"]
  ]),
  ...checksOf('mesh/channel.ts', ['mesh/channel'], [
    'frame.length > maxFrameBytes',
    ["if (this.#state === 'ended') throw new Error('sent more after its end')", ''],
    'prefix === grantBit',
    'this.#credit > channelWindowBytes',
    'prefix > maxFrameBytes',
    'costOf(prefix) > this.#allowance',
    ['Math.max(minFrameCostBytes, prefixBytes + frameBytes)', 'prefixBytes + frameBytes']
  ]),
  ...checksOf('mesh/codec.ts', ['mesh/statement', 'sync/frames', 'sync/hostile', 'sync/entry', 'mesh/pairing-protocol', 'mesh/identity'], [
    ['if (compare(cborEncode(value, rfc8949EncodeOptions), bytes) === 0) return value', 'return value'],
    ["if (!Array.isArray(value)) throw malformed(what, 'is not an array')", ''],
    ["typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max", 'value === undefined || (value as number) > max'],
    ['value < 0 || value > max', 'value < 0'],
    '!fits',
    ["typeof value !== 'string' || value.length > maxChars", "typeof value !== 'string'"],
    "typeof value !== 'boolean'",
    ['!Array.isArray(value) || value.length > maxItems', '!Array.isArray(value)'],
    'this.#next !== this.#fields.length'
  ])
]
