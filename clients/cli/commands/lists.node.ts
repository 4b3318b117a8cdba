import type { Command } from 'commander'
import { checkText } from '../../../node/memory.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { oneLine } from '../show.ts'

type List = { list: string; items: string[] }

export function addListCommands(program: Command): void {
  const list = program.command('list').description('lists that all of your devices share').action(withDevice('offline', showAll))
  list.command('show').description('what is on a list').argument('<name>').action(withDevice('offline', showOne))
  list
    .command('add')
    .description('put things on a list')
    .argument('<name>')
    .argument('<things...>', 'each in quotes, if it has spaces')
    .addHelpText('after', '\nExample:\n  kinmesh list add shopping milk "two lemons"')
    .action(withDevice<CommonOptions>('offline', (session, [name = '', ...things]) => add(session, name, things)))
  list
    .command('remove')
    .description('take things off a list')
    .argument('<name>')
    .argument('<things...>')
    .action(withDevice<CommonOptions>('offline', (session, [name = '', ...things]) => remove(session, name, things)))
}

async function showAll({ client, io }: Session): Promise<void> {
  const { lists } = await client.request<{ lists: List[] }>('GET', '/api/lists')
  io.document({ lists })
  if (lists.length === 0) io.say('nothing is on any list: kinmesh list add shopping milk')
  for (const { list, items } of lists) io.say(`${io.style('bold', oneLine(list))}  ${items.map(oneLine).join(', ')}`)
}

async function showOne({ client, io }: Session, [name = '']: readonly string[]): Promise<void> {
  const { lists } = await client.request<{ lists: List[] }>('GET', '/api/lists')
  const found = lists.find(({ list }) => list.toLowerCase() === name.trim().toLowerCase()) ?? { list: name, items: [] }
  say({ io }, found)
}

async function add({ client, io }: Session, list: string, items: readonly string[]): Promise<void> {
  say({ io }, await client.request<List>('POST', '/api/lists/add', { list: checkText(list), items: items.map(checkText) }))
}

async function remove({ client, io }: Session, list: string, items: readonly string[]): Promise<void> {
  const { removed, ...left } = await client.request<List & { removed: number }>('POST', '/api/lists/remove', { list: checkText(list), items: items.map(checkText) })
  if (removed === 0) io.note(`${io.style('yellow', '!')} none of that was on it`)
  say({ io }, left)
}

function say({ io }: Pick<Session, 'io'>, { list, items }: List): void {
  io.document({ list, items })
  if (items.length === 0) io.say(io.style('dim', `nothing is on the list ${oneLine(list)}`))
  for (const item of items) io.say(oneLine(item))
}
