import { maxRoundNumber, maxTaskChars } from '../../federated/privacy/ledger.ts'
import { decodeCbor, encodeCbor, FieldReader } from '../../mesh/codec.ts'
import { signatureBytes, verify } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { publicKeyOf } from '../../mesh/identity.ts'
import type { DeviceId, Identity } from '../../mesh/types.ts'

/** What a device of the first group says to the others of a new adapter. A yes or no and nothing else: a loss, even a rounded one, would say something about what was said on the device. */
export type AdapterVerdict = { readonly task: string; readonly round: number; readonly adapter: string; readonly isFine: boolean; readonly device: DeviceId }

const label = 'kinmesh adapter verdict'
const version = 1
/** Of a whole one. */
export const maxVerdictBytes = 2048

/** CBOR [body, Ed25519 signature over body], body the CBOR of [label, version, task, round, adapter, isFine, device]. */
export async function signVerdict(identity: Pick<Identity, 'id' | 'sign'>, { task, round, adapter, isFine }: Omit<AdapterVerdict, 'device'>): Promise<Uint8Array> {
  const body = encodeCbor([label, version, task, round, adapter, isFine, identity.id])
  return encodeCbor([body, await identity.sign(body)])
}

/** Who is a member of the task, and whether that is the adapter in question, the caller looks at. @throws KinmeshError `BadVerdict` */
export async function readVerdict(bytes: Uint8Array): Promise<AdapterVerdict> {
  if (bytes.length > maxVerdictBytes) throw bad()
  let found: AdapterVerdict
  let body: Uint8Array
  let signature: Uint8Array
  let key: Uint8Array
  try {
    const whole = new FieldReader(decodeCbor(bytes), 'a verdict')
    body = whole.bytes('body', { max: maxVerdictBytes })
    signature = whole.bytes('signature', { length: signatureBytes })
    whole.end()
    const fields = new FieldReader(decodeCbor(body), 'a verdict')
    const [kind, its] = [fields.text('label', label.length), fields.uint('version', version)]
    found = { task: fields.text('task', maxTaskChars), round: fields.uint('round', maxRoundNumber), adapter: fields.text('adapter', 64), isFine: fields.bool('verdict'), device: fields.text('device', 128) }
    fields.end()
    if (kind !== label || its !== version || !/^[0-9a-f]{64}$/.test(found.adapter)) throw bad()
    key = publicKeyOf(found.device)
  } catch (cause) {
    throw bad(cause)
  }
  if (!(await verify(key, signature, body))) throw bad()
  return found
}

function bad(cause?: unknown): KinmeshError {
  return new KinmeshError('BadVerdict', 'this is no verdict that its device signed: it is left out', { cause })
}
