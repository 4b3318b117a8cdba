import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'

/** What a script may take. Times in ms. */
export type ScriptLimits = { readonly timeMs: number; readonly outputBytes: number }
export const scriptLimits: ScriptLimits = { timeMs: 30_000, outputBytes: 64 * 1024 }

/** `dir`: of the skill; `script`: its path. `interpreter`: what runs it in the place of Node. */
export type Script = {
  readonly dir: string
  readonly script: string
  readonly interpreter?: string | undefined
  readonly args: readonly string[]
  readonly input: string
  /** Absolute paths. */
  readonly read: readonly string[]
  readonly network: boolean
}

/** Of a script in Node, in MiB. */
const heapMiB = 256
/** What a script may write into one file, in blocks of 512 bytes: 64 MiB. */
const fileBlocks = 131_072
/** Namespaces of Linux (util-linux): a user of its own, no other processes to see or signal, and without --net no network, loopback included. */
const namespaces = ['unshare', '--user', '--map-current-user', '--pid', '--fork', '--kill-child']
const complaintChars = 500

let isolation: Promise<boolean> | undefined

/** Whether this machine has what keeps scripts off the network and away from other processes. Tried once. */
export function canIsolate(): Promise<boolean> {
  isolation ??= new Promise(resolve => {
    if (process.platform !== 'linux') return resolve(false)
    const [command = '', ...args] = namespaces
    execFile(command, [...args, '--net', 'true'], error => resolve(!error))
  })
  return isolation
}

/** Runs a script to its end, in a process and a folder of its own, and gives what it printed. What fails inside the script is text too. @throws KinmeshError `SkillTimeout` · `SkillTooMuch` · `SkillFailed`; the reason of the signal */
export async function runScript(script: Script, signal: AbortSignal | undefined, limits: ScriptLimits = scriptLimits): Promise<string> {
  signal?.throwIfAborted()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kinmesh-skill-')))
  try {
    return await runIn(folder, script, signal, limits)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runIn(folder: string, script: Script, signal: AbortSignal | undefined, { timeMs, outputBytes }: ScriptLimits): Promise<string> {
  const wrapped = (await canIsolate()) ? [...namespaces, ...(script.network ? [] : ['--net']), '--', ...commandOf(script, folder)] : commandOf(script, folder)
  // Also where the device is killed and cannot end it: time on the processor, and room on the disk.
  const [command = '', ...args] = process.platform === 'win32' ? wrapped : ['/bin/sh', '-c', `ulimit -t ${Math.ceil(timeMs / 1000) + 1}; ulimit -f ${fileBlocks}; exec "$@"`, 'sh', ...wrapped]
  const child = spawn(command, args, { cwd: folder, env: environment(folder), stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true })
  let failure: KinmeshError | undefined
  const end = (reason?: KinmeshError) => {
    failure ??= reason
    kill(child)
    // What got out of its group must not be waited for.
    child.stdout.destroy()
    child.stderr.destroy()
  }
  const onAbort = () => end()
  signal?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => end(new KinmeshError('SkillTimeout', `the script ${script.script} took more than ${timeMs / 1000} s: it was ended`)), timeMs)
  const printed: Buffer[] = []
  let bytes = 0
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > outputBytes) end(new KinmeshError('SkillTooMuch', `the script ${script.script} printed more than ${outputBytes} bytes: it was ended`))
    else printed.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString('utf8')}`.slice(-complaintChars)
  })
  child.stdin.on('error', () => undefined) // it need not read
  child.stdin.end(script.input)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', cause => {
        reject(new KinmeshError('SkillFailed', `the script ${script.script} cannot be run (${'code' in cause ? String(cause.code) : cause.message})`, { cause }))
      })
      child.once('close', resolve)
    })
    signal?.throwIfAborted()
    if (failure) throw failure
    const text = Buffer.concat(printed).toString('utf8')
    return code === 0 ? text : `error: it ended with ${code ?? 'a signal'}\n${text}\n${complaint}`
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    // What it started and left running.
    kill(child)
  }
}

/** Node with its permission model: no other files, processes, threads or native code, and no SQLite, which that model does not hold. Other programs have no such thing. */
function commandOf({ dir, script, interpreter, args, read }: Script, folder: string): string[] {
  const path = join(dir, script)
  if (interpreter !== undefined) return [interpreter, path, ...args]
  const mayRead = [dir, folder, ...read].map(each => `--allow-fs-read=${each}`)
  return [process.execPath, '--permission', ...mayRead, `--allow-fs-write=${folder}`, '--no-experimental-sqlite', `--max-old-space-size=${heapMiB}`, path, ...args]
}

function environment(folder: string): Record<string, string> {
  return process.platform === 'win32' ? { SYSTEMROOT: process.env['SYSTEMROOT'] ?? '', PATH: process.env['PATH'] ?? '', TEMP: folder } : { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' }
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // None of the group is left.
  }
}

/** `~/` is the person's home. */
export function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path
}
