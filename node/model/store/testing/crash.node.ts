import promises, { type FileHandle } from 'node:fs/promises'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { writeSync } from 'node:fs'

// Loaded before a program: ends it with kill -9 at the KINMESH_CRASH_AT-th change of the disk that it is about to make, and tells every one of them on fd 3 where there
// is one. Of a write, half is done before the end.

const crashAt = Number(process.env['KINMESH_CRASH_AT'] ?? Infinity)
const isTraced = process.env['KINMESH_TRACE'] !== undefined
const paths = new WeakMap<object, string>()
let changes = 0

function isLast(what: string): boolean {
  if (isTraced) writeSync(3, `${what}\n`)
  return ++changes === crashAt
}

function end(): never {
  process.kill(process.pid, 'SIGKILL')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

type Change = (...given: never[]) => Promise<unknown>

function patch<Owner extends object>(owner: Owner, name: keyof Owner & string, around: (self: object, original: Change, given: unknown[]) => Promise<unknown>): void {
  const original = owner[name] as Change
  Object.defineProperty(owner, name, { configurable: true, writable: true, value(this: object, ...given: unknown[]) { return around(this, original.bind(this) as Change, given) } })
}

const handle = await promises.open(new URL(import.meta.url).pathname)
const prototype = Object.getPrototypeOf(handle) as FileHandle
await handle.close()

for (const name of ['rename', 'mkdir', 'rm', 'unlink', 'utimes'] as const) {
  patch(promises, name, (_, original, given) => {
    if (isLast(`${name} ${given.filter(each => typeof each === 'string').join(' ')}`)) end()
    return original(...(given as never[]))
  })
}
patch(promises, 'open', async (_, original, given) => {
  const isWrite = given[1] !== 'r'
  if (isWrite && isLast(`open ${String(given[0])}`)) end()
  const opened = (await original(...(given as never[]))) as object
  paths.set(opened, String(given[0]))
  return opened
})
for (const name of ['writeFile', 'appendFile'] as const) {
  patch(prototype, name, async (self, original, [content]) => {
    if (isLast(`write ${paths.get(self)}`)) {
      await original((content as string).slice(0, (content as string).length / 2) as never)
      end()
    }
    return original(content as never)
  })
}
patch(prototype, 'sync', (self, original) => {
  if (isLast(`sync ${paths.get(self)}`)) end()
  return original()
})
createRequire(import.meta.url)('node:fs/promises') // the copy that the names of the module are taken from
syncBuiltinESMExports()
