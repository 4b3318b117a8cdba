import { createMesh } from '../../../../mesh/mesh.ts'
import { memoryBook } from '../../../../mesh/mesh.fixtures.ts'
import { identityNamed } from '../../../../mesh/membership.fixtures.ts'
import { silentLogger } from '../../../../mesh/log.ts'
import { openModelShare } from '../share.node.ts'
import { plainPull, wantedTiny } from '../share.fixtures.ts'

// A device of its own that gets a model from another one, for tests that end it: `puller DIR NAME PEER ADDRESS`. It tells on stdout how far it is.

const [, , dir = '', name = '', peer = '', address = ''] = process.argv
const mesh = await createMesh({ identity: identityNamed(name), name, place: 'test', port: 0, host: '127.0.0.1', addressBook: memoryBook({ [peer]: [address] }), mdns: false, webrtc: false })
const connected = new Promise<void>(resolve => mesh.onPeer((_, isConnected) => isConnected && resolve()))
mesh.setMembers(new Set([peer, mesh.identity.id]))
await connected
const share = openModelShare({ dir, mesh, devices: () => [peer], log: silentLogger })
const pulled = await share.pull(wantedTiny, { ...plainPull, onProgress: ({ phase, bytes }) => void process.stdout.write(`${phase} ${bytes}\n`) })
process.stdout.write(`is ${pulled?.model.id}\n`)
await share.stop()
await mesh.stop()
