import { setTimeout as wait } from 'node:timers/promises'
import { memoryText, random } from '../random.ts'
import type { Written } from './calls.ts'
import { now } from './clock.ts'

/** Writes one text; resolves with its id when it is acknowledged. */
export type Put = (text: string) => Promise<string>

/** Writes one memory every `everyMs`, whether or not the one before is acknowledged. */
export async function writePaced(put: Put, { count, everyMs, seed }: { count: number; everyMs: number; seed: number }): Promise<Written[]> {
  const next = random(seed)
  const begin = now()
  const written: Promise<Written>[] = []
  for (let n = 0; n < count; n++) {
    const due = begin + n * everyMs - now()
    if (due > 0) await wait(due)
    const text = memoryText(next, `edit ${n}`)
    const startedAt = now()
    written.push(put(text).then(id => ({ id, startedAt, durableAt: now() })))
  }
  return Promise.all(written)
}

/** Writes with `concurrency` writers, each waiting for its acknowledgement before its next memory. */
export async function writeBurst(put: Put, { count, concurrency, seed }: { count: number; concurrency: number; seed: number }): Promise<{ startedAt: number; durableAt: number }> {
  const next = random(seed)
  const texts = Array.from({ length: count }, (_, n) => memoryText(next, `burst ${n}`))
  const startedAt = now()
  const writer = async () => {
    for (let text = texts.pop(); text !== undefined; text = texts.pop()) await put(text)
  }
  await Promise.all(Array.from({ length: concurrency }, writer))
  return { startedAt, durableAt: now() }
}
