/** Longest path of a file in a model directory, in UTF-16 code units: room is left for the folders it lies in on every system. */
const maxPathLength = 160
const maxDepth = 6
/** Names that Windows gives to devices, with any ending. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i
/** Controls, what steers the direction of text, lone surrogates, line separators, and what some file system forbids. */
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\\:*?"<>|]/u

/** The manifest itself. */
export const manifestFile = 'manifest.json'

/**
 * What keeps `path` from naming one and the same file inside a model directory on every system; undefined when nothing does. It is asked of each path that comes from
 * a hub or a manifest, before it meets a file system.
 */
export function pathProblem(path: string): string | undefined {
  if (path === '' || path.length > maxPathLength) return `a path has 1 to ${maxPathLength} characters`
  if (forbidden.test(path)) return 'a path holds no control characters, and none of \\ : * ? " < > |'
  if (path.normalize('NFC') !== path) return 'a path is in Unicode normal form C'
  const segments = path.split('/')
  if (segments.length > maxDepth) return `a path is at most ${maxDepth} names deep`
  for (const segment of segments) {
    if (segment === '') return 'a path is relative, with one slash between its names'
    if (segment.startsWith('.')) return 'no name in a path begins with a dot'
    if (/^ |[. ]$/.test(segment)) return 'no name in a path begins or ends with a space, or ends with a dot'
    if (deviceName.test(segment)) return `${segment} is the name of a device on Windows`
  }
  if (path.toLowerCase() === manifestFile) return `${manifestFile} is the manifest itself`
  return undefined
}

/** What keeps these paths from lying in one directory, where some systems tell upper from lower case and others do not. */
export function pathsProblem(paths: readonly string[]): string | undefined {
  const folded = new Set<string>()
  for (const path of paths) {
    const key = path.toLowerCase()
    if (folded.has(key)) return `${path} is there twice`
    folded.add(key)
  }
  for (const path of paths) {
    const segments = path.toLowerCase().split('/')
    for (let depth = 1; depth < segments.length; depth++) {
      if (folded.has(segments.slice(0, depth).join('/'))) return `${path} lies in a folder that is a file`
    }
  }
  return undefined
}
