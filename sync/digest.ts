import { sha256Hex } from '../mesh/crypto.ts'

// An order-free sum: SHA-256 of each element, added modulo 2^256 (AdHash, Bellare & Micciancio 1997). It finds faults between
// members; it is not relied on against forgery, which signatures and checkpoint roots handle.
const bits = 256

/** One winning version as a number to add or subtract. `body` is its JSON; null for a removed item. */
export function versionHash(id: string, hlc: number, device: string, body: string | null): bigint {
  return BigInt(`0x${sha256Hex(JSON.stringify([id, hlc, device, body]))}`)
}

export function addHash(sum: bigint, hash: bigint): bigint {
  return BigInt.asUintN(bits, sum + hash)
}

export function subtractHash(sum: bigint, hash: bigint): bigint {
  return BigInt.asUintN(bits, sum - hash)
}

export function digestToHex(sum: bigint): string {
  return sum.toString(16).padStart(64, '0')
}

/** One value for a whole space: the hash over (shard, sum) of the shards that hold anything, in order. */
export function digestOfShards(sums: Iterable<readonly [shard: number, sum: bigint]>): string {
  const parts = [...sums].filter(([, sum]) => sum !== 0n).sort(([a], [b]) => a - b)
  return sha256Hex(JSON.stringify(parts.map(([shard, sum]) => [shard, digestToHex(sum)])))
}
