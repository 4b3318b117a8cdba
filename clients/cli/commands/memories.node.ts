import { InvalidArgumentError, Option, type Command } from 'commander'
import { KinmeshError } from '../../../mesh/errors.ts'
import { checkText, maxTextBytes, memoryKinds, type Memory } from '../../../node/memory.ts'
import { maxRecalled, type Recalled } from '../../../node/context/recall.ts'
import type { Passage } from '../../../node/documents/documents.ts'
import { readStdin, type Io } from '../io.node.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { ago, oneLine, shortId, table } from '../show.ts'

export function addMemoryCommands(program: Command): void {
  program
    .command('remember')
    .description('remember a statement, on all of your devices')
    .argument('<text...>', 'what to remember; - reads it from stdin')
    .option('-s, --space <name>', 'personal: all my devices; device: this one only (default: personal, or the space of what is replaced)')
    .addOption(new Option('--kind <kind>', 'what it is').choices(memoryKinds).default('fact'))
    .option('--replaces <id>', 'the memory that does not hold any more; it is kept as what was known until now')
    .addHelpText('after', '\nExamples:\n  kinmesh remember "Anna likes tulips"\n  kinmesh remember --space device "the printer password is under the desk"\n  cat note.txt | kinmesh remember -')
    .action(withDevice<CommonOptions & { space?: string; kind: string; replaces?: string }>('offline', remember))
  program
    .command('recall')
    .description('find memories, best first')
    .argument('<query...>', 'what to look for')
    .option('-k <count>', `how many at most (1…${maxRecalled})`, parseCount, 10)
    .option('--as-of <date>', 'what was known then: 2026-03-31 (its end), or a time like 2026-03-31T18:00', parseDate)
    .addHelpText('after', '\nExamples:\n  kinmesh recall -k 3 flowers for Anna\n  kinmesh recall --as-of 2026-03-31 where does Anna live')
    .action(withDevice<CommonOptions & { k: number; asOf?: number }>('offline', recall))
  const memories = program
    .command('memories')
    .description('list what is remembered')
    .option('-s, --space <name>', 'of one space only')
    .action(withDevice<CommonOptions & { space?: string }>('offline', list))
  memories.command('show').description('all of one memory: where it came from, and what it replaced').argument('<id>').action(withDevice('offline', show))
  program
    .command('forget')
    .description('forget a memory, on every device')
    .argument('<id>', 'as kinmesh memories and recall show it')
    .action(withDevice('offline', forget))
}

/** Words of the command line as one text. Node replaces what is not UTF-8 there, so what was meant is lost already. */
export function textOf(words: readonly string[]): string {
  const text = words.join(' ')
  if (text.includes('\ufffd')) throw new KinmeshError('InvalidText', 'the text is not valid UTF-8: check the encoding of this terminal, or give the text on stdin')
  return text
}

/** The same, or with a dash what comes on stdin. */
export async function textGiven(words: readonly string[]): Promise<string> {
  return words.length === 1 && words[0] === '-' ? readStdin(2 * maxTextBytes) : textOf(words)
}

async function remember({ client, io }: Session, words: readonly string[], { space, kind, replaces }: { space?: string; kind: string; replaces?: string }): Promise<void> {
  const given = await textGiven(words)
  const written = await client.request<{ id: string; space: string }>('POST', '/api/memories', { text: checkText(given), space, kind, supersedes: replaces })
  io.document(written)
  io.say(`${io.style('green', '✓')} remembered in ${written.space}  ${io.style('dim', written.id)}`)
  if (space === undefined && replaces === undefined && written.space === 'device') io.say('it looks like a secret, so it stays on this device: --space personal puts it on all of them')
}

async function recall({ client, io }: Session, words: readonly string[], { k, asOf }: { k: number; asOf?: number }): Promise<void> {
  const query = new URLSearchParams({ query: checkText(textOf(words)), k: String(k), ...(asOf === undefined ? {} : { asOf: String(asOf) }) })
  const found = await client.request<{ memories: Recalled[]; documents: Passage[] }>('GET', `/api/recall?${query.toString()}`)
  io.document(found)
  if (found.memories.length + found.documents.length === 0) io.say('nothing found')
  if (found.memories.length > 0) io.say(memoryTable(io, found.memories, await deviceNames({ client })))
  if (found.memories.length > 0 && found.documents.length > 0) io.say()
  if (found.documents.length > 0) io.say(table(['DOCUMENT', 'PLACE', 'TEXT'], found.documents.map(({ file, place, text }) => [file, place, text]), { width: io.width, head: text => io.style('bold', text) }))
}

async function list({ client, io }: Session, _: readonly string[], { space }: { space?: string }): Promise<void> {
  const memories: Memory[] = []
  let after: string | null = null
  do {
    const query = new URLSearchParams({ limit: '1000', ...(space === undefined ? {} : { space }), ...(after === null ? {} : { after }) })
    const page: { memories: Memory[]; next: string | null } = await client.request('GET', `/api/memories?${query.toString()}`)
    memories.push(...page.memories)
    after = page.next
  } while (after !== null)
  io.document({ memories })
  if (memories.length === 0) io.say('nothing is remembered yet: kinmesh remember "Anna likes tulips"')
  else io.say(memoryTable(io, memories, await deviceNames({ client })))
}

/** Where it came from, for people: a conversation and turn of this device by their ids. */
async function show({ client, io }: Session, [id = '']: readonly string[]): Promise<void> {
  const memory = await client.request<Memory>('GET', `/api/memories/${encodeURIComponent(id)}`)
  const { device } = await client.request<{ device: { id: string } }>('GET', '/api/status')
  const old = memory.supersedes === undefined ? undefined : await found(client, memory.supersedes)
  io.document({ memory, replaced: old ?? null })
  const names = await deviceNames({ client })
  const nameOf = (of: string) => names.get(of) ?? shortId(of)
  const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
  const { source } = memory
  const [conversation, turn] = source?.ref?.split('/', 2) ?? []
  const isHere = source?.device === device.id && conversation !== undefined
  const said = isHere ? (turn === undefined ? `, turn ${conversation}` : `, turn ${turn} of kinmesh conversations show ${conversation}`) : ''
  const lines: [string, string | undefined][] = [
    ['text', memory.text], ['kind', memory.kind], ['about', memory.subject], ['what', memory.attribute === undefined ? undefined : `${memory.attribute}: ${memory.value ?? ''}`], ['space', memory.space],
    ['from', `${source?.how === 'learned' ? 'learned from what was said on' : 'told on'} ${nameOf(source?.device ?? memory.device)}${said}`], ['when', day(memory.at)],
    ['until', memory.validTo === undefined ? undefined : day(memory.validTo)], ['replaced', memory.supersedes === undefined ? undefined : `${memory.supersedes}  ${old?.text ?? '(forgotten since)'}`]
  ]
  for (const [name, text] of lines) if (text !== undefined) io.say(`${io.style('dim', name.padEnd(9))} ${oneLine(text)}`)
}

/** Undefined: it was forgotten. */
async function found(client: Session['client'], id: string): Promise<Memory | undefined> {
  try {
    return await client.request<Memory>('GET', `/api/memories/${encodeURIComponent(id)}`)
  } catch (error) {
    if (error instanceof KinmeshError && error.code === 'NoSuchMemory') return undefined
    throw error
  }
}

async function forget({ client, io }: Session, [id = '']: readonly string[]): Promise<void> {
  const { forgotten, gone, waiting } = await client.request<{ forgotten: Memory; gone: string[]; waiting: string[] }>('DELETE', `/api/memories/${encodeURIComponent(id)}`)
  io.document({ id: forgotten.id, space: forgotten.space, forgotten: true, gone, waiting })
  io.say(`${io.style('green', '✓')} forgot: ${oneLine(forgotten.text)}`)
  io.say(`  text and index: gone here${forgotten.space === 'device' ? ', and it was on no other device' : gone.length > 0 ? `, and on ${gone.map(oneLine).join(', ')}` : ''}`)
  if (waiting.length > 0) io.say(`  ${waiting.map(oneLine).join(', ')}: as soon as it is connected`)
}

async function deviceNames({ client }: Pick<Session, 'client'>): Promise<Map<string, string>> {
  const { devices } = await client.request<{ devices: { id: string; name: string }[] }>('GET', '/api/devices')
  return new Map(devices.map(device => [device.id, device.name]))
}

function memoryTable(io: Io, memories: readonly Memory[], names: ReadonlyMap<string, string>): string {
  const now = Date.now()
  const until = ({ validTo }: Memory) => (validTo === undefined || validTo > now ? [] : [`until ${new Date(validTo).toISOString().slice(0, 10)}`])
  const notes = (memory: Memory) => [...(memory.source?.how === 'learned' ? ['learned'] : []), ...until(memory)]
  const rows = memories.map(memory => [memory.id, memory.space, memory.kind, names.get(memory.source?.device ?? memory.device) ?? shortId(memory.source?.device ?? memory.device), ago(memory.at, now), notes(memory).length === 0 ? memory.text : `${memory.text} (${notes(memory).join(', ')})`])
  return table(['ID', 'SPACE', 'KIND', 'DEVICE', 'WHEN', 'TEXT'], rows, { width: io.width, head: text => io.style('bold', text) })
}

function parseCount(given: string): number {
  const count = Number(given)
  if (!Number.isInteger(count) || count < 1 || count > maxRecalled) throw new InvalidArgumentError(`Give a whole number from 1 to ${maxRecalled}.`)
  return count
}

/** A day counts until its end, where this device is. */
function parseDate(given: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(given) ? Date.parse(`${given}T23:59:59.999`) : Date.parse(given)
  if (Number.isNaN(time)) throw new InvalidArgumentError('Give a date like 2026-03-31, or a time like 2026-03-31T18:00.')
  return time
}
