import { createMemoryStore } from './store-memory.ts'
import { storeContract } from './store.contract.ts'

storeContract('memory store', () => {
  const store = createMemoryStore()
  return { store, reopen: () => store, destroy: () => store.close() }
})
