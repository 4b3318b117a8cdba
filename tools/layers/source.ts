import { isBuiltin } from 'node:module'
import { parseSync } from 'oxc-parser'

/** What the rules want to know about a file. */
export type Source = {
  /** From the root of the checkout, with forward slashes. */
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  /** Lines that say `export * from`. */
  readonly starExports: readonly number[]
  /** Globals of one platform that it uses, by name. */
  readonly globals: readonly { readonly name: string; readonly line: number }[]
}

/** Any way to name another file: import and export statements, types included, `import()` and import types. */
export type Import = {
  /** Undefined where it is computed. */
  readonly specifier: string | undefined
  readonly line: number
}

// What only one platform has. Names that both have (fetch, crypto, setTimeout, WebSocket …) are free for all.
const platformGlobals = new Set([
  ...['process', 'Buffer', 'global', '__dirname', '__filename', 'require', 'setImmediate', 'clearImmediate'],
  ...['window', 'document', 'navigator', 'location', 'history', 'localStorage', 'sessionStorage', 'indexedDB', 'caches', 'self', 'importScripts'],
  ...['RTCPeerConnection', 'SharedWorker', 'Worker', 'HTMLElement', 'requestAnimationFrame', 'alert', 'confirm']
])

type Node = { type: string; start: number; [field: string]: unknown }

/** @throws Error naming the file when it does not parse */
export function readSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const lineAt = lineFinder(text)
  const imports: Import[] = []
  const starExports: number[] = []
  const used: { name: string; line: number }[] = []
  const declared = new Set<string>()

  const visit = (node: Node, parent: Node | undefined, field: string, inBinding: boolean): void => {
    if (['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType'].includes(node.type)) {
      const source = node['source'] as { value?: unknown } | null
      if (source) imports.push({ specifier: typeof source.value === 'string' ? source.value : undefined, line: lineAt(node.start) })
    }
    if (node.type === 'ExportAllDeclaration') starExports.push(lineAt(node.start))
    const binds = isBinding(parent, field, inBinding)
    if (node.type === 'Identifier') {
      const name = node['name'] as string
      if (binds) declared.add(name)
      else if (platformGlobals.has(name) && isReference(parent, field)) used.push({ name, line: lineAt(node.start) })
    }
    for (const [key, value] of Object.entries(node)) for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, node, key, binds)
  }
  visit(program as unknown as Node, undefined, '', false)
  // A file's own name shadows the global; where exactly does not matter enough to resolve scopes.
  return { path, lines: text.split('\n').length - Number(text.endsWith('\n')), imports, starExports, globals: used.filter(({ name }) => !declared.has(name)) }
}

/** Only there on one platform: Node's own modules and the packages that wrap native code or browser storage. */
export function isPlatformPackage(specifier: string): boolean {
  return isBuiltin(specifier) || /^(onnxruntime-(node|web)|hnswlib-node|y-indexeddb|@tensorflow\/tfjs-node)(\/|$)/.test(specifier)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** Whether what stands at `field` of `parent` names something new, rather than using what is there. */
function isBinding(parent: Node | undefined, field: string, parentBinds: boolean): boolean {
  if (['id', 'params', 'param', 'local'].includes(field)) return true
  switch (parentBinds && parent?.type) {
    case 'ObjectPattern':
    case 'ArrayPattern':
    case 'RestElement':
      return field !== 'typeAnnotation'
    case 'Property':
      return field === 'value'
    case 'AssignmentPattern':
      return field === 'left'
    default:
      return false
  }
}

/** `process.exit` and `globalThis.process` refer to the global; `child.process`, `{ process: 1 }` and type names do not. */
function isReference(parent: Node | undefined, field: string): boolean {
  if (!parent) return false
  if (parent.type === 'MemberExpression' && field === 'property' && parent['computed'] !== true) {
    const object = parent['object'] as Node
    return object.type === 'Identifier' && object['name'] === 'globalThis'
  }
  if (field === 'key' || field === 'label' || field === 'imported' || field === 'exported') return false
  return !parent.type.startsWith('TS') || ['TSNonNullExpression', 'TSAsExpression', 'TSSatisfiesExpression'].includes(parent.type)
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return offset => starts.findLastIndex(start => start <= offset) + 1
}
