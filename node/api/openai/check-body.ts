import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Schema } from '../route.ts'
import { ParamError } from './errors.ts'

/** A body that passed its schema. Null at the top is as if it were not there, as OpenAI has it. @throws KinmeshError `BadRequest` · `UnknownParameter` · `UnsupportedParameter` */
export function checkBody<S extends Schema>(schema: S, body: unknown, unsupported: ReadonlySet<string>): v.InferOutput<S> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new KinmeshError('BadRequest', 'the request is a JSON object')
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
  const other = Object.keys(given).find(name => unsupported.has(name))
  if (other !== undefined) throw new ParamError(other, 'is not supported by the models here: leave it out', 'UnsupportedParameter')
  const result = v.safeParse(schema, given)
  if (result.success) return result.output
  const [issue] = result.issues
  const param = (v.getDotPath(issue) ?? 'the request').replaceAll(/\.(\d+)/g, '[$1]')
  if (issue.type === 'strict_object' && issue.expected === 'never') throw new ParamError(param, 'is not known: leave it out', 'UnknownParameter')
  throw new ParamError(param, issue.received === 'undefined' ? 'is missing' : issue.message.replaceAll('\n', ' ').slice(0, 300))
}
