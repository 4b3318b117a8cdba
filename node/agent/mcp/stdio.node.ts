import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import { spawn, type ChildProcess } from 'node:child_process'
import { homedir } from 'node:os'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { StdioTarget } from './config.ts'
import { type Flood, tooLarge } from './limits.ts'

/** What programs need to be found and to say things; nothing of what the device was started with besides. */
const passedOn = process.platform === 'win32' ? ['APPDATA', 'COMSPEC', 'LOCALAPPDATA', 'PATH', 'PATHEXT', 'SYSTEMROOT', 'TEMP', 'USERPROFILE'] : ['HOME', 'LANG', 'LOGNAME', 'PATH', 'TMPDIR', 'USER']
/** How long a server may take to end when its input ends, in ms. */
const graceMs = 1000
/** Kept of what it says about its own end, in characters. */
const maxComplaint = 500

export type StdioOptions = { readonly target: StdioTarget; readonly maxBytes: number; readonly flood: Flood; violated(error: KinmeshError): void; onStarted(pid: number | undefined): void }

/**
 * A server as a child process, over its standard input and output. Not the transport of the SDK, for three things: it is the head of a process group, so that what it starts ends with it; what it
 * writes is bounded while it is read; it is killed at once when it misbehaves. After kill -9 of the device its input ends, which is what tells a server to go.
 */
export class StdioTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void
  onclose?: () => void
  onerror?: (error: Error) => void
  readonly #options: StdioOptions
  readonly #buffer: ReadBuffer
  #child: ChildProcess | undefined
  #complaint = ''
  #ended: Promise<void> = Promise.resolve()

  constructor(options: StdioOptions) {
    this.#options = options
    this.#buffer = new ReadBuffer({ maxBufferSize: options.maxBytes })
  }

  /** The last line that it wrote for people, once it ended. */
  get complaint(): string {
    return this.#complaint.trim().split('\n').at(-1) ?? ''
  }

  async start(): Promise<void> {
    const { command, args, env } = this.#options.target
    const inherited = passedOn.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]))
    const child = spawn(command, args, { cwd: homedir(), env: { ...Object.fromEntries(inherited), ...env }, stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true })
    this.#child = child
    const ended = Promise.withResolvers<void>()
    this.#ended = ended.promise
    child.once('close', () => {
      ended.resolve()
      this.onclose?.()
    })
    child.stdin.on('error', error => this.onerror?.(error))
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      this.#complaint = `${this.#complaint}${chunk.toString('utf8')}`.slice(-maxComplaint)
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', () => {
        this.#options.onStarted(child.pid)
        resolve()
      })
      child.once('error', cause => {
        ended.resolve()
        reject(new KinmeshError('McpNotStarted', `${command} cannot be run (${'code' in cause ? String(cause.code) : cause.message}): check the command with kinmesh mcp list`, { cause }))
      })
    })
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin
    if (!stdin?.writable) throw new KinmeshError('McpGone', 'the MCP server ended')
    // Who does not read what it is sent gets nothing more: its answer is waited for, and that ends in time.
    if (stdin.writableLength > this.#options.maxBytes) throw tooLarge(this.#options.maxBytes)
    stdin.write(serializeMessage(message))
  }

  /** Ends the server: asks it by ending its input, then kills it and all that it started. Always finishes. */
  async close(): Promise<void> {
    this.#child?.stdin?.end()
    const timer = setTimeout(() => this.kill(), graceMs)
    await this.#ended
    clearTimeout(timer)
    this.kill()
    this.#child = undefined
  }

  /** At once. What it started goes too, also when it is gone itself. */
  kill(): void {
    const child = this.#child
    if (child?.pid === undefined) return
    child.stdout?.destroy()
    child.stderr?.destroy()
    try {
      if (process.platform === 'win32') child.kill('SIGKILL')
      else process.kill(-child.pid, 'SIGKILL')
    } catch {
      // None of the group is left.
    }
  }

  #read(chunk: Buffer): void {
    const { flood, violated, maxBytes } = this.#options
    try {
      this.#buffer.append(chunk)
    } catch {
      return violated(tooLarge(maxBytes))
    }
    for (;;) {
      const message = this.#next()
      if (message === null) return
      try {
        flood.count()
      } catch (error) {
        return violated(error as KinmeshError)
      }
      if (message) this.onmessage?.(message)
    }
  }

  /** Null: no whole line is there. Undefined: one that is no message; some servers write greetings. */
  #next(): JSONRPCMessage | null | undefined {
    try {
      return this.#buffer.readMessage()
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)))
      return undefined
    }
  }
}
