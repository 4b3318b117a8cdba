import type { Message, Model } from '../../node/model.ts'
import { type LearnedItem, learnedText } from '../../node/starter/prompt.ts'

/** What is right for a message, and what else there is to say that is wrong. */
export type Truth = { readonly items: readonly LearnedItem[]; readonly shown: readonly string[]; readonly elsewhere: readonly LearnedItem[] }

/** Proposes what is right. */
export function oracleModel(truthOf: (message: string) => Truth): Model {
  return answering('oracle', messages => learnedText(truthOf(lastOf(messages)).items))
}

/**
 * Proposes what a bad model does: of what is right it leaves out three in ten, and cuts, changes or mistakes others; beside it come parts of the message at random, what it was shown, words of its prompt, and
 * facts that nobody told. Once in ten times it writes no list, or fails.
 */
export function noisyModel(truthOf: (message: string) => Truth, next: () => number): Model {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(next() * from.length)]
  return answering('noisy', messages => {
    const message = lastOf(messages)
    const { items, shown, elsewhere } = truthOf(message)
    const failure = next()
    if (failure < 0.04) throw new Error('the model broke')
    if (failure < 0.1) return pick(['[{"text": "my', 'null', '{}', 'I have learned the following:', '[[]]'])!
    const words = message.split(/\s+/)
    const part = (text: string): string => {
      const all = text.split(' ')
      const from = Math.floor(next() * all.length)
      return all.slice(from, from + 1 + Math.floor(next() * all.length)).join(' ')
    }
    const spoilt = items.filter(() => next() >= 0.3).map((item): LearnedItem => {
      const how = next()
      if (how < 0.15) return { ...item, text: part(item.text) }
      if (how < 0.3) return { ...item, text: item.text.split(' ').map(word => (next() < 0.2 ? (pick(words) ?? word) : word)).join(' ') }
      if (how < 0.45) return { ...item, subject: pick([...words, 'user', 'somebody'])! }
      return how < 0.6 ? { ...item, replaces: pick(shown) } : item
    })
    const sources: (() => string)[] = [() => part(message), () => message, () => pick(shown) ?? message, () => pick(elsewhere)?.text ?? '', () => messages[0]?.text.slice(0, 200) ?? '', () => pick(message.split(/[.?!]\s/)) ?? '']
    const junk = Array.from({ length: Math.floor(next() * (9 - spoilt.length)) }, (): LearnedItem => ({ text: pick(sources)!(), kind: 'fact', subject: pick([...words, 'user'])!, replaces: next() < 0.5 ? pick(shown) : undefined }))
    return learnedText([...spoilt, ...junk].sort(() => next() - 0.5))
  })
}

function answering(name: string, write: (messages: readonly Message[]) => string): Model {
  return { name, generate: async messages => ({ text: write(messages), tokens: { prompt: 0, completion: 0 }, finish: 'end', calls: [], refusals: [] }) }
}

function lastOf(messages: readonly Message[]): string {
  return messages.at(-1)?.text ?? ''
}
