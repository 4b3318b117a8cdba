import * as real from 'uvu'
import { explain, tell, unrun } from './record.ts'

// Stands in for 'uvu' in a test process: the same suites, run by uvu itself, but what happens to each test is told to the runner.

type Suite<T> = real.Test<T>
type Callback<T> = real.Callback<T>

export const test = watch(real.test, '')
export const exec = real.exec

export function suite<T>(title = '', context?: T): Suite<T> {
  return watch(real.suite<T>(title, context), title)
}

function watch<T>(inner: Suite<T>, title: string): Suite<T> {
  let registered: string[] = []
  const register = (add: (name: string, handler: Callback<T>) => void) => (name: string, handler: Callback<T>) => {
    const full = title ? `${title}: ${name}` : name
    registered.push(full)
    unrun.add(full)
    add(name, watchTest(full, handler))
  }
  const outer = register(inner) as Suite<T>
  outer.only = (name: string) => tell({ event: 'problem', text: `test.only('${name}'): run a single file with \`npm test -- FILE\` instead` })
  outer.skip = (name = '') => tell({ event: 'problem', text: `test.skip('${name}'): a test runs or is deleted` })
  outer.before = Object.assign(watchHook('before', inner.before), { each: watchHook<T>('before.each', hook => inner.before.each(hook)) })
  outer.after = Object.assign(watchHook('after', inner.after), { each: watchHook<T>('after.each', hook => inner.after.each(hook)) })
  outer.run = () => {
    for (const name of registered) unrun.delete(name)
    registered = []
    inner.run()
  }
  return outer
}

function watchTest<T>(name: string, handler: Callback<T>): Callback<T> {
  return async context => {
    tell({ event: 'start', test: name })
    let error: string | undefined
    try {
      await handler(context)
    } catch (thrown) {
      error = explain(thrown)
      if (!(thrown instanceof Error)) throw new Error(error) // uvu itself trips over anything else
      // uvu prints the stack of the error and not of what caused it.
      if (thrown.cause !== undefined || thrown instanceof AggregateError) tell({ event: 'note', text: `"${name}" in full: ${error}` })
      throw thrown
    } finally {
      tell({ event: 'end', test: name, ...(error !== undefined && { error }) })
    }
  }
}

/** uvu drops what most hooks throw, and with it the tests that then do not run. */
function watchHook<T>(kind: string, add: (hook: Callback<T>) => void): (hook: Callback<T>) => void {
  return hook =>
    add(async context => {
      try {
        await hook(context)
      } catch (thrown) {
        tell({ event: kind === 'after' ? 'problem' : 'note', text: `${kind} hook failed: ${explain(thrown)}` })
        if (kind !== 'after') throw thrown instanceof Error ? thrown : new Error(explain(thrown))
      }
    })
}
