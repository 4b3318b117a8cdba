/** A tensor that is learned, an input of a graph by its name. `decays`: by weight decay. `gradient`: what the graph calls its gradient; undefined where it gives none. */
export type Parameter = { readonly name: string; readonly shape: readonly number[]; readonly decays: boolean; readonly gradient: string | undefined }
