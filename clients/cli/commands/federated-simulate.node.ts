import { InvalidArgumentError, type Command } from 'commander'
import { resolve } from 'node:path'
import type { Ran, readExperimentFile as readFile } from '../../../node/simulation/run-experiment.node.ts'
import type { Io } from '../io.node.ts'
import { ioFor, type CommonOptions } from '../session.node.ts'
import { oneLine, roughly, size } from '../show.ts'
import { interrupted } from './model-shown.node.ts'

type SimulateOptions = CommonOptions & { out: string; data?: string; model?: string; threads?: number }

type Experiment = Awaited<ReturnType<typeof readFile>>
type RoundRecord = Ran['records'][number]

/** As a command of `federated`. */
export function addSimulateCommand(federated: Command): void {
  federated
    .command('simulate')
    .description('for research: rounds of many clients on this machine, as an experiment.json says; the results are files')
    .argument('<experiment>', 'a file such as {"task": "mnist-2nn", "rounds": 100, "clients": 100, "fraction": 0.1, "local": {"batch": 10, "rate": 0.1}}')
    .requiredOption('--out <dir>', 'where the results are to lie: a folder that is not there yet')
    .option('--data <dir>', 'the folder that holds the data, in the place of what the experiment says')
    .option('--model <dir>', 'the folder of the model that is learned beside (task starter), in the place of what the experiment says')
    .option('--threads <count>', 'that train at a time (default: the cores of this machine); changes no result', wholeAbove0)
    .addHelpText('after', `
Nothing goes over the network, and no device of yours takes part. The same experiment with the same seed and data gives the same files.
Ctrl-C ends it: the rounds that were done by then are written.

Example:
  kinmesh federated simulate fedavg.json --data ./data --out ./fedavg-1`)
    .action(async (path: string, _: unknown, command: Command) => simulateFile(path, command.optsWithGlobals<SimulateOptions>()))
}

async function simulateFile(path: string, options: SimulateOptions): Promise<void> {
  const io = ioFor(options, 'warn')
  const { readExperimentFile, runExperiment } = await import('../../../node/simulation/run-experiment.node.ts')
  const experiment = await readExperimentFile(resolve(path))
  const [out, began] = [resolve(options.out), performance.now()]
  io.progress(`${experiment.task}  reads its data`)
  let ran: Ran
  try {
    ran = await runExperiment(experiment, {
      out, data: options.data === undefined ? undefined : resolve(options.data), model: options.model === undefined ? undefined : resolve(options.model), threads: options.threads, signal: io.signal,
      onRound: record => {
        io.log.debug('round', { round: record.round, contributors: record.contributors, loss: record.loss ?? undefined, accuracy: record.accuracy ?? undefined })
        io.progress(progressText(experiment, record, performance.now() - began))
      }
    })
  } catch (error) {
    throw io.signal.aborted ? interrupted('no round was done, and nothing is written', error) : error
  } finally {
    io.progress()
  }
  const last = ran.records.length - 1
  if (!ran.complete) throw interrupted(`${last} of ${experiment.rounds} rounds were done, and are in ${oneLine(out)}`, io.signal.reason)
  const summary = summaryOf(experiment, ran)
  io.document({ out, ...summary })
  saySummary(io, out, experiment, summary)
}

type Summary = ReturnType<typeof summaryOf>

/** `clock`: seconds of the simulated devices, not of this machine. */
function summaryOf({ task, clients, target }: Experiment, { records, reached, parameters }: Ran) {
  const assessed = records.filter(({ loss }) => loss !== null)
  const [first, last] = [assessed[0]!, assessed.at(-1)!]
  const sum = (of: (record: RoundRecord) => number) => records.reduce((total, record) => total + of(record), 0)
  return {
    task, clients, parameters: parameters.length, rounds: records.length - 1, target, reached, loss: { before: first.loss, after: last.loss }, accuracy: last.accuracy,
    bytesUp: sum(({ bytesUp }) => bytesUp), bytesDown: sum(({ bytesDown }) => bytesDown), clock: records.at(-1)!.clock,
    withoutResult: records.slice(1).filter(({ quorum }) => !quorum).length, refused: sum(({ refused }) => Object.values(refused).reduce((a, b) => a + b, 0))
  }
}

function progressText({ task, rounds, target }: Experiment, { round, loss, accuracy, trainLoss }: RoundRecord, elapsedMs: number): string {
  const measured = accuracy !== null ? `accuracy ${accuracy.toFixed(4)}` : loss !== null ? `loss ${loss.toFixed(4)}` : trainLoss !== null ? `training loss ${trainLoss.toFixed(4)}` : ''
  const left = round === 0 ? '' : `  ${roughly((elapsedMs / round) * (rounds - round))} left${target === null ? '' : ' at most'}`
  return `${task}  round ${round} of ${rounds}  ${measured}${left}`
}

function saySummary(io: Io, out: string, { rounds }: Experiment, { task, clients, parameters, rounds: done, target, reached, loss, accuracy, bytesUp, bytesDown, clock, withoutResult, refused }: Summary): void {
  io.say(`${io.style('green', '✓')} ${io.style('bold', task)}  ${oneLine(out)}`)
  io.say(`  ${done} rounds of ${clients} clients with ${parameters} parameters; ${size(bytesUp)} up and ${size(bytesDown)} down, ${Math.round(clock)} s on the clock of the clients`)
  io.say(`  loss      ${loss.before!.toFixed(4)} before, ${loss.after!.toFixed(4)} after`)
  if (accuracy !== null) io.say(`  accuracy  ${accuracy.toFixed(4)}${target === null ? '' : reached === null ? `; ${target} was not reached in ${rounds} rounds` : `; ${target} was reached in round ${reached}`}`)
  if (withoutResult > 0) io.say(`  ${io.style('yellow', '!')}         ${withoutResult} rounds had too few contributions for a result`)
  if (refused > 0) io.say(`  ${io.style('yellow', '!')}         ${refused} contributions were refused; results.jsonl says why`)
}

function wholeAbove0(given: string): number {
  const number = Number(given)
  if (!(Number.isInteger(number) && number > 0)) throw new InvalidArgumentError('Give a whole number above 0.')
  return number
}
