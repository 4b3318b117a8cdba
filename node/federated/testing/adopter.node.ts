import { AdoptedAdapters } from '../adopted.node.ts'
import { adapterOf, forModel } from './small-adapters.ts'

// A program that adopts adapters and takes the last one back, for tests: `adopter DIR`. It may be killed at any change of the disk.

const adopted = new AdoptedAdapters(process.argv[2] ?? '', () => 1)
for (const round of [1, 2]) {
  await adopted.adopt(await adopted.keep(adapterOf(round), forModel), forModel, { task: 'a task', round })
  process.stdout.write(`adopted ${round}\n`)
}
await adopted.undo(forModel.id)
process.stdout.write('undone\n')
