import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Device, startDevice } from '../device.ts'
import { withTempDir } from '../testing/temp.node.ts'

type Body = { list: string; items: string[]; removed: number; lists: { list: string; items: string[] }[]; reminders: { id: string; text: string; kind: string }[]; forgotten: { text: string }; id: string; error: { code: string } }

function withDevice(work: (call: (method: string, path: string, body?: unknown) => Promise<Body>, device: Device) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const device = await startDevice({ home: dir, online: false })
    const request = (method: string, path: string, body?: unknown) => new Request(`http://127.0.0.1${path}`, { method, headers: { authorization: `Bearer ${device.token}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    try {
      await work(async (method, path, body) => (await (await device.fetch(request(method, path, body))).json()) as Body, device)
    } finally {
      await device.stop()
    }
  })
}

test('lists', () => withDevice(async call => {
  assert.equal(await call('POST', '/api/lists/add', { list: 'shopping', items: ['milk', 'two lemons'] }), { list: 'shopping', items: ['milk', 'two lemons'] })
  assert.equal(await call('POST', '/api/lists/remove', { list: 'Shopping', items: ['MILK', 'bread'] }), { list: 'Shopping', items: ['two lemons'], removed: 1 })
  await call('POST', '/api/lists/add', { list: 'party', items: ['cake'] })
  assert.equal((await call('GET', '/api/lists')).lists, [{ list: 'shopping', items: ['two lemons'] }, { list: 'party', items: ['cake'] }])
  for (const body of [{ list: 'x', items: [] }, { list: 'x' }, { list: ' ', items: ['a'] }, { list: 'x'.repeat(300), items: ['a'] }, { list: 'x', items: [' '] }]) assert.ok((await call('POST', '/api/lists/add', body)).error, JSON.stringify(body))
  assert.is((await call('GET', '/api/lists')).lists.length, 2)
}))

test('a reminder waits, and is told to whoever reads what falls due', () => withDevice(async (call, device) => {
  const leave = new AbortController()
  const response = await device.fetch(new Request('http://127.0.0.1/api/reminders/due', { headers: { authorization: `Bearer ${device.token}` }, signal: leave.signal }))
  const told: string[] = []
  const reading = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      told.push(...chunk.split('\n').filter(line => line.trim() !== '').map(line => (JSON.parse(line) as { text: string }).text))
      if (told.length > 0) return
    }
  })()
  const { id } = await call('POST', '/api/reminders', { text: 'call my sister', when: 'tomorrow at 5' })
  await call('POST', '/api/reminders', { text: 'stretch', when: 'in 1 second' })
  await call('POST', '/api/reminders', { text: 'eggs', when: '12 minutes', kind: 'timer' })
  await reading
  leave.abort()
  assert.equal(told, ['stretch'])
  assert.equal((await call('GET', '/api/reminders')).reminders.map(({ text, kind }) => [text, kind]), [['eggs', 'timer'], ['call my sister', 'reminder']])
  assert.is((await call('DELETE', `/api/reminders/${id}`)).forgotten.text, 'call my sister')
  const codes = []
  for (const [method, path, body] of [['DELETE', `/api/reminders/${id}`], ['POST', '/api/reminders', { text: 'x', when: 'soon' }], ['POST', '/api/reminders', { text: 'x', when: 'yesterday at 5' }], ['POST', '/api/reminders', { text: ' ', when: 'tomorrow' }]] as const) codes.push((await call(method, path, body)).error.code)
  assert.equal(codes, ['NoSuchReminder', 'NotUnderstood', 'TimeInPast', 'InvalidText'])
}))

test.run()
