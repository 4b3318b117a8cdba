import type { Command } from 'commander'
import type { ConversationSummary, Turn } from '../../../node/conversations.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { ago, lines, table } from '../show.ts'
import { ask, chat } from './chat.node.ts'
import { textGiven } from './memories.node.ts'

export function addTalkCommands(program: Command): void {
  program
    .command('ask')
    .description('ask one question; it and its answer stay on this device')
    .argument('<text...>', 'the question')
    .option('-c, --conversation <id>', 'go on with a conversation')
    .addHelpText('after', '\nExamples:\n  kinmesh ask "which flowers does Anna like?"\n  kinmesh ask "remember that the meeting is on Friday"\n  cat question.txt | kinmesh ask -')
    .action(withDevice<CommonOptions & { conversation?: string }>('offline', askOnce))
  program
    .command('chat')
    .description('talk; a line is a turn, /help tells what else there is, and Ctrl-D ends it')
    .option('-c, --conversation <id>', 'go on with a conversation')
    .action(withDevice<CommonOptions & { conversation?: string }>('offline', chat))
  const conversations = program
    .command('conversations')
    .description('list what was said on this device; it is nowhere else')
    .action(withDevice('offline', list))
  conversations.command('show').description('print one conversation').argument('<id>').action(withDevice('offline', show))
  conversations.command('delete').description('delete one conversation; what was remembered from it stays').argument('<id>').action(withDevice('offline', remove))
}

async function askOnce({ client, io }: Session, words: readonly string[], { conversation }: { conversation?: string }): Promise<void> {
  const answer = await ask(client, io.signal, { text: await textGiven(words), conversation }, () => {})
  io.document(answer)
  io.say(lines(answer.text))
}

async function list({ client, io }: Session): Promise<void> {
  const reply = await client.request<{ conversations: ConversationSummary[] }>('GET', '/api/conversations')
  io.document(reply)
  const now = Date.now()
  const rows = reply.conversations.map(each => [each.id, String(each.turns), ago(each.startedAt, now), ago(each.lastAt, now)])
  io.say(rows.length === 0 ? 'nothing was said here yet: kinmesh chat' : table(['ID', 'TURNS', 'STARTED', 'LAST'], rows, { width: io.width, head: text => io.style('bold', text) }))
}

async function show({ client, io }: Session, [id = '']: readonly string[]): Promise<void> {
  const conversation = await client.request<{ turns: Turn[] }>('GET', `/api/conversations/${encodeURIComponent(id)}`)
  io.document(conversation)
  for (const turn of conversation.turns) io.say(`${io.style(turn.role === 'user' ? 'cyan' : 'green', turn.role === 'user' ? 'you' : 'kinmesh')}  ${lines(turn.text)}`)
}

async function remove({ client, io }: Session, [id = '']: readonly string[]): Promise<void> {
  await client.request('DELETE', `/api/conversations/${encodeURIComponent(id)}`)
  io.document({ id, deleted: true })
  io.say(`${io.style('green', '✓')} deleted`)
}
