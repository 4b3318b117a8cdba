/** Calls back once the event loop has turned, after what arrived meanwhile; returns what calls that off. A timer would let a millisecond pass. */
export function nextTurn(act: () => void): () => void {
  const immediate = setImmediate(act)
  return () => clearImmediate(immediate)
}
