import { Intent, sayMark, unpackIntent } from './intent.ts'
import weights from './weights.json' with { type: 'json' }

export const intent = new Intent(unpackIntent(weights))

/** What is told wants to be heard, or kept. */
const telling = [`${sayMark}okay`, `${sayMark}corrected`, 'remember']

/** Whether somebody tells something with that. */
export function isTold(text: string): boolean {
  const shares = intent.shares({ said: [text], askedBack: false, quoted: false })
  return telling.reduce((sum, kind) => sum + (shares.get(kind) ?? 0), 0) > 0.5
}
