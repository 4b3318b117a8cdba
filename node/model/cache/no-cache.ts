import type { FileCache } from './file-cache.ts'

/** Nothing is kept for the next time: files are there as long as this object is. */
export function noCache(): FileCache {
  const files = new Map<string, Blob>()
  return {
    keptIn: 'nowhere',
    resumes: false,
    names: async () => [...files.keys()],
    read: async name => files.get(name),
    async write(name) {
      let parts: Uint8Array<ArrayBuffer>[] = []
      return {
        async add(bytes) {
          parts.push(bytes)
        },
        async finish() {
          files.set(name, new Blob(parts))
          parts = []
        },
        async leave() {
          parts = []
        }
      }
    },
    remove: async name => void files.delete(name)
  }
}
