import type { SimulatedDevice } from './simulated-device.ts'
import type { VirtualNet, VirtualNode } from './virtual-net.ts'

/** What a step happens to: where its numbers point at the moment, or the next place from there on at which it finds something to do. */
export class Targets {
  readonly #devices: readonly SimulatedDevice[]
  readonly #net: VirtualNet

  constructor(devices: readonly SimulatedDevice[], net: VirtualNet) {
    this.#devices = devices
    this.#net = net
  }

  device(index: number, fits: (device: SimulatedDevice) => boolean = () => true): SimulatedDevice | undefined {
    return this.#from(index).find(fits)
  }

  /** Two devices that run. */
  link(index: number, peer: number, fits: (from: VirtualNode, to: VirtualNode) => boolean): readonly [VirtualNode, VirtualNode] | undefined {
    for (const { node: from } of this.#from(index)) {
      const to = from && this.#from(peer).find(({ node }) => node && node !== from && fits(from, node))?.node
      if (from && to) return [from, to]
    }
    return undefined
  }

  /** All pairs of runs, those of clones as well. */
  links(): (readonly [VirtualNode, VirtualNode])[] {
    const nodes = [...this.#net.nodes]
    return nodes.flatMap(a => nodes.filter(b => a.number < b.number).map(b => [a, b] as const))
  }

  /** In a ring. */
  #from(index: number): SimulatedDevice[] {
    const start = index % this.#devices.length
    return [...this.#devices.slice(start), ...this.#devices.slice(0, start)]
  }
}
