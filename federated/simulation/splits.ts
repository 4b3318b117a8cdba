import { KinmeshError } from '../../mesh/errors.ts'
import type { RandomWords } from '../privacy/random-words.ts'
import { ascending, logGamma, seededRandom, shuffled } from './random.ts'

/** How examples come to clients. `pathological`: sorted by class and dealt in shards (McMahan et al. 2017); `dirichlet`: the share of each class that a client gets is drawn (Yurochkin et al. 2019); `by-speaker`: whoever said it has it. */
export type SplitTerms =
  | { readonly kind: 'iid' }
  | { readonly kind: 'pathological'; readonly shards: number }
  | { readonly kind: 'dirichlet'; readonly alpha: number; readonly minExamples: number }
  | { readonly kind: 'by-speaker'; readonly minExamples: number }

/** What is divided. `labels`: the class of each example; `speakers`: the number of who said it. Undefined where examples have none. */
export type Divisible = { readonly count: number; readonly labels?: ArrayLike<number> | undefined; readonly speakers?: ArrayLike<number> | undefined }

/** The examples of each client, by number. */
export type Split = readonly Int32Array[]

/** A draw in which somebody is left without examples is drawn again, so often at most. */
const maxDraws = 100

/** The same seed divides the same way. @throws KinmeshError `BadSplit` */
export function split(terms: SplitTerms, data: Divisible, clients: number, seed: number): Split {
  const random = seededRandom(seed, 'split', terms.kind)
  switch (terms.kind) {
    case 'iid': return iid(data.count, clients, random)
    case 'pathological': return pathological(needed(data.labels, 'classes', terms.kind), clients, terms.shards, random)
    case 'dirichlet': return dirichlet(needed(data.labels, 'classes', terms.kind), clients, terms, random)
    case 'by-speaker': return bySpeaker(needed(data.speakers, 'speakers', terms.kind), clients, terms.minExamples)
  }
}

/** Any examples, as many for each as for the others, or one more. */
function iid(count: number, clients: number, random: RandomWords): Split {
  if (clients > count) throw badSplit(`${count} examples are not enough for ${clients} clients: take fewer clients`)
  return dealt(shuffled(random, ascending(count)), clients)
}

/** Sorted by class, cut into `shards` for each client, and dealt: with two shards of MNIST, most clients know two digits. */
function pathological(labels: ArrayLike<number>, clients: number, shards: number, random: RandomWords): Split {
  const pieces = clients * shards
  if (pieces > labels.length) throw badSplit(`${labels.length} examples do not make ${pieces} shards: take fewer clients or shards`)
  // Within a class they are in any order; the sort keeps it.
  const sorted = Int32Array.from([...shuffled(random, ascending(labels.length))].sort((a, b) => labels[a]! - labels[b]!))
  const all = dealt(sorted, pieces)
  const order = shuffled(random, ascending(pieces))
  return Array.from({ length: clients }, (_, client) => joined([...order.subarray(client * shards, (client + 1) * shards)].map(shard => all[shard]!)))
}

function dirichlet(labels: ArrayLike<number>, clients: number, { alpha, minExamples }: SplitTerms & { kind: 'dirichlet' }, random: RandomWords): Split {
  if (clients * minExamples > labels.length) throw badSplit(`${labels.length} examples are not ${minExamples} for each of ${clients} clients: take fewer clients or a smaller minExamples`)
  const byClass = Map.groupBy(ascending(labels.length), example => labels[example]!)
  const classes = [...byClass.keys()].sort((a, b) => a - b).map(label => Int32Array.from(byClass.get(label)!))
  for (let draw = 0; draw < maxDraws; draw++) {
    const parts = Array.from({ length: clients }, (): Int32Array[] => [])
    for (const own of classes) {
      let [from, share] = [0, 0]
      const shares = proportions(random, alpha, clients)
      const order = shuffled(random, own.slice())
      for (let client = 0; client < clients; client++) {
        share += shares[client]!
        const to = client === clients - 1 ? order.length : Math.min(order.length, Math.round(share * order.length))
        parts[client]!.push(order.subarray(from, to))
        from = to
      }
    }
    const found = parts.map(joined)
    if (found.every(({ length }) => length >= minExamples)) return found
  }
  throw badSplit(`${maxDraws} draws left a client with fewer than ${minExamples} examples each time: take fewer clients, a larger alpha, or a smaller minExamples`)
}

/** A draw from the symmetric Dirichlet distribution. */
function proportions(random: RandomWords, alpha: number, count: number): Float64Array {
  const logs = Float64Array.from({ length: count }, () => logGamma(random, alpha))
  const most = logs.reduce((a, b) => Math.max(a, b))
  const parts = logs.map(log => Math.exp(log - most))
  const sum = parts.reduce((a, b) => a + b)
  return parts.map(part => part / sum)
}

/** Those who said most, from the most on; of equals the one with the lower number first. */
function bySpeaker(speakers: ArrayLike<number>, clients: number, minExamples: number): Split {
  const groups = [...Map.groupBy(ascending(speakers.length), example => speakers[example]!)].filter(([, own]) => own.length >= minExamples)
  if (groups.length < clients) throw badSplit(`${groups.length} speakers have ${minExamples} examples or more, and ${clients} clients are asked for: take fewer, or a smaller minExamples`)
  return groups.sort(([a, own], [b, other]) => other.length - own.length || a - b).slice(0, clients).map(([, own]) => Int32Array.from(own))
}

function dealt(order: Int32Array, parts: number): Int32Array[] {
  return Array.from({ length: parts }, (_, part) => order.slice(Math.floor((part * order.length) / parts), Math.floor(((part + 1) * order.length) / parts)))
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function needed<T>(given: T | undefined, what: string, kind: string): T {
  if (given === undefined) throw badSplit(`examples of this task have no ${what}, which a split "${kind}" goes by: choose another split`)
  return given
}

function badSplit(problem: string): KinmeshError {
  return new KinmeshError('BadSplit', problem)
}
