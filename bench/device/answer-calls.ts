import { isKinmeshError } from '../../mesh/errors.ts'
import type { Ack, Answer, Ask, Said } from './calls.ts'

type Method = (...args: unknown[]) => Promise<unknown>

/** Lets the bench that started this process call the methods of what `make` returns, over the pipe between them. */
export function answerCalls(make: (acknowledge: (ack: Ack['ack']) => void) => object): void {
  const tell = (said: Said): void => {
    process.send?.(said)
  }
  const served = make(ack => tell({ ack })) as Record<string, Method | undefined>

  process.on('message', (ask: Ask) => {
    void answer(ask).then(tell)
  })
  // The bench is gone: so is this.
  process.on('disconnect', () => process.exit())

  async function answer({ call, n, args }: Ask): Promise<Answer> {
    try {
      const work = served[call]
      if (!work) throw new Error(`this process has no "${call}"`)
      return { n, result: await work.apply(served, args) }
    } catch (error) {
      return { n, error: isKinmeshError(error) ? `${error.code}: ${error.message}` : error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }
}
