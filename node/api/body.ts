import type { Context } from 'hono'
import { KinmeshError, isKinmeshError } from '../../mesh/errors.ts'

/** The body of a request. @throws KinmeshError `InvalidText` · `BadRequest` · `BodyTooLarge` */
export async function jsonOf(c: Context): Promise<unknown> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await c.req.arrayBuffer())
  } catch (cause) {
    if (isKinmeshError(cause)) throw cause
    throw new KinmeshError('InvalidText', 'the request is not valid UTF-8', { cause })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new KinmeshError('BadRequest', 'the request is not JSON', { cause })
  }
}
