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
      const outcome = report.failed > 0 ? `FAIL  ${file}  ${report.passed} passed, ${report.failed} failed` : `ok    ${file}  ${report.passed}`
      print(`${outcome}  ${Math.round(report.ms)} ms`)
      if (report.text) print(`${report.text}\n`)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))

  const bad = reports.filter(report => report.failed > 0).map(report => report.file)
  if (bad.length > 0) print(`\nfailed: ${bad.sort().join(', ')}`)
  if (files.length === 0) print('no test file matches')
  print(`\n${files.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  const passed = reports.reduce((sum, report) => sum + report.passed, 0)
  const failed = reports.reduce((sum, report) => sum + report.failed, files.length === 0 ? 1 : 0)
  print(`${passed} passed, ${failed} failed`)
  return failed === 0
}
