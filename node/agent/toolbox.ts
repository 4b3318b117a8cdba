import { KinmeshError } from '../../mesh/errors.ts'
import { printable } from '../memory.ts'
import type { Permission, Permissions } from './permissions.ts'
import { type ForeignTool, guarded } from './tools/guarded.ts'
import type { RunnableTool } from './tools/tool.ts'

/** A foreign tool, for the person who decides about it. `allowed`: it may be used without asking. */
export type OfferedTool = Pick<ForeignTool, 'hash' | 'from' | 'shown'> & { readonly name: string; readonly allowed: boolean }

/** Tools of other programs that this device offers to its model, all behind the person's permission. */
export class Toolbox {
  readonly #sources: readonly (() => Promise<readonly ForeignTool[]>)[]
  readonly #permissions: Permissions

  constructor(sources: readonly (() => Promise<readonly ForeignTool[]>)[], permissions: Permissions) {
    this.#sources = sources
    this.#permissions = permissions
  }

  async runnable(): Promise<RunnableTool[]> {
    return (await this.#tools()).map(tool => guarded(tool, this.#permissions))
  }

  async offered(): Promise<OfferedTool[]> {
    return (await this.#tools()).map(({ tool: { name }, hash, from, shown }) => ({ name, hash, from, shown, allowed: this.#permissions.permits({ tool: name, hash }) }))
  }

  /** A person allowed what they saw under this name: `hash` says that it is still that. @throws KinmeshError `NoSuchTool` · `ToolChanged`, and those of `allow` */
  async allow(name: string, hash: string): Promise<Permission> {
    const found = (await this.#tools()).find(({ tool }) => tool.name === name)
    if (!found) throw new KinmeshError('NoSuchTool', `no MCP server and no skill offers "${printable(name)}" here now: list what there is with kinmesh permissions tools`)
    if (found.hash !== hash) throw new KinmeshError('ToolChanged', `${name} is not any more what it was: look at it again with kinmesh permissions tools`)
    return this.#permissions.allow({ tool: name, hash, shown: found.from })
  }

  async #tools(): Promise<ForeignTool[]> {
    return (await Promise.all(this.#sources.map(source => source()))).flat()
  }
}
