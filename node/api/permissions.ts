import * as v from 'valibot'
import { personAnswers } from '../agent/tools/tool.ts'
import { route, type Route } from './route.ts'
import { doneSchema, idSchema } from './schemas.ts'

const permissionSchema = v.object({ id: v.string(), tool: v.string(), hash: v.string(), shown: v.string(), device: v.string(), at: v.number() })
const hashSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex'))
const offeredSchema = v.object({ name: v.string(), hash: v.string(), from: v.string(), shown: v.string(), allowed: v.boolean(), told: v.boolean() })

export const permissionRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/tools',
    summary: 'Tools that MCP servers and skills offer here now. `hash` names all that a tool is; `from` and `shown` are words of who made it; `told`: there is room to tell the model of it.',
    reply: v.object({ tools: v.array(offeredSchema) }),
    handle: async ({ toolbox }) => ({ tools: await toolbox.offered() })
  }),
  route({
    method: 'get',
    path: '/api/permissions',
    summary: 'What a person allowed tools to do, on all of their devices.',
    reply: v.object({ permissions: v.array(permissionSchema) }),
    handle: async ({ permissions }) => ({ permissions: permissions.list() })
  }),
  route({
    method: 'post',
    path: '/api/permissions',
    summary: 'A person allows a tool that they saw: as it is (`hash`), on all of their devices, until they revoke it.',
    body: v.strictObject({ tool: idSchema, hash: hashSchema }),
    reply: permissionSchema,
    handle: ({ toolbox }, { body: { tool, hash } }) => toolbox.allow(tool, hash)
  }),
  route({
    method: 'delete',
    path: '/api/permissions/:named',
    summary: 'Take back all that is allowed to a tool: by its name, or by the id of a permission.',
    reply: v.object({ revoked: v.array(permissionSchema) }),
    handle: async ({ permissions }, { params: { named = '' } }) => ({ revoked: await permissions.revoke(named) })
  }),
  route({
    method: 'post',
    path: '/api/permissions/asked/:ref',
    summary: 'What a person says to a question of /api/ask/stream: allow the tool always, once, or not.',
    body: v.strictObject({ answer: v.picklist(personAnswers) }),
    reply: doneSchema,
    async handle({ questions }, { params: { ref = '' }, body: { answer } }) {
      questions.answer(ref, answer)
      return { done: true as const }
    }
  })
]
