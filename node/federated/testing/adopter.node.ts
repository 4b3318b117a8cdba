import { AdoptedAdapters, adapterId } from '../adopted.node.ts'
import { adapterOf, forModel } from './small-adapters.ts'

// A program that adopts the second adapter in the place of the first and takes it back, for tests: `adopter DIR`. It may be killed at any change of the disk.

const adopted = new AdoptedAdapters(process.argv[2] ?? '', () => 1)
await adopted.adopt(adapterId(adapterOf(2)), forModel, { task: 'a task', round: 2 })
process.stdout.write('adopted\n')
await adopted.undo(forModel.id)
process.stdout.write('undone\n')
