import * as v from 'valibot'
import { sha256Hex } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { kinds, type Ledger, maxCharges, maxDeviceChars, maxKindsOfRound, maxRoundNumber, maxTaskChars } from './ledger.ts'
import { deltaBounds, maxEpsilon, noiseMultiplierBounds } from './terms.ts'

// A ledger at rest: one line of JSON, and a line with its SHA-256. The sum finds a disk's mistakes, which could as well turn one number into another; it holds up nobody who can write the file.

const format = 1
/** The longest ledger has some two million characters. */
const maxTextChars = 2 ** 23

const number = (least: number, most: number) => v.pipe(v.number(), v.minValue(least), v.maxValue(most))
const ordinal = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxRoundNumber))
const name = (most: number) => v.pipe(v.string(), v.nonEmpty(), v.maxLength(most))
const chargeSchema = v.strictObject({
  round: ordinal,
  attempt: ordinal,
  noiseMultiplier: number(noiseMultiplierBounds.least, noiseMultiplierBounds.most),
  sampleRate: number(Number.MIN_VALUE, 1),
  update: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
})
const schema = v.strictObject({
  format: v.literal(format),
  device: name(maxDeviceChars),
  task: name(maxTaskChars),
  budget: v.strictObject({ epsilon: number(Number.MIN_VALUE, maxEpsilon), delta: number(deltaBounds.least, deltaBounds.most) }),
  charges: v.pipe(
    v.array(chargeSchema),
    v.maxLength(maxCharges),
    v.check(charges => new Set(charges.map(({ round, attempt }) => `${round} ${attempt}`)).size === charges.length, 'an attempt is in it twice'),
    v.check(charges => new Set(charges.map(({ update }) => update)).size === charges.length, 'an update is in it twice'),
    v.check(charges => kinds(charges).length <= maxKindsOfRound, 'too many kinds of noise')
  )
})
const formatSchema = v.looseObject({ format: v.pipe(v.number(), v.integer()) })

export function writeLedger({ device, task, budget, charges }: Ledger): string {
  const body = JSON.stringify({ format, device, task, budget, charges })
  return summed(body)
}

function summed(body: string): string {
  return `${body}\n${sha256Hex(body)}\n`
}

/**
 * A ledger that cannot be read is not an empty one: nothing may be uploaded for that task until a person decided.
 * @throws KinmeshError `PrivacyLedgerDamaged`: damaged, or of another device or task · `PrivacyLedgerNewer`: written by a later kinmesh
 */
export function readLedger(text: string, expected: Pick<Ledger, 'device' | 'task'>): Ledger {
  const { task } = expected
  if (text.length > maxTextChars) throw damaged(task, 'it is too long')
  const body = text.split('\n', 1)[0]!
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch (cause) {
    throw damaged(task, 'it is not JSON', cause)
  }
  if (v.is(formatSchema, json) && json.format > format) throw new KinmeshError('PrivacyLedgerNewer', `the privacy ledger of ${task} was written by a later kinmesh (format ${json.format}): update this one`)
  if (text !== summed(body)) throw damaged(task, 'its check sum is another one')
  const result = v.safeParse(schema, json)
  if (!result.success) throw damaged(task, `${v.getDotPath(result.issues[0]) ?? 'it'}: ${result.issues[0].message}`)
  const { format: _, ...ledger } = result.output
  if (ledger.device !== expected.device || ledger.task !== task) throw damaged(task, 'it belongs to another device or task')
  return ledger
}

function damaged(task: string, problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError('PrivacyLedgerDamaged', `the privacy ledger of ${task} cannot be read (${problem}), so what is spent is not known: leave the task, or put the file back from a backup that is not older than the last round`, { cause })
}
