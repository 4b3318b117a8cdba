import { type Fact, labelOf, stated } from '../facts/fact.ts'
import type { Maker } from '../maker.ts'
import { memoryLine, quoted } from '../prompt.ts'
import { shown } from '../scene.ts'
import { contracted, mannerOf, typed } from '../typed.ts'
import { objective, slotsOf } from '../voice.ts'
import { type Draft, Talk, someTools } from './common.ts'
import { askable } from './grounded.ts'
import { chore } from './chores.ts'
import { asTyped, idleMemories, outcome } from './reminders.ts'
import * as more from '../phrasings/memory-tools.ts'

const remembers = [
  'make sure you remember that <F>', 'try to remember that <F>', 'put down that <F>', 'add this to your memory: <F>', 'save the fact that <F>', 'save that <F>', 'can you make a note that <F>', 'could you make a note of this: <F>',
  'please write this down: <F>', 'please store this: <F>', 'please keep this: <F>', 'keep this in memory: <F>', 'keep this for me: <F>', 'bear in mind that <F>', 'would you note that <F>', 'note this down: <F>', 'new note: <F>',
  'new memory: <F>', 'please record this: <F>', 'memorise that <F>', 'do not forget this: <F>', 'please do not forget that <F>', 'never forget this: <F>', '<F>, remember that', '<F>, can you remember that for me',
  '<F>, make a note of that', '<F>, keep that in mind please', '<F>, save that', 'something to keep in mind: <F>', 'hey, remember that <F>', 'jot this down: <F>', 'take note that <F>', 'log this: <F>', 'file this away: <F>',
  'hold this in your memory: <F>', 'you should keep in mind that <F>', 'remember that <F>', 'please remember that <F>', 'remember: <F>', 'can you remember that <F>', 'make a note that <F>', 'note that <F>', 'keep in mind that <F>',
  "don't forget that <F>", 'save this: <F>', 'store that <F>', 'write down that <F>', 'please note: <F>', 'I want you to remember that <F>', 'for later: <F>, please remember', 'memorize this: <F>', 'take a note: <F>',
  'could you keep in mind that <F>', 'never forget that <F>', 'you should remember that <F>', 'please keep a note that <F>', 'jot down that <F>', 'commit this to memory: <F>', 'remember this for me: <F>', 'hold on to this: <F>'
]
export function remember(m: Maker): Draft {
  const { fact, manner, talk } = opened(m)
  const plain = m.dice.chance(0.12) ? `I ${m.dice.pick(['have to', 'still have to', 'promised to', 'want to'])} ${chore(m)}` : stated(m, fact)
  const what = m.dice.chance(0.5) ? contracted(plain) : plain
  talk.user(typed(m.dice, { ...manner, typos: 0 }, m.heard(remembers, () => what, more.remembers), '.', [what])).calls({ name: 'remember', arguments: { text: asTyped(talk, what) } })
  return outcome(m, talk, 'remember', 'ok', "I'll remember that.", '').draft(someTools(m, 'remember'))
}

function opened(m: Maker) {
  const { scene, fact } = askable(m)
  const manner = mannerOf(m.dice)
  return { scene, fact, manner, talk: new Talk(m, m.dice.chance(0.5) ? idleMemories(m) : shown(m, scene.beside(fact, m.dice.below(4)))) }
}

const forgets = [
  'forget everything about <Q>', 'forget what I told you about <Q>', 'could you forget <Q> please', 'would you forget <Q>', 'you should forget <Q>', "I'd like you to forget <Q>", 'delete <Q> from your memory',
  'delete all memories of <Q>', 'please remove <Q> from your memories', 'remove everything you know about <Q>', 'can you delete <Q> from your memory', 'could you remove <Q> from what you remember', 'erase your memories of <Q>',
  'wipe everything about <Q>', 'please wipe <Q> from your notes', 'clear your memory of <Q>', 'clear out what you know about <Q>', 'drop <Q> from memory', 'get rid of your notes about <Q>', 'throw out your notes on <Q>',
  'strike <Q> from your memory', 'stop remembering <Q>', 'do not keep <Q> in your memory', 'no need to remember <Q> any longer, delete it', 'about <Q>: please delete what you have', 'what you know about <Q> can be deleted',
  'I want <Q> deleted from your memory', 'forget <Q>', 'please forget <Q>', 'delete <Q>', 'forget <Q> please', 'can you forget <Q>', 'remove <Q> from your memory', 'erase <Q>', 'I want you to forget <Q>',
  "you don't need to keep <Q> any more, forget it", 'delete what you know about <Q>', 'please delete <Q> from your memories', 'wipe <Q> from your memory', 'could you delete <Q>', 'drop <Q> from your notes',
  'get rid of <Q> in your memory', 'clear <Q> from memory', 'strike <Q> from what you know', 'please erase <Q> from your memory'
]
const searches = [
  'search through everything for <Q>', 'search what you remember for <Q>', 'search the memories for anything about <Q>', 'memory search: <Q>', 'could you search my memories for <Q>', 'would you search your memory for <Q>',
  'start a search of your memory for <Q>', 'do a search through all my notes for <Q>', 'try a search of my notes for <Q>', 'look for <Q> in my notes', 'can you look for <Q> in your memory', 'could you look up <Q> in your notes',
  'look through everything I told you for <Q>', 'have a look for <Q> in your notes', 'go through my memories and find <Q>', 'go through all you know and search for <Q>', 'find <Q> in your notes',
  'can you find <Q> in what I told you', 'find all memories about <Q>', 'check your memory for <Q>', 'check everything I told you for <Q>', 'scan all notes for <Q>', 'recall what I told you about <Q>, search for it',
  'dig out everything about <Q> in my notes', 'pull up everything about <Q> from memory', 'get me all memories of <Q>', 'search my notes again, this time for <Q>', 'search your memories for <Q>', 'search your memory for <Q>',
  'look through my memories for <Q>', 'search for <Q> in my memories', 'look up <Q> in your memory', 'can you search everything I told you for <Q>', 'go through your notes and find <Q>', 'find anything about <Q> in your memories',
  'search all you know about <Q>', 'please search my notes for <Q>', 'look in your memory for <Q>', 'check all your memories for <Q>', 'dig up what I told you about <Q>, search everything', 'search again for <Q>',
  'have a look through all memories for <Q>', 'could you search your notes for <Q>', 'run a search of my memories for <Q>', 'find <Q> in what I told you, search it all'
]

/** What a memory tool is asked about: "my sister's birthday", "Ana". */
function topic(m: Maker, fact: Fact): string {
  const slots = slotsOf(fact.subject, 'user', { L: labelOf(fact) })
  return fact.type.label !== undefined && m.dice.chance(0.6) ? `${slots("S's")} ${labelOf(fact)}` : m.dice.chance(0.15) ? m.madeUp() : objective(fact.subject, 'user')
}

export function forget(m: Maker): Draft {
  const { fact, manner, talk } = opened(m)
  const query = topic(m, fact)
  talk.user(typed(m.dice, manner, m.heard(forgets, () => query, more.forgets), '.', [query])).calls({ name: 'forget', arguments: { query: asTyped(talk, query) } })
  if (m.dice.chance(0.25)) return talk.result('forget', 'nothing found').answer('I found nothing about that.', { kind: 'talks', none: ['done', 'deleted'] }).draft(someTools(m, 'forget'))
  const count = String(m.dice.between(1, 5))
  return outcome(m, talk, 'forget', `forgot ${count}`, 'Done, I forgot it.', '').draft(someTools(m, 'forget'))
}

export function recall(m: Maker): Draft {
  const { scene, fact } = askable(m, ({ subject }) => 'noun' in subject || subject.kin !== undefined || subject.name !== undefined)
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, idleMemories(m))
  const query = m.dice.chance(0.2) ? m.madeUp() : topic(m, fact)
  talk.user(typed(m.dice, manner, m.heard(searches, () => query, more.searches), '.', [query])).calls({ name: 'recall', arguments: { query: asTyped(talk, query) } })
  if (m.dice.chance(0.3)) return talk.result('recall', 'nothing found').answer('I found nothing.', { kind: 'abstains', none: [fact.value] }).draft(someTools(m, 'recall'))
  const facts = [fact, ...(m.dice.chance(0.4) ? [scene.fact(fact.subject)] : [])].filter(each => each !== undefined)
  const found = shown(m, facts)
  return talk.result('recall', found.map(memoryLine).join('\n')).answer(quoted(found), { kind: 'says', all: facts.map(({ value }) => [value]), none: [] }).draft(someTools(m, 'recall'))
}
