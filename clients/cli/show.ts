import { multiaddr } from '@multiformats/multiaddr'

// East Asian wide characters and emoji take two columns of a terminal.
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Columns that a text without control characters takes. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const { segment } of graphemes.segment(text)) columns += wide.test(segment) ? 2 : 1
  return columns
}

/** One line of text that somebody else wrote: nothing in it may steer the terminal. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
}

/** The same for text of several lines. */
export function lines(text: string): string {
  return text.split(/\r?\n/).map(oneLine).join('\n')
}

export function clip(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  let clipped = ''
  let used = 1 // the ellipsis
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment)
    if (used > columns) break
    clipped += segment
  }
  return `${clipped}…`
}

/** Columns side by side; the last one is cut where the terminal ends. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], { width, head = text => text }: { width: number; head?: (text: string) => string }): string {
  const cells = rows.map(row => row.map(oneLine))
  const widths = heads.map((name, column) => Math.max(columnsOf(name), ...cells.map(row => columnsOf(row[column] ?? ''))))
  const last = heads.length - 1
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + 2, 0)
  const room = Math.max(20, width - before)
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === last ? clip(cell, room) : cell + ' '.repeat((widths[column] ?? 0) - columnsOf(cell)))).join('  ').trimEnd()
  return [head(line(heads)), ...cells.map(line)].join('\n')
}

/** "3 minutes ago" for a Unix time in ms. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000))
  if (seconds < 60) return 'just now'
  for (const [unit, size] of [['day', 86_400], ['hour', 3600], ['minute', 60]] as const) {
    const count = Math.floor(seconds / size)
    if (count > 30 && unit === 'day') return new Date(at).toISOString().slice(0, 10)
    if (count > 0) return `${count} ${unit}${count > 1 ? 's' : ''} ago`
  }
  return ''
}

export function duration(ms: number): string {
  return ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** Bytes, for people. */
export function size(bytes: number): string {
  const [unit, share] = bytes < 1024 ** 2 ? ['KiB', bytes / 1024] : bytes < 1024 ** 3 ? ['MiB', bytes / 1024 ** 2] : ['GiB', bytes / 1024 ** 3]
  return `${share < 10 ? share.toFixed(1) : Math.round(share)} ${unit}`
}

/** "3 min" for a time that is a guess, in ms. */
export function roughly(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

/** Enough of an id to recognise a device by. */
export function shortId(id: string): string {
  return id.length > 14 ? `…${id.slice(-8)}` : id
}

const transports = { 'webrtc-direct': 'WebRTC', ws: 'WebSocket', tcp: 'TCP' } as const

/** One line per interface: its address, and the port of each transport. The full multiaddrs are in `status --json`. */
export function listening(addrs: readonly string[]): string[] {
  const byHost = new Map<string, string[]>()
  for (const addr of addrs) {
    const components = multiaddr(addr).getComponents()
    const valueOf = (...names: string[]) => components.find(({ name }) => names.includes(name))?.value ?? ''
    const transport = Object.entries(transports).find(([name]) => components.some(component => component.name === name))?.[1] ?? 'other'
    const host = valueOf('ip4', 'ip6', 'dns4', 'dns6')
    byHost.set(host, [...(byHost.get(host) ?? []), `${transport} ${valueOf('tcp', 'udp')}`])
  }
  return [...byHost].map(([host, ports]) => `${host}  ${ports.join(', ')}`)
}
