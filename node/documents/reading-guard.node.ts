import { workerData } from 'node:worker_threads'

// A thread beside one that parses (reading-process.node.ts), which cannot look after itself while it is busy.

/** `residentBytes`: what the process may have in all, as ArrayBuffers are no part of the heap that V8 bounds. `device`: the process that started it. */
const { residentBytes, device } = workerData as { residentBytes: number; device: number }
const lookMs = 100

setInterval(() => {
  // SIGKILL: what is busy or out of memory hears nothing else. The device sees an end that it did not ask for; one that was killed has left its child to somebody else.
  if (process.memoryUsage.rss() > residentBytes || process.ppid !== device) process.kill(process.pid, 'SIGKILL')
}, lookMs)
