/** Milliseconds of the machine's monotonic clock, which all its processes share and nothing sets. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
