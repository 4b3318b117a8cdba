import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Recalled } from '../../node/context/recall.ts'
import { command, DemoDevice, until } from './demo-device.node.ts'
import type { Io } from './io.node.ts'
import { ioFor, type CommonOptions } from './session.node.ts'
import { duration } from './show.ts'

/** Memories that one device writes while another is dead. */
const writtenMeanwhile = 20

type Step = { step: string; ms: number }

/** Three devices as three processes on this machine: they pair, share, answer, one is killed, and nothing is lost. */
export async function demo(options: CommonOptions): Promise<void> {
  const io = ioFor(options, 'warn')
  const homes = mkdtempSync(join(tmpdir(), 'kinmesh-demo-'))
  const stage = new Stage(io, homes)
  try {
    await play(stage, io)
    io.document({ demo: true, steps: stage.steps })
  } finally {
    await stage.end()
    rmSync(homes, { recursive: true, force: true })
  }
}

async function play(stage: Stage, io: Io): Promise<void> {
  io.say(io.style('bold', 'kinmesh demo') + io.style('dim', '  three devices, three processes, one machine; no server, nothing but loopback\n'))

  stage.title('Start')
  const [laptop, miniPc] = await Promise.all([stage.start('laptop'), stage.start('mini PC')])
  let phone = await stage.start('phone')

  stage.title('Pair')
  for (const newcomer of [miniPc, phone]) await stage.time(`${newcomer.name} joins laptop with a one-time code`, () => pair(laptop, newcomer))
  await stage.time('all three are connected and in sync', () => allInSync([laptop, miniPc, phone]))

  stage.title('Share')
  await stage.share(laptop, [miniPc, phone], 'Anna likes tulips')
  await stage.share(phone, [laptop, miniPc], 'the wifi of the cabin is called Fjord')

  stage.title('Answer')
  const question = 'what does Anna like?'
  const answer = await stage.time(`mini PC is asked: ${question}`, () => miniPc.client.request<{ text: string }>('POST', '/api/ask', { text: question }))
  for (const line of answer.text.split('\n')) io.say(`      ${io.style('cyan', line)}`)
  check(answer.text.includes('tulips'), 'what one device was told, another one does not know')
  const kept = await Promise.all([laptop, miniPc, phone].map(conversationsOf))
  check(kept.join() === '0,1,0', 'the conversation is on another device than the one it was held on')
  stage.done('the conversation is on the mini PC, and on no other device')

  stage.title('Crash')
  const before = 'written on the phone in the very moment before it died'
  await phone.client.request('POST', '/api/memories', { text: before })
  await phone.stop('SIGKILL')
  stage.done('phone remembers one more thing, and is killed with SIGKILL')
  await stage.time(`laptop remembers ${writtenMeanwhile} things meanwhile`, async () => {
    for (let n = 1; n <= writtenMeanwhile; n++) await laptop.client.request('POST', '/api/memories', { text: `thing ${n} that the phone has missed` })
  })

  stage.title('Recover')
  const expected = 2 + 1 + writtenMeanwhile
  phone = await stage.start('phone')
  await stage.time('all three hold the same memories again', () => allInSync([laptop, miniPc, phone], expected))
  const found = await laptop.client.request<{ memories: Recalled[] }>('GET', `/api/recall?k=1&query=${encodeURIComponent('phone moment before it died')}`)
  check(found.memories[0]?.text === before, 'what the phone wrote before it died is lost')
  stage.done(`${expected} memories on each, the phone's last words too: nothing was lost`)

  io.say(`\n${io.style('green', 'Done.')} Now with real devices: ${io.style('bold', 'kinmesh up')}`)
}

async function pair(inviter: DemoDevice, newcomer: DemoDevice): Promise<void> {
  const { uri } = await command<{ uri: string }>(['invite', '--yes', '--home', inviter.home])
  await command(['join', uri, '--home', newcomer.home])
}

/** Each is connected, to both others or through one of them, says that it is in sync with whom it is connected to, and all agree. */
function allInSync(devices: readonly DemoDevice[], memories?: number): Promise<void> {
  return until('get in sync', devices, () => {
    const agree = new Set(devices.map(device => device.personal?.digest)).size === 1
    return agree && devices.every(({ personal, peers }) => {
      const complete = memories === undefined || personal?.memories === memories
      return complete && peers.length === devices.length - 1 && peers.some(peer => peer.connected) && peers.every(peer => peer.synced || !peer.connected)
    })
  })
}

async function conversationsOf({ client }: DemoDevice): Promise<number> {
  return (await client.request<{ conversations: unknown[] }>('GET', '/api/conversations')).conversations.length
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new KinmeshError('DemoFailed', `the demo found a fault: ${otherwise}`)
}

/** Says what happens and how long it took. */
class Stage {
  readonly steps: Step[] = []
  readonly #io: Io
  readonly #homes: string
  readonly #devices: DemoDevice[] = []

  constructor(io: Io, homes: string) {
    this.#io = io
    this.#homes = homes
  }

  title(text: string): void {
    this.#io.say(`${this.#io.style('bold', text)}`)
  }

  done(text: string, ms?: number): void {
    const took = ms === undefined ? '' : duration(ms)
    this.#io.say(`  ${this.#io.style('green', '✓')} ${text.padEnd(64)} ${this.#io.style('yellow', took.padStart(8))}`.trimEnd())
  }

  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    this.#io.signal.throwIfAborted()
    const from = performance.now()
    const result = await work()
    this.#took(step, performance.now() - from)
    return result
  }

  async start(name: string): Promise<DemoDevice> {
    const again = this.#devices.some(device => device.name === name)
    return this.time(`${name} ${again ? 'starts again' : 'is up'}`, async () => {
      const device = await DemoDevice.start(name, join(this.#homes, name.replaceAll(' ', '-')))
      this.#devices.push(device)
      return device
    })
  }

  /** Measures from the request until each other device has it on disk and in view. */
  async share(from: DemoDevice, others: readonly DemoDevice[], text: string): Promise<void> {
    const { length } = (await from.client.request<{ memories: unknown[] }>('GET', '/api/memories')).memories
    const start = performance.now()
    const written = from.client.request('POST', '/api/memories', { text }).then(() => performance.now() - start)
    const arrived = others.map(async other => {
      await until('get the memory', [other], () => (other.personal?.memories ?? 0) > length)
      return performance.now() - start
    })
    this.#took(`${from.name} remembers: ${text}`, await written)
    for (const [index, other] of others.entries()) this.#took(`  … and ${other.name} knows it`, (await arrived[index]) ?? 0)
  }

  async end(): Promise<void> {
    await Promise.all(this.#devices.map(device => device.stop('SIGTERM')))
  }

  #took(step: string, ms: number): void {
    this.steps.push({ step: step.trim(), ms: Math.round(ms * 10) / 10 })
    this.done(step, ms)
  }
}
