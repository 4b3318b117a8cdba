import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rejects } from '../../tools/assert.ts'
import { charge, type Charge, newLedger, spentEpsilon } from './ledger.ts'
import { chargeUpload, type LedgerStore } from './ledger-store.ts'

/** A store of `device` under test. `reopen`: what the next process finds. `damage`: puts a text in the place of a ledger. `failWrites`: as a full disk does. */
export type OpenedLedgers = {
  readonly store: LedgerStore
  reopen(): LedgerStore | Promise<LedgerStore>
  damage(task: string, text: string): void | Promise<void>
  failWrites(failing: boolean): void
  destroy(): void | Promise<void>
}

export const contractDevice = '12D3KooWContract'
const budget = { epsilon: 5, delta: 1e-5 }
const of = (task: string) => ({ device: contractDevice, task, budget })
const upload = (round: number): Charge => ({ round, attempt: 0, noiseMultiplier: 4, sampleRate: 0.1, update: round.toString(16).padStart(64, '0') })
const named = (code: string) => (error: unknown) => (error as Error).name === code

/** What every store of ledgers does, wherever they rest. */
export function ledgerStoreContract(name: string, open: () => OpenedLedgers | Promise<OpenedLedgers>): void {
  const test = suite(name)
  const check = (what: string, run: (opened: OpenedLedgers) => Promise<void>) =>
    test(what, async () => {
      const opened = await open()
      try {
        await run(opened)
      } finally {
        await opened.destroy()
      }
    })

  check('there is no ledger before the first upload', async ({ store }) => {
    assert.is(await store.read('a'), undefined)
  })

  check('what is paid for is there for this process and the next one', async ({ store, reopen }) => {
    const ledger = await chargeUpload(store, of('a'), upload(1))
    assert.equal(await store.read('a'), ledger)
    assert.equal(await (await reopen()).read('a'), ledger)
  })

  check('tasks have nothing to do with each other, whatever they are called', async ({ store, reopen }) => {
    const tasks = ['a', 'A', 'a/b', '../a', 'a b', 'ä', 'constructor', '__proto__', 'a'.repeat(200), 'con', 'a.json']
    for (const [at, task] of tasks.entries()) await chargeUpload(store, of(task), upload(at))
    const next = await reopen()
    for (const [at, task] of tasks.entries()) assert.equal((await next.read(task))?.charges.map(({ round }) => round), [at], task)
  })

  check('many at once: none is lost, none is counted twice', async ({ store, reopen }) => {
    const rounds = Array.from({ length: 40 }, (_, at) => at % 20)
    await Promise.all(rounds.map(round => chargeUpload(store, of('a'), upload(round))))
    assert.equal((await (await reopen()).read('a'))?.charges.map(({ round }) => round), rounds.slice(0, 20))
  })

  check('a change that is refused changes nothing, and the next one is made', async ({ store, reopen }) => {
    const before = await chargeUpload(store, of('a'), upload(1))
    await rejects(chargeUpload(store, of('a'), { ...upload(2), noiseMultiplier: 0.1 }), named('PrivacyBudgetSpent'))
    assert.equal(await (await reopen()).read('a'), before)
    await rejects(chargeUpload(store, of('b'), { ...upload(2), noiseMultiplier: 0.1 }), named('PrivacyBudgetSpent'))
    assert.is(await store.read('b'), undefined)
    assert.is((await chargeUpload(store, of('a'), upload(2))).charges.length, 2)
  })

  check('a write that fails rejects: the upload is not paid for', async ({ store, reopen, failWrites }) => {
    const before = await chargeUpload(store, of('a'), upload(1))
    failWrites(true)
    await rejects(chargeUpload(store, of('a'), upload(2)))
    assert.equal(await store.read('a'), before)
    // Paid for already: there is nothing to write.
    assert.equal(await chargeUpload(store, of('a'), upload(1)), before)
    failWrites(false)
    assert.equal(await (await reopen()).read('a'), before)
    assert.is((await chargeUpload(store, of('a'), upload(2))).charges.length, 2)
  })

  check('a damaged ledger is refused by name and stays where it is; others go on', async ({ store, reopen, damage }) => {
    await chargeUpload(store, of('a'), upload(1))
    await damage('a', '{"format":1}')
    for (const each of [store, await reopen()]) {
      await rejects(each.read('a'), named('PrivacyLedgerDamaged'))
      await rejects(chargeUpload(each, of('a'), upload(2)), named('PrivacyLedgerDamaged'))
      await rejects(each.read('a'), named('PrivacyLedgerDamaged'))
    }
    assert.is((await chargeUpload(store, of('b'), upload(1))).charges.length, 1)
    await damage('a', '{"format":9}\n')
    await rejects(store.read('a'), named('PrivacyLedgerNewer'))
  })

  check('another budget keeps what is spent', async ({ store, reopen }) => {
    const before = await chargeUpload(store, of('a'), upload(1))
    const after = await chargeUpload(await reopen(), { ...of('a'), budget: { epsilon: 1, delta: 1e-5 } }, upload(1))
    assert.is(after.budget.epsilon, 1)
    assert.is(spentEpsilon(after), spentEpsilon(before))
    assert.equal(await store.update('a', ledger => charge(ledger ?? newLedger(of('a')), upload(1))), after)
  })

  test.run()
}
