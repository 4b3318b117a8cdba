import type { Encoder } from './encoder.ts'

/** The encoder that a device has for what it looks up. It may change while the device runs, and there may be none. */
export type EncoderSlot = {
  /** Of the one that is chosen now, loaded or not; null: there is none. @throws KinmeshError why what was chosen cannot be used */
  name(): Promise<string | null>
  /** The one that is chosen now, loaded when it is first asked for. @throws KinmeshError why what was chosen cannot be used */
  ready(): Promise<{ /** Hash of its files. */ readonly id: string; readonly name: string; readonly encoder: Encoder } | null>
  /** Always finishes. */
  close(): Promise<void>
}
