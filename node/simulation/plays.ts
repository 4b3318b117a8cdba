import { badTrainingData } from '../train/training-errors.ts'

/** Windows of characters, i32 [count, length + 1], each of one speaker; −1 behind the end of a speech. In memory that threads share. */
export type TextSet = { readonly count: number; readonly length: number; readonly ids: Int32Array }

/** `speakers`: the number of who said it, of each window of the training. `characters`: by their ids. */
export type Plays = { readonly training: TextSet; readonly heldOut: TextSet; readonly speakers: Int32Array; readonly names: readonly string[]; readonly characters: readonly string[] }

/** Characters that a window begins with and predicts, as McMahan et al. 2017 take them. */
export const windowLength = 80
/** Of the windows of a speaker, the last fifth is held out: what was said later, as in that paper. */
const heldOutShare = 0.2
const maxHeldOut = 1000
const maxCharacters = 1024
const maxSpeakers = 100_000

/**
 * A text of speeches, as plays are printed: `NAME:` on a line, what NAME says on the next ones, an empty line. What stands before the first name is nobody's.
 * @throws KinmeshError `BadTrainingData`
 */
export function readPlays(name: string, text: string): Plays {
  const speeches = new Map<string, string[]>()
  let speaker: string | undefined
  for (const part of text.replaceAll('\r\n', '\n').split(/\n{2,}/)) {
    const [, who, said] = /^([^\n:]{1,80}):\n([^]*)$/.exec(part.trim()) ?? []
    speaker = who ?? speaker
    if (speaker === undefined) continue
    const own = speeches.get(speaker) ?? []
    own.push(said ?? part.trim())
    speeches.set(speaker, own)
  }
  if (speeches.size === 0) throw badTrainingData(`${name} has no speeches: a line NAME: and what NAME says below it, with empty lines between speeches`)
  if (speeches.size > maxSpeakers) throw badTrainingData(`${name} has ${speeches.size} speakers, and ${maxSpeakers} are the most`)
  const all = [...speeches].map(([who, said]) => ({ who, said: `${said.join('\n\n')}\n` }))
  const characters = [...new Set(all.flatMap(({ said }) => [...new Set(said)]))].sort()
  if (characters.length > maxCharacters) throw badTrainingData(`${name} has ${characters.length} different characters, and ${maxCharacters} are the most`)
  return divided(all, characters)
}

function divided(all: readonly { readonly who: string; readonly said: string }[], characters: readonly string[]): Plays {
  const idOf = new Map(characters.map((character, id) => [character, id]))
  const [training, heldOut, speakers]: [Int32Array[], Int32Array[], number[]] = [[], [], []]
  for (const [speaker, { said }] of all.entries()) {
    const ids = Int32Array.from(said, character => idOf.get(character)!)
    // The first character of a window is the last one of the window before: it is predicted there.
    const windows = Array.from({ length: Math.ceil((ids.length - 1) / windowLength) }, (_, at) => ids.subarray(at * windowLength, (at + 1) * windowLength + 1))
    const kept = windows.length - Math.floor(windows.length * heldOutShare)
    training.push(...windows.slice(0, kept))
    heldOut.push(...windows.slice(kept))
    for (let at = 0; at < kept; at++) speakers.push(speaker)
  }
  const step = Math.max(1, heldOut.length / maxHeldOut)
  const chosen = Array.from({ length: Math.min(maxHeldOut, heldOut.length) }, (_, at) => heldOut[Math.floor(at * step)]!)
  if (chosen.length === 0) throw badTrainingData('no speaker says enough to hold something back: give a longer text')
  return { training: setOf(training), heldOut: setOf(chosen), speakers: Int32Array.from(speakers), names: all.map(({ who }) => who), characters }
}

function setOf(windows: readonly Int32Array[]): TextSet {
  const row = windowLength + 1
  const ids = new Int32Array(new SharedArrayBuffer(windows.length * row * Int32Array.BYTES_PER_ELEMENT)).fill(-1)
  for (const [at, window] of windows.entries()) ids.set(window, at * row)
  return { count: windows.length, length: windowLength, ids }
}
