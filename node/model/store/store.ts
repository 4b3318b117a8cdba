import type { Manifest, ModelKind } from './manifest.ts'

/**
 * Where the models of a device rest, each in a directory named by its content. What is in the store is whole: a model appears in one step, when every file of it was
 * checked and is on disk, and goes in one step. Several programs may use one store at a time. Every implementation runs store.contract.ts.
 */
export type ModelStore = {
  /** By name. Those that cannot be used are told apart and hide nothing. */
  list(): Promise<ModelList>
  /** The model that comes with the program, which no list of the store has; undefined where none does. Found, opened and chosen like the others, and never removed (`ModelBuiltIn`). */
  builtIn(): Promise<StoredModel | undefined>
  /** By its name, the part of its name after the slash, its id, or the beginning of its id. @throws KinmeshError `UnknownModelName` with those that come close, `AmbiguousModelName` */
  find(idOrName: string): Promise<StoredModel>
  /** As `find`, and nobody removes it until it is released. Sizes are checked, contents are not. @throws KinmeshError also `ModelDamaged` */
  open(idOrName: string): Promise<OpenModel>
  /** Room for a model that is to be added. With a `key`, what was left under that key is there again, crash or not. @throws KinmeshError `ModelBusy` while another has this key */
  stage(key?: string): Promise<Staging>
  /**
   * Checks what is staged against the manifest, file by file, puts it on disk and shows it. A model that is there already stays as it is. The staging room is used up.
   * @throws KinmeshError `BadManifest`, `WrongFiles`, `WrongHash`, `DiskFull`, `StoreFailed`; nothing is shown then, and the staging room is as it was
   */
  add(staging: Staging, manifest: Manifest, options?: WorkOptions): Promise<StoredModel>
  /** Removes a model, or what is broken, given by its id. @throws KinmeshError `UnknownModelName`, `ModelInUse` unless forced */
  remove(idOrName: string, options?: { force?: boolean }): Promise<{ id: string; name: string | null }>
  /** Reads every byte of a model. What is wrong with it, file by file; nothing when it is whole. */
  verify(idOrName: string, options?: WorkOptions): Promise<Damage[]>
  /** Makes a model the one of its kind in use, for good: a device writes with a decoder, and may have an encoder for what it looks up. */
  use(idOrName: string): Promise<StoredModel>
  /** The same with a model directory elsewhere on this machine, which stays where it is. Every byte of it is read first. @throws KinmeshError `BadManifest`, `ModelDamaged` */
  useFolder(dir: string, options?: WorkOptions): Promise<StoredModel>
  /** No decoder is in use then, for good. */
  useNone(): Promise<void>
  /**
   * The model of a kind in use, a decoder unless it is said. Where none was chosen: as a decoder the one that comes with the program; else undefined.
   * @throws KinmeshError `ModelGone` when the one that was chosen is not there, `WrongModelKind`, `BadManifest`, `ModelDamaged` when a size is wrong
   */
  current(kind?: ModelKind): Promise<StoredModel | undefined>
  /** A folder for the weights of a model as this machine wants them. */
  packedDir(id: string): string
  /** Removes these weights of all models but one: they take more room than the models. */
  dropPacked(exceptOf: string): Promise<void>
  /** @throws KinmeshError `DiskFull` saying how much is missing, when the disk has no room for so much more */
  ensureSpace(bytes: number): Promise<void>
}

export type StoredModel = {
  /** `modelId` of its manifest. */
  readonly id: string
  /** Where its files lie: a path on Node. */
  readonly dir: string
  readonly manifest: Manifest
}

/** A directory of the store that is no model: its manifest is damaged, newer, or of other files. */
export type BrokenModel = { readonly id: string; readonly dir: string; readonly problem: string }

export type ModelList = { readonly models: readonly StoredModel[]; readonly broken: readonly BrokenModel[] }

export type OpenModel = StoredModel & { release(): void }

export type Staging = {
  /** What lies here becomes the model. */
  readonly dir: string
  /** Room for what is needed on the way; it does not become a part of the model. */
  readonly workDir: string
  /** Lets go of it, to be called however the work ended: with a key, what is here stays for the next who comes with it; without one it is removed. */
  release(): Promise<void>
  /** Removes it, key or not. */
  discard(): Promise<void>
}

export type Damage = { readonly path: string; readonly problem: string }

/** `onBytes` gets how many more bytes were read, piece by piece. `signal` stops the work. */
export type WorkOptions = { onBytes?: ((bytes: number) => void) | undefined; signal?: AbortSignal | undefined }
