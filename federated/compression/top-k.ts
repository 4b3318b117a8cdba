/** The places of the `count` values of largest magnitude, ascending; of equals the earlier ones, and never a zero. */
export function largestPlaces(values: Float32Array, count: number): Uint32Array {
  if (count <= 0) return new Uint32Array()
  const magnitudes = values.map(Math.abs).sort()
  const least = magnitudes[Math.max(0, values.length - count)]!
  let ties = Math.min(count, values.length)
  for (const magnitude of magnitudes) if (magnitude > least) ties--
  const places: number[] = []
  for (let at = 0; at < values.length; at++) {
    const magnitude = Math.abs(values[at]!)
    if (magnitude > least || (magnitude === least && magnitude > 0 && ties-- > 0)) places.push(at)
  }
  return Uint32Array.from(places)
}

/** In a gap, a byte of 255 stands for 255 values that are passed over, and goes on; so each list of places has one form. */
const passing = 255

/** Ascending places as gaps, a byte each where fewer than 255 values lie between two: as bytes, at most one per place and one per 255 values. */
export function gapsOf(places: Uint32Array): Uint8Array {
  const bytes: number[] = []
  let next = 0
  for (const place of places) {
    let gap = place - next
    for (; gap >= passing; gap -= passing) bytes.push(passing)
    bytes.push(gap)
    next = place + 1
  }
  return Uint8Array.from(bytes)
}

/** Undefined unless `bytes` are the gaps of exactly `count` places below `length`. */
export function placesOf(bytes: Uint8Array, count: number, length: number): Uint32Array | undefined {
  const places = new Uint32Array(count)
  let found = 0
  let next = 0
  for (const byte of bytes) {
    next += byte
    if (byte === passing) continue
    if (found >= count || next >= length) return undefined
    places[found++] = next++
  }
  return found === count && bytes.at(-1) !== passing ? places : undefined
}
