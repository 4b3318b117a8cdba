import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import * as assert from 'uvu/assert'

const main = new URL('../main.ts', import.meta.url).pathname

/** `within`: a command that runs another one in some place, a network namespace for instance. */
type Launch = { env?: Record<string, string>; within?: readonly string[] }

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** Runs the real command line to its end. */
export async function kinmesh(home: string, args: readonly string[], { input, ...options }: Launch & { input?: string | Uint8Array } = {}): Promise<Ran> {
  const child = launch(home, args, options)
  child.stdin?.on('error', () => {}) // a command that fails early does not read to the end
  child.stdin?.end(input ?? '')
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: stdout(), stderr: stderr() }
}

/** Runs a command with --json that must succeed, and returns its document. */
export async function document<T>(home: string, args: readonly string[], options: Launch & { input?: string } = {}): Promise<T> {
  const { code, stdout, stderr } = await kinmesh(home, [...args, '--json'], options)
  assert.is(code, 0, `kinmesh ${args.join(' ')}: ${stderr}`)
  assert.is(stdout.trimEnd().split('\n').length, 1, stdout)
  return JSON.parse(stdout) as T
}

/** Runs a command that must fail as `code` says, in one line on stderr and one document on stdout; returns the message. */
export async function refused(home: string, args: readonly string[], code: string, { exit = 1, input }: { exit?: number; input?: string | Uint8Array } = {}): Promise<string> {
  const ran = await kinmesh(home, [...args, '--json'], input === undefined ? {} : { input })
  assert.is(ran.code, exit, `kinmesh ${args.join(' ')}: ${ran.stdout}${ran.stderr}`)
  const { error } = JSON.parse(ran.stdout) as { error: { code: string; message: string } }
  // The log of a device that started half way may come before the one line.
  const last = ran.stderr.trimEnd().split('\n').filter(line => !/^\d\d:\d\d:\d\d/.test(line))
  assert.equal([error.code, last], [code, [`kinmesh: ${error.message}`]])
  return error.message
}

export type Up = { readonly device: { id: string; name: string }; readonly api: string; readonly addrs: string[]; readonly pid: number; stop(signal?: NodeJS.Signals): Promise<number | null>; stderr(): string }

/** Runs `kinmesh up` until it is stopped; resolves with its ready line. */
export async function up(home: string, args: readonly string[] = [], options: Launch = {}): Promise<Up> {
  const child = launch(home, ['up', '--json', '--port', '0', '--host', '127.0.0.1', '--no-mdns', ...args], options)
  const stderr = text(child.stderr)
  const exit = once(child, 'exit') as Promise<[number | null]>
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout ?? process.stdin })
  reader.on('line', line => lines.push(line))
  await Promise.race([once(reader, 'line'), exit])
  const [line] = lines
  if (line === undefined) throw new Error(`kinmesh up ended: ${stderr()}`)
  const ready = JSON.parse(line) as { ready: boolean; device: { id: string; name: string }; api: string; addrs: string[] }
  assert.is(ready.ready, true)
  return {
    ...ready,
    pid: child.pid ?? 0,
    stderr,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const [code] = await exit
      assert.is(lines.length, 1, 'the ready line is the only one on stdout')
      return code
    }
  }
}

function launch(home: string, args: readonly string[], { env = {}, within = [] }: Launch): ChildProcess {
  const { FORCE_COLOR: _, NODE_OPTIONS: __, ...inherited } = process.env
  const [program = '', ...rest] = [...within, process.execPath, '-C', 'development', main, ...args]
  return spawn(program, rest, { env: { ...inherited, KINMESH_HOME: home, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
}

function text(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}
