import type { Command } from 'commander'
import { createInterface } from 'node:readline/promises'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Answer } from '../../../node/assistant.ts'
import type { ConversationSummary, Turn } from '../../../node/conversations.ts'
import { checkText } from '../../../node/memory.ts'
import type { Client } from '../client.node.ts'
import { decodeUtf8 } from '../io.node.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { ago, lines, table } from '../show.ts'
import { textOf } from './memories.node.ts'
import { reminderLine, showDue } from './reminders.node.ts'

type AskEvent = { event: 'token'; text: string } | { event: 'answer'; answer: Answer } | { event: 'failed'; error: { code: string; message: string } }

export function addTalkCommands(program: Command): void {
  program
    .command('ask')
    .description('ask one question; it and its answer stay on this device')
    .argument('<text...>', 'the question')
    .option('-c, --conversation <id>', 'go on with a conversation')
    .addHelpText('after', '\nExamples:\n  kinmesh ask "which flowers does Anna like?"\n  kinmesh ask "remember that the meeting is on Friday"')
    .action(withDevice<CommonOptions & { conversation?: string }>('offline', askOnce))
  program
    .command('chat')
    .description('talk; a line is a turn, and Ctrl-D ends it')
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
  const answer = await ask(client, io.signal, { text: textOf(words), conversation }, () => {})
  io.document(answer)
  io.say(lines(answer.text))
}

async function chat({ client, io }: Session, _: readonly string[], options: { conversation?: string }): Promise<void> {
  let { conversation } = options
  const turns: { text: string; answer: Answer }[] = []
  if (io.interactive) io.say(io.style('dim', 'Say something; "remember …" and "forget …" do what they say. Ctrl-D ends.'))
  if (io.interactive) void showDue(client, io.signal, reminder => io.say(`\n${reminderLine(io, reminder)}`)).catch((error: unknown) => io.log.warn('reminders are not shown here', { reason: String(error) }))
  for await (const text of userLines(io.interactive && !io.json ? io.style('cyan', '› ') : '', io.signal)) {
    if (text.trim() === '') continue
    try {
      let streamed = ''
      const answer = await ask(client, io.signal, { text, conversation }, piece => {
        streamed += piece
        if (!io.json) process.stdout.write(lines(piece))
      })
      conversation = answer.conversation
      turns.push({ text, answer })
      io.say(streamed === '' ? lines(answer.text) : '')
    } catch (error) {
      // A sentence that cannot be taken ends a script, and not a talk.
      if (!io.interactive || !(error instanceof KinmeshError) || io.signal.aborted) throw error
      io.say(`${io.style('yellow', '!')} ${error.message}`)
    }
  }
  io.document({ conversation: conversation ?? null, turns })
}

async function* userLines(prompt: string, signal: AbortSignal): AsyncGenerator<string> {
  if (prompt === '') {
    // Bytes, so that what is not UTF-8 is noticed rather than replaced.
    let rest = Buffer.alloc(0)
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk])
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        yield decodeUtf8(rest.subarray(0, end))
        rest = rest.subarray(end + 1)
      }
    }
    if (rest.length > 0) yield decodeUtf8(rest)
    return
  }
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt, signal })
  try {
    input.prompt()
    for await (const line of input) {
      yield line
      input.prompt()
    }
  } finally {
    input.close()
  }
}

async function ask(client: Client, signal: AbortSignal, question: { text: string; conversation?: string | undefined }, onToken: (piece: string) => void): Promise<Answer> {
  for await (const event of client.stream<AskEvent>('POST', '/api/ask/stream', { body: { ...question, text: checkText(question.text) }, signal })) {
    if (event.event === 'answer') return event.answer
    if (event.event === 'failed') throw new KinmeshError(event.error.code, event.error.message)
    onToken(event.text)
  }
  throw new KinmeshError('DeviceGone', 'the device stopped before it answered: start it again with kinmesh up')
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
