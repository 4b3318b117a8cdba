import { answerCalls } from './answer-calls.ts'
import { BenchDevice } from './bench-device.ts'

// One device in a process of its own: what `kinmesh up` runs, driven over the pipe to the bench instead of HTTP.
// With --portless it opens no port for the mesh, so that two such devices only meet through a relay.

answerCalls(acknowledge => new BenchDevice(acknowledge, { listen: !process.argv.includes('--portless') }))
