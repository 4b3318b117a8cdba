import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hashOfBytes } from '../../federated/simulation/hash.ts'
import { readExperimentFile } from './run-experiment.node.ts'

const examples = join(import.meta.dirname, 'examples')
const names = readdirSync(examples).filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length))
type Manifest = { readonly experiment: object; readonly result: { readonly complete: boolean; readonly rounds: number; readonly results: string } }

test('the experiments that people are shown are read as they stand, and what lies beside each came of it', async () => {
  assert.ok(names.length >= 10)
  for (const name of names) {
    const { data: _, model: __, ...experiment } = await readExperimentFile(join(examples, `${name}.json`))
    const file = (of: string) => readFileSync(join(examples, name, of), 'utf8')
    const { experiment: ran, result } = JSON.parse(file('manifest.json')) as Manifest
    assert.equal(ran, JSON.parse(JSON.stringify(experiment)), name)
    assert.ok(result.complete, name)
    const lines = file('results.jsonl')
    assert.is(result.results, hashOfBytes(new TextEncoder().encode(lines)), name)
    assert.is(lines.trimEnd().split('\n').length, result.rounds + 1, name)
    for (const picture of ['loss.svg', ...(name.startsWith('mnist') ? ['accuracy.svg'] : [])]) assert.ok(existsSync(join(examples, name, picture)), `${name} ${picture}`)
  }
})

test.run()
