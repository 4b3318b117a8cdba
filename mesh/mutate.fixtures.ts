import { type CborValue, decodeCbor, encodeCbor } from './codec.ts'

/** For tests: where the choices come from; seeded, so that a run can be repeated. */
export type Dice = { below(limit: number): number; chance(share: number): boolean; bytes(length: number): Uint8Array }

/** Heads of CBOR items that declare more than there is, or what no message may hold. */
const heads: readonly (readonly number[])[] = [
  [0x9b, 0x7f, 255, 255, 255, 255, 255, 255, 255], [0x9a, 255, 255, 255, 255], [0x5b, 0, 31, 255, 255, 255, 255, 255, 255], [0x5a, 0x7f, 255, 255, 255], [0x7a, 255, 255, 255, 255],
  [0xbb, 0, 0, 0, 255, 255, 255, 255, 255], [0x9f], [0x5f], [0xbf], [0x7f], [0xff], [0xc2, 0x58, 32], [0xd8, 0x2a], [0xf7], [0xf9, 0x7e, 0], [0xfb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0], [0x1b, 255, 255, 255, 255, 255, 255, 255, 255]
]

const numbers = [0, 1, -1, 23, 24, 255, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 0.5, 1e300]

/** A value of any kind, small or as large as fits a frame. */
function anyValue(dice: Dice): CborValue {
  const choices: (() => CborValue)[] = [
    () => null, () => dice.chance(0.5), () => numbers[dice.below(numbers.length)] ?? 0, () => dice.below(2 ** 32), () => dice.bytes(dice.below(64)), () => dice.bytes(32),
    () => new Uint8Array(dice.below(40_000)), () => 'x'.repeat(dice.below(100)), () => '\u0000\u202e__proto__', () => [], () => Array.from({ length: dice.below(2000) }, () => 0), () => nested(dice.below(200))
  ]
  return (choices[dice.below(choices.length)] ?? (() => null))()
}

function nested(depth: number): CborValue {
  let value: CborValue = []
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

/** Changes one place of a message, keeping the rest of its structure. */
function mutateValue(dice: Dice, value: CborValue): CborValue {
  if (!Array.isArray(value) || value.length === 0 || dice.chance(0.15)) return anyValue(dice)
  const copy = [...value]
  const at = dice.below(copy.length)
  const place = copy[at] ?? null
  const choices: (() => void)[] = [
    () => void (copy[at] = mutateValue(dice, place)), () => void (copy[at] = mutateValue(dice, place)), () => void (copy[at] = anyValue(dice)), () => void copy.splice(at, 1), () => void copy.splice(at, 0, place),
    () => void copy.push(anyValue(dice)), () => void copy.reverse(), () => void (copy[at] = copy[dice.below(copy.length)] ?? null),
    () => void (copy[at] = place instanceof Uint8Array ? spoilBytes(dice, place) : typeof place === 'number' ? place + 1 - dice.below(3) : anyValue(dice))
  ]
  choices[dice.below(choices.length)]?.()
  return copy
}

/** Flips, cuts, lengthens or overwrites bytes, whatever they mean. */
function spoilBytes(dice: Dice, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  const at = dice.below(Math.max(1, copy.length))
  switch (dice.below(7)) {
    case 0:
    case 1:
      for (let flips = 1 + dice.below(4); flips > 0 && copy.length > 0; flips--) copy[dice.below(copy.length)]! ^= 1 << dice.below(8)
      return copy
    case 2:
      return copy.subarray(0, at)
    case 3:
      return new Uint8Array([...copy, ...dice.bytes(1 + dice.below(20))])
    case 4:
      return new Uint8Array([...copy.subarray(0, at), ...(heads[dice.below(heads.length)] ?? []), ...copy.subarray(at)])
    case 5:
      return new Uint8Array([...(heads[dice.below(heads.length)] ?? []), ...copy.subarray(Math.min(1, copy.length))])
    default:
      return dice.chance(0.9) ? new Uint8Array([...copy.subarray(at), ...copy.subarray(0, at)]) : new Uint8Array(60_000).fill(0x81)
  }
}

/** A message that was valid, and is no more (or is another one): half of the time by structure, half by bytes. */
export function mutate(dice: Dice, message: Uint8Array): Uint8Array {
  return dice.chance(0.5) ? encodeCbor(mutateValue(dice, decodeCbor(message))) : spoilBytes(dice, message)
}
