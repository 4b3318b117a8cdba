import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Files = Readonly<Record<string, string | Uint8Array>>

/** What goes wrong with one request: faults of a path are used up in order, one each; `api` is what a hub tells of a model, `tree` its listing. */
export type Fault =
  | { readonly status: number; readonly headers?: Record<string, string> }
  /** The connection ends after so many bytes of the body. */
  | { readonly cutAfter: number }
  /** Nothing more comes after so many bytes, and the connection stays. */
  | { readonly stallAfter: number }
  /** Other bytes than the listing says. */
  | { readonly content: Uint8Array }
  | { readonly etag: string }
  | { readonly range: 'ignored' | 'another' }
  | { readonly endless: true }
  | { readonly redirect: string }

export type Seen = { readonly at: 'hub' | 'cdn'; readonly path: string; readonly range: string | undefined; readonly authorization: string | undefined }

export type HubServer = {
  readonly endpoint: string
  readonly requests: readonly Seen[]
  /** Makes a commit; returns its id. With a token, only who sends it sees the model. */
  publish(repo: string, files: Files, about?: { task?: string; licence?: string; token?: string; gated?: boolean }): string
  /** The listing of the model is as before, and the bytes are not. */
  swap(repo: string, path: string, content: string | Uint8Array): void
  fault(path: string, ...faults: Fault[]): void
  /** Bytes of the body of a file that were sent so far. */
  sent(path: string): number
  /** Resolves when it holds, looked at whenever bytes were sent or a request came. */
  until(holds: () => boolean): Promise<void>
  close(): Promise<void>
}

type Stored = { content: Buffer; sha256: string; gitSha1: string; isLarge: boolean }
type Repo = { head: string; commits: Map<string, Map<string, Stored>>; task: string | undefined; licence: string | undefined; token: string | undefined; gated: boolean }

/** Entries of one page of a listing: few, so that there are several pages. */
const pageEntries = 5
const bytesOf = (content: string | Uint8Array): Buffer => Buffer.from(content as Uint8Array)
const hex = (algorithm: string, ...parts: (string | Uint8Array)[]): string => parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest('hex')
const isLarge = (path: string): boolean => /\.(safetensors|onnx|onnx_data|bin|gguf)$/.test(path)

function store(path: string, content: Buffer): Stored {
  const sha256 = hex('sha256', content)
  const inGit = isLarge(path) ? Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${content.length}\n`) : content
  return { content, sha256, gitSha1: hex('sha1', `blob ${inGit.length}\0`, inGit), isLarge: isLarge(path) }
}

/**
 * Answers on loopback as a hub does: a listing by pages, small files through an address of its own, large ones through a redirect to another host, with parts and names
 * of contents. It counts what it sends, and does on request what servers and networks do wrong.
 */
export async function startHub(): Promise<HubServer> {
  const repos = new Map<string, Repo>()
  const faults = new Map<string, Fault[]>()
  const requests: Seen[] = []
  const sentBytes = new Map<string, number>()
  const changes = new EventEmitter()
  changes.setMaxListeners(0)
  let endpoint = ''
  let cdn = ''

  const noteSent = (path: string, bytes: number) => {
    sentBytes.set(path, (sentBytes.get(path) ?? 0) + bytes)
    changes.emit('change')
  }
  const json = (response: ServerResponse, value: unknown, headers: Record<string, string> = {}) => void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  const refuse = (response: ServerResponse, status: number, code?: string) => void response.writeHead(status, code === undefined ? {} : { 'x-error-code': code }).end()

  /** The bytes of a file, whole or a part. */
  const sendFile = (response: ServerResponse, path: string, range: string | undefined, { content, sha256, gitSha1, isLarge }: Stored) => {
    const fault = faults.get(path)?.shift()
    const name = fault && 'etag' in fault ? fault.etag : isLarge ? `cdn-${sha256.slice(0, 8)}` : gitSha1
    if (fault && 'status' in fault) return void response.writeHead(fault.status, fault.headers).end()
    if (fault && 'endless' in fault) return sendForEver(response, path)
    const body = fault && 'content' in fault ? Buffer.from(fault.content) : content
    let from = /^bytes=(\d+)-$/.exec(range ?? '')?.[1] === undefined ? 0 : Number(/\d+/.exec(range ?? '')?.[0])
    if (fault && 'range' in fault) from = fault.range === 'ignored' ? 0 : from + 1
    if (from > 0 && from >= body.length) return refuse(response, 416)
    const part = body.subarray(from)
    const status = from > 0 ? 206 : 200
    response.writeHead(status, { 'content-length': part.length, etag: `"${name}"`, 'accept-ranges': 'bytes', ...(status === 206 ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {}) })
    const end = fault && 'cutAfter' in fault ? fault.cutAfter : fault && 'stallAfter' in fault ? fault.stallAfter : undefined
    if (end === undefined || end >= part.length) {
      noteSent(path, part.length)
      return void response.end(part)
    }
    noteSent(path, end)
    response.write(part.subarray(0, end), () => {
      if (fault && 'cutAfter' in fault) response.destroy()
    })
    if (end === 0) response.flushHeaders()
  }

  const sendForEver = (response: ServerResponse, path: string) => {
    const chunk = Buffer.alloc(65_536, 7)
    const more = () => {
      if (response.destroyed) return
      noteSent(path, chunk.length)
      if (response.write(chunk)) setImmediate(more)
      else response.once('drain', more)
    }
    response.writeHead(200)
    more()
  }

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', endpoint)
    const { authorization, range } = request.headers
    requests.push({ at: 'hub', path: url.pathname, range, authorization })
    changes.emit('change')
    const [, isApi, repoName, what, revision, rest] = /^\/(api\/models\/)?(?:resolve-cache\/)?([\w.-]+\/[\w.-]+)\/(revision|tree|resolve)\/([^/]+)\/?(.*)$/.exec(url.pathname.replace('/api/resolve-cache/models/', '/')) ?? []
    const repo = repos.get(repoName ?? '')
    if (!repo) return refuse(response, authorization === undefined ? 401 : 404, 'RepoNotFound')
    if (repo.token !== undefined && authorization !== `Bearer ${repo.token}`) return repo.gated && what === 'resolve' ? refuse(response, 403, 'GatedRepo') : refuse(response, 401, 'RepoNotFound')
    const commit = revision === 'main' ? repo.head : decodeURIComponent(revision ?? '')
    const files = repo.commits.get(commit)
    if (!files) return refuse(response, 404, 'RevisionNotFound')
    if (isApi !== undefined) {
      const fault = faults.get(what === 'tree' ? 'tree' : 'api')?.shift()
      if (fault && 'status' in fault) return void response.writeHead(fault.status, fault.headers).end()
      if (fault && 'redirect' in fault) return json(response, [], { link: `<${fault.redirect}>; rel="next"` })
      if (fault && 'content' in fault) return void response.end(fault.content)
    }
    if (what === 'revision') {
      const tags = repo.licence === undefined ? [] : [`license:${repo.licence}`]
      return json(response, { _id: '1', id: repoName, sha: commit, private: false, gated: false, downloads: 1, likes: 1, lastModified: '2026-01-01T00:00:00.000Z', pipeline_tag: repo.task, tags, cardData: repo.licence === undefined ? undefined : { license: repo.licence } })
    }
    if (what === 'tree') return sendPage(response, url, files)
    const path = decodeURIComponent(rest ?? '')
    const file = files.get(path)
    if (!file) return refuse(response, 404, 'EntryNotFound')
    const fault = faults.get(path)?.[0]
    if (fault && 'redirect' in fault) {
      faults.get(path)?.shift()
      return void response.writeHead(302, { location: fault.redirect }).end()
    }
    const headers = { 'x-repo-commit': commit, 'x-linked-etag': `"${fault && 'etag' in fault ? fault.etag : file.isLarge ? file.sha256 : file.gitSha1}"`, 'x-linked-size': String(file.content.length) }
    if (file.isLarge) return void response.writeHead(302, { ...headers, location: `${cdn}/${file.sha256}?path=${encodeURIComponent(path)}&repo=${repoName}&commit=${commit}` }).end()
    if (!url.pathname.startsWith('/api/')) return void response.writeHead(307, { ...headers, location: `/api/resolve-cache/models${url.pathname}` }).end()
    sendFile(response, path, range, file)
  }

  const sendPage = (response: ServerResponse, url: URL, files: ReadonlyMap<string, Stored>) => {
    const from = Number(url.searchParams.get('cursor') ?? 0)
    const folders = new Set([...files.keys()].flatMap(path => path.split('/').slice(0, -1)))
    const entries = [
      ...[...folders].map(path => ({ type: 'directory', oid: hex('sha1', path), size: 0, path })),
      ...[...files].map(([path, file]) => ({ type: 'file', oid: file.gitSha1, size: file.content.length, path, ...(file.isLarge ? { lfs: { oid: file.sha256, size: file.content.length, pointerSize: 134 } } : {}) }))
    ]
    const next = from + pageEntries
    url.searchParams.set('cursor', String(next))
    json(response, entries.slice(from, next), next < entries.length ? { link: `<${endpoint}${url.pathname}${url.search}>; rel="next"` } : {})
  }

  const answerCdn = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', cdn)
    const path = url.searchParams.get('path') ?? ''
    requests.push({ at: 'cdn', path, range: request.headers.range, authorization: request.headers.authorization })
    changes.emit('change')
    const file = repos.get(url.searchParams.get('repo') ?? '')?.commits.get(url.searchParams.get('commit') ?? '')?.get(path)
    if (file) sendFile(response, path, request.headers.range, file)
    else refuse(response, 403)
  }

  const [hubServer, cdnServer] = [await listening(answer), await listening(answerCdn)]
  endpoint = addressOf(hubServer)
  cdn = addressOf(cdnServer)
  return {
    endpoint,
    requests,
    publish(name, files, { task, licence, token, gated = false } = {}) {
      const stored = new Map(Object.entries(files).map(([path, content]) => [path, store(path, bytesOf(content))]))
      const head = hex('sha1', name, ...[...stored].flatMap(([path, { sha256 }]) => [path, sha256]))
      repos.set(name, { head, commits: new Map([...(repos.get(name)?.commits ?? []), [head, stored]]), task, licence, token, gated })
      return head
    },
    swap(name, path, content) {
      for (const files of repos.get(name)?.commits.values() ?? []) {
        const file = files.get(path)
        if (file) file.content = bytesOf(content)
      }
    },
    fault: (path, ...more) => void faults.set(path, [...(faults.get(path) ?? []), ...more]),
    sent: path => sentBytes.get(path) ?? 0,
    async until(holds) {
      while (!holds()) await once(changes, 'change')
    },
    async close() {
      for (const server of [hubServer, cdnServer]) {
        server.closeAllConnections()
        await new Promise(resolve => server.close(resolve))
      }
    }
  }
}

async function listening(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
