import type { Maker } from '../maker.ts'
import { mannerOf, typed } from '../typed.ts'
import { withArticle } from '../voice.ts'
import { groceries, lists } from '../words/things.ts'
import { type Draft, Talk, someTools } from './common.ts'
import { chore } from './chores.ts'
import { asTyped, idleMemories, outcome, spelled } from './reminders.ts'
import * as more from '../phrasings/lists.ts'

export const adds = [
  'add <I> to my list for <N>', 'I want to add <I> to my <N> list', "I'd like to add <I> to the <N> list", 'add to my <N> list <I>', 'please also add <I> to my <N> list', 'one more for the <N> list: <I>', '<N> list, add <I> please',
  '<N> list: <I>', 'put <I> down on the <N> list', 'put <I> onto my <N> list please', 'could you put <I> on the <N> list', 'pop <I> on the <N> list', 'pop <I> onto my <N> list please', 'throw <I> on the <N> list',
  'chuck <I> on my <N> list', 'please write <I> on the <N> list', 'note <I> on the <N> list', 'can you note <I> on my <N> list', 'please include <I> on the <N> list', 'enter <I> on the <N> list', 'save <I> to my <N> list',
  '<I> should go on my <N> list', '<I> goes on the <N> list', '<I>, add that to my <N> list', '<I>, put that on the <N> list please', "I'm out of <I>, add it to the <N> list", 'I want <I> on my <N> list',
  "let's put <I> on the <N> list", "don't forget <I> on the <N> list", 'my <N> list needs <I> too', 'add <I> to (my|the) <N> list', 'put <I> on (my|the) <N> list', '<N> list: add <I>', 'please add <I> to the <N> list',
  'can you put <I> on my <N> list', 'I need <I> on the <N> list', 'write <I> on the <N> list', 'could you add <I> to my <N> list', 'on the <N> list, put <I>', "we're out of <I>, put that on the <N> list", 'stick <I> on the <N> list',
  '<I> for the <N> list please', 'new on the <N> list: <I>', 'also <I> on the <N> list', 'for the <N> list: <I>', "let's add <I> to the <N> list", 'please note <I> on my <N> list', 'the <N> list needs <I>',
  'would you add <I> to the <N> list', 'my <N> list should have <I> too'
]
const removes = [
  'would you remove <I> from the <N> list', 'from the <N> list, remove <I>', 'I want to remove <I> from my <N> list', 'can you take <I> off my <N> list', 'take <I> away from my <N> list', 'off the <N> list: <I>',
  '<I> can go from my <N> list, delete it', '<N> list, take off <I>', 'can you delete <I> from the <N> list', 'cross off <I> on the <N> list', 'can you cross <I> off my <N> list', 'tick off <I> on my <N> list',
  'check off <I> on the <N> list', 'scratch <I> from my <N> list', 'erase <I> from the <N> list', 'get rid of <I> on my <N> list', 'I have <I> now, remove that from the <N> list', 'we have <I> already, cross that off the <N> list',
  '<I> is done, take that off the <N> list', "we don't need <I> any more, take it off the <N> list", '<I> is no longer needed on the <N> list', 'remove <I> from (my|the) <N> list', 'take <I> off (my|the) <N> list',
  'delete <I> from the <N> list', 'cross <I> off my <N> list', 'please take <I> off the <N> list', 'can you remove <I> from my <N> list', 'I got <I>, take that off the <N> list', '<N> list: remove <I>',
  "I don't need <I> on the <N> list any more", 'strike <I> from the <N> list', 'drop <I> from my <N> list', 'scratch <I> off the <N> list', 'could you delete <I> from my <N> list', 'the <N> list no longer needs <I>, remove that'
]
export const shows = [
  'what have I got on my <N> list', 'what do we have on the <N> list', 'what all is on the <N> list', 'what is still on my <N> list', 'what does my <N> list say', 'can you show me what is on the <N> list',
  'would you show me my <N> list', 'show the <N> list please', 'show what is on my <N> list', 'pull up the <N> list', 'read the <N> list', 'read my <N> list to me', 'can you read my <N> list out loud',
  "tell me what's on my <N> list", 'list all things on the <N> list', 'let me look at the <N> list', 'can I see my <N> list', 'may I see the <N> list please', 'I need to see my <N> list', 'give me my <N> list please',
  'is the <N> list empty', 'do I have anything on my <N> list', 'which items are on the <N> list', 'see <N> list', "what's on (my|the) <N> list", 'show me (my|the) <N> list', 'read me my <N> list', 'what do I have on the <N> list',
  '<N> list please', 'what is there on my <N> list', 'can you show the <N> list', 'tell me what is on the <N> list', 'let me see my <N> list', "what's still on the <N> list", 'list everything on my <N> list',
  'is there anything on my <N> list', 'give me the <N> list', 'could you read out my <N> list', 'which things are on my <N> list', 'I want to see the <N> list'
]

/** Something for a list: "milk", "2 kilos of potatoes", "call the bank", or what nobody knows. */
function item(m: Maker): string {
  // Of two words that no list has: "curry paste".
  if (m.split === 'train' && m.dice.chance(0.08)) return `${m.dice.chance(0.5) ? m.madeUp() : m.word(groceries)} ${m.madeUp()}`
  return m.dice.weighted<() => string>([
    [() => m.word(groceries), 6], [() => `${m.dice.between(2, 12)} ${m.dice.pick(['packs', 'bottles', 'boxes', 'bags', 'cans', 'jars'])} of ${m.word(groceries)}`, 1], [() => `${m.dice.pick(['fresh', 'frozen', 'organic', 'cheap', 'small', 'big', 'dried'])} ${m.word(groceries)}`, 1],
    [() => m.madeUp(), 2.5], [() => withArticle(m.madeUp()), 1], [() => chore(m), 1.5]
  ])()
}

function items(m: Maker, count = m.dice.weighted([[1, 5], [2, 3], [3, 2], [4, 1]])): string[] {
  const found: string[] = []
  while (found.length < count) {
    const next = item(m)
    if (!found.some(each => each.includes(next) || next.includes(each))) found.push(next)
  }
  return found
}

function listName(m: Maker): string {
  return m.dice.chance(0.15) ? m.madeUp() : m.word(lists)
}

function change(m: Maker, tool: 'list_add' | 'list_remove', phrases: readonly [readonly string[], readonly string[]], answer: string): Draft {
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, idleMemories(m))
  const [name, things] = [spelled(manner, listName(m)), items(m).map(each => spelled(manner, each))]
  const slots = (slot: string) => (slot === 'N' ? name : `${things.slice(0, -1).join(', ')}${things.length > 1 ? ' and ' : ''}${things.at(-1) ?? ''}`)
  talk.user(typed(m.dice, manner, m.heard(phrases[0], slots, phrases[1]), '.', [name, ...things]))
  talk.calls({ name: tool, arguments: { list: asTyped(talk, name), items: things.map(each => asTyped(talk, each)) } })
  return outcome(m, talk, tool, 'ok', answer.replace('<N>', name), '').draft(someTools(m, tool))
}

export function listAdd(m: Maker): Draft {
  return change(m, 'list_add', [adds, more.adds], 'Added to your <N> list.')
}

export function listRemove(m: Maker): Draft {
  return change(m, 'list_remove', [removes, more.removes], 'Removed from your <N> list.')
}

export function listShow(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, idleMemories(m))
  const name = spelled(manner, listName(m))
  talk.user(typed(m.dice, manner, m.heard(shows, () => name, more.shows), '?', [name]))
  talk.calls({ name: 'list_show', arguments: { list: asTyped(talk, name) } })
  const things = items(m, m.dice.weighted([[0, 1.5], [1, 1], [2, 2], [3, 2], [4, 1.5], [6, 1]]))
  if (things.length === 0) return talk.result('list_show', 'empty').answer(`Your ${name} list is empty.`, { kind: 'says', all: [['empty']], none: [] }).draft(someTools(m, 'list_show'))
  return talk.result('list_show', things.join(', ')).answer(`On your ${name} list: ${things.join(', ')}.`, { kind: 'says', all: things.map(each => [each]), none: [] }).draft(someTools(m, 'list_show'))
}
