import { createServer } from 'node:net'

/** A device takes the port of its API and the three after it. */
const portsPerDevice = 4
/** Below those that the system gives out by itself on Linux, macOS and Windows. */
const [lowest, highest] = [12_000, 32_000]

/** Ports that are free now and stay with a home, as those of a real device do: the others find it again where it was. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const port = lowest + portsPerDevice * Math.floor((Math.random() * (highest - lowest)) / portsPerDevice)
    const free = await Promise.all(Array.from({ length: portsPerDevice }, (_, n) => isFree(port + n)))
    if (free.every(Boolean)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
