import { InvalidArgumentError, Option, type Command } from 'commander'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Adoption } from '../../../node/federated/adopted.ts'
import type { TaskStatus } from '../../../node/federated/federated-status.ts'
import { defaultProposal as usual, robustRules } from '../../../node/federated/new-task.ts'
import type { Upload } from '../../../node/federated/upload-log.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { programName } from '../usage.ts'
import { ago, oneLine, shortId, size, table } from '../show.ts'
import { addSimulateCommand } from './federated-simulate.node.ts'

type Words = readonly { readonly about: string; readonly text: string }[]
type Terms = { readonly task: { readonly id: string; readonly name: string }; readonly terms: string; readonly words: Words }
type Shown = Omit<TaskStatus, 'others'> & { readonly others: readonly { readonly device: string; readonly name: string; readonly height: number; readonly connected: boolean }[] }
type Status = { readonly tasks: readonly Shown[]; readonly allowed: { readonly idleMinutes: number; readonly onBattery: boolean; readonly onMetered: boolean } }
type Allowing = { idle?: number; battery?: boolean; metered?: boolean }
type Agreeing = CommonOptions & Allowing & { yes?: boolean }
type ProposeOptions = Agreeing & { rank?: number; rounds?: number; steps?: number; rate?: number; examples?: number; secure?: boolean; robust?: string; epsilon?: number }

export function addFederatedCommands(program: Command): void {
  const federated = program
    .command('federated')
    .description('improve the model together with your other devices: what they learned is averaged, what was said stays where it was said')
    .addHelpText('after', `
Each device trains an adapter on its own conversations and gives the others a few hundred kilobytes of numbers, never words. It takes part only after you said yes on it,
and while it is idle, plugged in and on a network that costs nothing. It takes a new adapter only where that does not write its own held-back answers worse.

Examples:
  kinmesh federated propose Evenings       on one device, then on each of the others:
  kinmesh federated join Evenings --idle 30
  kinmesh federated status --watch`)
  agreeing(federated.command('propose').description('propose a task to your other devices: read what it means, then agree to it').argument('<name>'))
    .option('--rank <rank>', `how much an adapter can learn (default: ${usual.rank})`, count)
    .option('--rounds <count>', `rounds at most (default: ${usual.rounds})`, count)
    .option('--steps <count>', `steps that each device trains in a round (default: ${usual.steps})`, count)
    .option('--rate <rate>', `how far a step goes (default: ${usual.rate})`, above0)
    .option('--examples <count>', `conversations that a device needs at least (default: ${usual.leastExamples})`, count)
    .option('--secure', 'mask what each device gives, so that only the sum can be read; three devices at least')
    .addOption(new Option('--robust <rule>', 'take what withstands a device that gives nonsense, in the place of the mean').choices(robustRules))
    .option('--epsilon <budget>', 'add noise for a privacy budget; refused where it would drown what is learned', above0)
    .action(withDevice<ProposeOptions>('offline', propose))
  agreeing(federated.command('join').description('read what a task means that another of your devices proposed, and take part').argument('<name|id>')).action(withDevice<Agreeing>('offline', join))
  federated.command('status').description('what this device learns together with the others, and what it waits for').option('--watch', 'go on showing it').action(withDevice<CommonOptions & { watch?: boolean }>('offline', status))
  federated.command('allow').description('say when this device takes part').option('--idle <minutes>', 'since you asked it something', minutes).option('--battery', 'also on battery, or where it cannot tell').option('--no-battery', 'only when plugged in')
    .option('--metered', 'also on a network that costs, or where it cannot tell').option('--no-metered', 'only on one that does not').action(withDevice<CommonOptions & Allowing>('offline', allow))
  federated.command('history').description('what left this device, byte for byte counted, and which adapters it took').option('-n, --limit <count>', 'entries (default: 50)', count).action(withDevice<CommonOptions & { limit?: number }>('offline', history))
  federated.command('undo').description('answer again as before the last adapter that was learned together').action(withDevice('offline', undo))
  federated.command('leave').description('take no further part in a task').argument('<name|id>').option('--forget', 'delete its adapters on this device as well').action(withDevice<CommonOptions & { forget?: boolean }>('offline', leave))
  addSimulateCommand(federated)
}

function agreeing(command: Command): Command {
  return command.option('--yes', 'do not ask').option('--idle <minutes>', 'take part when nobody asked it anything for so long (default: 10)', minutes).option('--battery', 'also on battery, or where it cannot tell').option('--metered', 'also on a network that costs, or where it cannot tell')
}

async function propose({ client, io }: Session, [name = '']: readonly string[], options: ProposeOptions): Promise<void> {
  const { rank, rounds, steps, rate, examples, secure, robust, epsilon } = options
  const shown = await client.request<Terms>('POST', '/api/federated/terms', { name, rank, rounds, steps, rate, leastExamples: examples, secure, robust, epsilon })
  await agree({ client, io }, shown, options)
  const task = await client.request<Shown>('POST', '/api/federated/tasks', { task: shown.task, terms: shown.terms })
  io.document(task)
  io.say(`${io.style('green', '✓')} proposed  ${io.style('dim', shortId(task.id))}`)
  io.say(`  on each other device:  ${programName()} federated join ${quoted(name)}`)
}

async function join({ client, io }: Session, [named = '']: readonly string[], options: Agreeing): Promise<void> {
  const shown = await client.request<Terms>('GET', `/api/federated/tasks/${encodeURIComponent(named)}/terms`)
  await agree({ client, io }, shown, options)
  const task = await client.request<Shown>('POST', `/api/federated/tasks/${encodeURIComponent(shown.task.id)}/join`, { terms: shown.terms })
  io.document(task)
  io.say(`${io.style('green', '✓')} takes part  ${io.style('dim', shortId(task.id))}`)
  for (const { text } of task.refusals) io.say(`  ${io.style('yellow', 'not now')}  ${text}`)
}

/** Shows what the terms mean, and asks. */
async function agree({ client, io }: Pick<Session, 'client' | 'io'>, { words }: Terms, options: Agreeing): Promise<void> {
  for (const { about, text } of words) io.say(`  ${io.style('bold', about.padEnd(13))}${oneLine(text)}`)
  if (!options.yes) {
    if (!io.interactive) throw new KinmeshError('NotConfirmed', 'nobody can be asked here: read what it means, and add --yes')
    if (!(await io.confirm('Take part?'))) throw new KinmeshError('NotConfirmed', 'this device takes no part')
  }
  if (hasAllowances(options)) await client.request('POST', '/api/federated/allow', allowances(options))
}

async function status({ client, io }: Session, _: readonly string[], { watch }: { watch?: boolean }): Promise<void> {
  let reply = await client.request<Status>('GET', '/api/federated')
  if (watch && !io.json && !client.alone) {
    try {
      for await (reply of client.stream<Status>('GET', '/api/federated/events', { signal: io.signal })) {
        if (!reply.tasks.some(isUnderWay)) break
        io.progress(reply.tasks.filter(({ consent }) => consent === 'given').map(progressLine).join('   '))
      }
    } catch (error) {
      if (!io.signal.aborted) throw error // Ctrl-C ends the watching, and what is known then is shown
    }
    io.progress()
  }
  io.document(reply)
  if (reply.tasks.length === 0) io.say('nothing is learned together here: kinmesh federated propose NAME, on one of your devices')
  for (const task of reply.tasks) sayTask(io, task)
}

async function allow({ client, io }: Session, _: readonly string[], options: Allowing): Promise<void> {
  const allowed = await client.request<Status['allowed']>('POST', '/api/federated/allow', allowances(options))
  io.document(allowed)
  io.say(`takes part after ${allowed.idleMinutes} minutes in which nobody asked it anything, ${allowed.onBattery ? 'also' : 'not'} on battery, ${allowed.onMetered ? 'also' : 'not'} on a metered network`)
}

async function history({ client, io }: Session, _: readonly string[], { limit }: { limit?: number }): Promise<void> {
  const reply = await client.request<{ adoptions: Adoption[]; uploads: Upload[]; damaged: number; more: boolean }>('GET', `/api/federated/history${limit === undefined ? '' : `?limit=${limit}`}`)
  io.document(reply)
  const [now, head] = [Date.now(), (text: string) => io.style('bold', text)]
  io.say(reply.uploads.length === 0 ? 'nothing left this device to be learned from' : 'left this device:')
  if (reply.uploads.length > 0) io.say(table(['WHEN', 'TASK', 'ROUND', 'TO', 'BYTES', 'SHA-256'], reply.uploads.map(({ at, task, round, to, bytes, sha256 }) => [ago(at, now), shortId(task), String(round), shortId(to), size(bytes), sha256.slice(0, 16)]), { width: io.width, head }))
  if (reply.damaged > 0) io.say(`${io.style('yellow', '!')} ${reply.damaged} lines of the log are damaged`)
  io.say(reply.adoptions.length === 0 ? 'no adapter was taken' : 'adapters:')
  if (reply.adoptions.length > 0) io.say(table(['WHEN', '', 'TASK', 'ROUND', 'FROM', 'TO'], reply.adoptions.map(({ at, action, task, round, before, after }) => [ago(at, now), action, shortId(task), String(round), before?.slice(0, 12) ?? 'none', after?.slice(0, 12) ?? 'none']), { width: io.width, head }))
}

async function undo({ client, io }: Session): Promise<void> {
  const undone = await client.request<Adoption>('POST', '/api/federated/undo')
  io.document(undone)
  io.say(`${io.style('green', '✓')} answers ${undone.after === null ? 'without an adapter' : `through ${undone.after.slice(0, 12)}`} again`)
}

async function leave({ client, io }: Session, [named = '']: readonly string[], { forget = false }: { forget?: boolean }): Promise<void> {
  const left = await client.request<{ id: string; name: string; removed: number }>('POST', `/api/federated/tasks/${encodeURIComponent(named)}/leave`, { forget })
  io.document(left)
  io.say(`${io.style('green', '✓')} takes no further part in ${oneLine(left.name)}${forget ? `; ${left.removed} adapters were deleted` : ''}. What was sent is part of what others have.`)
}

function sayTask(io: Session['io'], task: Shown): void {
  const { name, id, consent, others, refusals, candidate, judgement, epsilon } = task
  io.say(`${io.style('bold', oneLine(name))}  ${io.style('dim', shortId(id))}  ${progressLine(task)}`)
  if (consent === 'none') io.say(`  ${io.style('yellow', 'not joined')}  kinmesh federated join ${quoted(name)}`)
  for (const { text } of refusals) io.say(`  ${io.style('yellow', 'not now')}  ${text}`)
  for (const other of others) io.say(`  ${oneLine(other.name)}  ${other.height} rounds${other.connected ? '' : io.style('dim', '  away')}`)
  if (candidate) io.say(`  a new adapter ${io.style('dim', candidate.adapter.slice(0, 12))}: ${candidateText[candidate.stage]}`)
  if (judgement) io.say(`  ${judgement}`)
  if (epsilon) io.say(`  privacy budget: ${epsilon.spent.toFixed(2)} of ${epsilon.budget} spent`)
}

const candidateText = { judge: 'this device is to measure it', wait: 'others measure it first', adopt: 'is about to be taken', refuse: 'is not taken' } as const

function progressLine({ name, height, rounds, round, others }: Shown): string {
  const stage = !round || height >= rounds ? '' : `, round ${round.number + 1}: ${round.stage}${round.contributions === null ? '' : ` (${round.contributions} of ${others.length + 1} in)`}${round.code === undefined ? '' : ` (${round.code})`}`
  return `${oneLine(name)}: ${height} of ${rounds} rounds${stage}`
}

function isUnderWay({ consent, height, rounds, candidate }: Shown): boolean {
  return consent === 'given' && (height < rounds || (candidate !== null && candidate.stage !== 'wait'))
}

function hasAllowances({ idle, battery, metered }: Allowing): boolean {
  return idle !== undefined || battery !== undefined || metered !== undefined
}

function allowances({ idle, battery, metered }: Allowing): object {
  return { idleMinutes: idle, onBattery: battery, onMetered: metered }
}

function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(oneLine(name))
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number above 0')
  return value
}

function above0(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('a number above 0')
  return value
}

function minutes(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value))) throw new InvalidArgumentError('minutes, 0 or more')
  return value
}
