/** What was read, so that others can tell whether they have the same. `name`: within the folder of data, with forward slashes. */
export type DataFile = { readonly name: string; readonly bytes: number; readonly sha256: string }
