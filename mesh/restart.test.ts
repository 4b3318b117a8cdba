import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nextFrame } from './channel.ts'
import { bytesOf, connected, Devices, freePorts, memoryBook } from './mesh.fixtures.ts'
import { identityNamed } from './membership.fixtures.ts'

// In processes of their own, as a device restarts: the native webrtc-direct listener lets go of its port only then.
const script = fileURLToPath(new URL('testing/device-process.ts', import.meta.url))
type Running = { process: ChildProcess; id: string; addrs: string[]; certificate: string }
const processes = new Set<ChildProcess>()
const devices = new Devices()

test.after.each(async () => {
  await devices.stopAll()
  await Promise.all([...processes].map(kill))
})

async function start(options: { name: string; port: number; members: string[]; certificate?: string }): Promise<Running> {
  const child = spawn(process.execPath, ['-C', 'development', script, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] })
  processes.add(child)
  const { value: line } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next() as { value: string }
  return { process: child, ...(JSON.parse(line) as Omit<Running, 'process'>) }
}

function kill(child: ChildProcess): Promise<void> {
  processes.delete(child)
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

for (const transport of ['tcp', 'ws', 'webrtc-direct']) {
  test(`a device killed and started again has the same addresses, and is found again by itself over ${transport}`, async () => {
    const members = [identityNamed('a').id, identityNamed('b').id]
    const port = await freePorts()
    const first = await start({ name: 'a', port, members })
    assert.is(first.addrs.length, 3)
    const addr = first.addrs.find(one => (transport === 'tcp' ? /\/tcp\/\d+\/p2p/.test(one) : one.includes(`/${transport}/`)))!
    const b = await devices.start('b', { webrtc: transport === 'webrtc-direct', addressBook: memoryBook({ [first.id]: [addr] }) })
    b.setMembers(new Set(members))
    await connected(b, first.id)
    const lost = connected(b, first.id, false)
    await kill(first.process)
    await lost
    assert.ok(Date.now() - b.peers()[0]!.lastSeen < 60_000)
    const back = connected(b, first.id)
    const again = await start({ name: 'a', port, members, certificate: first.certificate })
    assert.equal(again.addrs, first.addrs)
    await back
    const channel = await b.open(first.id, '/test/echo/1')
    await channel.send(bytesOf('again'))
    assert.equal(await nextFrame(channel), bytesOf('again'))
  })
}

test.run()
