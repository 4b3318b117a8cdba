import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contractDevice, ledgerStoreContract } from '../../federated/privacy/ledger-store.contract.ts'
import { sha256Hex } from '../../mesh/crypto.ts'
import { openLedgers } from './ledgers.node.ts'

let isFull = false
const handle = await open(import.meta.filename)
const files = Object.getPrototypeOf(handle) as FileHandle
await handle.close()
const original = Object.getOwnPropertyDescriptor(files, 'writeFile')!
Object.defineProperty(files, 'writeFile', {
  ...original,
  value(this: FileHandle, ...given: unknown[]) {
    if (isFull) return Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
    return (original.value as (...all: unknown[]) => Promise<void>).apply(this, given)
  }
})

ledgerStoreContract('ledgers in files', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kinmesh-'))
  return {
    store: await openLedgers(dir, contractDevice),
    reopen: () => openLedgers(dir, contractDevice),
    damage: (task, text) => writeFileSync(join(dir, `${sha256Hex(task)}.ledger`), text),
    failWrites: failing => void (isFull = failing),
    destroy: () => rmSync(dir, { recursive: true, force: true })
  }
})
