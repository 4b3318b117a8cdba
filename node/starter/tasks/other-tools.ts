import type { Tool } from '../../model/grammar/tool-grammar.ts'
import { sayings } from '../answers.ts'
import type { Maker } from '../maker.ts'
import { splitPhrases } from '../split.ts'
import { mannerOf, typed } from '../typed.ts'
import { type FurtherSlot, furtherTools } from '../phrasings/further-tools.ts'
import { otherTools } from '../phrasings/other-tools.ts'
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
  { name: 'weather', args: { city }, asks: [
    'what is the weather like in <city>', 'how warm is it in <city>', 'is it raining in <city>', 'tell me the weather in <city>', 'do I need an umbrella in <city>', 'weather in <city> please', 'forecast for <city>',
    'will it be sunny in <city>', 'check the weather for <city>', "what's the weather in <city>", 'how is the weather in <city>', 'will it rain in <city>', 'weather for <city>', 'is it warm in <city>',
    'what weather do they have in <city>'
  ], result: m => `${m.dice.pick(['sunny', 'rain', 'cloudy', 'snow', 'fog', 'windy'])}, ${m.dice.between(-8, 36)} degrees` },
  { name: 'play_music', args: { title }, asks: [
    'please play <title>', 'can you play <title>', 'play me <title>', 'play some <title>', 'could you put <title> on', 'listen to <title>', 'I would like to listen to <title>', 'music: <title>', 'start playing <title>', 'play <title>',
    'put on <title>', 'play the song <title>', 'I want to hear <title>', 'start some music: <title>', 'let me hear <title>'
  ], result: m => m.dice.pick(['playing', 'ok']) },
  { name: 'lights', args: { room, state: m => m.dice.pick(['on', 'off']) }, asks: [
    'switch the lights in the <room> <state>', 'switch the <room> lights <state>', 'please turn <state> the lights in the <room>', 'could you switch <state> the <room> lights', 'turn <state> the light in the <room>',
    'put the lights in the <room> <state>', 'lights in the <room> <state>', 'I want the lights <state> in the <room>', 'the <room> lights should be <state>', 'turn the lights in the <room> <state>',
    'switch <state> the lights in the <room>', 'lights <state> in the <room>', 'turn <state> the <room> lights', 'can you turn <state> the lights in the <room>', '<room> lights <state>'
  ], result: done },
  { name: 'thermostat', args: { room, degrees: m => String(m.dice.between(15, 26)) }, asks: [
    'set the thermostat in the <room> to <degrees>', 'set the temperature in the <room> to <degrees> degrees', 'please heat the <room> to <degrees>', 'can you make the <room> <degrees> degrees', 'bring the <room> to <degrees> degrees',
    '<degrees> degrees in the <room> please', 'turn the heating in the <room> to <degrees>', 'warm the <room> up to <degrees> degrees', '<room>: <degrees> degrees', 'set the <room> to <degrees> degrees',
    'heat the <room> to <degrees> degrees', 'make it <degrees> degrees in the <room>', 'I want <degrees> degrees in the <room>', 'thermostat to <degrees> in the <room>', 'the <room> should have <degrees> degrees'
  ], result: done },
  { name: 'send_message', args: { to: who, text: m => m.dice.pick(["I'm late", 'on my way', `see you in ${m.word(cities)}`, 'happy birthday', 'call me back', `the ${m.madeUp()} is here`, 'thanks a lot', 'dinner is ready', 'I miss you', `bring the ${m.word(nouns)}`]) }, asks: [
    'send <to> this: <text>', 'send <to> a text: <text>', 'send this to <to>: <text>', 'please text <to>: <text>', 'can you message <to>: <text>', 'message to <to>: <text>', 'text to <to>: <text>', 'write <to> a message: <text>',
    'let <to> know by text: <text>', 'text <to>: <text>', 'send <to> a message: <text>', 'message <to>: <text>', 'write to <to>: <text>', 'tell <to> by message: <text>', 'send a message to <to> that says <text>'
  ], result: done },
  { name: 'translate', args: { text: m => m.dice.pick([m.word(foods), m.word(nouns), m.madeUp()]), language: m => m.word(languages) }, asks: [
    'translate <text> to <language>', 'please translate <text> into <language>', 'can you translate <text> into <language>', "what's <text> called in <language>", 'what is the <language> word for <text>',
    'how would I say <text> in <language>', '<text> in <language> please', 'tell me <text> in <language>', 'give me the <language> for <text>', 'translate <text> into <language>', 'what is <text> in <language>',
    'how do you say <text> in <language>', 'say <text> in <language>', 'I need <text> in <language>', 'put <text> into <language>'
  ], result: m => m.madeUp() },
  { name: 'call_person', args: { name: who }, asks: [
    'please call <name>', 'can you call <name>', 'could you phone <name>', 'call <name> for me', 'dial <name>', 'make a call to <name>', 'ring <name>', 'get <name> on the phone', 'I need to call <name>', 'call <name>', 'phone <name>',
    'give <name> a call', 'ring <name> up', 'I want to talk to <name> on the phone', 'start a call with <name>'
  ], result: m => m.dice.pick(['calling', 'no answer', 'busy']) },
  { name: 'open_app', args: { app: m => m.madeUp() }, asks: [
    'please open <app>', 'can you open <app>', 'open up <app>', 'start <app>', 'run the app <app>', 'launch the <app> app', 'switch to <app>', 'go to the <app> app', 'show me the app <app>', 'open <app>', 'start the app <app>',
    'launch <app>', 'open the <app> app', 'bring up <app>', 'I want to use the app <app>'
  ], result: done },
  { name: 'web_search', args: { query: title }, asks: [
    'search the internet for <query>', 'please search online for <query>', 'do a web search for <query>', 'can you google <query>', 'look on the web for <query>', 'look <query> up on the internet', 'find <query> online',
    'find out about <query> on the web', 'online search: <query>', 'search the web for <query>', 'google <query>', 'look up <query> online', 'find <query> on the internet', 'web search: <query>', 'search online for <query>'
  ], result: m => `${m.madeUp()} ${m.madeUp()}` },
  { name: 'recipe', args: { dish: m => m.word(foods) }, asks: [
    'recipe for <dish>', 'recipe: <dish>', 'look up a recipe for <dish>', 'can you find a recipe for <dish>', 'show me a recipe for <dish>', 'get me a recipe for <dish>', 'I want to cook <dish>, find a recipe',
    'do you have a recipe for <dish>', 'please get a <dish> recipe', 'find a recipe for <dish>', 'how do I cook <dish>, get a recipe', 'recipe for <dish> please', 'get me a recipe of <dish>', 'I need a recipe for <dish>',
    'a <dish> recipe please'
  ], result: m => `${m.word(foods)} by ${m.firstName(true)}` },
  { name: 'currency', args: { amount: money }, asks: [
    'what are <amount> in yen', 'what do I get for <amount> in yen', '<amount> in yen', '<amount> to yen please', 'convert <amount> to yen', 'can you convert <amount> into yen', 'how many yen are <amount>',
    'tell me what <amount> is in yen', 'exchange <amount> for yen', 'how much is <amount> in yen', 'convert <amount>', 'exchange <amount>', 'what is <amount> in yen', 'change <amount> into yen', 'currency: <amount>'
  ], result: m => `${m.dice.between(20, 9000)} yen` },
  { name: 'camera', args: { place: room }, asks: [
    'show the <place> camera', 'show me the <place> camera', 'let me see the camera in the <place>', 'what is on the camera in the <place>', 'can I see the <place> camera', 'check the camera in the <place>',
    'is anybody in the <place>, check the camera', 'view the <place> camera', 'what can the camera in the <place> see', 'show me the camera in the <place>', 'camera <place>', 'what does the <place> camera see',
    'look through the camera in the <place>', 'open the <place> camera', 'camera view of the <place>'
  ], result: m => m.dice.pick(['nobody there', 'one person', 'offline']) },
  { name: 'vacuum', args: { room }, asks: [
    'please vacuum the <room>', 'can you vacuum the <room>', 'vacuum in the <room>', 'start vacuuming the <room>', 'run the vacuum in the <room>', 'get the vacuum to do the <room>', 'the <room> needs vacuuming',
    'clean the <room> with the vacuum', 'hoover the <room>', 'vacuum the <room>', 'start the vacuum in the <room>', 'send the vacuum to the <room>', 'let the vacuum clean the <room>', 'have the <room> vacuumed', 'vacuum <room> now'
  ], result: done },
  { name: 'news', args: { topic: m => m.word(nouns) }, asks: [
    'news on <topic>', 'what is new about <topic>', 'what is the latest on <topic>', 'what do the news say about <topic>', 'give me the news about <topic>', 'tell me the news on <topic>', 'show me news about <topic>',
    'is there any news on <topic>', 'headlines about <topic>', 'news about <topic>', "what's in the news about <topic>", 'read me the news on <topic>', 'any news about <topic>', 'get the news on <topic>', 'latest news about <topic>'
  ], result: m => `${m.madeUp()} in ${m.word(cities)}` },
  { name: 'order', args: { dish: m => m.word(foods) }, asks: [
    'please order <dish>', 'can you order <dish>', 'order <dish> for me', 'order some <dish> please', 'could you get me <dish> delivered', 'I would like <dish> delivered', 'make an order of <dish>', 'have <dish> delivered',
    'get me <dish> from the delivery service', 'order <dish>', 'order me some <dish>', 'get <dish> delivered', 'I want to order <dish>', 'place an order for <dish>', 'order <dish> for tonight'
  ], result: m => `arrives in ${m.dice.between(20, 70)} minutes` },
  { name: 'lock_door', args: { door: room }, asks: [
    'please lock the <door> door', 'can you lock the <door> door', 'could you lock the door of the <door>', 'lock the door in the <door>', 'make sure the <door> door is locked', 'the <door> door should be locked',
    'shut and lock the <door> door', 'bolt the <door> door', 'lock <door>', 'lock the <door> door', 'close and lock the <door> door', 'is the <door> door locked, lock it', 'please lock the door of the <door>', 'lock up the <door>',
    'lock the door to the <door>'
  ], result: done }
]
const drawn: Readonly<Record<FurtherSlot, (m: Maker) => string>> = { room, city, who, title, thing: m => m.word(nouns), word: m => m.madeUp(), number: m => String(m.dice.between(2, 900)) }
const bySplit = splitPhrases(others, furtherTools.map(({ name, args, asks }): Other => ({ name, args: Object.fromEntries(args.map(slot => [slot, drawn[slot]])), asks, result: m => m.dice.pick([done, (each: Maker) => each.madeUp()])(m) })))

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
  talk.user(typed(m.dice, manner, m.heard(chosen.asks, name => args[name] ?? '', otherTools[chosen.name]), '', Object.values(args)))
  const base = m.dice.chance(0.6) ? builtInTools : someTools(m)
  if (m.dice.chance(0.22)) {
    const tools = [...base, ...distractors.map(described)]
    return talk.answer(sayings.noTool, { kind: 'abstains', none: [] }).draft(tools)
  }
  const typedArgs = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, asTyped(talk, value)]))
  const result = chosen.result(m)
  talk.calls({ name: chosen.name, arguments: typedArgs }).result(chosen.name, result)
  const tools = m.dice.shuffle([chosen, ...distractors]).map(described)
  const plain = ['ok', 'done', 'sent', 'started', 'playing'].includes(result)
  return (plain ? talk.answer('Done.', { kind: 'talks', none: [] }) : talk.answer(`It says: ${result}.`, { kind: 'says', all: [[result]], none: [] })).draft([...base, ...tools])
}
