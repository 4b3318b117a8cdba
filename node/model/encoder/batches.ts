/**
 * Which texts are read together: those of about the same length, so that little is filled up, and no more tokens at once than `maxTokens`, those that fill up included;
 * a text that is longer by itself is read alone. `lengths`: tokens of each text. Returns places in `lengths`, short texts first.
 */
export function batchesOf(lengths: readonly number[], maxTokens: number): number[][] {
  const batches: number[][] = []
  let batch: number[] = []
  for (const index of [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0))) {
    // The newest is the longest: all of them take as much room.
    if (batch.length > 0 && (batch.length + 1) * (lengths[index] ?? 0) > maxTokens) {
      batches.push(batch)
      batch = []
    }
    batch.push(index)
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}
