import type { Command } from 'commander'
import { homeDir } from '../../node/home.node.ts'
import { connect, type Client, type ConnectOptions } from './client.node.ts'
import { createIo, type Io, type LogLevel } from './io.node.ts'

/** What a command works with. */
export type Session = { readonly dir: string; readonly io: Io; readonly client: Client }

/** Options that every command has. */
export type CommonOptions = { home?: string; json?: boolean; verbose?: boolean; quiet?: boolean }

export function ioFor({ json, verbose, quiet }: CommonOptions, level: LogLevel): Io {
  return createIo({ json: json === true, level: verbose ? 'debug' : quiet ? 'error' : level })
}

/** Wraps the action of a command: connects first, closes at the end, however it ends. */
export function withDevice<Options extends CommonOptions>(
  alone: ConnectOptions['alone'],
  action: (session: Session, args: readonly string[], options: Options) => Promise<void>
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command
    const options = command.optsWithGlobals<Options>()
    const io = ioFor(options, 'warn')
    const dir = homeDir(options.home)
    const client = await connect(dir, { alone, log: io.log })
    try {
      await action({ dir, io, client }, command.processedArgs.flat() as string[], options)
    } finally {
      await client.close()
    }
  }
}
