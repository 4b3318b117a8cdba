import * as v from 'valibot'
import type { Skill } from '../agent/skills/skills.ts'
import { route, type Route } from './route.ts'
import { doneSchema } from './schemas.ts'

const texts = v.array(v.string())
const skillSchema = v.object({ name: v.string(), description: v.string(), capabilities: v.object({ read: texts, network: texts, run: texts }), scripts: texts, tools: texts, isolated: v.boolean(), problem: v.nullable(v.string()) })

export const skillRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/skills',
    summary: 'The skills of this device.',
    reply: v.object({ skills: v.array(skillSchema) }),
    handle: async ({ skills }) => ({ skills: (await skills.list()).map(sent) })
  }),
  route({
    method: 'post',
    path: '/api/skills',
    summary: 'Take over a copy of a folder on this machine that holds a SKILL.md. Its tools wait for permission.',
    body: v.strictObject({ folder: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)) }),
    reply: skillSchema,
    handle: async ({ skills }, { body: { folder } }) => sent(await skills.add(folder))
  }),
  route({
    method: 'delete',
    path: '/api/skills/:name',
    summary: 'Remove a skill. What was allowed to its tools stays until it is revoked.',
    reply: doneSchema,
    async handle({ skills }, { params: { name = '' } }) {
      await skills.remove(name)
      return { done: true as const }
    }
  })
]

function sent({ capabilities: { read, network, run }, scripts, tools, ...skill }: Skill): v.InferInput<typeof skillSchema> {
  return { ...skill, capabilities: { read: [...read], network: [...network], run: [...run] }, scripts: [...scripts], tools: [...tools] }
}
