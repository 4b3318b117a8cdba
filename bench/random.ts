import { createHash } from 'node:crypto'

/** Seeded numbers in 0…1 (mulberry32): what a bench did can be done again. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const words = `anna ben carla dentist tulips birthday meeting cabin fjord wifi password bread milk coffee train ticket garden window
  violin lesson school doctor invoice insurance bicycle mountain river harbour island winter summer morning evening monday friday april october
  blue green yellow quiet early later favourite allergic prefers likes visits forgot remembers bought promised moved paints repairs`.split(/\s+/)

/** A word that a few of a hundred texts hold. */
export const commonWord = 'tulips'

/** A statement of 150 to 200 bytes, as long as a memory usually is, which ends in a check sum of itself. */
export function memoryText(next: () => number, label: string): string {
  const length = 140 + Math.floor(next() * 50)
  let text = label
  while (text.length < length) text += ` ${words[Math.floor(next() * words.length)]}`
  return `${text} #${checkSum(text)}`
}

/** True for a text that is, to its last letter, as `memoryText` made it. */
export function isWhole(text: string): boolean {
  const at = text.lastIndexOf(' #')
  return at > 0 && text.slice(at + 2) === checkSum(text.slice(0, at))
}

function checkSum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
