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
  {
    group: 'colour', kind: 'fact', label: 'colour', value: m => m.word(colours),
    states: [
      '<S> is <V>', 'I painted <S> <V>', '<V> is the shade of <S>', '<S> comes in <V>', 'they painted <S> <V> for me', "<S's> shade is <V>", '<S> looks <V>', 'as a colour I chose <V> for <S>', '<S> was painted <V> last year', '<S> has been <V> from the start', 'I got <S> in <V>', '<V> is the color of <S>', 'I went for <V> when I picked <S>', '<S> is all <V>',
      '<S> is painted <V>', 'the colour of <S> is <V>'
    ],
    asks: [
      'tell me the colour of <S>', 'what is the color of <S>', 'do you know what colour <S> is', '<S> colour', 'what shade is <S>', 'remind me which colour <S> is', 'in what colour was <S> painted', 'I forgot what color <S> is', 'any idea which colour <S> is painted', 'how did I paint <S>, which colour', 'what color did I say <S> is', 'what shade does <S> have',
      'what colour would you say <S> is', 'which color did I choose for <S>',
      'what colour is <S>', 'which colour does <S> have', 'what color is <S>'
    ],
    checks: ['did I paint <S> <V>', 'would you say <S> is <V>', 'have I got <S> in <V>', 'does <S> come in <V>', "<S> is painted <V>, isn't it", '<V>, is that the colour of <S>', 'is <S> <V>', '<S> is <V>, right', 'is it true that <S> is <V>']
  },
  {
    group: 'make', kind: 'fact', label: 'brand', value: m => madeUpName(m.dice, m.split),
    states: [
      '<V> made <S>', '<S> was built by <V>', 'the company behind <S> is <V>', '<V> is the maker of <S>', '<S> has <V> written on it as its brand', 'the make of <S> is <V>', '<S> was manufactured by <V>', "<S's> manufacturer is <V>", '<S> is a product of <V>', 'I went for <a V> when I got <S>', '<S> is one of those that <V> makes', 'as a brand I chose <V> for <S>', '<S> comes from the firm <V>',
      'the firm that built <S> is called <V>', '<S> is made by <V>', '<S> is <a V>', '<S> is from <V>'
    ],
    asks: [
      'who built <S>', 'which company made <S>', 'tell me who makes <S>', 'what is the make of <S>', '<S> brand', 'which firm is <S> from', 'who is the manufacturer of <S>', 'I forgot which brand <S> is', 'do you know what make <S> is', 'what brand did I say <S> is', 'any idea which company <S> comes from', 'remind me of the maker of <S>', 'who was <S> manufactured by', 'by which brand is <S> made',
      'who made <S>', 'what make is <S>', 'which brand is <S>'
    ],
    checks: ['did <V> make <S>', 'was <S> built by <V>', 'is <V> the maker of <S>', 'does <S> come from <V>', 'is <V> the brand of <S>', "<S> is <a V>, isn't it", '<V> makes <S>, right', 'is <S> made by <V>', 'is <S> from <V>']
  },
  {
    group: 'price', kind: 'fact', label: 'price', value: money,
    states: [
      'I spent <V> on <S>', '<S> set me back <V>', 'they charged me <V> for <S>', 'I got <S> for <V>', '<V> is what I paid for <S>', 'the shop wanted <V> for <S>', 'I had to pay <V> to get <S>', 'for <S> I gave them <V>', '<V> is how much <S> cost me', 'the bill for <S> came to <V>', '<S> came to <V>', 'buying <S> cost me <V>', '<S> was sold to me for <V>', 'I bought <S> at a price of <V>',
      '<S> cost <V>', 'I paid <V> for <S>', '<S> was <V>'
    ],
    asks: [
      'how much was <S>', 'price of <S>', 'what did I spend on <S>', 'tell me what <S> cost', 'how much money did I spend on <S>', 'what was the price of <S>', 'what did I have to pay for <S>', 'I forgot how much <S> was', 'what did they charge me for <S>', 'remind me what I paid for <S>', 'how much did <S> set me back', 'any idea what <S> cost me', 'for how much did I get <S>',
      'what did <S> cost', 'how much did <S> cost', 'what did I pay for <S>', 'how much did I pay for <S>'
    ],
    checks: ['did I spend <V> on <S>', 'was the price of <S> <V>', 'did <S> set me back <V>', 'did they charge me <V> for <S>', 'did I have to pay <V> for <S>', 'was <S> really <V>', '<S> cost <V>, right', 'did I pay <V> for <S>', 'did <S> cost <V>']
  },
  {
    group: 'bought', kind: 'event', value: pastDay,
    states: [
      'I have had <S> since <V>', 'on <V> I bought <S>', '<S> was delivered on <V>', 'I purchased <S> on <V>', 'the day I got <S> was <V>', '<V> is when I bought <S>', 'I picked up <S> from the shop on <V>', 'I became the owner of <S> on <V>', 'the purchase of <S> was on <V>', '<S> came to me on <V>', 'I ordered and paid for <S> on <V>', 'it was on <V> that I bought <S>', 'I went and got <S> on <V>',
      '<S> has been mine since <V>', 'I bought <S> on <V>', 'I got <S> on <V>', '<S> was bought on <V>'
    ],
    asks: [
      'since when have I had <S>', 'tell me when I bought <S>', 'on which date did I purchase <S>', 'date of purchase of <S>', 'on what date did I get <S>', 'what day did I buy <S>', 'I forgot when I bought <S>', 'when was <S> bought', 'remind me what day I got <S>', 'any idea when I purchased <S>', 'when did I say I bought <S>', 'when was the day that I got <S>', 'which day was <S> bought on',
      'since what day do I own <S>', 'when did I buy <S>', 'when did I get <S>', 'on what day did I buy <S>'
    ],
    checks: ['have I had <S> since <V>', 'did I purchase <S> on <V>', 'was it on <V> that I bought <S>', 'is <V> when I got <S>', 'did I really buy <S> on <V>', 'I bought <S> on <V>, right', 'is it true that I bought <S> on <V>', 'did I get <S> on <V>', 'was <S> bought on <V>', 'did I buy <S> on <V>']
  },
  {
    group: 'serial', kind: 'fact', label: 'serial number', value: code,
    states: [
      '<V> is the serial number of <S>', 'the serial of <S> is <V>', '<S> has <V> as its serial', 'on the back of <S> the serial number says <V>', 'serial number for <S>: <V>', 'the label of <S> gives <V> as serial number', '<S> carries the serial number <V>', 'the serial no. of <S> is <V>', 'I wrote down <V> as the serial of <S>', 'as a serial number <S> has <V>', '<V> is the serial stamped on <S>',
      'the maker gave <S> the serial number <V>', '<S> is registered under serial number <V>', 'the serial that stands on <S> is <V>', "<S's> serial is <V>", 'the serial number on <S> is <V>', '<S> has the serial number <V>'
    ],
    asks: [
      'serial number of <S>', 'tell me the serial of <S>', 'what is the serial for <S>', 'do you know the serial number on <S>', 'I need the serial of <S>', 'which serial is stamped on <S>', 'what does it say as serial number on <S>', 'I forgot the serial number of <S>', 'remind me of the serial number that <S> has', 'what serial does <S> have', 'what did I note as serial number of <S>',
      'can you give me the serial no. of <S>', 'under which serial number is <S> registered', 'what serial does <S> carry', "what's the serial number of <S>", 'which serial number does <S> have', 'what serial number is on <S>'
    ]
  },
  {
    group: 'code', kind: 'fact', label: 'code', value: code,
    states: [
      'you need to type <V> to open <S>', '<V> is the code of <S>', '<S> unlocks with <V>', 'the PIN for <S> is <V>', 'I set the code of <S> to <V>', 'enter <V> and <S> opens', '<V> opens <S>', 'you get into <S> with <V>', 'the combination for <S> is <V>', 'to unlock <S> I type <V>', '<S> wants <V> as the code', 'the code that opens <S> is <V>', 'I use <V> as the code for <S>', 'with <V> you can unlock <S>',
      'the code for <S> is <V>', '<S> opens with <V>', 'you need <V> to open <S>'
    ],
    asks: [
      'what do I type to unlock <S>', 'tell me the code for <S>', 'how do I unlock <S>', 'code for <S>', 'what is the PIN of <S>', 'I forgot the code of <S>', 'with which code do I open <S>', 'what do I need to enter to open <S>', 'do you know the code that opens <S>', 'remind me how <S> is unlocked', 'what combination opens <S>', 'any idea what the code of <S> is', 'which code did I set for <S>',
      'what code do I need for <S>', "what's the code for <S>", 'which code opens <S>', 'what is the code of <S>'
    ],
    changes: ['<S> opens with <V> now', 'you need <V> to unlock <S> now, not <OLD>', 'I set a new code for <S>: <V>', '<OLD> does not open <S> any more, <V> does', 'from now on <S> unlocks with <V>', 'I changed it: the code of <S> is <V>', 'the code for <S> is <V> now', 'I changed the code for <S> from <OLD> to <V>', 'the new code for <S> is <V>'],
    checks: ['do I type <V> to unlock <S>', 'is <V> what opens <S>', 'does <S> unlock with <V>', 'do I need <V> to open <S>', 'did I set the code of <S> to <V>', 'can I get into <S> with <V>', '<S> opens with <V>, right', 'does <V> open <S>', 'is <V> the code for <S>']
  },
  {
    group: 'password', kind: 'fact', label: 'password', value: code,
    states: [
      '<V> is the password of <S>', 'log in to <S> with the password <V>', 'the passphrase for <S> is <V>', 'I chose <V> as password for <S>', 'password for <S>: <V>', '<S> has <V> set as password', '<S> asks for a password, it is <V>', "<S's> login password is <V>", 'I protected <S> with the password <V>', 'if <S> wants a password, take <V>', 'use <V> as the password on <S>', 'the password I use for <S> is <V>',
      '<S> is protected by the password <V>', 'my password on <S> is <V>', 'the password for <S> is <V>', '<S> has the password <V>', 'I set the password of <S> to <V>'
    ],
    asks: [
      'tell me the password for <S>', 'password of <S>', 'I forgot the password of <S>', 'what password did I set on <S>', 'do you know the password for <S>', 'what is the passphrase of <S>', 'with which password do I log in to <S>', 'remind me which password <S> has', 'I need the password of <S>', 'what did I choose as password for <S>', 'any idea what the password of <S> is', 'what password does <S> have',
      'which password do I use for <S>', 'how do I log in to <S>, what is the password', "what's the password for <S>", 'which password does <S> have', 'what is the password of <S>'
    ],
    changes: ['<S> has the password <V> now', 'the password of <S> changed, it is <V>', 'log in to <S> with the password <V> from now on', '<OLD> no longer works as password for <S>, take <V>', 'I replaced the password <OLD> of <S> by <V>', '<S> wants the password <V> now', 'the password for <S> is <V> now', 'I changed the password for <S> to <V>', 'the new password for <S> is <V>'],
    checks: ['did I set the password of <S> to <V>', 'do I log in to <S> with the password <V>', 'does <S> have <V> as password', 'did I choose <V> as password for <S>', 'is <S> protected by the password <V>', '<S> has the password <V>, right', 'is <V> the password on <S>', 'does <S> have the password <V>']
  },
  {
    group: 'spot', kind: 'fact', value: m => m.word(spots),
    states: [
      '<S> is <V>', '<S> is kept <V>', 'you will find <S> <V>', 'I stored <S> <V>', '<V> is where I keep <S>', '<S> sits <V>', 'I placed <S> <V>', '<S> has its place <V>', 'I have left <S> <V>', 'I stashed <S> <V>', 'look <V> if you need <S>', 'the place for <S> is <V>', '<V> is where <S> lies', 'I keep <S> <V>', 'I put <S> <V>', '<S> lies <V>', 'I left <S> <V>'
    ],
    asks: [
      'where is <S> kept', 'tell me where I put <S>', 'where can I find <S>', 'I forgot where I left <S>', 'any idea where I put <S>', 'remind me where I keep <S>', 'where have I stored <S>', 'in what place do I keep <S>', 'do you know where I keep <S>', 'where does <S> lie', "I can't find <S>, where did I leave it", 'what is the place of <S>', 'where is <S>', 'where did I put <S>', 'where do I keep <S>', 'do you know where <S> is', 'where did I leave <S>'
    ],
    changes: ['I keep <S> <V> now', '<S> is no longer <OLD>, I put it <V>', 'from now on <S> is kept <V>', 'I moved <S> somewhere, it lies <V> now', 'I took <S> away from there, now it lies <V>', 'you will find <S> <V> now', '<S> is <V> now', 'I moved <S>, it is <V> now', 'I put <S> somewhere else: <V>'],
    checks: ['is <S> <V>', '<S> is <V>, correct', 'am I right that <S> is <V>', 'did I leave <S> <V>', 'did I really put <S> <V>', 'will I find <S> <V>', 'does <S> lie <V>', 'did I put <S> <V>', 'do I keep <S> <V>']
  },
  {
    group: 'name', kind: 'fact', label: 'name', value: m => madeUpName(m.dice, m.split),
    states: [
      '<V> is what I call <S>', '<S> is named <V>', 'the name of <S> is <V>', 'I gave <S> the name <V>', '<S> answers to the name <V>', 'we call <S> <V>', '<S> is normally called <V>', 'at home <S> is known as <V>', 'I have a name for <S>: <V>', '<S> got the name <V>', 'everybody here calls <S> <V>', 'I christened <S> <V>', '<V> is the name I gave <S>', 'we decided to name <S> <V>',
      '<S> is called <V>', 'I call <S> <V>', 'I named <S> <V>'
    ],
    asks: [
      'what name did I give <S>', 'tell me what I call <S>', 'what is the name of <S>', 'name of <S>', 'which name does <S> have', 'what do we call <S>', 'I forgot what <S> is called', 'do you know how <S> is named', 'remind me of the name that <S> has', 'any idea what I named <S>', 'what did I call <S>', 'what name does <S> go by', 'what have I christened <S>', 'what is the name I gave <S>',
      'what is <S> called', 'what did I name <S>', 'how do I call <S>'
    ],
    checks: ['did I name <S> <V>', 'do I call <S> <V>', 'did I give <S> the name <V>', 'does <S> go by <V>', '<V> is what I call <S>, right', "<S> is called <V>, isn't it", 'is <S> named <V>', 'is <S> called <V>']
  },
  {
    group: 'repair', kind: 'fact', value: m => m.surname(),
    states: [
      '<V> mended <S>', 'I had <S> fixed by <V>', 'I took <S> to <V> for repairs', '<S> was mended by <V>', '<V> got <S> working again', 'the one who repaired <S> was <V>', '<V> is the person who fixed <S>', '<V> did the repair of <S>', 'when <S> broke down, <V> fixed it', 'I let <V> repair <S>', 'the last repair of <S> was done by <V>', '<S> broke and <V> mended it', 'it was <V> who repaired <S> last time', '<V> has put <S> right',
      '<V> repaired <S>', '<V> fixed <S> last time', '<S> was repaired by <V>'
    ],
    asks: [
      'who mended <S>', 'tell me who fixed <S>', 'who did I take <S> to for repairs', 'who did the repair of <S>', 'do you know who repaired <S>', 'by whom was <S> repaired', 'I forgot who mended <S>', 'who got <S> working again', 'remind me who fixed <S> last time', 'any idea who repaired <S>', 'who did I let repair <S>', 'who has fixed <S>', 'who was <S> repaired by', 'who put <S> right when it broke',
      'who repaired <S>', 'who fixed <S>', 'who did repair <S> last time'
    ],
    checks: ['did <V> mend <S>', 'did <V> do the repair of <S>', 'did I take <S> to <V> for repairs', 'did <V> fix <S> last time', 'was <S> mended by <V>', '<V> repaired <S>, right', 'is it true that <V> fixed <S>', 'was <S> repaired by <V>', 'did <V> fix <S>', 'did <V> repair <S>']
  },
  {
    group: 'lent', kind: 'fact', value: m => m.firstName(m.dice.chance(0.5)),
    states: [
      'I gave <S> to <V> for a while', '<V> took <S> for a few days', 'I let <V> have <S>', 'I let <V> borrow <S>', '<V> is using <S> right now', '<S> was borrowed by <V>', 'I lent <V> <S>', '<S> has been lent to <V>', '<V> needed <S>, so I handed it over', 'at the moment <V> has <S>', '<V> has borrowed <S> from me', 'it is <V> who has <S>', 'I will get <S> back from <V>', '<V> still has <S>',
      'I lent <S> to <V>', '<V> borrowed <S>', '<V> has <S> at the moment'
    ],
    asks: [
      'who is using <S>', 'who did I give <S> to', 'tell me who has <S>', 'who took <S>', 'I forgot who I lent <S> to', 'who has <S> right now', 'remind me who borrowed <S>', 'do you know who has <S> at the moment', 'to whom did I lend <S>', 'any idea who borrowed <S>', 'who do I get <S> back from', 'who has borrowed <S> from me', 'who did I let borrow <S>', 'who still has <S>',
      'who has <S>', 'who did I lend <S> to', 'who borrowed <S>'
    ],
    checks: ['did I give <S> to <V>', 'did I lend <V> <S>', 'has <V> borrowed <S>', 'was it <V> who borrowed <S>', 'did I let <V> have <S>', 'does <V> still have <S>', '<V> has <S>, right', 'did <V> borrow <S>', 'does <V> have <S>', 'did I lend <S> to <V>']
  },
  {
    group: 'service', kind: 'event', value: appointment,
    states: [
      '<S> is due for a service <V>', 'the next check of <S> is <V>', 'I take <S> to the workshop <V>', '<S> has to be serviced <V>', 'the workshop expects <S> <V>', 'somebody will service <S> <V>', '<V> is when <S> goes to the workshop', 'I booked a service for <S>, it is <V>', '<S> gets its next check <V>', '<S> is going in for a service <V>', '<S> gets checked <V>', 'the service of <S> will be <V>', 'I have to bring <S> to the workshop <V>',
      '<S> will be serviced <V>', "<S's> next service is <V>", '<S> goes to the workshop <V>', '<S> will be checked <V>'
    ],
    asks: [
      'when is <S> due for a service', 'tell me when <S> goes to the workshop', 'when do I take <S> to the workshop', 'next service of <S>', 'when will <S> be serviced', 'I forgot when <S> has its service', 'for when did I book the service of <S>', 'do you know when <S> is checked next', 'remind me when the workshop expects <S>', 'when is the next check of <S>', 'any idea when <S> must be serviced', 'on which day does <S> go to the workshop',
      'what day is the service of <S>', 'when do they look over <S>', "when is <S's> next service", 'when does <S> go to the workshop', 'when will <S> be checked'
    ],
    checks: ['is <S> due for a service <V>', 'is the next check of <S> <V>', 'do I take <S> to the workshop <V>', 'will the service of <S> be <V>', 'does <S> have to go to the workshop <V>', 'will <S> be checked <V>', '<S> goes to the workshop <V>, right', "is <S's> next service <V>", 'does <S> go to the workshop <V>']
  }
]

/** Of the user's vehicles. */
export const vehicleFacts: readonly FactKind[] = [
  {
    group: 'plate', kind: 'fact', label: 'licence plate', value: plate,
    states: [
      '<V> is on the plate of <S>', 'the registration of <S> is <V>', '<S> is registered as <V>', "<S's> license plate reads <V>", 'the number plate of <S> says <V>', '<V> is the number plate of <S>', '<S> drives around with the plate <V>', 'my plate on <S> is <V>', 'the plates of <S> say <V>', '<S> carries the number plate <V>', 'plate of <S>: <V>', 'they gave <S> the plate <V>', '<S> has the registration <V>',
      'for <S> I got the plate <V>', "<S's> plate is <V>", '<S> has the plate <V>', "<S's> number plate is <V>"
    ],
    asks: [
      'number plate of <S>', 'what is the registration of <S>', 'tell me the plate of <S>', 'what does the license plate of <S> say', 'I forgot the number plate of <S>', 'do you know the plate of <S>', 'how is <S> registered', 'what number plate does <S> have', 'remind me what the plate of <S> says', 'I need the registration of <S>', 'any idea what plate <S> has', 'what is on the plates of <S>', 'which number plate is on <S>',
      'what plate did they give <S>', "what's <S's> number plate", 'which plate does <S> have', 'what is the plate of <S>'
    ],
    checks: ['is <S> registered as <V>', 'does the plate of <S> say <V>', 'is <V> the registration of <S>', 'is <V> the number plate of <S>', 'does <S> have the plate <V>', '<S> has the plate <V>, right', "is <S's> number plate <V>", "is <S's> plate <V>"]
  },
  {
    group: 'parking', kind: 'fact', label: 'parking spot', value: m => m.drawn(() => `${m.dice.pick(['', 'A', 'B', 'C', 'P', 'level 2, '])}${m.dice.between(1, 480)}`),
    states: [
      'I left <S> in spot <V>', '<S> is in bay <V>', 'the spot where I parked <S> is <V>', 'I put <S> on parking spot <V>', '<V> is where <S> is parked', 'you will find <S> in parking bay <V>', '<S> stands at <V>', 'I parked <S> at <V>', 'today <S> is parked in <V>', 'I found a spot for <S>: <V>', '<S> has its spot at <V>', 'parking spot of <S>: <V>', 'I drove <S> to parking spot <V>', '<S> waits in spot <V>',
      '<S> is parked at <V>', 'I parked <S> in spot <V>', '<S> stands in spot <V>'
    ],
    asks: [
      'tell me where I parked <S>', 'which bay is <S> in', 'at which spot did I leave <S>', 'parking spot of <S>', 'where is <S> parked', 'I forgot where <S> is parked', 'do you know in which spot <S> stands', 'remind me where I left <S> parked', 'any idea where I parked <S>', 'in which spot did I park <S>', 'where in the parking lot is <S>', 'in which parking spot can I find <S>', 'where does <S> stand', 'what bay did I park <S> in',
      'where did I park <S>', 'which spot is <S> parked in', 'in what spot is <S>'
    ],
    checks: ['did I leave <S> in spot <V>', 'is <S> in bay <V>', 'did I park <S> at <V>', 'is <V> where I parked <S>', 'is <V> the spot of <S>', '<S> is parked at <V>, right', 'did I park <S> in spot <V>', 'is <S> parked at <V>']
  }
]

/** Of things that everybody in a house speaks of, and of what has a name that nobody knows. */
export const commonFacts: readonly FactKind[] = [
  {
    group: 'code', kind: 'fact', label: 'code', value: code,
    states: [
      'type <V> to unlock <S>', '<V> is the code of <S>', '<V> gets you into <S>', 'the PIN for <S> is <V>', 'they set the code of <S> to <V>', 'enter <V> at <S>', 'if you want to use <S>, the code is <V>', 'the access code of <S> is <V>', 'you get into <S> with <V>', 'for <S> you have to enter <V>', 'to get into <S> we use the code <V>', 'on <S> you type the code <V>', '<S> has <V> as its code', 'with the code <V> you can use <S>',
      'the code for <S> is <V>', '<S> has the code <V>', 'to get into <S> you type <V>'
    ],
    asks: [
      'what do I type for <S>', 'tell me the code for <S>', 'how do I get into <S>', 'code for <S>', 'what is the PIN of <S>', 'I forgot the code of <S>', 'with which code do I get into <S>', 'what do I have to enter for <S>', 'do you know the code of <S>', 'remind me what the code for <S> is', 'what is the access code of <S>', 'any idea what the code of <S> is', 'which code did they set for <S>', 'what code do I need for <S>',
      "what's the code for <S>", 'which code does <S> have', 'what is the code of <S>'
    ],
    changes: ['you type <V> to get into <S> now', '<S> has the code <V> now', 'they changed it: the code of <S> is <V>', '<OLD> does not work for <S> any more, type <V>', 'from now on you get into <S> with <V>', '<S> got another code, <V>', 'the code for <S> is <V> now', 'they changed the code for <S> to <V>', 'the new code for <S> is <V>'],
    checks: ['do I type <V> to get into <S>', 'does <V> get me into <S>', 'did they set the code of <S> to <V>', 'can I get into <S> with <V>', 'is <V> the access code of <S>', '<S> has the code <V>, right', 'does <S> have the code <V>', 'is <V> the code for <S>']
  },
  {
    group: 'number', kind: 'fact', label: 'number', value: m => digits(m, m.dice.between(3, 8)),
    states: [
      '<V> is the number of <S>', '<S> is number <V>', 'the number on <S> is <V>', 'they gave <S> the number <V>', '<S> carries the number <V>', 'on <S> it says number <V>', 'number of <S>: <V>', '<S> goes by the number <V>', 'the number that stands on <S> is <V>', '<S> was given the number <V>', "<S's> number reads as <V>", 'in the books <S> has number <V>', '<S> got the number <V>', 'you can read the number <V> on <S>',
      'the number of <S> is <V>', '<S> has the number <V>', "<S's> number reads <V>"
    ],
    asks: [
      'number of <S>', 'tell me the number of <S>', 'what number did they give <S>', 'I forgot which number <S> has', 'do you know the number on <S>', 'which number is <S>', 'what is the number that stands on <S>', 'remind me of the number of <S>', 'I need the number of <S>', 'any idea what number <S> has', 'what number does it say on <S>', 'what did I say the number of <S> is', 'which number did <S> get', 'what number does <S> carry',
      "what's the number of <S>", 'which number does <S> have', 'what number is on <S>'
    ]
  },
  {
    group: 'cost', kind: 'fact', label: 'price', value: money,
    states: [
      'you pay <V> for <S>', '<S> is <V>', 'they say it will cost you <V> to get <S>', '<V> is the price of <S>', '<S> comes to <V>', 'for <S> they want <V>', '<S> will set you back <V>', 'you can get <S> for <V>', '<S> sells for <V>', 'I had to ask, they want <V> for <S>', '<V> is what <S> costs', 'we have to spend <V> on <S>', '<S> goes for <V>', 'the cost of <S> is <V>', '<S> costs <V>', 'they ask <V> for <S>', 'the price of <S> is <V>'
    ],
    asks: [
      'what is the price of <S>', 'cost of <S>', 'tell me what <S> costs', 'how much does <S> cost these days', 'what do they want for <S>', 'I forgot how much <S> costs', 'do you know the price of <S>', 'what do you pay for <S>', 'remind me how much <S> is', 'any idea what <S> costs', 'how much money do they ask for <S>', 'what would <S> set me back', 'for how much can you get <S>', 'how much does <S> cost',
      'how much is <S>', 'what does <S> cost', 'how much do they ask for <S>'
    ],
    checks: ['do you pay <V> for <S>', 'do they charge <V> for <S>', 'is <V> the price of <S>', 'do they want <V> for <S>', 'can you get <S> for <V>', 'does <S> really cost <V>', '<S> costs <V>, right', 'do they ask <V> for <S>', 'does <S> cost <V>']
  },
  {
    group: 'owner', kind: 'fact', label: 'owner', value: m => m.firstName(m.dice.chance(0.5)),
    states: [
      '<V> is the owner of <S>', '<V> bought <S> and owns it now', 'the person who owns <S> is <V>', '<S> is the property of <V>', '<V> has owned <S> for years', 'it is <V> who owns <S>', 'the owner of <S> is called <V>', '<V> is the one <S> belongs to', 'by law <S> belongs to <V>', '<S> is owned by somebody called <V>', '<S> has belonged to <V> for years', 'the proprietor of <S> is <V>', '<V> possesses <S>', 'I know that <S> belongs to <V>',
      '<S> belongs to <V>', '<V> owns <S>', '<S> is owned by <V>'
    ],
    asks: [
      'who is the owner of <S>', 'tell me who owns <S>', 'whose property is <S>', 'owner of <S>', 'to whom does <S> belong', 'I forgot who owns <S>', 'do you know whose <S> is', 'remind me who <S> belongs to', 'any idea who the owner of <S> is', 'who did I say owns <S>', 'by whom is <S> owned', 'which person owns <S>', 'who possesses <S>', 'who has <S> belonged to all these years',
      'who owns <S>', 'who does <S> belong to', 'whose is <S>'
    ],
    checks: ['is <V> the owner of <S>', 'does <V> really own <S>', 'is <S> the property of <V>', 'is <S> owned by <V>', '<S> belongs to <V>, right', 'does <S> still belong to <V>', 'is it true that <V> owns <S>', 'does <S> belong to <V>', 'does <V> own <S>']
  },
  {
    group: 'where', kind: 'fact', value: m => city(m),
    states: [
      '<S> is located in <V>', 'you can find <S> in <V>', 'they keep <S> in <V>', 'the city where you find <S> is <V>', '<S> stands in <V>', '<S> is over in <V>', '<S> has its place in <V>', 'they moved <S> to <V> years ago', '<S> is to be found in <V>', '<S> is situated in <V>', 'if you want to see <S>, go to <V>', 'somebody sent <S> to <V>', 'you have to go to <V> for <S>', 'they put <S> in <V>',
      '<S> is in <V>', '<S> was sent to <V>', '<S> can be found in <V>'
    ],
    asks: [
      'where is <S>', 'what city is <S> in', 'tell me where <S> is', 'in which town is <S>', 'where do they keep <S>', 'where is <S> located', 'I forgot where <S> is', 'which city was <S> sent to', 'remind me what city <S> is in', 'any idea where <S> can be found', 'where can I find <S>', 'where did they send <S>', 'do you know in which city <S> is', 'location of <S>', 'in what place can you find <S>',
      'in which city is <S>', 'where can <S> be found'
    ],
    checks: ['is <S> located in <V>', 'would I find <S> in <V>', 'is <S> to be found in <V>', 'was <S> sent to <V>', 'is <V> where <S> is', "<S> is in <V>, isn't it", '<S> is in <V>, right', 'is it true that <S> is in <V>', 'can <S> be found in <V>', 'is <S> in <V>']
  },
  {
    group: 'colour', kind: 'fact', label: 'colour', value: m => m.word(colours),
    states: [
      '<S> is <V>', '<V> is the shade of <S>', '<S> looks <V>', 'they painted <S> <V>', "<S's> shade is <V>", '<S> comes in <V>', '<S> was painted <V> last year', '<V> is the color of <S>', '<S> has always been <V>', '<V> was chosen as the colour of <S>', 'we agreed to paint <S> <V>', '<S> was done in <V>', '<S> got a coat of <V> paint', 'everybody can see that <S> is <V>',
      '<S> has a <V> colour', 'the colour of <S> is <V>'
    ],
    asks: [
      'tell me the colour of <S>', 'what is the color of <S>', 'do you know what colour <S> is', '<S> colour', 'what shade is <S>', 'remind me which colour <S> is', 'in what colour was <S> painted', 'I forgot what color <S> is', 'any idea which colour <S> is painted', 'how did they paint <S>, which colour', 'what color did I say <S> is', 'what shade does <S> have', 'what colour would you say <S> is',
      'which color did they choose for <S>', 'what colour is <S>', 'which colour does <S> have', 'what color is <S>'
    ],
    checks: ['is <S> painted <V>', 'is <S> <V>', 'did they paint <S> <V>', 'would you say <S> is <V>', 'does <S> have <V> paint on it', 'is <V> the color of <S>', '<S> has a <V> colour, right', 'is <V> the colour of <S>', 'does <S> have a <V> colour']
  },
  {
    group: 'contents', kind: 'fact', value: m => title(m),
    states: [
      'people call <S> <V>', '<S> is known as <V>', 'the name of <S> is <V>', 'they named <S> <V>', 'everybody calls <S> <V> now', '<V> is the name of <S>', '<S> has been given the name <V>', '<S> is named <V>', '<V> is what they call <S>', 'by name <S> is <V>', 'officially <S> is called <V>', 'they gave <S> the name <V>', '<S> goes by <V> nowadays', 'we all know <S> by the name <V>',
      '<S> is called <V> now', '<S> goes by the name <V>', 'they call <S> <V>'
    ],
    asks: [
      'what is the name of <S>', 'tell me what they call <S>', 'name of <S>', 'under what name is <S> known', 'what do people call <S>', 'what name did they give <S>', 'I forgot what <S> is called', 'do you know the name of <S>', 'remind me how <S> is named', 'any idea what <S> is called', 'what name does <S> go by', 'which name does <S> have', 'what does everybody call <S>', 'what is <S> known as',
      'what is <S> called', 'what do they call <S>', 'by what name does <S> go'
    ],
    checks: ['is <S> known as <V>', 'did they name <S> <V>', 'is <V> the name of <S>', 'did they give <S> the name <V>', 'do people call <S> <V>', 'does <S> go by <V>', 'is it true that <S> is called <V>', 'does <S> go by the name <V>', 'do they call <S> <V>']
  },
  {
    group: 'boss', kind: 'fact', value: m => `${m.firstName(m.dice.chance(0.5))} ${m.surname()}`,
    states: [
      '<V> is responsible for <S>', 'the one in charge of <S> is <V>', '<S> is looked after by <V>', '<V> runs <S>', 'for <S> you have to ask <V>', '<V> manages <S>', 'if there is anything with <S>, talk to <V>', 'it is <V> who looks after <S>', 'it is <V> who takes care of <S>', '<V> has to see to <S>', 'the person responsible for <S> is <V>', '<V> was put in charge of <S>', '<S> is run by <V>', '<V> is the one who looks after <S>',
      '<V> is in charge of <S>', '<V> looks after <S>', '<V> takes care of <S>'
    ],
    asks: [
      'who is responsible for <S>', 'tell me who is in charge of <S>', 'who runs <S>', 'who do I ask about <S>', 'who manages <S>', 'I forgot who looks after <S>', 'do you know who takes care of <S>', 'who is the person in charge of <S>', 'remind me who is responsible for <S>', 'any idea who runs <S>', 'who has to see to <S>', 'who was put in charge of <S>', 'who do I talk to if there is anything with <S>', 'by whom is <S> looked after',
      'who is in charge of <S>', 'who looks after <S>', 'who takes care of <S>'
    ],
    checks: ['is <V> responsible for <S>', 'does <V> run <S>', 'does <V> look after <S> these days', 'do I ask <V> about <S>', 'is <S> looked after by <V>', 'does <V> manage <S>', '<V> is in charge of <S>, right', 'does <V> take care of <S>', 'does <V> look after <S>', 'is <V> in charge of <S>']
  },
  {
    group: 'opens', kind: 'fact', label: 'opening time', value: m => `${m.dice.between(6, 11)}:${m.dice.pick(['00', '15', '30', '45'])}`,
    states: [
      'from <V> on <S> is open', 'they open <S> at <V>', '<S> is closed until <V>', 'you can use <S> from <V> on', '<S> stays shut until <V>', 'the opening time of <S> is <V>', 'at <V> they unlock <S>', '<V> is when <S> opens', 'you can only get into <S> after <V>', 'every day <S> opens at <V>', '<S> starts at <V> in the morning', 'somebody opens <S> at <V>', '<S> is locked until <V>', 'in the morning <S> opens at <V>',
      '<S> opens at <V>', '<S> is open from <V>', 'you can get into <S> from <V>'
    ],
    asks: [
      'what time does <S> open', 'tell me when <S> opens', 'opening time of <S>', 'from what time can I use <S>', 'until when is <S> closed', 'when do they open <S>', 'I forgot when <S> opens', 'do you know when <S> is open', 'remind me from when I can get into <S>', 'any idea what time <S> opens', 'how early does <S> open', 'when can I get into <S>', 'when in the morning does <S> open', 'at which hour do they unlock <S>',
      'when does <S> open', 'from when is <S> open', 'at what time does <S> open'
    ],
    checks: ['is <S> closed until <V>', 'do they open <S> at <V>', 'can I use <S> from <V> on', 'can I get into <S> from <V>', 'does <S> only open at <V>', '<S> opens at <V>, right', 'is it true that <S> opens at <V>', 'is <S> open from <V>', 'does <S> open at <V>']
  }
]

/** Of an appointment of the user's. */
export const eventFacts: readonly FactKind[] = [
  {
    group: 'when', kind: 'event', value: appointment,
    states: [
      '<S> is <V>', 'I have <S> <V>', '<S> happens <V>', '<V> is when I have <S>', 'I go to <S> <V>', '<S> will take place <V>', 'I am expected at <S> <V>', 'I am due at <S> <V>', '<V> I go to <S>', 'I need to be at <S> <V>', '<S> is going to be <V>', 'I must not miss <S> <V>', '<V> I have <S>', '<S> starts <V>', 'I got a time for <S>, it is <V>',
      '<S> takes place <V>', "don't let me miss <S>, it's <V>"
    ],
    asks: [
      'tell me when I have <S>', 'what time is <S>', 'on which day is <S>', 'date of <S>', 'when will <S> take place', 'I forgot when <S> is', 'do you know when <S> is', 'remind me what day I have <S>', 'when am I expected at <S>', 'any idea when <S> takes place', 'when do I need to be at <S>', 'when did I say <S> is', 'when does <S> start',
      'when is <S>', 'what day is <S>', 'when do I have <S>', 'when does <S> take place'
    ],
    changes: ['<S> takes place <V> now', 'the date of <S> changed, it is <V> now', '<S> is not <OLD> any more but <V>', 'I have <S> <V> now', '<S> has been put off, it happens <V>', 'I have <S> <V> instead of <OLD>', '<S> was moved, it is <V> now', '<S> is <V> now instead of <OLD>', 'they moved <S>: it is <V>'],
    checks: ['do I need to be at <S> <V>', 'will <S> take place <V>', 'am I expected at <S> <V>', 'does <S> start <V>', 'have I got <S> <V>', 'am I right that <S> is <V>', 'is <S> <V>', '<S> takes place <V>, right', 'does <S> take place <V>', 'do I have <S> <V>']
  },
  {
    group: 'at', kind: 'event', value: m => m.dice.pick([`in ${city(m)}`, `at ${m.surname()} Hall`, `in room ${digits(m, 3)}`, `at ${madeUpName(m.dice, m.split)} Centre`]),
    states: [
      '<S> is <V>', '<V> is where <S> takes place', 'we gather <V> for <S>', '<S> is going to be held <V>', '<S> happens <V>', 'I have to go to <S>, it is <V>', 'I will be <V> for <S>', '<S> is going to be <V>', '<V> is where I have <S>', '<S> is set to be <V>', 'I have <S> <V>', 'for <S> I have to be <V>', 'we meet <V> for <S>', '<S> will happen <V>', '<S> is held <V>', '<S> takes place <V>', '<S> will be held <V>'
    ],
    asks: [
      'where is <S>', 'tell me where <S> is', 'place of <S>', 'where do I have <S>', 'at which place is <S>', 'what is the venue of <S>', 'I forgot where <S> is', 'do you know where <S> takes place', 'where do I have to go for <S>', 'remind me where <S> is held', 'any idea where <S> will be', 'where is <S> going to take place', 'where do they hold <S>', 'what is the location of <S>', 'where will <S> be held',
      'where does <S> take place', 'where will <S> be'
    ],
    changes: ['<S> takes place <V> instead of <OLD>', 'they moved <S> to another place: <V>', '<S> will not be <OLD> but <V>', 'the venue of <S> changed, it is <V> now', '<S> will now be held <V>', '<S> has a new place, <V>', '<S> is <V> now, not <OLD>', '<S> will be <V> instead of <OLD>', '<S> will now be <V>'],
    checks: ['is <S> <V>', 'do I have to be <V> for <S>', 'do they hold <S> <V>', 'is <V> where I have <S>', 'is <S> held <V>', '<S> is <V>, correct', 'am I right that <S> is <V>', 'will <S> be held <V>', 'does <S> take place <V>', 'will <S> be <V>']
  },
  {
    group: 'with', kind: 'event', value: m => m.firstName(m.dice.chance(0.5)),
    states: [
      'I am taking <V> along to <S>', '<V> goes to <S> with me', 'for <S> <V> joins me', 'I asked <V> to come with me to <S>', '<V> is coming along to <S>', 'I am going to <S> together with <V>', '<V> and I go to <S> together', '<V> accompanies me to <S>', 'with me at <S> will be <V>', 'for <S> I have <V> with me', 'I will be at <S> with <V>', '<V> promised to come to <S> with me', 'my company for <S> is <V>', 'I bring <V> to <S>',
      '<V> is coming with me to <S>', 'I go to <S> with <V>', '<V> joins me for <S>'
    ],
    asks: [
      'who am I taking along to <S>', 'tell me who comes with me to <S>', 'who goes to <S> with me', 'with whom do I go to <S>', 'who is joining me at <S>', 'I forgot who comes to <S> with me', 'do you know who is coming with me to <S>', 'who accompanies me to <S>', 'remind me who I go to <S> with', 'any idea who joins me for <S>', 'who did I ask to come to <S>', 'who will be with me at <S>', 'who do I bring to <S>', 'who comes along to <S>',
      'who comes with me to <S>', 'who do I go to <S> with', 'who joins me for <S>'
    ],
    checks: ['am I taking <V> along to <S>', 'is <V> coming along to <S>', 'will <V> be with me at <S>', 'is <V> joining me for <S>', 'does <V> accompany me to <S>', '<V> comes with me to <S>, right', 'is it true that I go to <S> with <V>', 'do I go to <S> with <V>', 'is <V> coming with me to <S>']
  }
]
