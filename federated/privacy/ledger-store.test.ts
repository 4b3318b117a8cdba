import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chargeUpload, createLedgerStore, createMemoryLedgerStore } from './ledger-store.ts'
import { contractDevice, ledgerStoreContract } from './ledger-store.contract.ts'

ledgerStoreContract('ledgers over texts in memory', () => {
  const texts = new Map<string, string>()
  let failing = false
  const open = () => createLedgerStore(contractDevice, {
    read: async task => texts.get(task),
    write: async (task, text) => {
      await Promise.resolve() // so that changes that did not wait for each other would meet here
      if (failing) throw new Error('disk full')
      texts.set(task, text)
    }
  })
  return { store: open(), reopen: open, damage: (task, text) => void texts.set(task, text), failWrites: on => void (failing = on), destroy: () => texts.clear() }
})

test('the store of simulations keeps ledgers as long as it lives', async () => {
  const store = createMemoryLedgerStore(contractDevice)
  const upload = { round: 0, attempt: 0, noiseMultiplier: 1, sampleRate: 1, update: 'a'.repeat(64) }
  const ledger = await chargeUpload(store, { device: contractDevice, task: 'a', budget: { epsilon: 5, delta: 1e-5 } }, upload)
  assert.equal(await store.read('a'), ledger)
})

test.run()
