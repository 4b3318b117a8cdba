/** One line of foreign text, without what could steer a terminal or a template. */
export function foreignLine(text: string, maxChars: number): string {
  const line = text.slice(0, maxChars * 2).toWellFormed().replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim()
  return line.length > maxChars ? `${line.slice(0, maxChars).toWellFormed()}…` : line
}
