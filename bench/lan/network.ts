import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Place } from '../bench.ts'

/** One link between every device and the first: `rttMs` there and back, `lossPercent` of the frames of each direction, `rateMbit` in each direction (0: no limit). */
export type Link = { readonly rttMs: number; readonly lossPercent: number; readonly rateMbit: number }

const interfaceName = 'lan0'

/**
 * Devices in network namespaces of their own, with a virtual switch between them. The whole impairment is on the first device's port:
 * the switch applies a port's delay, loss and rate to what it sends and to what it gets, so that between the first device and
 * any other they count once in each direction.
 */
export class Network {
  readonly #namespaces: string[] = []
  readonly #devices = new Map<string, Place>()
  #switch: ChildProcess | undefined
  #moves = 0

  /** Before minutes of other work: can networks be made here? @throws KinmeshError as `create` */
  static check(vswitch: string): void {
    checkMachine()
    compiled(vswitch)
  }

  /** @throws KinmeshError `NeedsRoot` · `NeedsIproute` · `NeedsSwitch` · `NeedsCompiler` */
  static async create(vswitch: string, size: number, link: Link): Promise<Network> {
    checkMachine()
    const network = new Network()
    open.add(network)
    try {
      await network.#build(vswitch, size, link)
      return network
    } catch (error) {
      network.close()
      throw error
    }
  }

  /** Where the device of this name runs; each new name takes the next namespace. */
  placeOf(name: string): Place {
    const known = this.#devices.get(name)
    if (known) return known
    const n = this.#devices.size
    const netns = this.#namespaces[n]
    if (netns === undefined) throw new Error(`the network has room for ${n} devices`)
    const place = { netns, host: addressOf(n) }
    this.#devices.set(name, place)
    return place
  }

  /** Takes the device's cable out, or puts it back: what is on its way is lost, and nobody is told. */
  plug(name: string, connected: boolean): void {
    const { netns } = this.placeOf(name)
    ip('-n', netns, 'link', 'set', interfaceName, connected ? 'up' : 'down')
    if (connected) ip('-n', netns, 'route', 'replace', 'default', 'dev', interfaceName)
  }

  /** Gives the device another address, while its cable is out: packets to and from the old one go nowhere. */
  move(name: string): void {
    const { netns } = this.placeOf(name)
    const next = addressOf(this.#namespaces.length + this.#moves++)
    ip('-n', netns, 'addr', 'flush', 'dev', interfaceName)
    ip('-n', netns, 'addr', 'add', `${next}/24`, 'dev', interfaceName)
    this.#devices.set(name, { netns, host: next })
  }

  /** Always finishes, also after half a start. */
  close(): void {
    open.delete(this)
    this.#switch?.kill('SIGKILL')
    for (const netns of this.#namespaces.splice(0)) {
      try {
        ip('netns', 'del', netns)
      } catch (error) {
        process.stderr.write(`the network namespace ${netns} could not be removed: ${String(error)}\n`)
      }
    }
  }

  async #build(vswitch: string, size: number, { rttMs, lossPercent, rateMbit }: Link): Promise<void> {
    for (let n = 0; n < size; n++) {
      const netns = `kinlan${process.pid}-${nextNumber++}`
      ip('netns', 'add', netns)
      this.#namespaces.push(netns)
    }
    const ports = this.#namespaces.map((netns, n) => [netns, interfaceName, ...(n === 0 ? [rttMs / 2, 0, lossPercent, rateMbit * 1000] : [0, 0, 0, 0])].join(':'))
    const child = (this.#switch = spawn(compiled(vswitch), ports, { stdio: ['ignore', 'pipe', 'inherit'] }))
    const failed = once(child, 'exit').then(([code]) => Promise.reject(new KinmeshError('NeedsSwitch', `the virtual switch ended with ${String(code)}: run it by hand to see why`)))
    await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed])
    failed.catch(() => undefined) // it ends with the network
    for (const [n, netns] of this.#namespaces.entries()) {
      ip('-n', netns, 'addr', 'add', `${addressOf(n)}/24`, 'dev', interfaceName)
      for (const name of ['lo', interfaceName]) ip('-n', netns, 'link', 'set', name, 'up')
      ip('-n', netns, 'route', 'replace', 'default', 'dev', interfaceName)
    }
  }
}

let nextNumber = 0
/** Networks that stand: none outlives the bench. */
const open = new Set<Network>()
process.once('exit', () => {
  for (const network of open) network.close()
})

function addressOf(n: number): string {
  return `10.88.0.${n + 1}`
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function checkMachine(): void {
  if (process.getuid?.() !== 0) throw new KinmeshError('NeedsRoot', 'network namespaces need root: run this bench with sudo, or as root in a container with NET_ADMIN and /dev/net/tun')
  if (!existsSync('/dev/net/tun')) throw new KinmeshError('NeedsRoot', 'there is no /dev/net/tun, which the virtual switch needs: load the module tun, or hand the device to the container')
  try {
    ip('netns', 'list')
  } catch (cause) {
    throw new KinmeshError('NeedsIproute', '`ip netns` does not work here: install iproute2', { cause })
  }
}

/** What was compiled in this run, by source. */
const programs = new Map<string, string>()

/** The program itself, or what `cc` makes of its source. */
function compiled(vswitch: string): string {
  const path = resolve(vswitch)
  const known = programs.get(path)
  if (known !== undefined) return known
  if (!existsSync(path)) throw new KinmeshError('NeedsSwitch', `there is no virtual switch at ${vswitch}: give its program or its source with --vswitch`)
  if (!path.endsWith('.c')) return path
  const dir = mkdtempSync(join(tmpdir(), 'kinmesh-vswitch-'))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  const program = join(dir, 'vswitch')
  try {
    execFileSync('cc', ['-O2', '-o', program, path], { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (cause) {
    throw new KinmeshError('NeedsCompiler', `${vswitch} could not be compiled with cc: install a C compiler, or give the compiled program`, { cause })
  }
  programs.set(path, program)
  return program
}
