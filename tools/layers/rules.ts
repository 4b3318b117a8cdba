import { posix } from 'node:path'
import type { ImportsMap, ImportsTarget } from '../dist-imports.ts'
import { isPlatformPackage, type Import, type Source } from './source.ts'

/** Which folders a folder may import from, besides itself. Nothing imports bench/ or tools/. */
const layers: Record<string, readonly string[]> = {
  mesh: [],
  sync: ['mesh'],
  federated: ['mesh'],
  node: ['mesh', 'sync', 'federated'],
  clients: ['node'],
  bench: ['mesh', 'sync', 'federated', 'node', 'clients', 'tools'],
  tools: ['mesh', 'sync', 'federated', 'node', 'clients', 'bench']
}

// Errors and the logger are the words in which every layer speaks; they import nothing themselves.
const vocabulary = ['mesh/errors.ts', 'mesh/log.ts']
const maxLines = 400

/** Everything wrong with these files, one line each: `file:line what is wrong`. */
export function violations(sources: readonly Source[], packageImports: ImportsMap): string[] {
  const graph = new Graph(sources, packageImports)
  return [
    ...sources.flatMap(source => [...ownRules(source), ...source.imports.flatMap(one => importRules(source, one, graph))]),
    ...cycles(graph),
    ...conversationRules(graph),
    ...missingTargets(graph, packageImports)
  ].sort()
}

function ownRules({ path, lines, starExports, globals }: Source): string[] {
  return [
    ...(lines > maxLines ? [`${path}:${lines} is longer than ${maxLines} lines`] : []),
    ...starExports.map(line => `${path}:${line} has \`export *\`: list the names`),
    ...(isPlatformFile(path) ? [] : globals.map(({ name, line }) => `${path}:${line} uses ${name}, which only one platform has: move it to *.node.ts or *.browser.ts`))
  ]
}

function importRules(source: Source, { specifier, line }: Import, graph: Graph): string[] {
  const { path } = source
  const at = `${path}:${line}`
  if (specifier === undefined) return folderOf(path) === 'tools' || isTest(path) ? [] : [`${at} imports a computed name, which nothing can check`]
  if (!isOurs(specifier)) {
    if (/^uvu(\/|$)/.test(specifier) && !isTest(path) && folderOf(path) !== 'tools') return [`${at} imports ${specifier} outside of tests`]
    return isPlatformPackage(specifier) && !isPlatformFile(path) ? [`${at} imports ${specifier} outside of *.node.ts and *.browser.ts`] : []
  }
  // Data imports nothing; whether it is there, the compiler says.
  if (specifier.endsWith('.json')) return []
  const targets = graph.resolve(path, specifier)
  if (targets.length === 0) return [`${at} imports ${specifier}, which does not exist`]
  return targets.flatMap(target => targetRules(path, specifier, target).map(problem => `${at} ${problem}`))
}

function targetRules(path: string, specifier: string, target: string): string[] {
  const problems: string[] = []
  const [from, to] = [folderOf(path), folderOf(target)]
  const testUsesTools = isTest(path) && (target === 'tools/assert.ts' || target.startsWith('tools/browser/'))
  if (from !== to && !layers[from]?.includes(to) && !testUsesTools && !(vocabulary.includes(target) && from !== 'mesh')) problems.push(`imports ${target}: ${from}/ may import ${layers[from]?.join('/, ') || 'none of ours'}${layers[from]?.length ? '/' : ''}`)
  if (from === to && posix.basename(target) === 'index.ts' && `${posix.dirname(path)}/`.startsWith(`${posix.dirname(target)}/`)) problems.push(`imports ${target}, the face of its own folder: import the file you need`)
  if (isTest(target) && !isTest(path) && !['tools', 'bench'].includes(from)) problems.push(`imports ${target}, which is for tests`)
  if (specifier.startsWith('.') && /\.(node|browser)\.ts$/.test(target) && !isPlatformFile(path)) problems.push(`imports ${target} directly: choose platform files in package.json imports`)
  if ((path.endsWith('.node.ts') && target.endsWith('.browser.ts')) || (path.endsWith('.browser.ts') && target.endsWith('.node.ts'))) {
    if (specifier.startsWith('.')) problems.push(`imports ${target} of the other platform`)
  }
  return problems
}

/** One line per cycle; type imports count, since files that know each other are one file in two places. */
function cycles(graph: Graph): string[] {
  const found: string[] = []
  const state = new Map<string, 'open' | 'closed'>()
  const trail: string[] = []
  const visit = (path: string): void => {
    if (state.get(path) === 'closed') return
    if (state.get(path) === 'open') {
      found.push(`${path}:1 is in a cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`)
      return
    }
    state.set(path, 'open')
    trail.push(path)
    for (const target of graph.targets(path)) visit(target)
    trail.pop()
    state.set(path, 'closed')
  }
  for (const path of graph.paths()) visit(path)
  return found
}

/** What was said in conversation, and what documents say, has no way to mesh/ or sync/: its stores know neither, and neither knows them. */
function conversationRules(graph: Graph): string[] {
  const isStore = (path: string) => /^node\/(conversations[^/]*\.ts$|documents\/)/.test(path) && !isTest(path)
  const isNetwork = (path: string) => ['mesh', 'sync'].includes(folderOf(path)) && !vocabulary.includes(path) && !isTest(path)
  return [
    ...reaching(graph, isStore, isNetwork).map(way => `${way[0]}:1 reaches ${way.at(-1)}: ${way.join(' -> ')}; conversations and documents never leave the device`),
    ...reaching(graph, isNetwork, isStore).map(way => `${way[0]}:1 reaches ${way.at(-1)}: ${way.join(' -> ')}; conversations and documents never leave the device`)
  ]
}

/** For each start the shortest way to a goal, if there is one. */
function reaching(graph: Graph, isStart: (path: string) => boolean, isGoal: (path: string) => boolean): string[][] {
  return graph.paths().filter(isStart).flatMap(start => {
    const ways = [[start]]
    const seen = new Set([start])
    for (const way of ways) {
      const last = way.at(-1) ?? start
      if (isGoal(last)) return [way]
      for (const target of graph.targets(last)) {
        if (!seen.has(target)) ways.push([...way, target])
        seen.add(target)
      }
    }
    return []
  })
}

function missingTargets(graph: Graph, packageImports: ImportsMap): string[] {
  return Object.entries(packageImports).flatMap(([name, target]) =>
    leaves(target).filter(path => !graph.has(path)).map(path => `package.json:1 imports ${name} names ${path}, which does not exist`)
  )
}

class Graph {
  readonly #sources: ReadonlyMap<string, Source>
  readonly #packageImports: ImportsMap

  constructor(sources: readonly Source[], packageImports: ImportsMap) {
    this.#sources = new Map(sources.map(source => [source.path, source]))
    this.#packageImports = packageImports
  }

  has(path: string): boolean {
    return this.#sources.has(path)
  }

  paths(): string[] {
    return [...this.#sources.keys()].sort()
  }

  targets(path: string): string[] {
    return (this.#sources.get(path)?.imports ?? []).flatMap(({ specifier }) => (specifier !== undefined && isOurs(specifier) ? this.resolve(path, specifier) : []))
  }

  /** The files that `specifier` may stand for: several where package.json chooses by platform. */
  resolve(from: string, specifier: string): string[] {
    const candidates = specifier.startsWith('#') ? leaves(this.#packageImports[specifier] ?? null) : [posix.join(posix.dirname(from), specifier)]
    return candidates.filter(path => this.has(path) || path === 'package.json')
  }
}

/** Source files of a target, whether it names them or their compiled form in dist/. */
function leaves(target: ImportsTarget): string[] {
  if (target === null) return []
  if (typeof target !== 'string') return [...new Set(Object.values(target).flatMap(leaves))]
  return [posix.normalize(target).replace(/^dist\/(.*)\.js$/, '$1.ts')]
}

function isOurs(specifier: string): boolean {
  return specifier.startsWith('.') || specifier.startsWith('#')
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? ''
}

/** Tests and what only they use. */
function isTest(path: string): boolean {
  return /\.(test|contract|fixtures)\.ts$/.test(path) || path.split('/').includes('testing')
}

/**
 * Files that may touch one platform: those whose name says which, tests, and the folders that live on one alone. Each folder of
 * clients/ is such a one (cli on Node, web in a browser), so there the names only help the reader.
 */
function isPlatformFile(path: string): boolean {
  return /\.(node|browser)\.ts$/.test(path) || isTest(path) || ['clients', 'bench', 'tools'].includes(folderOf(path))
}
