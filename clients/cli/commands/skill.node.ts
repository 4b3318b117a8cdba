import type { Command } from 'commander'
import { resolve } from 'node:path'
import type { Skill } from '../../../node/agent/skills/skills.ts'
import { withDevice, type CommonOptions, type Session } from '../session.node.ts'
import { oneLine } from '../show.ts'

export function addSkillCommands(program: Command): void {
  const skill = program.command('skill').description('skills: folders with a SKILL.md, whose instructions and scripts the assistant may use once you allow them')
  skill
    .command('add')
    .description('take over a copy of a folder that holds a SKILL.md')
    .argument('<folder>')
    .addHelpText('after', '\nScripts in JavaScript run under the permission model of Node, with what the skill declares; those for other programs may do all that you can.\nNothing of a skill is used before you allow it: in kinmesh chat, or with kinmesh permissions allow.')
    .action(withDevice<CommonOptions>('offline', (session, [folder = '']) => add(session, folder)))
  skill.command('list').description('the skills of this device, and what they declare').action(withDevice('offline', list))
  skill.command('remove').description('remove a skill').argument('<name>').action(withDevice('offline', remove))
}

async function add({ client, io }: Session, folder: string): Promise<void> {
  const skill = await client.request<Skill>('POST', '/api/skills', { folder: resolve(folder) })
  io.document(skill)
  say({ io }, skill)
}

async function list({ client, io }: Session): Promise<void> {
  const { skills } = await client.request<{ skills: Skill[] }>('GET', '/api/skills')
  io.document({ skills })
  if (skills.length === 0) io.say('there is no skill: kinmesh skill add FOLDER')
  for (const skill of skills) say({ io }, skill)
}

async function remove({ client, io }: Session, [name = '']: readonly string[]): Promise<void> {
  await client.request('DELETE', `/api/skills/${encodeURIComponent(name)}`)
  io.document({ name, removed: true })
  io.say(`${io.style('green', '✓')} removed`)
}

function say({ io }: Pick<Session, 'io'>, { name, description, capabilities, scripts, problem }: Skill): void {
  io.say(`${io.style('bold', oneLine(name))}  ${oneLine(description)}`)
  if (problem !== null) io.say(`  ${io.style('yellow', '!')} ${oneLine(problem)}`)
  if (scripts.length > 0) io.say(`  scripts  ${scripts.map(oneLine).join(', ')}`)
  for (const [what, values] of Object.entries(capabilities)) if (values.length > 0) io.say(`  ${what.padEnd(7)}  ${values.map(oneLine).join(', ')}`)
}
