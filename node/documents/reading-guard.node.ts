import { workerData } from 'node:worker_threads'

// A thread beside one that parses (reading-process.node.ts), which cannot look after itself while it is busy.

/** What the process may have in all: ArrayBuffers are no part of the heap that V8 bounds. In bytes. */
const residentBytes = workerData as number
const lookMs = 100
const parent = process.ppid

setInterval(() => {
  // SIGKILL: what is busy or out of memory hears nothing else. The device sees an end that it did not ask for.
  if (process.memoryUsage.rss() > residentBytes || process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, lookMs)
