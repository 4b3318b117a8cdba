import { enableCompileCache, flushCompileCache } from 'node:module'

// A device in a process of its own that can be told where to end. It loads everything before it is told which device it is: processes are started ahead.

enableCompileCache(process.argv[2])
const [{ answerCalls }, { VictimDevice }] = await Promise.all([import('../device/answer-calls.ts'), import('./victim-device.ts')])
flushCompileCache() // most end before they could do so at their end
answerCalls(acknowledge => new VictimDevice(acknowledge))
