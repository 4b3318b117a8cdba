import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { fromString } from 'uint8arrays/from-string'
import { cardOf } from './card.ts'
import { sha256 } from './crypto.ts'
import { encodeCbor } from './codec.ts'
import { parseIdentity } from './identity.ts'
import { createSpaceField, makeStatement, sealedKeyBytes, type Statement, type StatementBody } from './statement.ts'
import type { DeviceCard, Identity, Role } from './types.ts'

/** For tests: the same keys for the same name, so that a failing run can be replayed. */
export function identityNamed(name: string): Identity {
  const signing = sha256(new TextEncoder().encode(`signing ${name}`))
  const encryption = sha256(new TextEncoder().encode(`encryption ${name}`))
  return parseIdentity(encodeCbor(['kinmesh-identity', 1, signing, ed25519.getPublicKey(signing), encryption, x25519.getPublicKey(encryption)]))
}

export function cardNamed(name: string, identity = identityNamed(name)): DeviceCard {
  return cardOf(identity, name, 'test')
}

export const noKey = new Uint8Array(sealedKeyBytes)
export const noCommitment = new Uint8Array(32)
/** The end of a log without entries. */
export const noHead = new Uint8Array(32)
export const person = new Uint8Array(16)

/** For tests: writes statements with any author and any parents, valid or not, without real keys. */
export class StatementWriter {
  readonly #identities = new Map<string, Identity>()
  create: Statement | undefined
  #clock = 0

  identity(name: string): Identity {
    let identity = this.#identities.get(name)
    if (!identity) this.#identities.set(name, (identity = identityNamed(name)))
    return identity
  }

  async begin(name: string): Promise<Statement> {
    const card = cardNamed(name, this.identity(name))
    const body = { type: 'create', person, personName: '', card, commitment: noCommitment, sealed: noKey } as const
    return (this.create = await makeStatement(this.identity(name), createSpaceField, [], ++this.#clock, body))
  }

  add(author: string, device: string, parents: readonly Statement[], role: Role = 'admin', of = person): Promise<Statement> {
    return this.write(author, parents, { type: 'addDevice', person: of, card: cardNamed(device, this.identity(device)), role, keys: [] })
  }

  remove(author: string, device: string, parents: readonly Statement[], lastSeq = 0, head = noHead): Promise<Statement> {
    const { id, signing } = this.identity(device)
    return this.write(author, parents, { type: 'remove', device: id, publicKey: signing.publicKey, lastSeq, head, reason: '' })
  }

  rekey(author: string, recipients: readonly string[], parents: readonly Statement[]): Promise<Statement> {
    const sealed = recipients.map(name => ({ recipient: this.identity(name).signing.publicKey, sealed: noKey }))
    return this.write(author, parents, { type: 'rekey', commitment: noCommitment, recipients: sealed })
  }

  write(author: string, parents: readonly Statement[], body: StatementBody, space = fromString(this.create!.hash, 'base16')): Promise<Statement> {
    const hashes = [...new Set(parents.map(({ hash }) => hash))].sort().map(hash => fromString(hash, 'base16'))
    return makeStatement(this.identity(author), space, hashes, ++this.#clock, body)
  }
}
