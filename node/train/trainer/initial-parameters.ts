import { Sfc32 } from '../../model/text/sfc32.ts'
import { type Parameter, parameterCount, sizeOf } from '../objective.ts'

/** Of embeddings, as GPT-2 and all since begin. */
export const embeddingDeviation = 0.02

/**
 * What a training begins with, by the names of its tensors; the same seed gives the same everywhere. Weights of norms are 1, other vectors and an adapter's B are 0, so that the adapter
 * adds nothing yet; embeddings are normal; other matrices [out, in, …] are even within ±1 / √in, as PyTorch begins linear layers and PEFT an adapter's A.
 */
export function initialParameters(parameters: readonly Parameter[], seed: number): Float32Array {
  const flat = new Float32Array(parameterCount(parameters))
  let at = 0
  for (const [index, { name, shape }] of parameters.entries()) {
    // Each tensor has numbers of its own, whatever stands before it.
    const next = startOf(name, shape, new Sfc32(seed + index * 2 ** 32))
    for (const end = at + sizeOf(shape); at < end; at++) flat[at] = next()
  }
  return flat
}

function startOf(name: string, shape: readonly number[], random: Sfc32): () => number {
  if (name.endsWith('.lora_B.weight')) return () => 0
  if (shape.length < 2) return () => Number(name.endsWith('norm.weight'))
  if (name.endsWith('embed_tokens.weight')) return () => embeddingDeviation * nearlyNormal(random)
  const bound = 1 / Math.sqrt(sizeOf(shape.slice(1)))
  return () => (2 * random.uniform() - 1) * bound
}

/** Twelve even numbers added up have the deviation 1, and are about normal. Logarithms and cosines, as for a better one, differ a little between browsers. */
function nearlyNormal(random: Sfc32): number {
  let sum = -6
  for (let count = 0; count < 12; count++) sum += random.uniform()
  return sum
}
