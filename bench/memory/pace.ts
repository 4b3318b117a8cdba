import type { Device } from '../../node/device.ts'
import { random } from '../random.ts'
import { type Row, row } from '../report.ts'
import { median, quantile } from '../statistics.ts'

/** Words of a made-up language, the n-th of which comes 1/n as often as the first (Zipf's law). */
const vocabulary = 30_000
/** What stands for words without a meaning of their own, which no question is about. */
const functionWords = 50
const syllables = 'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu pa pe pi po pu ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo vu'.split(' ')
const questions = 500
const recalled = 10
const batch = 2000

/** Fills a device up to `memories`, and asks it. */
export async function recallPace(device: Pick<Device, 'sync' | 'recall' | 'id'>, memories: number, label: string): Promise<Row[]> {
  const next = random(memories)
  const space = device.sync.space('personal')
  while (space.count < memories) {
    const values = Array.from({ length: Math.min(batch, memories - space.count) }, (_, index) => ({ v: 1, kind: 'fact', text: textOf(next, 6 + Math.floor(next() * 15), 0), observedAt: space.count + index, source: { device: device.id } }))
    await space.putMany(values)
  }
  await device.recall.settled()
  const asked = Array.from({ length: questions }, () => textOf(next, 3 + Math.floor(next() * 5), functionWords))
  const times: number[] = []
  for (const question of asked) {
    const from = performance.now()
    await device.recall.recall(question, recalled)
    times.push(performance.now() - from)
  }
  return [row('latency_p50', median(times), 'ms', label), row('latency_p95', quantile(times, 0.95), 'ms', label)]
}

/** Words of the made-up language, those from the `from`-th most common one on. */
export function textOf(next: () => number, words: number, from: number): string {
  return Array.from({ length: words }, () => wordOf(from + Math.floor((vocabulary - from) ** next()) - (from > 0 ? 1 : 0))).join(' ')
}

function wordOf(rank: number): string {
  let [text, rest] = ['', rank]
  do {
    text += syllables[rest % syllables.length]
    rest = Math.floor(rest / syllables.length)
  } while (rest > 0)
  return text
}
