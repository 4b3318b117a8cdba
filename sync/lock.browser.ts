import { KinmeshError } from '../mesh/errors.ts'

/**
 * Takes a Web Lock for this tab; returns what lets it go. The browser lets it go by itself when the tab ends, however it ends.
 * `wait`: wait for it until the signal says to give up. @throws KinmeshError `HomeInUse` · `InsecurePage`
 */
export async function takeLock(name: string, wait: AbortSignal | undefined): Promise<() => void> {
  // Only pages from https or from this machine itself have locks (and keys that the browser makes).
  if (!('locks' in navigator)) throw new KinmeshError('InsecurePage', 'this page came over plain http from another machine, where a browser can keep no device: open it over https, or on the machine that serves it')
  const taken = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const hold = (lock: Lock | null): Promise<void> | undefined => {
    if (!lock) {
      taken.reject(inUse())
      return undefined
    }
    taken.resolve()
    return released.promise
  }
  navigator.locks.request(name, wait ? { signal: wait } : { ifAvailable: true }, hold).catch((cause: unknown) => taken.reject(inUse(cause)))
  await taken.promise
  return () => released.resolve()
}

function inUse(cause?: unknown): KinmeshError {
  return new KinmeshError('HomeInUse', 'another tab of this browser has this device open: use that tab, or close it and reload this page', { cause })
}
