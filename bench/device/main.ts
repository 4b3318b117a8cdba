import { answerCalls } from './answer-calls.ts'
import { BenchDevice } from './bench-device.ts'

// One device in a process of its own: what `kinmesh up` runs, driven over the pipe to the bench instead of HTTP.

answerCalls(acknowledge => new BenchDevice(acknowledge))
