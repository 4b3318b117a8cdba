import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Block } from '../passages.ts'

/**
 * The pages of a PDF (pdf.js), each as one block with its lines. Nothing in it is run and nothing is fetched: pictures, fonts and scripts are left alone.
 * @throws KinmeshError `PdfBroken`, `PdfEncrypted`
 */
export async function* pdfBlocks(bytes: Uint8Array): AsyncGenerator<Block> {
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs')
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  // Texts of East Asian languages may name the code of their characters and not bring it along: the tables are in the package.
  const task = getDocument({ data: bytes, verbosity: VerbosityLevel.ERRORS, cMapUrl: `${join(folder, 'cmaps')}/`, cMapPacked: true, useSystemFonts: false, disableFontFace: true, useWorkerFetch: false, stopAtErrors: false })
  try {
    const document = await task.promise
    for (let page = 1; page <= document.numPages; page++) {
      const read = await document.getPage(page)
      const { items } = await read.getTextContent()
      yield { headings: [], page, text: items.map(item => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('') }
      read.cleanup()
    }
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : ''
    if (name === 'PasswordException') throw new KinmeshError('PdfEncrypted', 'it is locked with a password: save a copy without one and add that', { cause })
    throw new KinmeshError('PdfBroken', `it is no PDF, or a damaged one (${cause instanceof Error ? cause.message.slice(0, 100) : 'unknown reason'}): open it in a PDF reader and save it anew`, { cause })
  } finally {
    await task.destroy()
  }
}
