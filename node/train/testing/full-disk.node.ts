import { type FileHandle, open } from 'node:fs/promises'

/** For tests: every file lets so many bytes be written, as a full disk does, until the function that it gives is called. */
export async function fullDisk(room: number): Promise<() => void> {
  const handle = await open(import.meta.filename)
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const original = Object.getOwnPropertyDescriptor(prototype, 'writeFile')!
  Object.defineProperty(prototype, 'writeFile', {
    ...original,
    async value(this: FileHandle, content: Uint8Array) {
      await this.write(content.subarray(0, room))
      if (content.length > room) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      room -= content.length
    }
  })
  return () => Object.defineProperty(prototype, 'writeFile', original)
}
