import { KinmeshError } from '../../mesh/errors.ts'
import { printable } from '../memory.ts'
import type { Permission, Permissions } from './permissions.ts'
import { type ForeignTool, guarded } from './tools/guarded.ts'
import type { RunnableTool } from './tools/tool.ts'

/** A foreign tool, for the person who decides about it. `allowed`: it may be used without asking. `told`: the model is told of it; there is room for some only. */
export type OfferedTool = Pick<ForeignTool, 'hash' | 'from' | 'shown'> & { readonly name: string; readonly allowed: boolean; readonly told: boolean }

/** Of what every prompt repeats about foreign tools, in characters: some 3,000 tokens. More would push the conversation out of the context. */
const maxTold = 12_000
/** A request has 128 tools at most (model/text-request.ts), and models lose their way far below. */
const maxTools = 48

/** Tools of other programs that this device offers to its model, all behind the person's permission. */
export class Toolbox {
  readonly #sources: readonly (() => Promise<readonly ForeignTool[]>)[]
  readonly #permissions: Permissions

  constructor(sources: readonly (() => Promise<readonly ForeignTool[]>)[], permissions: Permissions) {
    this.#sources = sources
    this.#permissions = permissions
  }

  async runnable(): Promise<RunnableTool[]> {
    return [...this.#told(await this.#tools())].map(tool => guarded(tool, this.#permissions))
  }

  async offered(): Promise<OfferedTool[]> {
    const tools = await this.#tools()
    const told = this.#told(tools)
    return tools.map(tool => ({ name: tool.tool.name, hash: tool.hash, from: tool.from, shown: tool.shown, allowed: this.#isAllowed(tool), told: told.has(tool) }))
  }

  /** A person allowed what they saw under this name: `hash` says that it is still that. @throws KinmeshError `NoSuchTool` · `ToolChanged`, and those of `allow` */
  async allow(name: string, hash: string): Promise<Permission> {
    const found = (await this.#tools()).find(({ tool }) => tool.name === name)
    if (!found) throw new KinmeshError('NoSuchTool', `no MCP server and no skill offers "${printable(name)}" here now: list what there is with kinmesh permissions tools`)
    if (found.hash !== hash) throw new KinmeshError('ToolChanged', `${name} is not any more what it was: look at it again with kinmesh permissions tools`)
    return this.#permissions.allow({ tool: name, hash, shown: found.from })
  }

  /** Those that there is room for, in an order that stays the same: what is allowed comes first. */
  #told(tools: readonly ForeignTool[]): Set<ForeignTool> {
    const told = new Set<ForeignTool>()
    let room = maxTold
    for (const tool of [...tools.filter(each => this.#isAllowed(each)), ...tools.filter(each => !this.#isAllowed(each))]) {
      const size = JSON.stringify(tool.tool).length
      if (size > room || told.size === maxTools) continue
      told.add(tool)
      room -= size
    }
    return told
  }

  #isAllowed({ tool: { name }, hash }: ForeignTool): boolean {
    return this.#permissions.permits({ tool: name, hash })
  }

  /** Each name once: the first who has it keeps it. */
  async #tools(): Promise<ForeignTool[]> {
    const all = (await Promise.all(this.#sources.map(source => source()))).flat()
    const seen = new Set<string>()
    return all.filter(({ tool: { name } }) => !seen.has(name) && seen.add(name))
  }
}
