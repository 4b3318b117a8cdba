/**
 * Rows of at most `capacity`, each of the items that stand in it: best fit, the longest first, so that a row ends where hardly anything fits any more
 * (Johnson 1974: at most 11/9 of the fewest rows, and a few). Every length is 1 … capacity. Takes count · capacity steps at most.
 */
export function pack(lengths: ArrayLike<number>, capacity: number): number[][] {
  const byLength = Array.from({ length: capacity + 1 }, (): number[] => [])
  for (let item = 0; item < lengths.length; item++) byLength[lengths[item]!]!.push(item)
  const rows: number[][] = []
  /** Rows by what is left in them. */
  const byRoom = Array.from({ length: capacity + 1 }, (): number[] => [])
  for (let length = capacity; length > 0; length--) {
    let room = length
    for (const item of byLength[length]!) {
      // What was too full for the one before is for this one, which is as long.
      while (room <= capacity && byRoom[room]!.length === 0) room++
      const row = room <= capacity ? byRoom[room]!.pop()! : rows.push([]) - 1
      rows[row]!.push(item)
      const left = Math.min(room, capacity) - length
      byRoom[left]!.push(row)
      if (left >= length) room = left
    }
  }
  return rows
}
