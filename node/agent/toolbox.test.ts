import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failsWith } from '../testing/throws.ts'
import type { Permissions } from './permissions.ts'
import { Toolbox } from './toolbox.ts'
import type { ForeignTool } from './tools/guarded.ts'

const foreign = (name: string, description = 'x', hash = 'a'): ForeignTool => ({ tool: { name, description }, hash: hash.repeat(64), from: 'a server', shown: description, run: async () => name })
const boxOf = (allowed: readonly string[], ...sources: ForeignTool[][]) => new Toolbox(sources.map(tools => async () => tools), { permits: ({ tool }: { tool: string }) => allowed.includes(tool), allow: async (given: object) => given } as unknown as Permissions)

test('a model is told of as many as there is room for, those that are allowed first, and each name once', async () => {
  const many = Array.from({ length: 200 }, (_, at) => foreign(`mcp_many_${at}`))
  const told = await boxOf(['mcp_last'], many, [foreign('mcp_last')]).runnable()
  assert.equal([told.length, told[0]?.tool.name, told[1]?.tool.name], [48, 'mcp_last', 'mcp_many_0'])
  const large = Array.from({ length: 20 }, (_, at) => foreign(`mcp_large_${at}`, 'y'.repeat(5000)))
  const box = boxOf([], large, [foreign('mcp_small')])
  assert.equal((await box.runnable()).map(({ tool }) => tool.name), ['mcp_large_0', 'mcp_large_1', 'mcp_small'])
  assert.equal((await box.offered()).filter(each => each.told).map(({ name }) => name), ['mcp_large_0', 'mcp_large_1', 'mcp_small'])
  const twice = boxOf([], [foreign('mcp_a', 'first'), foreign('mcp_b')], [foreign('mcp_a', 'second', 'b')])
  assert.equal((await twice.offered()).map(({ name, shown }) => [name, shown]), [['mcp_a', 'first'], ['mcp_b', 'x']])
  await failsWith('ToolChanged', () => twice.allow('mcp_a', 'b'.repeat(64)))
  await failsWith('NoSuchTool', () => twice.allow('mcp_c', 'b'.repeat(64)))
})

test.run()
