import type { DeviceId } from '../../mesh/types.ts'
import { charge, type Charge, type Ledger, newLedger, withBudget } from './ledger.ts'
import { readLedger, writeLedger } from './ledger-text.ts'
import type { Budget } from './terms.ts'

/** Where ledgers rest, one text per task. A platform gives these two. */
export type LedgerTexts = {
  /** Undefined where there is none; rejects where that cannot be told. */
  read(task: string): Promise<string | undefined>
  /** Replaces it at once and for good: durable when it resolves, the old one still there where it rejects. */
  write(task: string, text: string): Promise<void>
}

/** The ledgers of one device. */
export type LedgerStore = {
  /** @throws KinmeshError `PrivacyLedgerDamaged` · `PrivacyLedgerNewer`, and what reading throws */
  read(task: string): Promise<Ledger | undefined>
  /**
   * Changes one, durably when it resolves. Changes are made one after the other, each of what the one before left; what `change` throws changes nothing.
   * @throws as `read` does, and what `change` and writing throw
   */
  update(task: string, change: (ledger: Ledger | undefined) => Ledger): Promise<Ledger>
}

export function createLedgerStore(device: DeviceId, texts: LedgerTexts): LedgerStore {
  const read = async (task: string) => {
    const text = await texts.read(task)
    return text === undefined ? undefined : readLedger(text, { device, task })
  }
  let before: Promise<unknown> = Promise.resolve()
  return {
    read,
    update(task, change) {
      const changed = before.then(async () => {
        const old = await read(task)
        const ledger = change(old)
        if (ledger !== old) await texts.write(task, writeLedger(ledger))
        return ledger
      })
      before = changed.catch(() => {}) // its caller hears of it; the next change begins from what is on disk
      return changed
    }
  }
}

/** For simulations: it ends with the process. */
export function createMemoryLedgerStore(device: DeviceId): LedgerStore {
  const texts = new Map<string, string>()
  return createLedgerStore(device, {
    read: async task => texts.get(task),
    write: async (task, text) => void texts.set(task, text)
  })
}

/**
 * Pays for an upload; nothing may be sent before it resolves. The first one of a task opens its ledger.
 * @throws as `charge` and `LedgerStore.update` do
 */
export async function chargeUpload(store: LedgerStore, { device, task, budget }: { device: DeviceId; task: string; budget: Budget }, upload: Charge): Promise<Ledger> {
  return store.update(task, ledger => charge(ledger ? withBudget(ledger, budget) : newLedger({ device, task, budget }), upload))
}
