import { join } from 'node:path'
import OpenAI from 'openai'
import { silentLogger, type Logger } from '../../../mesh/log.ts'
import { type Device, startDevice } from '../../device.ts'
import type { Generated, Message, Model, TextOptions } from '../../model.ts'
import { convertFiles } from '../../model/convert.node.ts'
import { publishedEncoder, writeEncoder } from '../../model/encoder/encoder.fixtures.ts'
import { publishedModel, writeModel } from '../../model/published-model.fixtures.ts'
import { manifestOf, sha256Of } from '../../model/store/model.fixtures.ts'
import { openModelStore } from '../../model/store/store.node.ts'
import { withTempDir } from '../../testing/temp.node.ts'

export const decoderName = 'someone/tiny'
export const encoderName = 'someone/vectors'

/** A template that knows tools as Qwen's does, shortened. */
const template = '{% if tools %}{% for tool in tools %}{{ tool.function.name }}{% endfor %}<tool_call>{% endif %}{% for m in messages %}<|user|>{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>{{ c.function | tojson }}</tool_call>{% endfor %}{{ m.tool_call_id }}<|end|>{% endfor %}'

/** Puts a tiny model with random weights into a home, and chooses it. */
export async function installDecoder(home: string): Promise<void> {
  const store = await openModelStore(join(home, 'models'))
  const staging = await store.stage()
  const published = writeModel(join(home, '..', 'published'), { ...publishedModel(3), 'tokenizer_config.json': JSON.stringify({ eos_token: '<|end|>', chat_template: template }) })
  const { files } = await convertFiles(published, staging.dir, { bits: 8, block: 32, zeroPoints: false, small: false })
  await store.use((await store.add(staging, manifestOf({}, { name: decoderName, files }))).id)
}

/** The same with an encoder. `seed` makes another one. */
export async function installEncoder(home: string, name = encoderName, seed = 1): Promise<void> {
  const store = await openModelStore(join(home, 'models'))
  const staging = await store.stage()
  const files = publishedEncoder({}, { seed })
  writeEncoder(staging.dir, files)
  const listed = Object.entries(files).map(([path, content]) => ({ path, bytes: Buffer.byteLength(content as Uint8Array), sha256: sha256Of(content) }))
  await store.use((await store.add(staging, manifestOf({}, { name, kind: 'encoder', files: listed }))).id)
}

export type Given = { readonly prepare?: (home: string) => Promise<void>; readonly model?: Model | null; readonly log?: Logger }

/** A device on a loopback port of its own, and OpenAI's client, as it is, which asks it. It does not try again by itself. */
export function withApi({ prepare, model, log = silentLogger }: Given, work: (client: OpenAI, device: Device & { readonly api: string; readonly home: string }) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const home = join(dir, 'home')
    await prepare?.(home)
    const device = await startDevice({ home, port: 0, host: '127.0.0.1', mdns: false, webrtc: false, log, ...(model === undefined ? {} : { model }) })
    try {
      const api = device.api ?? ''
      await work(new OpenAI({ baseURL: `${api}/v1`, apiKey: device.token, maxRetries: 0 }), { ...device, api, home })
    } finally {
      await device.stop()
    }
  })
}

/** A model that says what a test wants. */
export function fakeModel(generate: (messages: readonly Message[], options: TextOptions) => Promise<Partial<Generated>>): Model {
  return { name: 'fake', generate: async (messages, options) => ({ text: '', tokens: { prompt: 1, completion: 1 }, finish: 'end', calls: [], refusals: [], ...(await generate(messages, options)) }) }
}

/** Of a call of the client that has to fail. */
export async function refusal(call: PromiseLike<unknown>): Promise<{ status: number | undefined; code: unknown; param: unknown; message: string; headers: Headers | undefined }> {
  try {
    await call
  } catch (error) {
    if (error instanceof OpenAI.APIError) return { status: error.status as number | undefined, code: error.code, param: error.param, message: error.message, headers: error.headers as Headers | undefined }
    throw error
  }
  throw new Error('it did not fail')
}
