import { takePart } from './take-part.node.ts'

// A program for tests: `uploader DIR FIRST LAST`. It may be killed at any change of the disk.

const [, , dir = '', first = '', last = ''] = process.argv
await takePart(dir, Number(first), Number(last), round => process.stdout.write(`sent ${round}\n`))
