import { maxHeading } from '../passages.ts'

/** Follows the headings of a document: which ones stand above what comes now. */
export class Sections {
  #open: { readonly level: number; readonly text: string }[] = []

  get path(): readonly string[] {
    return this.#open.map(({ text }) => text)
  }

  /** A heading ends the sections of its level and of deeper ones, and begins one. */
  enter(level: number, text: string): void {
    const heading = text.replaceAll(/\s+/g, ' ').trim().slice(0, maxHeading).toWellFormed()
    this.#open = this.#open.filter(section => section.level < level)
    if (heading !== '') this.#open.push({ level, text: heading })
  }
}
