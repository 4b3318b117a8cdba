import type { Example } from './example.ts'
import { Maker, type PhraseShare } from './maker.ts'
import type { Split } from './split.ts'
import { type Draft, fits } from './tasks/common.ts'
import { learnChange, learnFacts, learnNothing } from './tasks/learn.ts'
import { listAdd, listRemove, listShow } from './tasks/lists.ts'
import { forget, recall, remember } from './tasks/memory-tools.ts'
import { otherTool } from './tasks/other-tools.ts'
import { reminder, timer } from './tasks/reminders.ts'
import { smallTalk } from './tasks/small-talk.ts'
import { calculation, dates, now } from './tasks/sums.ts'
import { correction, followUp, noTool, statement, toldThenAsked } from './tasks/turns.ts'
import { world } from './tasks/world.ts'
import { abstention, contradiction, grounded, several, whoIs, yesOrNo } from './tasks/grounded.ts'

type Task = { readonly weight: number; readonly make: (m: Maker) => Draft }

/** Every task, and how often it comes among examples for learning. */
const tasks = {
  grounded: { weight: 20, make: grounded },
  contradiction: { weight: 9, make: contradiction },
  abstention: { weight: 11, make: abstention },
  yes_no: { weight: 3, make: yesOrNo },
  who: { weight: 3, make: whoIs },
  several: { weight: 3, make: several },
  statement: { weight: 2.5, make: statement },
  told_then_asked: { weight: 3.5, make: toldThenAsked },
  correction: { weight: 2.5, make: correction },
  follow_up: { weight: 4, make: followUp },
  remember: { weight: 3, make: remember },
  recall: { weight: 2, make: recall },
  forget: { weight: 2, make: forget },
  list_add: { weight: 3, make: listAdd },
  list_remove: { weight: 2, make: listRemove },
  list_show: { weight: 2, make: listShow },
  reminder: { weight: 4, make: reminder },
  timer: { weight: 2.5, make: timer },
  dates: { weight: 2.5, make: dates },
  calculate: { weight: 2.5, make: calculation },
  other_tool: { weight: 3, make: otherTool },
  no_tool: { weight: 1, make: noTool },
  now: { weight: 1, make: now },
  learn_facts: { weight: 9, make: learnFacts },
  learn_change: { weight: 5, make: learnChange },
  learn_nothing: { weight: 5, make: learnNothing },
  small_talk: { weight: 3, make: smallTalk },
  world: { weight: 3, make: world }
} as const satisfies Readonly<Record<string, Task>>

export type TaskName = keyof typeof tasks
export const taskNames = Object.keys(tasks) as readonly TaskName[]
export const weights: readonly (readonly [TaskName, number])[] = taskNames.map(name => [name, tasks[name].weight])

/** Seeds of one split stay apart from those of another, so that no chance repeats. */
const splitOffset: Readonly<Record<Split, number>> = { train: 0, validation: 2 ** 40, test: 2 ** 41 }

const retryOffset = 2 ** 42

/** The example of a seed: the same text for the same seed, everywhere. `task`: that one, instead of one as often as its weight says. `seed`: a whole number from 0 to 2^40 − 1. `share`: of some of the phrases only. */
export function generate(seed: number, split: Split, task?: TaskName, share?: PhraseShare): Example {
  for (let retry = 0; ; retry++) {
    const m = new Maker(seed + splitOffset[split] + retry * retryOffset, split, share)
    const chosen = m.dice.weighted(weights)
    const name = task ?? chosen
    const draft = tasks[name].make(m)
    // One in a hundred is too long, and drawn again.
    if (fits(draft)) return { task: name, seed, split, now: m.now, ...draft, phrases: [...m.used] }
  }
}
