/** Files that a page keeps for the next time, by names without slashes. */
export interface FileCache {
  readonly keptIn: 'opfs' | 'cache' | 'nowhere'
  /** Whether a write that ended early can be taken up again. */
  readonly resumes: boolean
  names(): Promise<string[]>
  /** What is there, whole or not. */
  read(name: string): Promise<Blob | undefined>
  /** Writes on after the first `from` bytes of what is there; from 0, a new file. */
  write(name: string, from: number): Promise<FileWrite>
  remove(name: string): Promise<void>
}

export interface FileWrite {
  /** @throws KinmeshError `DiskFull` · `StoreFailed` */
  add(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** What was added is there. @throws as `add` */
  finish(): Promise<void>
  /** What was added stays where writes can be taken up again, and is gone where not. */
  leave(): Promise<void>
}
