import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Device, startDevice } from '../../device.ts'
import { forgetEverywhere } from '../../forgetting.ts'
import { withTempDir } from '../../testing/temp.node.ts'

const start = (home: string, name: string) => startDevice({ home, name, port: 0, host: '127.0.0.1', mdns: false, webrtc: false, model: null })

/** Resolves when `wanted` holds, looking at every change of the spaces and peers of the device. */
async function until({ sync }: Device, wanted: () => boolean): Promise<void> {
  while (!wanted()) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stops = [sync.onPeers(resolve), ...sync.spaces().map(space => space.subscribe(() => resolve()))]
    await promise
    for (const stop of stops) stop()
  }
}

const texts = ({ sync }: Device) => sync.space('personal').list().map(({ value }) => `${String(value['text'])}${value['validTo'] === undefined ? '' : ' (past)'}`).sort()

test('told on one, asked on another, corrected on the third; forgotten on all, and those that are away are named', () => withTempDir(async dir => {
  const devices = await Promise.all(['laptop', 'phone', 'mini'].map(name => start(join(dir, name), name)))
  const [laptop, phone, mini] = devices as [Device, Device, Device]
  try {
    for (const other of [phone, mini]) {
      const invite = await laptop.pairing.invite({ unattended: true })
      await other.pairing.join(invite.uri, { signal: AbortSignal.timeout(60_000), onProgress() {} })
    }
    const say = async (device: Device, text: string) => {
      const answer = await device.assistant.ask(text)
      await device.learner.idle()
      return answer.text
    }
    await say(laptop, 'Hi! My sister lives in Lisbon.')
    await until(phone, () => texts(phone).length === 1)
    assert.match(await say(phone, 'where does my sister live?'), 'My sister lives in Lisbon')
    await until(mini, () => texts(mini).length === 1)
    await say(mini, 'My sister moved to Porto.')
    const both = ['My sister lives in Lisbon (past)', 'My sister moved to Porto']
    for (const device of devices) await until(device, () => texts(device).length === 2 && texts(device).join() === both.join())
    assert.match(await say(laptop, 'where does my sister live?'), /^From memory:\n- My sister moved to Porto \(/)
    // The same words elsewhere, after they came from there.
    await say(phone, 'My sister moved to Porto.')
    assert.equal(texts(phone), both)

    const porto = laptop.sync.space('personal').list().find(({ value }) => value['validTo'] === undefined)
    const forgotten = await forgetEverywhere(laptop, porto?.id ?? '')
    assert.equal([forgotten.forgotten.text, [...forgotten.gone].sort(), forgotten.waiting], ['My sister moved to Porto', ['mini', 'phone'], []])
    assert.equal([phone, mini].map(texts), [['My sister lives in Lisbon (past)'], ['My sister lives in Lisbon (past)']])
    assert.equal(await phone.recall.recall('Porto', 5, { everything: true }), [])

    await mini.stop()
    await until(laptop, () => laptop.sync.peers().some(({ name, connected }) => name === 'mini' && !connected))
    const lisbon = laptop.sync.space('personal').list()[0]
    const later = await forgetEverywhere(laptop, lisbon?.id ?? '')
    assert.equal([later.gone, later.waiting], [['phone'], ['mini']])
  } finally {
    await Promise.all(devices.map(device => device.stop()))
  }
}))

test('a turn that was not looked at when the device ended is looked at when it runs again, once', () => withTempDir(async home => {
  const first = await start(home, 'laptop')
  // As a crash leaves it: said and stored, and nothing more.
  first.conversations.append('talk', 'user', 'I live in Rome.', Date.now(), { space: undefined })
  first.conversations.append('talk', 'assistant', 'Good to know.', Date.now())
  await first.stop()
  const again = await start(home, 'laptop')
  await again.learner.idle()
  assert.equal([texts(again), again.conversations.toLearn()], [['I live in Rome'], []])
  await again.stop()
}))

test('turned off it stays off at the next start', () => withTempDir(async home => {
  const first = await start(home, 'laptop')
  await first.learner.turn(false)
  await first.stop()
  const again = await start(home, 'laptop')
  await again.assistant.ask('I live in Rome.')
  await again.learner.idle()
  assert.equal([again.learner.isOn, texts(again)], [false, []])
  await again.stop()
}))

test.run()
