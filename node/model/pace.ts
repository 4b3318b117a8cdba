/** When a text began to be worked on, and when each of its tokens was there; ms of one clock. */
export type WrittenAt = { readonly startedAt: number; readonly tokensAt: readonly number[] }

/** Tokens per second: of the prompt until the first token was there, and of those that followed it, by the median of what each of them took. */
export type Pace = { readonly prefill: number; readonly decode: number }

const msPerSecond = 1000

/** `promptTokens`: how many were read. It takes two tokens at least. */
export function paceOf(promptTokens: number, { startedAt, tokensAt: [first = Number.NaN, ...others] }: WrittenAt): Pace {
  const gaps = others.map((at, index) => at - (others[index - 1] ?? first)).sort((a, b) => a - b)
  return { prefill: (promptTokens / (first - startedAt)) * msPerSecond, decode: msPerSecond / (gaps[Math.floor(gaps.length / 2)] ?? Number.NaN) }
}
