import { createInterface, type Interface } from 'node:readline/promises'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { PersonAnswer } from '../../../node/agent/tools/tool.ts'
import type { Answer } from '../../../node/assistant.ts'
import type { Turn } from '../../../node/conversations.ts'
import { checkText, type Memory } from '../../../node/memory.ts'
import type { Client } from '../client.node.ts'
import { decodeUtf8, type Io } from '../io.node.ts'
import type { Session } from '../session.node.ts'
import { lines, oneLine } from '../show.ts'
import { reminderLine, showDue } from './reminders.node.ts'

/** A tool that nobody allowed yet is to be used: all of it but `ref` is foreign text. */
type Asked = { ref: string; tool: string; from: string; shown: string; arguments: Record<string, unknown> }
type Approve = (asked: Asked, signal: AbortSignal) => Promise<PersonAnswer>
type AskEvent = { event: 'token'; text: string } | ({ event: 'permission' } & Asked) | { event: 'answer'; answer: Answer } | { event: 'failed'; error: { code: string; message: string } }
export type Question = { text: string; conversation?: string | undefined; space?: string | undefined }

/** Lines that a person gets back with the arrow keys. */
const historyLines = 500
const help = [
  '/why             what the last answer rests on, and which tools were used',
  '/forget WORDS    forget a memory: by its words or its id',
  '/space [NAME]    where what you ask to remember is kept: personal (all your devices) or device (this one)',
  '/model           which model answers',
  '/history         what was said in this conversation',
  '/quit            end; so does Ctrl-D. Ctrl-C ends an answer that is being written'
]

/** Talks over a terminal, or takes lines from a script. */
export async function chat(session: Session, _: readonly string[], options: { conversation?: string }): Promise<void> {
  const talk = new Talk(session, options.conversation)
  const { io } = session
  if (io.interactive && !io.json) await atTerminal(session, talk)
  else for await (const text of scriptLines()) if (!(await talk.take(text, io.signal))) break
  io.document({ conversation: talk.conversation ?? null, turns: talk.turns })
}

/** Asks, and gets the answer piece by piece. `approve`: asks the person about tools; without it those that were not allowed before are refused. @throws what the device says; the reason of the signal */
export async function ask(client: Client, signal: AbortSignal, question: Question, onToken: (piece: string) => void, approve?: Approve): Promise<Answer> {
  for await (const event of client.stream<AskEvent>('POST', '/api/ask/stream', { body: { ...question, text: checkText(question.text), asks: approve !== undefined }, signal })) {
    if (event.event === 'answer') return event.answer
    if (event.event === 'failed') throw new KinmeshError(event.error.code, event.error.message)
    if (event.event === 'permission') await client.request('POST', `/api/permissions/asked/${event.ref}`, { answer: (await approve?.(event, signal)) ?? 'no' })
    else onToken(event.text)
  }
  signal.throwIfAborted()
  throw new KinmeshError('DeviceGone', 'the device stopped before it answered: start it again with kinmesh up')
}

/** A conversation, and what a person may ask of it. */
class Talk {
  readonly turns: { text: string; answer: Answer }[] = []
  conversation: string | undefined
  /** Where a person is there to be asked. */
  approve: Approve | undefined
  #space: string | undefined
  readonly #client: Client
  readonly #io: Io

  constructor({ client, io }: Session, conversation: string | undefined) {
    this.#client = client
    this.#io = io
    this.conversation = conversation
  }

  /** One line. False: it ends the talk. */
  async take(line: string, signal: AbortSignal): Promise<boolean> {
    const [, name, rest = ''] = /^\/(\w+)(?:\s+([^]*))?$/.exec(line.trim()) ?? []
    if (name !== undefined) return this.#command(name, rest, signal)
    if (line.trim() !== '') await this.#say(line, signal)
    return true
  }

  async #say(text: string, signal: AbortSignal): Promise<void> {
    const io = this.#io
    let streamed = ''
    const answer = await ask(this.#client, signal, { text, conversation: this.conversation, space: this.#space }, piece => {
      streamed += piece
      if (!io.json) process.stdout.write(lines(piece))
    }, this.approve)
    this.conversation = answer.conversation
    this.turns.push({ text, answer })
    io.say(streamed === '' ? lines(answer.text) : '')
    const used = [...(answer.memories.length > 0 ? [`${answer.memories.length} ${answer.memories.length === 1 ? 'memory' : 'memories'}`] : []), ...answer.steps.map(({ tool }) => tool)]
    if (io.interactive && used.length > 0) io.say(io.style('dim', `  ${used.join(' · ')}   /why`))
  }

  async #command(name: string, rest: string, signal: AbortSignal): Promise<boolean> {
    const io = this.#io
    if (name === 'quit') return false
    if (name === 'why') await this.#why()
    else if (name === 'forget' && rest !== '') await this.#say(`forget ${rest}`, signal)
    else if (name === 'space') await this.#toSpace(rest)
    else if (name === 'model') {
      const { model, modelProblem } = await this.#client.request<{ model: string | null; modelProblem: string | null }>('GET', '/api/status')
      io.say(`${model ?? 'none: it answers from memory only'}${modelProblem === null ? '' : ` (${oneLine(modelProblem)})`}; change it with kinmesh model use`)
    } else if (name === 'history') await this.#history()
    else for (const line of help) io.say(line)
    return true
  }

  async #why(): Promise<void> {
    const io = this.#io
    const last = this.turns.at(-1)?.answer
    if (!last) return io.say('nothing was asked yet')
    for (const { tool, arguments: given, result } of last.steps) io.say(`${io.style('cyan', tool)} ${oneLine(JSON.stringify(given))} → ${oneLine(result)}`)
    for (const id of last.memories) {
      const memory = await this.#client.request<Memory>('GET', `/api/memories/${encodeURIComponent(id)}`).catch((error: unknown) => {
        if (error instanceof KinmeshError && error.code === 'NoSuchMemory') return undefined
        throw error
      })
      io.say(`${io.style('dim', id)}  ${memory ? `${oneLine(memory.text)} ${io.style('dim', `(${memory.space}, ${new Date(memory.at).toISOString().slice(0, 10)})`)}` : io.style('dim', 'forgotten since')}`)
    }
    if (last.steps.length === 0 && last.memories.length === 0) io.say('it rests on no memory, and no tool was used')
  }

  async #toSpace(name: string): Promise<void> {
    const { spaces } = await this.#client.request<{ spaces: { name: string }[] }>('GET', '/api/status')
    const names = spaces.map(space => space.name)
    if (name !== '' && !names.includes(name)) throw new KinmeshError('UnknownSpace', `there is no space "${oneLine(name)}": choose one of ${names.join(', ')}`)
    if (name !== '') this.#space = name
    this.#io.say(`what you ask to remember is kept in ${this.#space ?? 'personal'}; there are ${names.join(', ')}`)
  }

  async #history(): Promise<void> {
    const io = this.#io
    if (this.conversation === undefined) return io.say('nothing was said yet')
    const { turns } = await this.#client.request<{ turns: Turn[] }>('GET', `/api/conversations/${encodeURIComponent(this.conversation)}`)
    for (const { role, text } of turns) io.say(`${io.style(role === 'user' ? 'cyan' : 'green', role === 'user' ? 'you' : 'kinmesh')}  ${lines(text)}`)
  }
}

/** Ctrl-C ends what is being written, or empties the line; Ctrl-D ends. */
async function atTerminal({ client, io }: Session, talk: Talk): Promise<void> {
  const prompt = io.style('cyan', '› ')
  io.say(io.style('dim', 'Say something; "remember …" and "forget …" do what they say. /help tells more, Ctrl-D ends.'))
  const input: Interface = createInterface({ input: process.stdin, output: process.stdout, prompt, signal: io.signal, historySize: historyLines })
  let writing: AbortController | undefined
  // What was typed or pasted before the question is the next line of the talk, and no answer to it.
  talk.approve = async ({ tool, from, shown, arguments: given }, signal) => {
    io.say(`\n${io.style('yellow', '?')} ${io.style('bold', oneLine(tool))} wants to be used ${io.style('dim', `(${oneLine(from)})`)}`)
    for (const line of lines(shown).split('\n')) io.say(io.style('dim', `  ${line}`))
    io.say(`  with ${oneLine(JSON.stringify(given))}`)
    const typed = await input.question('  allow it? y: always, as it is now · once · n: no  ', { signal }).catch((error: unknown) => {
      signal.throwIfAborted() // Ctrl-C ends the answer, and not the talk
      throw error
    })
    return personAnswer(typed)
  }
  input.on('SIGINT', () => {
    if (writing) return writing.abort(new KinmeshError('Cancelled', 'cancelled'))
    if (input.line === '') io.say(io.style('dim', '\nCtrl-D or /quit ends.'))
    input.write(null, { ctrl: true, name: 'u' })
    input.prompt()
  })
  void showDue(client, io.signal, reminder => {
    io.say(`\n${reminderLine(io, reminder)}`)
    if (!writing) input.prompt(true)
  }).catch((error: unknown) => io.log.warn('reminders are not shown here', { reason: String(error) }))
  try {
    input.prompt()
    for await (const line of input) {
      writing = new AbortController()
      try {
        if (!(await talk.take(line, AbortSignal.any([writing.signal, io.signal])))) return
      } catch (error) {
        // A sentence that cannot be taken ends a script, and not a talk.
        if (!(error instanceof KinmeshError) || io.signal.aborted) throw error
        io.say(`${io.style('yellow', '!')} ${error.message}`)
      } finally {
        writing = undefined
      }
      input.prompt()
    }
  } finally {
    input.close()
  }
}

function personAnswer(typed: string): PersonAnswer {
  const word = typed.trim().toLowerCase()
  return ['y', 'yes', 'always'].includes(word) ? 'always' : ['o', 'once'].includes(word) ? 'once' : 'no'
}

async function* scriptLines(): AsyncGenerator<string> {
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
}
