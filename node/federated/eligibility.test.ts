import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rejects } from '../../tools/assert.ts'
import type { Turn } from '../conversations.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { isHeldOut } from '../train/examples/conversation.ts'
import { ownConversations } from '../train/fine-tune/own-conversations.ts'
import { networkNow, powerNow } from './circumstances.node.ts'
import { type Circumstances, defaultEligibility, eligibility, type EligibilitySettings, ineligibilities } from './eligibility.ts'
import { countExamples } from './examples.ts'
import { privacy, taskOf } from './federated.fixtures.ts'

const fine: Circumstances = { idleMs: () => Infinity, power: () => 'mains', network: () => 'unmetered', examples: () => 8, consent: () => 'given', uploadsLeft: () => 1 }
const names = async (circumstances: Partial<Circumstances>, settings: Partial<EligibilitySettings> = {}, task = taskOf()) =>
  (await eligibility(task, { ...defaultEligibility, ...settings }, { ...fine, ...circumstances })).refusals.map(({ name }) => name)

test('a device that is idle, plugged in, on a free network and has examples, budget and a yes takes part', async () => {
  assert.equal(await eligibility(taskOf({ privacy }), defaultEligibility, fine), { eligible: true, refusals: [] })
})

test('each thing that speaks against it is named, at its edge', async () => {
  const cases: readonly (readonly [readonly string[], Partial<Circumstances>, Partial<EligibilitySettings>?])[] = [
    [['NoConsent'], { consent: () => 'none' }], [['ConsentChanged'], { consent: () => 'changed' }], [['TaskLeft'], { consent: () => 'left' }],
    [['NotIdle'], { idleMs: () => 10 * 60_000 - 1 }], [[], { idleMs: () => 10 * 60_000 }], [['NotIdle'], { idleMs: () => NaN }], [[], { idleMs: () => 0 }, { idleMinutes: 0 }],
    [['OnBattery'], { power: () => 'battery' }], [[], { power: () => 'battery' }, { onBattery: true }], [['PowerUnknown'], { power: () => 'unknown' }], [[], { power: () => 'unknown' }, { assume: { power: 'mains' } }],
    [['OnBattery'], { power: () => 'battery' }, { assume: { power: 'mains' } }], [['OnBattery'], { power: () => 'unknown' }, { assume: { power: 'battery' } }],
    [['MeteredNetwork'], { network: () => 'metered' }], [[], { network: () => 'metered' }, { onMetered: true }], [['NetworkUnknown'], { network: () => 'unknown' }], [[], { network: () => 'unknown' }, { assume: { network: 'unmetered' } }],
    [['MeteredNetwork'], { network: () => 'metered' }, { assume: { network: 'unmetered' } }], [['TooFewExamples'], { examples: () => 7 }],
    [['NotIdle', 'OnBattery', 'MeteredNetwork', 'TooFewExamples'], { idleMs: () => 0, power: () => 'battery', network: () => 'metered', examples: () => 0 }]
  ]
  for (const [expected, circumstances, settings] of cases) assert.equal(await names(circumstances, settings), expected, expected.join())
  assert.equal(await names({ uploadsLeft: () => 0 }, {}, taskOf({ privacy })), ['BudgetSpent'])
  assert.equal(await names({ uploadsLeft: () => undefined }, {}, taskOf({ privacy })), ['BudgetSpent'], 'a budget that nobody knows is none')
  assert.equal(await names({ uploadsLeft: () => undefined }), [])
})

test('it is looked at anew each time: what changed since the round was joined counts', async () => {
  let [power, consent]: ['mains' | 'battery', 'given' | 'left'] = ['mains', 'given']
  const look = () => eligibility(taskOf(), defaultEligibility, { ...fine, power: () => power, consent: () => consent })
  assert.ok((await look()).eligible)
  power = 'battery'
  const { refusals } = await look()
  assert.equal(refusals, [{ name: 'OnBattery', text: 'This device runs on its battery: plug it in, or allow it to take part on battery.' }])
  consent = 'left'
  assert.equal((await look()).refusals.map(({ name }) => name), ['TaskLeft'])
})

test('without a yes nothing else is looked at; what cannot be read makes no device eligible', async () => {
  const looked: string[] = []
  const spy = (name: string) => () => { looked.push(name); return 8 }
  await names({ consent: () => 'none', examples: spy('examples'), uploadsLeft: spy('budget'), idleMs: spy('idle') })
  assert.equal(looked, [])
  await rejects(names({ consent: () => Promise.reject(new Error('damaged')) }), /damaged/)
  await rejects(names({ uploadsLeft: () => Promise.reject(new Error('damaged')) }), /damaged/)
})

test('every refusal is a sentence for people', async () => {
  const all = new Map<string, string>()
  const look = async (circumstances: Partial<Circumstances>) => {
    for (const { name, text } of (await eligibility(taskOf({ privacy }), defaultEligibility, { ...fine, ...circumstances })).refusals) all.set(name, text)
  }
  for (const consent of ['none', 'changed', 'left'] as const) await look({ consent: () => consent })
  await look({ idleMs: () => 0, power: () => 'battery', network: () => 'metered', examples: () => 1, uploadsLeft: () => 0 })
  await look({ power: () => 'unknown', network: () => 'unknown' })
  assert.equal([...all.keys()].sort(), [...ineligibilities].sort())
  for (const [name, text] of all) assert.match(text, /^[A-Z][^\n]{30,}\.$/, name)
  assert.match(all.get('TooFewExamples')!, /has 1 example to learn from, and the task wants 8/)
})

const folders = (dir: string) => ({ platform: 'linux', powerSupplies: join(dir, 'power'), routes: join(dir, 'route') })
function supplies(dir: string, all: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  for (const [name, files] of Object.entries(all)) {
    mkdirSync(join(dir, 'power', name), { recursive: true })
    for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, 'power', name, file), `${text}\n`)
  }
}

test('power, as Linux tells it', async () => {
  const mouse = { hid: { type: 'Battery', status: 'Discharging', scope: 'Device' } }
  const cases: readonly (readonly [string, Readonly<Record<string, Readonly<Record<string, string>>>>])[] = [
    ['mains', { AC: { type: 'Mains', online: '1' }, BAT0: { type: 'Battery', status: 'Charging' } }], ['battery', { AC: { type: 'Mains', online: '0' }, BAT0: { type: 'Battery', status: 'Discharging' } }],
    ['mains', { ucsi: { type: 'USB', online: '1' }, BAT0: { type: 'Battery', status: 'Not charging' } }], ['mains', { BAT0: { type: 'Battery', status: 'Full' } }], ['battery', { BAT0: { type: 'Battery', status: 'Full' }, BAT1: { type: 'Battery', status: 'Discharging' } }],
    ['unknown', { BAT0: { type: 'Battery', status: 'Unknown' } }], ['mains', mouse], ['battery', { ...mouse, BAT0: { type: 'Battery', status: 'Discharging' } }], ['unknown', { AC: { type: 'Mains', online: '0' } }]
  ]
  for (const [expected, all] of cases) await withTempDir(async dir => {
    supplies(dir, all)
    assert.is(await powerNow(folders(dir)), expected, JSON.stringify(all))
  })
  await withTempDir(async dir => {
    assert.is(await powerNow(folders(dir)), 'unknown', 'a kernel that does not say')
    mkdirSync(join(dir, 'power'))
    assert.is(await powerNow(folders(dir)), 'mains', 'a machine without a battery')
    assert.equal([await powerNow({ ...folders(dir), platform: 'darwin' }), await networkNow({ ...folders(dir), platform: 'win32' })], ['unknown', 'unknown'])
  })
})

test('mobile broadband is metered; of other networks nothing is known', () => withTempDir(async dir => {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT'
  const route = (name: string, destination = '00000000', mask = '00000000') => `${name}\t${destination}\t0102A8C0\t0003\t0\t0\t100\t${mask}\t0\t0\t0`
  const look = (...lines: string[]) => {
    writeFileSync(join(dir, 'route'), [head, ...lines, ''].join('\n'))
    return networkNow(folders(dir))
  }
  assert.is(await networkNow(folders(dir)), 'unknown')
  assert.equal([await look(route('wwan0')), await look(route('wwp0s20f0u2i12')), await look(route('rmnet_data0'))], ['metered', 'metered', 'metered'])
  assert.equal([await look(route('eth0')), await look(route('wlp3s0')), await look()], ['unknown', 'unknown', 'unknown'])
  assert.is(await look(route('wwan0'), route('wlan0')), 'unknown')
  assert.is(await look(route('wwan0', '0002A8C0', '00FFFFFF'), route('eth0')), 'unknown', 'a route that is no default')
}))

test('examples are those that training would take: pieces of conversations, without what is held back and what was corrected', () => {
  const turns = (...texts: string[]): Turn[] => texts.map((text, index) => ({ id: String(index), role: index % 2 === 0 ? 'user' : 'assistant', text, at: index }))
  const own = (given: readonly Turn[]) => [...ownConversations(given, () => 'system')]
  const all = [...Array.from({ length: 40 }, (_, index) => own(turns(`ask ${index}`, `say ${index}`))).flat(), ...own(turns('when?', 'On Monday.', 'No, on Friday'))]
  assert.is(all.length, 40)
  const { training, heldOut } = countExamples(all)
  assert.equal([training + heldOut, heldOut], [40, all.filter(each => isHeldOut(each, 0.1)).length])
  assert.ok(heldOut > 0)
})

test.run()
