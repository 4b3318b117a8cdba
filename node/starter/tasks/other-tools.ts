import type { Tool } from '../../model/grammar/tool-grammar.ts'
import type { Maker } from '../maker.ts'
import { splitPhrases } from '../split.ts'
import { mannerOf, typed } from '../typed.ts'
import { cities, rooms } from '../words/places.ts'
import { builtInTools } from '../tools.ts'
import { foods, languages, nouns } from '../words/things.ts'
import { city, money, title } from '../words/values.ts'
import { type Draft, Talk, someTools } from './common.ts'
import { asTyped, idleMemories, spelled } from './reminders.ts'

/** A tool that somebody may have added: its name, its arguments, and how it is asked for. `results`: what comes back, and `<R>` of an answer. */
type Other = { readonly name: string; readonly args: Readonly<Record<string, (m: Maker) => string>>; readonly asks: readonly string[]; readonly result: (m: Maker) => string }

const room = (m: Maker): string => m.dice.pick(rooms)
const who = (m: Maker): string => m.firstName(m.dice.chance(0.5))
const done = (m: Maker): string => m.dice.pick(['ok', 'done', 'sent', 'started'])

const others: readonly Other[] = [
  { name: 'weather', args: { city }, asks: ["what's the weather in <city>", 'how is the weather in <city>', 'will it rain in <city>', 'weather for <city>', 'is it warm in <city>', 'what weather do they have in <city>'], result: m => `${m.dice.pick(['sunny', 'rain', 'cloudy', 'snow', 'fog', 'windy'])}, ${m.dice.between(-8, 36)} degrees` },
  { name: 'play_music', args: { title }, asks: ['play <title>', 'put on <title>', 'play the song <title>', 'I want to hear <title>', 'start some music: <title>', 'let me hear <title>'], result: m => m.dice.pick(['playing', 'ok']) },
  { name: 'lights', args: { room, state: m => m.dice.pick(['on', 'off']) }, asks: ['turn the lights in the <room> <state>', 'switch <state> the lights in the <room>', 'lights <state> in the <room>', 'turn <state> the <room> lights', 'can you turn <state> the lights in the <room>', '<room> lights <state>'], result: done },
  { name: 'thermostat', args: { room, degrees: m => String(m.dice.between(15, 26)) }, asks: ['set the <room> to <degrees> degrees', 'heat the <room> to <degrees> degrees', 'make it <degrees> degrees in the <room>', 'I want <degrees> degrees in the <room>', 'thermostat to <degrees> in the <room>', 'the <room> should have <degrees> degrees'], result: done },
  { name: 'send_message', args: { to: who, text: m => m.dice.pick(["I'm late", 'on my way', `see you in ${m.word(cities)}`, 'happy birthday', 'call me back', `the ${m.madeUp()} is here`, 'thanks a lot', 'dinner is ready', 'I miss you', `bring the ${m.word(nouns)}`]) }, asks: ['text <to>: <text>', 'send <to> a message: <text>', 'message <to>: <text>', 'write to <to>: <text>', 'tell <to> by message: <text>', 'send a message to <to> that says <text>'], result: done },
  { name: 'translate', args: { text: m => m.dice.pick([m.word(foods), m.word(nouns), m.madeUp()]), language: m => m.word(languages) }, asks: ['translate <text> into <language>', 'what is <text> in <language>', 'how do you say <text> in <language>', 'say <text> in <language>', 'I need <text> in <language>', 'put <text> into <language>'], result: m => m.madeUp() },
  { name: 'call_person', args: { name: who }, asks: ['call <name>', 'phone <name>', 'give <name> a call', 'ring <name> up', 'I want to talk to <name> on the phone', 'start a call with <name>'], result: m => m.dice.pick(['calling', 'no answer', 'busy']) },
  { name: 'open_app', args: { app: m => m.madeUp() }, asks: ['open <app>', 'start the app <app>', 'launch <app>', 'open the <app> app', 'bring up <app>', 'I want to use the app <app>'], result: done },
  { name: 'web_search', args: { query: title }, asks: ['search the web for <query>', 'google <query>', 'look up <query> online', 'find <query> on the internet', 'web search: <query>', 'search online for <query>'], result: m => `${m.madeUp()} ${m.madeUp()}` },
  { name: 'recipe', args: { dish: m => m.word(foods) }, asks: ['find a recipe for <dish>', 'how do I cook <dish>, get a recipe', 'recipe for <dish> please', 'get me a recipe of <dish>', 'I need a recipe for <dish>', 'a <dish> recipe please'], result: m => `${m.word(foods)} by ${m.firstName(true)}` },
  { name: 'currency', args: { amount: money }, asks: ['how much is <amount> in yen', 'convert <amount>', 'exchange <amount>', 'what is <amount> in yen', 'change <amount> into yen', 'currency: <amount>'], result: m => `${m.dice.between(20, 9000)} yen` },
  { name: 'camera', args: { place: room }, asks: ['show me the camera in the <place>', 'camera <place>', 'what does the <place> camera see', 'look through the camera in the <place>', 'open the <place> camera', 'camera view of the <place>'], result: m => m.dice.pick(['nobody there', 'one person', 'offline']) },
  { name: 'vacuum', args: { room }, asks: ['vacuum the <room>', 'start the vacuum in the <room>', 'send the vacuum to the <room>', 'let the vacuum clean the <room>', 'have the <room> vacuumed', 'vacuum <room> now'], result: done },
  { name: 'news', args: { topic: m => m.word(nouns) }, asks: ['news about <topic>', "what's in the news about <topic>", 'read me the news on <topic>', 'any news about <topic>', 'get the news on <topic>', 'latest news about <topic>'], result: m => `${m.madeUp()} in ${m.word(cities)}` },
  { name: 'order', args: { dish: m => m.word(foods) }, asks: ['order <dish>', 'order me some <dish>', 'get <dish> delivered', 'I want to order <dish>', 'place an order for <dish>', 'order <dish> for tonight'], result: m => `arrives in ${m.dice.between(20, 70)} minutes` },
  { name: 'lock_door', args: { door: room }, asks: ['lock the <door> door', 'close and lock the <door> door', 'is the <door> door locked, lock it', 'please lock the door of the <door>', 'lock up the <door>', 'lock the door to the <door>'], result: done }
]
const bySplit = splitPhrases(others)

/** Tools with names that mean nothing: what they are asked with has to be found by name alone. */
function madeUpTool(m: Maker): Other {
  const [name, argument] = [m.dice.chance(0.5) ? m.madeUp() : `${m.dice.pick(['get', 'start', 'check', 'find', 'open', 'send'])}_${m.madeUp()}`, m.dice.pick(['name', 'id', 'place', 'text', 'value', 'item'])]
  const spoken = name.replace('_', ' ')
  const value = m.dice.pick([who, city, (each: Maker) => each.madeUp(), title, (each: Maker) => String(each.dice.between(2, 900))])
  return { name: name.normalize('NFD').replaceAll(/[^\w]/g, ''), args: { [argument]: value }, asks: ['use', 'run', 'ask', 'start', 'call', 'try'].map((verb, index) => [`${spoken} <${argument}>`, `${verb} ${spoken} (with|for) <${argument}>`, `(please|can you) ${spoken} <${argument}>`][index % 3] ?? ''), result: each => each.madeUp() }
}

function described({ name, args }: Other): Tool {
  const properties = Object.fromEntries(Object.keys(args).map(key => [key, { type: 'string' }]))
  return { name, parameters: { type: 'object', properties, required: Object.keys(args), additionalProperties: false } }
}

/** A tool beside the built-in ones is used; or it is asked for, and is not there. */
export function otherTool(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const chosen = m.dice.chance(0.35) ? madeUpTool(m) : m.dice.pick(bySplit[m.split])
  const distractors = m.dice.some(bySplit[m.split].filter(other => other !== chosen), m.dice.below(3))
  const args = Object.fromEntries(Object.entries(chosen.args).map(([key, draw]) => [key, spelled(manner, draw(m))]))
  const talk = new Talk(m, idleMemories(m))
  talk.user(typed(m.dice, manner, m.heard(chosen.asks, name => args[name] ?? ''), '', Object.values(args)))
  const base = m.dice.chance(0.6) ? builtInTools : someTools(m)
  if (m.dice.chance(0.22)) {
    const tools = [...base, ...distractors.map(described)]
    return talk.answer("I can't do that: I have no tool for it.", { kind: 'abstains', none: [] }).draft(tools)
  }
  const typedArgs = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, asTyped(talk, value)]))
  const result = chosen.result(m)
  talk.calls({ name: chosen.name, arguments: typedArgs }).result(chosen.name, result)
  const tools = m.dice.shuffle([chosen, ...distractors]).map(described)
  const plain = ['ok', 'done', 'sent', 'started', 'playing'].includes(result)
  return (plain ? talk.answer('Done.', { kind: 'talks', none: [] }) : talk.answer(`It says: ${result}.`, { kind: 'says', all: [[result]], none: [] })).draft([...base, ...tools])
}
