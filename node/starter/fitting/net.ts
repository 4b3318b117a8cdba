/** One layer of hidden numbers. `first`: [hidden, inputs + 1], the last of each row is added; `second`: [hidden]. `least`: what a memory has to reach to fit at all. */
export type NetWeights = { readonly hidden: number; readonly first: Float32Array; readonly second: Float32Array; readonly least: number }

/** What speaks for a memory, of what is seen of it beside a question. */
export function netOf(seen: Float64Array, { hidden, first, second }: NetWeights): number {
  let sum = 0
  for (let at = 0; at < hidden; at++) sum += second[at]! * hiddenOf(seen, first, at)
  return sum
}

export function hiddenOf(seen: Float64Array, first: Float32Array, at: number): number {
  const start = at * (seen.length + 1)
  let sum = first[start + seen.length]!
  for (let place = 0; place < seen.length; place++) sum += first[start + place]! * seen[place]!
  return Math.tanh(sum)
}
