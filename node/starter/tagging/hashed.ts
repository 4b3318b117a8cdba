/** Rows of a table in which each feature has one by its hash, and some share one (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning", arXiv 0902.2206): no list of features is kept. FNV-1a of 32 bits over UTF-16. */
export function rowOf(feature: string, rows: number): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < feature.length; at++) hash = Math.imul(hash ^ feature.charCodeAt(at), 0x01000193)
  // The low bits alone change too little with the last letters.
  return ((hash ^ (hash >>> 15)) >>> 0) % rows
}
