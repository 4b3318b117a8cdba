import type { FineTuneProgress, FineTuneReport, FineTuneSource, FineTuneSummary } from '../../../node/train/fine-tune/fine-tune-report.ts'
import type { Said } from '../../../node/train/fine-tune/probe.ts'
import type { Io } from '../io.node.ts'
import { clip, oneLine, roughly, size } from '../show.ts'

/** Of a question or an answer. */
const shownColumns = 160

/** What will happen, before it does. */
export function saySummary(io: Io, { model, data, parameters, rank, steps, plan, estimateMs, continues }: FineTuneSummary, source: FineTuneSource): void {
  const { conversations, examples, heldOut, cut, leftOut, unlearned, labels } = data
  io.say(`${io.style('bold', oneLine(model.name))} will learn from ${source.kind === 'file' ? oneLine(source.path) : 'what was said on this device'}`)
  io.say(`  read      ${conversations} conversations: ${examples} examples with ${labels} tokens to learn, and ${heldOut} held back to measure with`)
  const lost = [cut > 0 ? `${cut} are too long and lose their end` : '', leftOut > 0 ? `${leftOut} are too long and left out` : '', unlearned > 0 ? `${unlearned} have no answer to learn` : ''].filter(text => text !== '')
  if (lost.length > 0) io.say(`  ${io.style('yellow', '!')}         ${lost.join('; ')}`)
  if (heldOut === 0) io.say(`  ${io.style('yellow', '!')}         so few that none is held back: nobody will know whether it helped`)
  io.say(`  trains    ${parameters} numbers beside the model (rank ${rank}), ${steps} steps`)
  io.say(`  takes     about ${roughly(estimateMs)} and up to ${size(plan.bytes)} of memory${plan.checkpoint ? ', which is so little that layers are computed twice' : ''}`)
  io.say('  leaves    nothing: all of it stays on this device')
  if (continues !== null) io.say(`  goes on   with the training that began ${new Date(continues).toISOString().slice(0, 16).replace('T', ' ')} UTC (--restart begins anew)`)
}

export function progressText(name: string, progress: FineTuneProgress): string {
  if (progress.phase === 'ask') return `${oneLine(name)}  asks the model before and after  ${progress.done} of ${progress.of}`
  const { step, of, loss, holdoutLoss, perSecond, leftMs } = progress
  return `${oneLine(name)}  step ${step} of ${of}  loss ${loss.toFixed(3)}${holdoutLoss === undefined ? '' : `, held out ${holdoutLoss.toFixed(3)}`}  ${Math.round(perSecond)} tokens/s  ${roughly(leftMs)} left`
}

/** `isUsable`: it lies where `train use` finds it. */
export function sayReport(io: Io, { name, dir, isUsable }: { readonly name: string; readonly dir: string; readonly isUsable: boolean }, { data, made, best, end, holdoutLoss, seconds, peakRssBytes, samples, memorised, notes }: FineTuneReport): void {
  io.say(`\n${io.style('green', '✓')} ${io.style('bold', oneLine(name))}  ${oneLine(dir)}`)
  io.say(`  ${made} steps in ${roughly(seconds * 1000)}${end === 'early' ? ', ended early as held-out answers got no likelier' : ''}${best !== null && best < made ? `; the best were after step ${best}` : ''}; ${size(peakRssBytes)} of memory`)
  if (holdoutLoss) io.say(`  loss of ${data.heldOut} held-out examples: ${holdoutLoss.before.toFixed(3)} before, ${holdoutLoss.after.toFixed(3)} after (${percent(1 - holdoutLoss.after / holdoutLoss.before)} less)`)
  io.say(`  said word for word: ${saidText(memorised.learned, 'learned answers')}${memorised.heldOut.of > 0 ? `, ${saidText(memorised.heldOut, 'held-out ones')}` : ''}`)
  if (memorised.learned.after > memorised.learned.before) io.say(`  ${io.style('yellow', '!')} what it learned can be read out of the adapter: give it to nobody who may not know that`)
  if (isUsable) io.say(`  answer through it: kinmesh train use ${oneLine(name)}`)
  for (const note of notes) io.say(`  ${io.style('yellow', '!')} ${oneLine(note)}`)
  for (const { question, expected, before, after } of samples) {
    io.say(`\n  ${io.style('bold', shown(question))}`)
    for (const [label, text] of [['wanted', expected], ['before', before], ['after', after]] as const) io.say(`    ${label}  ${' '.repeat(6 - label.length)}${shown(text)}`)
  }
}

function shown(text: string): string {
  return clip(oneLine(text), shownColumns)
}

function saidText({ of, before, after }: Said, what: string): string {
  return `${after} of ${of} ${what} (${before} before)`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
