import { silentLogger, type LogFields, type Logger } from '../../mesh/log.ts'

const tell = (level: string) => (message: string, fields: LogFields = {}) => {
  process.stderr.write(`[${process.pid}] ${level} ${message} ${JSON.stringify(fields)}\n`)
}

/** Warnings and errors of the devices, when KINMESH_BENCH_LOG is set: they tell why a figure is odd, and cost time to write. */
export const stderrLogger: Logger = process.env['KINMESH_BENCH_LOG'] ? { ...silentLogger, info: tell('info'), warn: tell('warn'), error: tell('error') } : silentLogger
