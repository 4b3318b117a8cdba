/** A figure of one system, before it is a row. */
export type Measured = { readonly metric: string; readonly value: number; readonly unit: string; readonly case?: string }
