import { literal } from './grammar-text.ts'

/** A text is free until it has `mark`, and then goes on as `rule` says. */
export type Held = { readonly mark: string; readonly rule: string }

/** A free text that is held behind a mark, and free again behind what is held. */
export function freeRoot({ mark, rule }: Held): string {
  return `TagDispatch((${literal(mark)}, ${rule}), stop_eos=true, loop_after_dispatch=true)`
}
