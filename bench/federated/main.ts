import { answerCalls } from '../device/answer-calls.ts'
import { RoundDevice } from './round-device.ts'

// One device that takes part in rounds, in a process of its own, driven over the pipe to the bench.

answerCalls(() => new RoundDevice())
