import { once } from 'node:events'
import { encodeCbor } from '../../mesh/codec.ts'
import { createIdentity } from '../../mesh/identity.ts'
import { MembershipLog } from '../../mesh/membership.ts'
import { mutate } from '../../mesh/mutate.fixtures.ts'
import { brokenFrame, frameTypes, hostileEntries, hostileUpdates } from '../../sync/hostile.fixtures.ts'
import { encodePayload } from '../../sync/payload.ts'
import { Random } from '../../sync/random.fixtures.ts'
import { Author, foreignKey } from '../../sync/receive.fixtures.ts'
import { brokenClientId, brokenKinds, headBytes, type BrokenKind } from './read-broken.ts'

// Writes broken messages to stdout until nobody reads any more: kind (1 byte), length (4, big-endian), bytes. Its one argument is a seed.

type Breaker = readonly [kind: BrokenKind, make: () => Uint8Array]

const random = new Random(Number(process.argv[2] ?? 0))
const breakers = await makeBreakers()
process.stdout.on('error', () => process.exit(0)) // the reader has enough
for (let n = 0; ; n++) {
  const [kind, make] = breakers[n % breakers.length]!
  const bytes = make()
  const head = Buffer.alloc(headBytes)
  head[0] = brokenKinds.indexOf(kind)
  head.writeUInt32BE(bytes.length, 1)
  process.stdout.write(head)
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
}

/** Frames come most often, since everything else arrives in them. */
async function makeBreakers(): Promise<Breaker[]> {
  const identity = await createIdentity()
  const membership = await MembershipLog.create(identity, { name: 'stolen', place: 'elsewhere' }, 0)
  const statements = membership.statements()
  const entries = Object.values(await hostileEntries(new Author(identity, membership.space, foreignKey()), random.bytes(32)))
  const updates = Object.values(hostileUpdates(brokenClientId, brokenClientId + 1)).filter(({ length }) => length > 0)
  const payload = encodePayload({ kind: 'update', at: 1, shard: 0, boot: 1, update: random.bytes(60) })
  const pairing = [encodeCbor([0, 1, random.bytes(32), 'name', 'place']), encodeCbor([1, random.bytes(32)]), encodeCbor([5, 'InviteExpired'])]
  const material = { spaceId: membership.space, members: membership.version(), statements, authors: [identity.signing.publicKey], entries }
  return [
    ...frameTypes.map((type): Breaker => ['frame', () => brokenFrame(random, material, type)]),
    ['statement', () => mutate(random, random.pick(statements))],
    ['entry', () => mutate(random, random.pick(entries))],
    ['payload', () => mutate(random, payload)],
    ['pairing', () => mutate(random, random.pick(pairing))],
    ['update', () => flipped(random.pick(updates))],
    ['update', () => random.bytes(random.below(200))]
  ]
}

/** An update to a Yjs document is no CBOR: bytes change, whatever they mean. */
function flipped(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice(0, random.chance(0.2) ? random.below(bytes.length) : bytes.length)
  for (let flips = random.below(4); flips > 0 && copy.length > 0; flips--) copy[random.below(copy.length)]! ^= 1 << random.below(8)
  return copy
}
