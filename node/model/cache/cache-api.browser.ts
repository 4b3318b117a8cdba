import { cacheError } from './cache-errors.ts'
import type { FileCache } from './file-cache.ts'

/** In the cache of a page's requests (https://w3c.github.io/ServiceWorker/#cache-interface). A file is there whole or not at all. @throws KinmeshError `StoreFailed` */
export async function openCacheApi(folder: string): Promise<FileCache> {
  const cache = await caches.open(folder).catch(failed)
  // Nobody ever asks the network for these.
  const address = (name: string) => new URL(`/${folder}/${name}`, location.origin).href
  return {
    keptIn: 'cache',
    resumes: false,
    names: async () => (await cache.keys()).map(({ url }) => url.slice(url.lastIndexOf('/') + 1)),
    read: async name => (await cache.match(address(name)))?.blob(),
    async write(name) {
      const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>()
      const writer = writable.getWriter()
      const put = cache.put(address(name), new Response(readable))
      // Its failure is told by whatever comes next.
      put.catch(() => undefined)
      const orFailed = async (work: Promise<unknown>) => {
        await Promise.race([work, put.then(() => work)]).catch(failed)
      }
      return {
        add: bytes => orFailed(writer.write(bytes)),
        async finish() {
          await orFailed(writer.close())
          await put.catch(failed)
        },
        async leave() {
          await writer.abort(new Error('left')).catch(() => undefined)
          await put.catch(() => undefined)
        }
      }
    },
    remove: async name => void (await cache.delete(address(name)).catch(failed))
  }
}

function failed(cause: unknown): never {
  throw cacheError(cause)
}
