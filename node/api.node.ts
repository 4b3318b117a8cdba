import { createAdaptorServer } from '@hono/node-server'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KinmeshError } from '../mesh/errors.ts'

export type ApiServer = { readonly url: string; readonly port: number; close(): Promise<void> }

const loopback = '127.0.0.1'

/** Answers on loopback only. @throws KinmeshError `PortInUse` */
export async function listen(fetch: (request: Request) => Response | Promise<Response>, port: number): Promise<ApiServer> {
  const server = createAdaptorServer({ fetch }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause => {
      reject(listenError(cause, port))
    })
    server.listen(port, loopback, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    port: taken,
    url: `http://${loopback}:${taken}`,
    async close() {
      const closed = new Promise<void>(resolve => void server.close(() => resolve()))
      server.closeAllConnections() // streams would keep it open for ever
      await closed
    }
  }
}

function listenError(cause: Error, port: number): KinmeshError {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  if (code === 'EADDRINUSE') return new KinmeshError('PortInUse', `port ${port} is in use by another program: choose another one with --port, or --port 0 for any free one`, { cause })
  return new KinmeshError('PortUnusable', `cannot listen on port ${port} (${code ?? cause.message}): choose another one with --port`, { cause })
}
