import type { Command } from 'commander'
import type { Reminder } from '../../../node/agent/reminders.ts'
import { checkText } from '../../../node/memory.ts'
import type { Client } from '../client.node.ts'
import type { Io } from '../io.node.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { oneLine, table } from '../show.ts'
import { textOf } from './memories.node.ts'

export function addReminderCommands(program: Command): void {
  program
    .command('remind')
    .description('be reminded once, on the device that you use then')
    .argument('<when>', '"tomorrow at 5", "on Friday at 9:30", "in 20 minutes"')
    .argument('<text...>', 'of what')
    .addHelpText('after', '\nReminders show in kinmesh chat, kinmesh reminders watch, and where kinmesh up runs in a terminal.\n\nExample:\n  kinmesh remind "tomorrow at 5" call my sister')
    .action(withDevice<CommonOptions>('offline', (session, [when = '', ...words]) => set(session, 'reminder', when, textOf(words))))
  program
    .command('timer')
    .description('start a timer, which tells its end on the device that you use then')
    .argument('<duration>', '"10 minutes", "an hour and a half"')
    .argument('[label...]', 'what for')
    .action(withDevice<CommonOptions>('offline', (session, [duration = '', ...label]) => set(session, 'timer', duration, label.length === 0 ? duration : textOf(label))))
  const reminders = program.command('reminders').description('list reminders and timers that wait').action(withDevice('offline', list))
  reminders.command('forget').description('forget one that waits').argument('<id>').action(withDevice('offline', forget))
  reminders.command('watch').description('show what falls due, until Ctrl-C; with --json a line each').action(withDevice('offline', watch))
}

/** Shows reminders to whoever looks at the terminal, until the signal. */
export async function showDue(client: Pick<Client, 'stream'>, signal: AbortSignal, show: (reminder: Reminder) => void): Promise<void> {
  try {
    for await (const reminder of client.stream<Reminder>('GET', '/api/reminders/due', { signal })) show(reminder)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** One line for people. */
export function reminderLine(io: Pick<Io, 'style'>, { kind, text }: Reminder): string {
  return `${io.style('yellow', kind === 'timer' ? '⏱ timer' : '⏰ reminder')}  ${oneLine(text)}`
}

async function set({ client, io }: Session, kind: Reminder['kind'], when: string, text: string): Promise<void> {
  const reminder = await client.request<Reminder>('POST', '/api/reminders', { kind, when: checkText(when), text: checkText(text) })
  io.document(reminder)
  io.say(`${io.style('green', '✓')} ${kind === 'timer' ? 'runs until' : 'set for'} ${shownTime(reminder.due)}  ${io.style('dim', reminder.id)}`)
}

async function list({ client, io }: Session): Promise<void> {
  const { reminders } = await client.request<{ reminders: Reminder[] }>('GET', '/api/reminders')
  io.document({ reminders })
  const rows = reminders.map(({ id, kind, due, text }) => [id, kind, shownTime(due), text])
  io.say(rows.length === 0 ? 'nothing waits: kinmesh remind "tomorrow at 5" call my sister' : table(['ID', 'KIND', 'WHEN', 'TEXT'], rows, { width: io.width, head: text => io.style('bold', text) }))
}

async function forget({ client, io }: Session, [id = '']: readonly string[]): Promise<void> {
  const { forgotten } = await client.request<{ forgotten: Reminder }>('DELETE', `/api/reminders/${encodeURIComponent(id)}`)
  io.document({ id: forgotten.id, forgotten: true })
  io.say(`${io.style('green', '✓')} forgot: ${oneLine(forgotten.text)}`)
}

async function watch({ client, io }: Session): Promise<void> {
  await showDue(client, io.signal, reminder => {
    io.document(reminder)
    io.say(reminderLine(io, reminder))
  })
}

/** Where this terminal is. */
function shownTime(due: number): string {
  return new Intl.DateTimeFormat('en-GB', { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }).format(due)
}
