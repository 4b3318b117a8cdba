/** The first so many; of a generator that does not end. */
export function taken<T>(count: number, from: Iterable<T>): T[] {
  const found: T[] = []
  for (const each of from) if (found.push(each) === count) break
  return found
}
