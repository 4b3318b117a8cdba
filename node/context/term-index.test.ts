import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import { silentLogger } from '../../mesh/log.ts'
import { memoryTermIndex } from './memory-term-index.ts'
import { termIndexContract } from './term-index.contract.ts'
import { openTermIndex } from './term-index.node.ts'

termIndexContract('in a file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kinmesh-terms-'))
  return { index: openTermIndex(join(dir, 'index.db'), silentLogger), end: () => rmSync(dir, { recursive: true, force: true }) }
})
termIndexContract('in memory', () => ({ index: memoryTermIndex(), end: () => {} }))

test.run()
