import { type Maker, spokenDay } from '../maker.ts'
import { madeUpName } from '../words/made-up.ts'
import { spots } from '../words/places.ts'
import { colours } from '../words/things.ts'
import { appointment, city, code, digits, money, plate, title } from '../words/values.ts'
import type { FactKind } from './fact.ts'

/** Before whatever day it was told on. */
const pastDay = (m: Maker): string => spokenDay(m.dice, m.day(-m.dice.between(900, 1500)))

/** What can be true of something that somebody has. */
export const thingFacts: readonly FactKind[] = [
  { group: 'colour', kind: 'fact', label: 'colour', value: m => m.word(colours), states: ['<S> is <V>', '<S> is painted <V>', 'the colour of <S> is <V>'], asks: ['what colour is <S>', 'which colour does <S> have', 'what color is <S>'], checks: ['is <S> <V>', '<S> is <V>, right', 'is it true that <S> is <V>'] },
  { group: 'make', kind: 'fact', label: 'brand', value: m => madeUpName(m.dice, m.split), states: ['<S> is made by <V>', '<S> is <a V>', '<S> is from <V>'], asks: ['who made <S>', 'what make is <S>', 'which brand is <S>'] },
  { group: 'price', kind: 'fact', label: 'price', value: money, states: ['<S> cost <V>', 'I paid <V> for <S>', '<S> was <V>'], asks: ['how much did <S> cost', 'what did I pay for <S>', 'how much did I pay for <S>'] },
  { group: 'bought', kind: 'event', value: pastDay, states: ['I bought <S> on <V>', 'I got <S> on <V>', '<S> was bought on <V>'], asks: ['when did I buy <S>', 'when did I get <S>', 'on what day did I buy <S>'] },
  { group: 'serial', kind: 'fact', label: 'serial number', value: code, states: ["<S's> serial is <V>", 'the serial number on <S> is <V>', '<S> has the serial number <V>'], asks: ["what's the serial number of <S>", 'which serial number does <S> have', 'what serial number is on <S>'] },
  { group: 'code', kind: 'fact', label: 'code', value: code, states: ['the code for <S> is <V>', '<S> opens with <V>', 'you need <V> to open <S>'], asks: ["what's the code for <S>", 'which code opens <S>', 'what is the code of <S>'], changes: ['the code for <S> is <V> now', 'I changed the code for <S> from <OLD> to <V>', 'the new code for <S> is <V>'] },
  { group: 'password', kind: 'fact', label: 'password', value: code, states: ['the password for <S> is <V>', '<S> has the password <V>', 'I set the password of <S> to <V>'], asks: ["what's the password for <S>", 'which password does <S> have', 'what is the password of <S>'], changes: ['the password for <S> is <V> now', 'I changed the password for <S> to <V>', 'the new password for <S> is <V>'] },
  { group: 'spot', kind: 'fact', value: m => m.word(spots), states: ['<S> is <V>', 'I put <S> <V>', 'I keep <S> <V>', '<S> lies <V>', 'I left <S> <V>'], asks: ['where is <S>', 'where did I put <S>', 'where do I keep <S>', 'do you know where <S> is', 'where did I leave <S>'], changes: ['<S> is <V> now', 'I moved <S>, it is <V> now', 'I put <S> somewhere else: <V>'] },
  { group: 'name', kind: 'fact', label: 'name', value: m => madeUpName(m.dice, m.split), states: ['<S> is called <V>', 'I call <S> <V>', 'I named <S> <V>'], asks: ['what is <S> called', 'what did I name <S>', 'how do I call <S>'] },
  { group: 'repair', kind: 'fact', value: m => m.surname(), states: ['<V> repaired <S>', '<V> fixed <S> last time', '<S> was repaired by <V>'], asks: ['who repaired <S>', 'who fixed <S>', 'who did repair <S> last time'] },
  { group: 'lent', kind: 'fact', value: m => m.firstName(m.dice.chance(0.5)), states: ['I lent <S> to <V>', '<V> borrowed <S>', '<V> has <S> at the moment'], asks: ['who has <S>', 'who did I lend <S> to', 'who borrowed <S>'] },
  { group: 'service', kind: 'event', value: appointment, states: ["<S's> next service is <V>", '<S> goes to the workshop <V>', '<S> will be checked <V>'], asks: ["when is <S's> next service", 'when does <S> go to the workshop', 'when will <S> be checked'] }
]

/** Of the user's vehicles. */
export const vehicleFacts: readonly FactKind[] = [
  { group: 'plate', kind: 'fact', label: 'licence plate', value: plate, states: ["<S's> plate is <V>", '<S> has the plate <V>', "<S's> number plate is <V>"], asks: ["what's <S's> number plate", 'which plate does <S> have', 'what is the plate of <S>'] },
  { group: 'parking', kind: 'fact', label: 'parking spot', value: m => m.drawn(() => `${m.dice.pick(['', 'A', 'B', 'C', 'P', 'level 2, '])}${m.dice.between(1, 480)}`), states: ['<S> is parked at <V>', 'I parked <S> in spot <V>', '<S> stands in spot <V>'], asks: ['where did I park <S>', 'which spot is <S> parked in', 'in what spot is <S>'] }
]

/** Of things that everybody in a house speaks of, and of what has a name that nobody knows. */
export const commonFacts: readonly FactKind[] = [
  { group: 'code', kind: 'fact', label: 'code', value: code, states: ['the code for <S> is <V>', '<S> has the code <V>', 'to get into <S> you type <V>'], asks: ["what's the code for <S>", 'which code does <S> have', 'what is the code of <S>'], changes: ['the code for <S> is <V> now', 'they changed the code for <S> to <V>', 'the new code for <S> is <V>'] },
  { group: 'number', kind: 'fact', label: 'number', value: m => digits(m, m.dice.between(3, 8)), states: ['the number of <S> is <V>', '<S> has the number <V>', "<S's> number reads <V>"], asks: ["what's the number of <S>", 'which number does <S> have', 'what number is on <S>'] },
  { group: 'cost', kind: 'fact', label: 'price', value: money, states: ['<S> costs <V>', 'they ask <V> for <S>', 'the price of <S> is <V>'], asks: ['how much is <S>', 'what does <S> cost', 'how much do they ask for <S>'] },
  { group: 'owner', kind: 'fact', label: 'owner', value: m => m.firstName(m.dice.chance(0.5)), states: ['<S> belongs to <V>', '<V> owns <S>', '<S> is owned by <V>'], asks: ['who owns <S>', 'who does <S> belong to', 'whose is <S>'] },
  { group: 'where', kind: 'fact', value: m => city(m), states: ['<S> is in <V>', '<S> was sent to <V>', '<S> can be found in <V>'], asks: ['where is <S>', 'in which city is <S>', 'where can <S> be found'] },
  { group: 'colour', kind: 'fact', label: 'colour', value: m => m.word(colours), states: ['<S> is <V>', '<S> has a <V> colour', 'the colour of <S> is <V>'], asks: ['what colour is <S>', 'which colour does <S> have', 'what color is <S>'] },
  { group: 'contents', kind: 'fact', value: m => title(m), states: ['<S> is called <V> now', '<S> goes by the name <V>', 'they call <S> <V>'], asks: ['what is <S> called', 'what do they call <S>', 'by what name does <S> go'] },
  { group: 'boss', kind: 'fact', value: m => `${m.firstName(m.dice.chance(0.5))} ${m.surname()}`, states: ['<V> is in charge of <S>', '<V> looks after <S>', '<V> takes care of <S>'], asks: ['who is in charge of <S>', 'who looks after <S>', 'who takes care of <S>'] },
  { group: 'opens', kind: 'fact', label: 'opening time', value: m => `${m.dice.between(6, 11)}:${m.dice.pick(['00', '15', '30', '45'])}`, states: ['<S> opens at <V>', '<S> is open from <V>', 'you can get into <S> from <V>'], asks: ['when does <S> open', 'from when is <S> open', 'at what time does <S> open'] }
]

/** Of an appointment of the user's. */
export const eventFacts: readonly FactKind[] = [
  { group: 'when', kind: 'event', value: appointment, states: ['<S> is <V>', 'I have <S> <V>', '<S> takes place <V>', "don't let me miss <S>, it's <V>"], asks: ['when is <S>', 'what day is <S>', 'when do I have <S>', 'when does <S> take place'], changes: ['<S> was moved, it is <V> now', '<S> is <V> now instead of <OLD>', 'they moved <S>: it is <V>'] },
  { group: 'at', kind: 'event', value: m => m.dice.pick([`in ${city(m)}`, `at ${m.surname()} Hall`, `in room ${digits(m, 3)}`, `at ${madeUpName(m.dice, m.split)} Centre`]), states: ['<S> is <V>', '<S> takes place <V>', '<S> will be held <V>'], asks: ['where is <S>', 'where does <S> take place', 'where will <S> be'], changes: ['<S> is <V> now, not <OLD>', '<S> will be <V> instead of <OLD>', '<S> will now be <V>'] },
  { group: 'with', kind: 'event', value: m => m.firstName(m.dice.chance(0.5)), states: ['<V> is coming with me to <S>', 'I go to <S> with <V>', '<V> joins me for <S>'], asks: ['who comes with me to <S>', 'who do I go to <S> with', 'who joins me for <S>'] }
]
