import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { realTimers } from './timers.ts'
import { nextTurn as inPage } from './turn.browser.ts'
import { nextTurn as inNode } from './turn.node.ts'

const many = 50

for (const [where, nextTurn] of [['Node.js', inNode], ['a page', inPage]] as const) {
  test(`the next turn comes after what is due now, and without the millisecond of a timer, in ${where}`, async () => {
    const order: string[] = []
    const turned = new Promise<void>(resolve => {
      nextTurn(() => {
        order.push('turn')
        resolve()
      })
    })
    await Promise.resolve().then(() => order.push('microtask'))
    await turned
    assert.equal(order, ['microtask', 'turn'])
    let timedOut = 0
    const timer = setInterval(() => timedOut++, 1)
    for (let turn = 0; turn < many; turn++) await new Promise<void>(resolve => void nextTurn(resolve))
    clearInterval(timer)
    assert.ok(timedOut < many / 2, `${timedOut} milliseconds in ${many} turns`)
  })

  test(`a turn that was called off does not come, in ${where}`, async () => {
    let called = 0
    nextTurn(() => called++)()
    for (let turn = 0; turn < 3; turn++) await new Promise<void>(resolve => void nextTurn(resolve))
    assert.is(called, 0)
  })
}

test('timers of no delay are turns, and are cleared like the others', async () => {
  const acted: string[] = []
  const cleared = [realTimers.set(() => acted.push('turn that was cleared'), 0), realTimers.set(() => acted.push('timer that was cleared'), 1)]
  for (const handle of cleared) realTimers.clear(handle)
  realTimers.clear(undefined)
  await new Promise<void>(resolve => void realTimers.set(resolve, 0))
  await new Promise<void>(resolve => void realTimers.set(resolve, 5))
  assert.equal(acted, [])
})

test.run()
