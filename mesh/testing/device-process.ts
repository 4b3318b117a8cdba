import { identityNamed } from '../membership.fixtures.ts'
import { memoryBook } from '../mesh.fixtures.ts'
import { createMesh } from '../mesh.ts'

/** A device in a process of its own, to be killed: `node device-process.ts '{"name", "port", "members", "certificate"?}'`. Prints one line of JSON when it listens. */
const { name, port, members, certificate } = JSON.parse(process.argv[2]!) as { name: string; port: number; members: string[]; certificate?: string }
let kept = certificate === undefined ? undefined : Uint8Array.from(Buffer.from(certificate, 'hex'))

const mesh = await createMesh({
  identity: identityNamed(name), name, place: 'test', port, host: '127.0.0.1', mdns: false, addressBook: memoryBook(),
  certificate: { load: async () => kept, save: async bytes => void (kept = Uint8Array.from(bytes)) }
})
mesh.handle('/test/echo/1', async channel => {
  for await (const frame of channel.frames) await channel.send(frame)
})
mesh.setMembers(new Set(members))
console.log(JSON.stringify({ id: mesh.identity.id, addrs: mesh.addrs(), certificate: Buffer.from(kept!).toString('hex') }))
// Without its parent it has no purpose.
process.stdin.on('end', () => process.exit()).resume()
