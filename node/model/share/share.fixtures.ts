import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { connected, Devices, memoryBook, recordingLogger } from '../../../mesh/mesh.fixtures.ts'
import type { DeviceId, Mesh } from '../../../mesh/types.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { modelId, type Manifest } from '../store/manifest.ts'
import { manifestOf, noise } from '../store/model.fixtures.ts'
import { openModelStore } from '../store/store.node.ts'
import { modelsProtocol } from './limits.ts'
import type { WantedModel } from './share.ts'
import { openModelShare, type ModelShareOptions } from './share.node.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** A model of several chunks, the last of them not whole, and of parts that are not whole either. */
export const bigBytes = 1_500_001
export const tinyFiles: Files = { 'config.json': '{}', 'tokenizer.json': '{"a":1}', 'onnx/weights.bin': noise(bigBytes) }
export const tinyRecipe = { bits: 4, block: 32 } as const

export const wantedTiny: WantedModel = { name: 'someone/tiny', endpoint: null, revision: null, kind: null, recipe: tinyRecipe }

export async function addModel(dir: string, files: Files = tinyFiles, more: Partial<Manifest> = {}): Promise<string> {
  const store = await openModelStore(dir)
  const staging = await store.stage()
  writeFiles(staging.dir, files)
  const { id } = await store.add(staging, manifestOf(files, { recipe: tinyRecipe, ...more }))
  return id
}

export function writeFiles(dir: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), content)
  }
}

export const tinyManifest = manifestOf(tinyFiles, { recipe: tinyRecipe })
export const tinyId = modelId(tinyManifest)

/** Real devices on loopback, each connected to each, with a folder for models. */
export class Household {
  readonly devices = new Devices()
  readonly #dir: string
  readonly #meshes = new Map<string, Mesh>()
  readonly #sent = new Map<string, number>()
  readonly #watches: { name: string; bytes: number; act: () => void }[] = []
  readonly #own = new Set<DeviceId>()
  readonly #shares: { stop(): Promise<void> }[] = []

  constructor(dir: string) {
    this.#dir = dir
  }

  /** Starts a device; it and those before it are members of one mesh, and connected. */
  async start(name: string): Promise<Mesh> {
    const book = Object.fromEntries([...this.#meshes.values()].map(mesh => [mesh.identity.id, mesh.addrs()]))
    const mesh = await this.devices.start(name, {
      addressBook: memoryBook(book),
      tap: ({ protocol, bytes }) => protocol === modelsProtocol && this.#count(name, bytes.length)
    })
    this.#meshes.set(name, mesh)
    this.#own.add(mesh.identity.id)
    for (const each of this.#meshes.values()) each.setMembers(this.#own)
    for (const each of this.#meshes.values()) if (each !== mesh) await Promise.all([connected(each, mesh.identity.id), connected(mesh, each.identity.id)])
    return mesh
  }

  async stop(name: string): Promise<void> {
    const mesh = this.mesh(name)
    this.#meshes.delete(name)
    await this.devices.stop(mesh)
  }

  mesh(name: string): Mesh {
    const mesh = this.#meshes.get(name)
    if (!mesh) throw new Error(`no device ${name}`)
    return mesh
  }

  id(name: string): DeviceId {
    return this.mesh(name).identity.id
  }

  models(name: string): string {
    return join(this.#dir, name, 'models')
  }

  /** What a device sent of this protocol, in bytes. */
  sent(name: string): number {
    return this.#sent.get(name) ?? 0
  }

  /** Acts once a device has sent so many more bytes of this protocol, of which a megabyte at most has not arrived. */
  afterSent(name: string, bytes: number, act: () => void): void {
    this.#watches.push({ name, bytes: this.sent(name) + bytes, act })
  }

  #count(name: string, bytes: number): void {
    const sent = this.sent(name) + bytes
    this.#sent.set(name, sent)
    for (const watch of this.#watches.filter(each => each.name === name && each.bytes <= sent)) {
      this.#watches.splice(this.#watches.indexOf(watch), 1)
      watch.act()
    }
  }

  /** Opens the models of a device to the others. */
  share(name: string, more: Partial<ModelShareOptions> = {}) {
    const { lines, ...log } = recordingLogger()
    const mesh = this.mesh(name)
    const share = openModelShare({ dir: this.models(name), mesh, devices: () => [...this.#own].filter(id => id !== mesh.identity.id), log, ...more })
    this.#shares.push(share)
    return { ...share, lines }
  }

  async close(): Promise<void> {
    await Promise.all(this.#shares.map(share => share.stop()))
    await this.devices.stopAll()
  }
}

export function withHousehold(work: (house: Household) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const house = new Household(dir)
    try {
      await work(house)
    } finally {
      await house.close()
    }
  })
}

/** What a pull is called with when nothing is special about it. */
export const plainPull = { from: null, signal: new AbortController().signal, onProgress() {} }
