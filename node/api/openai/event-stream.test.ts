import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { eventStream } from './event-stream.ts'
import { WaitingText, maxWaitingChars } from './waiting-text.ts'

async function* count(asked: number[] = []): AsyncGenerator<string, void> {
  for (let index = 0; ; index++) {
    asked.push(index)
    yield `${index} `
  }
}

test('a reader that takes nothing ends the stream, and is waited for no longer', async () => {
  const [asked, ended] = [[] as number[], Promise.withResolvers<void>()]
  let ends = 0
  const reader = eventStream(count(asked), () => { ends++; ended.resolve() }, { stalledAfterMs: 1 }).getReader()
  await ended.promise
  assert.ok(asked.length <= 2, `${asked.length} were made for nobody`)
  await rejects(reader.read(), (error: unknown) => isKinmeshError(error, 'ClientStalled'))
  await reader.cancel().catch(() => undefined)
  assert.is(ends, 1)
})

test('a reader that leaves ends it too, also while nothing comes', async () => {
  for (const silent of [false, true]) {
    let ends = 0
    const source: AsyncIterator<string, unknown> = silent ? { next: () => new Promise(() => undefined) } : count()
    const reader = eventStream(source, () => ends++).getReader()
    if (!silent) assert.is(new TextDecoder().decode((await reader.read()).value), '0 ')
    await reader.cancel()
    assert.is(ends, 1)
  }
})

test('text that waits becomes one piece, has a bound, and what follows it comes last', async () => {
  const waiting = new WaitingText<string>()
  assert.is(waiting.take(), undefined)
  assert.is(await waiting.something(1), false)
  const something = waiting.something(60_000)
  for (const piece of ['a', '', 'b']) assert.ok(waiting.say(piece))
  assert.is(await something, true)
  waiting.end('the end')
  waiting.fail(new Error('too late'))
  assert.equal([waiting.take(), waiting.take(), waiting.said], [{ text: 'ab' }, { end: 'the end' }, 2])
  const full = new WaitingText<string>()
  assert.equal([full.say('x'.repeat(maxWaitingChars)), full.say('y')], [true, false])
  full.fail(new Error('broken'))
  full.checkBegun()
  assert.is((full.take() as { text: string }).text.length, maxWaitingChars)
  assert.throws(() => full.take(), 'broken')
})

test.run()
