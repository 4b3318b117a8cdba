import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MemoryNet, startDevice, startMesh, textsOf, until, untilSynced } from './devices.fixtures.ts'

test('what one device remembers appears on the others, and synced is said only then', async () => {
  const net = new MemoryNet()
  const devices = await startMesh(net, 'laptop', 'mini', 'phone')
  const [laptop, mini, phone] = devices as [typeof devices[0] & object, typeof devices[0] & object, typeof devices[0] & object]
  await laptop.personal.put({ text: 'the key is under the mat' })
  await until('the mini PC has it', () => textsOf(mini).length === 1)
  await mini.personal.put({ text: 'milk' })
  await untilSynced(laptop, mini, phone)
  assert.equal(textsOf(phone), ['milk', 'the key is under the mat'])
  for (const device of devices) await device.stop()
})

test.run()
