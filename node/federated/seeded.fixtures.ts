import { test } from 'uvu'
import { Random } from '../../sync/random.fixtures.ts'

const onlySeed = process.env['KINMESH_SEED']

/** One test per seed; the name of a failing one says how to run it alone. `file`: the part of the path that `npm test` is given. */
export function seededDeviceTest(name: string, file: string, seeds: number, run: (random: Random) => Promise<void> | void): void {
  for (const seed of onlySeed === undefined ? Array.from({ length: seeds }, (_, index) => index + 1) : [Number(onlySeed)]) {
    test(`${name} (replay: KINMESH_SEED=${seed} npm test -- node/federated/${file})`, () => run(new Random(seed)))
  }
}
