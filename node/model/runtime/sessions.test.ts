import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { openOrtSession } from './ort-session.node.ts'
import { sessionContract } from './session.contract.ts'
import { openStockSession } from './stock-session.node.ts'

const ways = { 'the C API': openOrtSession, 'the binding': openStockSession }

function written(model: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'graph-')), 'model.onnx')
  writeFileSync(path, model)
  return path
}

for (const [name, open] of Object.entries(ways)) {
  sessionContract(name, (model, options) => open(written(model), options))

  test(`${name}: a file that is not there is a named error`, async () => {
    await rejects(open(join(tmpdir(), 'nowhere.onnx'), { threads: 1 }), error => isKinmeshError(error, 'ModelFailed'))
  })
}

test.run()
