import { KinmeshError } from '../../mesh/errors.ts'

/** Longest piece of a foreign file that an error repeats, in characters: the person shall recognise it, and the message stay one line. */
const maxQuotedChars = 80

/** A file of a model is damaged or says what cannot be. */
export function badModelFile(problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError('BadModelFile', problem, { cause })
}

/** A model that may be sound, and that this version would not run as it was trained. */
export function unknownModel(problem: string): KinmeshError {
  return new KinmeshError('UnknownModel', problem)
}

/** A name or value out of a foreign file, fit for one line. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' && /^[\w./-]+$/.test(value) ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length > maxQuotedChars ? `${text.slice(0, maxQuotedChars)}…` : text
}
