import { registerHooks } from 'node:module'
import { resolve as absolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { explain, tell, unrun } from './record.ts'

// The process of one test file: `node -C development tools/testing/child.ts FILE DEADLINE_MS GRACE_MS`.

const [file = '', deadlineArg, graceArg] = process.argv.slice(2)
const standIns = new Map(['uvu', 'uvu/assert'].map(name => [name, new URL(`./${name.replace('/', '-')}.ts`, import.meta.url).href]))
registerHooks({
  resolve(specifier, context, next) {
    const standIn = standIns.get(specifier)
    return standIn && context.parentURL !== standIn ? { url: standIn, shortCircuit: true } : next(specifier, context)
  }
})

// With UVU_DEFER set, uvu queues suites in UVU_QUEUE[0], after the name of the file, and leaves it to us to run them.
type QueuedSuite = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>
const queue: QueuedSuite[] = []
Object.assign(globalThis, { UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: [queue] })

// Output streams open on first use and then count as active: open both now, to know them.
const own = (void process.stdout, void process.stderr, process.getActiveResourcesInfo())
let deadline = watchdog(Number(deadlineArg))
try {
  const { deadlineMs, missing } = (await import(pathToFileURL(absolute(file)).href)) as { deadlineMs?: number; missing?: string }
  tell({ event: 'loaded', ...(deadlineMs !== undefined && { deadlineMs }) })
  if (deadlineMs !== undefined) {
    clearTimeout(deadline)
    deadline = watchdog(deadlineMs)
  }
  if (missing === undefined) await runAll()
  else tell({ event: 'skipped', missing })
} catch (error) {
  tell({ event: 'problem', text: explain(error) })
}
clearTimeout(deadline)
tell({ event: 'done' })
// Unreferenced: it fires only when something else keeps the process alive.
setTimeout(() => {
  tell({ event: 'open-handles', open: openResources() })
  process.exit(1)
}, Number(graceArg)).unref()

async function runAll(): Promise<void> {
  if (unrun.size > 0) tell({ event: 'problem', text: `never run, test.run() is missing: ${[...unrun].map(name => `"${name}"`).join(', ')}` })
  else if (queue.length === 0) tell({ event: 'problem', text: 'holds no test' })
  let tests = 0
  for (const run of queue) {
    const [errors, passed, , total] = await run()
    tests += total
    tell({ event: 'suite', passed, failed: total - passed, errors: errors === true ? '' : errors })
  }
  if (queue.length > 0 && tests === 0) tell({ event: 'problem', text: 'holds no test' })
}

/** What keeps the process alive, without its own output. */
function openResources(): string[] {
  const open = process.getActiveResourcesInfo()
  for (const name of own) if (open.includes(name)) open.splice(open.indexOf(name), 1)
  return open
}

function watchdog(ms: number): NodeJS.Timeout {
  return setTimeout(() => {
    tell({ event: 'stuck', open: openResources() })
    process.exit(1)
  }, ms).unref()
}
