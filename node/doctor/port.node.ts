import { once } from 'node:events'
import { createServer } from 'node:net'
import { fail, ok, warn, type Check } from './check.ts'
import { tcpTarget, tryTcp } from './reach.node.ts'

export type Ports = {
  /** Where the API answers; undefined when the device does not run. */
  api: string | undefined
  /** Where the running device listens; undefined when it does not run. */
  addrs: readonly string[] | undefined
  /** TCP ports that it will need when it starts; none for any free ones. */
  wanted: readonly number[]
}

/** Knocks at each of this device's own doors, or sees whether they are free for it. */
export async function checkPort({ api, addrs, wanted }: Ports): Promise<Check> {
  if (!addrs) {
    const taken = (await Promise.all(wanted.map(async port => ((await isFree(port)) ? [] : [port])))).flat()
    if (taken.length > 0) return fail('port', `in use by another program: ${taken.join(', ')}`, 'end that program, or choose other ports: kinmesh up --port')
    return warn('port', 'not running: other devices cannot reach it', 'kinmesh up')
  }
  const tries = await Promise.all(addrs.flatMap(addr => tcpTarget(addr) ?? []).map(tryTcp))
  const closed = tries.filter(({ reach }) => reach !== 'open')
  if (closed.length > 0) {
    const list = closed.map(({ host, port }) => `${host} port ${port}`).join(', ')
    return fail('port', `closed to this device itself: ${list}`, 'allow these TCP ports, and the next one up for UDP, in the firewall of this device')
  }
  const ports = [...new Set(tries.map(({ port }) => port))]
  return ok('port', `open: TCP ${ports.join(', ')}${api === undefined ? '' : `; API ${api}`}`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen({ port, exclusive: true })
    await once(server, 'listening')
    return true
  } catch {
    return false // whatever keeps this one from listening keeps a device from it
  } finally {
    server.close()
  }
}
