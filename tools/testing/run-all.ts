import { runFile, type FileReport, type RunOptions } from './run-file.ts'

/** Runs `files`, `jobs` at a time, printing as they end; the last line printed is `N passed, N failed`. Returns whether all is well. */
export async function runAll(files: readonly string[], jobs: number, options: RunOptions, print: (text: string) => void): Promise<boolean> {
  const started = performance.now()
  const waiting = [...files]
  const reports: FileReport[] = []
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const report = await runFile(file, options)
      reports.push(report)
      print(`${outcomeOf(report)}  ${Math.round(report.ms)} ms`)
      if (report.text) print(`${report.text}\n`)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))

  const bad = reports.filter(report => report.failed > 0).map(report => report.file)
  if (bad.length > 0) print(`\nfailed: ${bad.sort().join(', ')}`)
  const skipped = reports.filter(report => report.missing !== undefined)
  if (skipped.length > 0) print(`\nSKIPPED ${skipped.length} ${skipped.length === 1 ? 'file' : 'files'} for what this machine lacks: ${skipped.map(report => report.file).sort().join(', ')}`)
  if (files.length === 0) print('no test file matches')
  print(`\n${files.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  const passed = reports.reduce((sum, report) => sum + report.passed, 0)
  const failed = reports.reduce((sum, report) => sum + report.failed, files.length === 0 ? 1 : 0)
  print(`${passed} passed, ${failed} failed`)
  return failed === 0
}

function outcomeOf({ file, passed, failed, missing }: FileReport): string {
  if (failed > 0) return `FAIL  ${file}  ${passed} passed, ${failed} failed`
  return missing === undefined ? `ok    ${file}  ${passed}` : `SKIP  ${file}  needs ${missing}`
}
