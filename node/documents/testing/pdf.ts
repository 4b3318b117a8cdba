/** A font of PDF, as objects that follow the pages: the first of them is the font itself. */
const latin = ['<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>']
/** Names a code of Chinese characters (UCS-2) that every reader has to know by itself, and brings no letters along. */
export const chineseFont = (first: number): string[] => [
  `<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [${first + 1} 0 R] >>`,
  `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor ${first + 2} 0 R >>`,
  '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>'
]

/** A PDF (ISO 32000-1) of pages with lines. */
export function pdfOf(pages: readonly (readonly string[])[]): Uint8Array {
  return pdfWith(pages.map(lines => lines.map(line => `(${line.replaceAll(/[\\()]/g, '\\$&')})`)), () => latin)
}

/** The same of Chinese text. */
export function chinesePdf(text: string): Uint8Array {
  return pdfWith([[`<${Array.from(text, character => character.charCodeAt(0).toString(16).padStart(4, '0')).join('')}>`]], chineseFont)
}

/** `trailer`: more of what stands there. */
export function pdfWith(pages: readonly (readonly string[])[], font: (first: number) => readonly string[], { trailer = '', filter = '' } = {}): Uint8Array {
  const fontAt = 3 + 2 * pages.length
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages.map((_, index) => `${3 + 2 * index} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    ...pages.flatMap((lines, index) => {
      const content = filter === '' ? `BT /F1 12 Tf 14 TL 72 770 Td ${lines.map(line => `${line} Tj T*`).join(' ')} ET` : lines.join('')
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 ${fontAt} 0 R >> >> /Contents ${4 + 2 * index} 0 R >>`,
        `<< /Length ${content.length} ${filter} >>\nstream\n${content}\nendstream`
      ]
    }),
    ...font(fontAt)
  ]
  let file = '%PDF-1.7\n'
  const starts = objects.map((object, index) => {
    const start = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return start
  })
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${starts.map(start => `${String(start).padStart(10, '0')} 00000 n \n`).join('')}`
  return Buffer.from(`${file}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${file.length}\n%%EOF\n`, 'latin1')
}
