// Stands in for 'uvu' in a page: collects the tests of its suites, for the test outside of the page to run one by one.

type Run = () => unknown
const collected = new Map<string, Run>()

export function suite(title: string): ((what: string, run: Run) => void) & { run(): void } {
  return Object.assign((what: string, run: Run) => void collected.set(`${title}: ${what}`, run), { run() {} })
}

export const test = suite('page')

export function names(): string[] {
  return [...collected.keys()]
}

export async function runOne(name: string): Promise<void> {
  const run = collected.get(name)
  if (!run) throw new Error(`no test "${name}"`)
  await run()
}
