// What only workers of a browser have, and the DOM library leaves out (the library for workers contradicts it).

/** https://www.w3.org/TR/FileAPI/#FileReaderSync */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer
}

/** https://fs.spec.whatwg.org/#api-filesystemsyncaccesshandle */
interface FileSystemSyncAccessHandle {
  write(bytes: Uint8Array, options: { at: number }): number
  truncate(bytes: number): void
  flush(): void
  close(): void
}

interface FileSystemFileHandle {
  createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle>
  /** Another name in the same folder, in the place of what had it. In all browsers, and not in the standard yet (https://github.com/whatwg/fs/pull/10). */
  move(name: string): Promise<void>
}

/** GiB, rounded, where a browser tells (https://www.w3.org/TR/device-memory/). */
interface Navigator {
  readonly deviceMemory?: number
}
