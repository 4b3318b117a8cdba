import { KinmeshError } from '../../../mesh/errors.ts'

/** Longest sequence that is compared; beyond it a match says no more, and each token costs as many steps. */
export const longestPattern = 16
/** Ids are below this; together with a node they make one exact number. */
const idLimit = 2 ** 21

export type PromptLookupOptions = {
  /** Shortest and longest sequence of ids at the end that is looked for. */
  readonly minPattern: number
  readonly maxPattern: number
  /** Most ids of a draft. */
  readonly maxDraft: number
}

export interface PromptLookup {
  /** The next id, of the prompt or of the answer. */
  push(id: number): void
  /** What followed the last time that the end stood there before; the longest end that did counts. Empty when none did. */
  draft(): number[]
}

/**
 * Drafts for speculative decoding without a second model: answers repeat what stands in the prompt (Saxena, "Prompt Lookup Decoding", 2023,
 * github.com/apoorvumang/prompt-lookup-decoding). Where an end stood several times, the last one counts. A draft ends where the ids end.
 *
 * All sequences up to `maxPattern` are nodes of a tree, so a token costs `maxPattern` look-ups, and as many numbers of memory. No hash is trusted: a node and an
 * id make one number below 2^53.
 *
 * @throws KinmeshError `InvalidOption`
 */
export function createPromptLookup(options: PromptLookupOptions): PromptLookup {
  const { minPattern, maxPattern: longest, maxDraft } = options
  if (!inRange(longest, 1, longestPattern) || !inRange(minPattern, 1, longest)) throw new KinmeshError('InvalidOption', `minPattern and maxPattern: whole numbers from 1 to ${longestPattern}, the first not above the second`)
  if (!inRange(maxDraft, 1, 1024)) throw new KinmeshError('InvalidOption', 'maxDraft: a whole number from 1 to 1024')
  const ids: number[] = []
  /** Node 0 is the empty sequence. */
  const children = new Map<number, number>()
  /** By node: the position after the last place where its sequence stood. */
  const lastEnds: number[] = [0]
  /** Nodes of the sequences that end here, the shortest first; its length is at most `longest`. */
  let open: number[] = []
  /** Where the longest one that stood before was followed by what. */
  let followed: number | undefined

  return {
    push(id) {
      if (!inRange(id, 0, idLimit - 1)) throw new RangeError(`no id: ${id}`)
      ids.push(id)
      followed = undefined
      // Each sequence that ended before becomes one longer, and a new one begins.
      open = [0, ...open.slice(0, longest - 1)].map((parent, index) => {
        const key = parent * idLimit + id
        const known = children.get(key)
        const node = known ?? lastEnds.length
        if (known === undefined) children.set(key, node)
        else if (index + 1 >= minPattern) followed = lastEnds[known]
        lastEnds[node] = ids.length
        return node
      })
    },
    draft: () => (followed === undefined ? [] : ids.slice(followed, followed + maxDraft))
  }
}

function inRange(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high
}
