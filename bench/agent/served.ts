import { connectTo } from '../../clients/cli/client.node.ts'
import { readToken } from '../../node/home.node.ts'
import { startUp } from '../device/process.ts'
import { type Row, row } from '../report.ts'
import { settled } from '../settled.ts'
import { median, quantile } from '../statistics.ts'
import { residentMB } from '../sync/large.ts'
import { maxTokens, memoryCount, memoryText, question } from './questions.ts'

const sessions = 3
/** Of memories that are told, so that they take part of a commit each. */
const tellers = 32

/** `kinmesh up` with the model of its home: its memory at rest, and what it answers over HTTP to three programs that ask one question after the other. */
export async function served(home: string, seconds: number): Promise<Row[]> {
  const up = await startUp(home)
  try {
    const device = connectTo(home, up.api)
    // Waits for the one that is being loaded.
    const { model } = await device.request<{ model: string | null }>('POST', '/api/model/reload')
    if (model === null) throw new Error('the device answers without its model')
    const rest = row('rss_idle', await settled(() => residentMB(home, up.api)), 'MB')
    let told = 0
    await Promise.all(Array.from({ length: tellers }, async () => {
      while (told < memoryCount) await device.request('POST', '/api/memories', { text: memoryText(told++) })
    }))
    const token = readToken(home)
    const times: number[] = []
    let [asked, errors] = [0, 0]
    const ask = async () => {
      const from = performance.now()
      const response = await fetch(`${up.api}/v1/chat/completions`, {
        method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'kinmesh', max_tokens: maxTokens, temperature: 0, messages: [{ role: 'user', content: question(asked++ % memoryCount) }] })
      })
      await response.text()
      if (response.ok) times.push(performance.now() - from)
      else errors++
    }
    await ask() // the first one compiles
    times.length = 0
    const from = performance.now()
    await Promise.all(Array.from({ length: sessions }, async () => {
      while (performance.now() - from < seconds * 1000) await ask()
    }))
    const elapsed = (performance.now() - from) / 1000
    const variant = `${sessions} sessions`
    return [
      row('requests', times.length / elapsed, 'per s', variant), row('request_p50', median(times), 'ms', variant), row('request_p95', quantile(times, 0.95), 'ms', variant), row('errors', errors, 'count', variant),
      rest, row('rss', await residentMB(home, up.api), 'MB', `after ${variant}`)
    ]
  } finally {
    await up.stop()
  }
}
