import type { Phrasings } from '../facts/phrasings.ts'

// More phrases to learn from, beside those of facts/thing-facts.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const thingPhrasings: Phrasings = {
  'code/code': {
    states: [
      'the digits for <S> are <V>', 'punch in <V> and <S> lets you through', '<V> is what you key in at <S>', 'I was told that the code of <S> is <V>', 'it turns out <V> works as the code for <S>',
      'nobody gets past <S> without typing <V>', '<S> can be unlocked with the number <V>', '<V> lets you in at <S>', '<S> takes the code <V>', '<S> will only let you in if you type <V>',
      'press <V> on the keypad of <S>', 'the entry code at <S> reads <V>', 'we all use <V> as the PIN on <S>', '<S> opens if you type <V>', 'type <V> to open <S>', 'with <V> you can open <S>',
      '<V> is the combination of <S>', '<V> unlocks <S>', 'dial <V> and <S> unlocks', 'I open <S> by entering <V>', 'I picked <V> as the PIN of <S>', 'it turns out <S> has the code <V>', "<V>, that's the code for <S>",
      '<S> is locked with the code <V>', "you can't open <S> without <V>"
    ],
    asks: [
      '<S>, which code was it again', 'what digits do I punch in at <S>', 'can you give me the code to <S>', "I'm standing at <S>, what do I type", "I need to get into <S>, what's the code", 'what numbers open <S>',
      'how does one get past <S>, which code', '<S> wants a code, which one is it', 'PIN for <S> please', 'what do you have to key in at <S>', 'the code for <S> has slipped my mind',
      'could I have the access code to <S>', 'which PIN goes with <S>', 'what do I press on the keypad of <S>', "what's the combination for <S>", 'what code opens <S>', 'how do I open <S>', '<S>, what was the code',
      "what's the PIN for <S>", 'which numbers unlock <S>', 'what did I set as the code of <S>', 'can you give me the code to open <S>', 'with what code is <S> locked', "I can't get <S> open, which code is it",
      'what do I dial to open <S>', 'the code for <S> escapes me', 'which digits do I enter on <S>', "I'm locked out of <S>, what's the code"
    ],
    changes: [
      '<S> has been given a new code: <V>', 'instead of <OLD> you now key in <V> at <S>', "they replaced the code of <S>, it's <V> these days", 'the old code of <S> is gone, use <V>',
      '<OLD> is history, <S> takes <V> now', 'since the change <S> only accepts <V>', 'the code of <S> went from <OLD> to <V>', '<S> has a new code: <V>', "I swapped the code of <S>, now it's <V>",
      'I replaced <OLD>, <S> has the code <V>', "the code of <S> is not <OLD> any longer, it's <V>", 'I gave <S> a different PIN, <V>', 'the combination of <S> went from <OLD> to <V>',
      'these days you dial <V> for <S> instead of <OLD>'
    ],
    checks: [
      'is it <V> that I type at <S>', 'will <V> let me into <S>', 'would <V> be the right code for <S>', '<V>, is that the code for <S>', 'does <S> still take <V>', 'am I right that you key in <V> at <S>',
      "the PIN of <S> was <V>, wasn't it", 'can you confirm that <V> is the code of <S>', 'do you punch in <V> at <S>', 'is <V> the code of <S>', 'does <S> open with <V>', 'will <V> unlock <S>',
      'is <V> the combination of <S>', 'is <S> locked with <V>', 'did I pick <V> as the PIN of <S>', '<V>, does that open <S>', 'am I right that <S> opens with <V>'
    ]
  },
  'number/number': {
    states: [
      '<S> is listed under number <V>', 'number <V> is <S>', '<S> is the one with the number <V>', '<S> bears the number <V>', 'the number assigned to <S> is <V>', 'it turns out that <S> has number <V>',
      'if you look at <S>, you read number <V>', '<V> is the number they put on <S>', 'I was told <S> has the number <V>', 'the label on <S> shows number <V>', 'you recognise <S> by the number <V>',
      'they numbered <S> <V>', "<V>, that's the number of <S>", '<S> is filed as number <V>'
    ],
    asks: [
      'what number is <S>', 'which number does <S> carry', 'under which number is <S> listed', '<S>, what number is that', 'can you give me the number of <S>', 'what number was assigned to <S>',
      'could you look up which number <S> has', 'by which number do I recognise <S>', 'the number of <S> has slipped my mind', "I can't recall the number of <S>", 'how is <S> numbered', 'what number does <S> bear',
      'give me the number for <S>', 'what is written on <S> as its number', 'do you have the number of <S> there'
    ]
  },
  'cost/price': {
    states: [
      'the going rate for <S> is <V>', 'they charge <V> for <S>', '<V> gets you <S>', 'I hear <S> costs <V>', 'expect to pay <V> for <S>', '<S> has a price tag of <V>', '<S> is on sale at <V>',
      'it turns out that <S> costs <V>', '<V> is the amount they ask for <S>', 'they are asking <V> for <S>', '<S> is priced at <V>', 'at the counter they take <V> for <S>'
    ],
    asks: [
      'how much is it for <S>', 'what does <S> go for', 'how much does one pay for <S>', 'how pricey is <S>', 'what would I have to pay for <S>', 'how much do they charge for <S>', "what's the damage for <S>",
      'price of <S> please', 'what does <S> sell for', '<S>, how much is it', "what's the going rate for <S>", 'can you tell me how expensive <S> is', 'at what price do they sell <S>',
      'what is written on the price tag of <S>'
    ],
    checks: [
      'is <S> <V>', 'will <S> set me back <V>', 'do I have to pay <V> for <S>', 'do they charge as much as <V> for <S>', '<V> for <S>, is that the price', 'is <S> priced at <V>', 'does <S> go for <V>',
      'am I right that <S> costs <V>', "<S> was <V>, wasn't it"
    ]
  },
  'owner/owner': {
    states: [
      "<S> is <V>'s", 'the rightful owner of <S> is <V>', '<S> is in the hands of <V>', '<V> is who <S> belongs to', 'it turns out that <V> owns <S>', 'I was told <S> belongs to <V>', '<V> holds the title to <S>',
      '<V> inherited <S> and has kept it', 'ownership of <S> lies with <V>', '<S> has an owner by the name of <V>', 'the one who can call <S> their own is <V>', 'legally <V> is the owner of <S>'
    ],
    asks: [
      '<S>, who owns that', 'who has <S> in their possession', 'who can call <S> their own', 'in whose hands is <S>', 'can you tell me whose <S> is', 'what is the name of the owner of <S>',
      'is there an owner of <S>, and who is it', 'who is the rightful owner of <S>', "what's the owner of <S> called", 'who holds the title to <S>', "I'd like to know whom <S> belongs to",
      'it slipped my mind who owns <S>', '<S> is whose, exactly'
    ],
    checks: [
      "is <S> <V>'s", 'is <V> the one <S> belongs to', 'is it <V> who owns <S>', 'would <V> be the owner of <S>', 'is <S> in the hands of <V>', 'am I right that <S> belongs to <V>', "<V> owns <S>, isn't that so",
      'has <V> got <S> as property'
    ]
  },
  'where/': {
    states: [
      '<V> is where <S> is', '<S> can be seen in <V>', '<V> is the home of <S>', '<S> has been in <V> for ages', '<S> ended up in <V>', '<V> has <S>', 'it turns out that <S> is in <V>', 'the location of <S> is <V>',
      'in <V> you come across <S>', 'these days <S> is housed in <V>', "<S>, that's in <V>", 'I was told <S> is down in <V>', 'you need to travel to <V> to see <S>'
    ],
    asks: [
      "where's <S>", 'where do I find <S>', "what's the location of <S>", '<S>, where is that', 'whereabouts is <S>', 'in what city can I see <S>', 'where would I have to go to see <S>', 'which town is home to <S>',
      'where does one find <S>', 'in which place is <S>', 'where did <S> end up', 'which city has <S>', 'can you tell me in what town <S> stands', 'to which city do I go for <S>', 'where is <S> situated',
      'I need the city where <S> is'
    ],
    checks: [
      'is <V> the place where <S> stands', 'do they keep <S> in <V>', 'is <S> somewhere in <V>', 'did they move <S> to <V>', 'is the location of <S> <V>', 'do I have to go to <V> for <S>', 'did <S> end up in <V>'
    ]
  },
  'colour/colour': {
    states: [
      '<S> is <V> in colour', '<S> has a coat of <V> paint', '<V> is what colour <S> is', '<S> has been painted <V>', 'you recognise <S> by its <V> colour', 'they gave <S> a <V> finish', 'they went with <V> for <S>',
      'the paint on <S> is <V>', '<S> has a <V> look', 'they did <S> all in <V>', 'if you see something <V>, that is <S>', 'it turns out that <S> is <V>', "<V>, that's the colour of <S>", "I've got <S> in <V>",
      'I chose <S> in <V>', 'I gave <S> a coat of <V>', '<S> has a <V> finish', '<S> is a nice shade of <V>', 'it turns out <S> is <V>', 'you can spot <S> by its <V> colour', 'I ordered <S> in the colour <V>',
      '<S> is <V> all over', 'I went with <V> for <S>'
    ],
    asks: [
      "what's the colour of <S>", 'which color did they paint <S>', '<S>, what colour is that', 'in which shade is <S> painted', 'what paint is on <S>', 'is there a colour you have for <S>',
      'what does <S> look like, colour wise', 'could you tell me the color of <S>', 'by what colour do I recognise <S>', 'what colour was chosen for <S>', 'which colour has <S> got',
      'the colour of <S> has slipped my mind', 'what hue is <S>', 'what colour did they go with for <S>', 'which color did I paint <S>', '<S>, what colour is it', 'in which colour did I get <S>',
      'in what shade do I have <S>', 'what colour did I pick for <S>', 'what paint does <S> have on it', 'how does <S> look, I mean its colour', 'what colour has <S> got', 'which hue is <S>',
      'by which colour can I spot <S>', 'the colour of <S> escapes me', 'what colour did I order <S> in'
    ],
    checks: [
      'is <S> <V> in colour', 'was <S> painted <V>', 'does <S> look <V>', 'is it <V>, the paint on <S>', "<V> is the colour of <S>, isn't it", 'did they go with <V> for <S>', 'am I right that <S> is <V>',
      'has <S> got a <V> colour', 'can you confirm that <S> is <V>', 'is it <V>, the colour of <S>', 'did I get <S> in <V>', 'did I go with <V> for <S>', 'is <V> the shade of <S>', 'has <S> got a <V> finish',
      'did I pick <V> as the colour for <S>'
    ]
  },
  'contents/': {
    states: [
      '<S> has the name <V>', "<V>, that's how <S> is called", '<S> bears the name <V>', 'the title of <S> is <V>', 'the official name of <S> is <V>', 'around here <S> is referred to as <V>', 'they christened <S> <V>',
      'it turns out <S> is called <V>', 'when people say <V>, they mean <S>', '<V> is what <S> is called', '<S> runs under the name <V>', 'I heard them call <S> <V>', 'we refer to <S> as <V>'
    ],
    asks: [
      "what's <S> called", 'how is <S> called', "what's the name of <S>", 'does <S> have a name, and which', "<S>, what's it called", 'by what name is <S> known', 'what was <S> named', 'how do people refer to <S>',
      'what title does <S> have', 'can you tell me what <S> is called', 'what do you call <S>', 'under which name does <S> run', 'the name of <S> escapes me', 'what did they christen <S>', 'what name was given to <S>'
    ],
    checks: [
      'is <V> what they call <S>', 'is the name of <S> <V>', 'does everybody call <S> <V>', 'when people say <V>, do they mean <S>', 'does <S> have the name <V>', 'was <S> given the name <V>',
      "<S> is known as <V>, isn't it", 'do they refer to <S> as <V>'
    ]
  },
  'boss/': {
    states: [
      '<S> is managed by <V>', '<S> is in the care of <V>', '<V> is the person to ask about <S>', '<V> has <S> under their wing', 'the contact for <S> is <V>', '<V> heads <S>', 'the responsibility for <S> lies with <V>',
      'I was told that <V> handles <S>', "<S> is <V>'s responsibility", 'it turns out <V> is in charge of <S>', 'questions about <S> go to <V>'
    ],
    asks: [
      'who handles <S>', 'whose responsibility is <S>', 'who do I turn to about <S>', "who's the contact for <S>", 'in whose care is <S>', 'who heads <S>', 'whom should I ask about <S>',
      'who is the one responsible for <S>', 'by whom is <S> run', '<S>, who is in charge there', 'with whom does the responsibility for <S> lie', 'who keeps an eye on <S>', 'something is up with <S>, who do I call'
    ],
    checks: [
      'does <V> handle <S>', 'is <S> run by <V>', 'is <S> the responsibility of <V>', 'do I turn to <V> about <S>', 'is it <V> who takes care of <S>', 'is <V> the contact for <S>', 'was <V> put in charge of <S>',
      'am I right that <V> runs <S>'
    ]
  },
  'opens/opening time': {
    states: [
      '<V> is the opening time of <S>', 'doors at <S> open at <V>', '<S> does not open before <V>', 'you have to wait until <V> for <S> to open', 'nobody gets into <S> before <V>', '<V> is the earliest you get into <S>',
      'opening time for <S>: <V>', 'as of <V> each day you can go to <S>', 'I was told <S> opens at <V>', 'it turns out that <S> only opens at <V>', 'from <V> onwards <S> is accessible', '<S> gets unlocked at <V>'
    ],
    asks: [
      'when is <S> open', 'when can I use <S>', "what's the opening time of <S>", '<S>, when does it open', 'what time do they unlock <S>', 'at what hour do they open <S>', 'how long do I have to wait for <S> to open',
      'when at the earliest can I go to <S>', "what's the earliest I get into <S>", 'how early can one use <S>', 'until what time does <S> stay shut', 'when are the doors of <S> unlocked',
      'can you tell me what time <S> opens'
    ],
    checks: [
      'is <S> open at <V>', 'do the doors of <S> open at <V>', 'is <V> the opening time of <S>', 'is <S> locked until <V>', 'is <S> already open at <V>', 'do they unlock <S> at <V>', 'is <V> when <S> opens',
      'do I have to wait until <V> for <S> to open'
    ]
  },
  'when/': {
    states: [
      "I've got <S> <V>", '<S> is scheduled <V>', '<V> there is <S>', 'I have to show up for <S> <V>', '<S> begins <V>', 'they put <S> down for me, it is <V>', "it's <V> that I have <S>", 'my appointment for <S> is <V>',
      'I was told that <S> is <V>', 'it turns out <S> is <V>', "<V>, that's when <S> is", "I'm attending <S> <V>", 'the date is set: <S> is <V>'
    ],
    asks: [
      "when's <S>", 'when have I got <S>', 'on what date is <S>', 'when does <S> begin', 'when is <S> happening', 'when am I due at <S>', '<S>, when was that again', 'at what time do I have <S>',
      'for when is <S> scheduled', 'when do I have to go to <S>', "what's the date of <S>", "could you tell me when I've got <S>"
    ],
    changes: [
      "<S> has been moved, it's <V> now", '<S> got rescheduled, now it happens <V>', 'they postponed <S>, it takes place <V>', '<S> was <OLD>, but now it is <V>', "there's a new date for <S>: it is <V>",
      'they shifted <S>, it starts <V> instead', "<V> instead of <OLD>, that's when <S> is now", "<S> is no longer <OLD>, it's going to be <V>"
    ],
    checks: [
      'is it <V> that I have <S>', 'is <S> still <V>', 'am I due at <S> <V>', 'is <S> scheduled <V>', 'did I say <S> is <V>', "<S> was <V>, wasn't it", 'is <V> when <S> happens'
    ]
  },
  'at/': {
    states: [
      '<S> will be <V>', 'they hold <S> <V>', "they're having <S> <V>", "I'm supposed to come to <S>, it is <V>", 'the place for <S> is <V>', 'the venue for <S>: <V>', "<V>, that's where <S> is",
      'everybody meets <V> for <S>', 'it turns out <S> is held <V>', 'I was told that <S> takes place <V>', '<S> is going on <V>', '<S> is being hosted <V>'
    ],
    asks: [
      'where is <S> held', "where's <S>", 'where is <S> happening', "what's the venue for <S>", 'which place is <S> at', 'where do we meet for <S>', 'where am I supposed to be for <S>', 'where do I go for <S>',
      '<S>, where is that again', 'at what location is <S>', 'where are they having <S>', 'where does one have to go for <S>', 'could you tell me the place of <S>'
    ],
    changes: [
      "<S> has been moved, now it's held <V>", '<S> is no longer <OLD>, it takes place <V>', 'they changed the place of <S>, it will be <V>', 'we meet <V> for <S> now', '<S> was going to be <OLD>, now it is <V>',
      "there's a new venue for <S>: <V>", 'instead of <OLD>, they now hold <S> <V>', "<S> got relocated, it's <V>"
    ],
    checks: [
      'is <S> going to be <V>', 'do we meet <V> for <S>', 'is <V> where <S> takes place', 'is <V> the venue of <S>', 'is <S> being held <V>', 'do I go <V> for <S>', 'is <S> still <V>', 'did I say that <S> is <V>',
      "<S> takes place <V>, doesn't it"
    ]
  },
  'with/': {
    states: [
      "I'm going to <S> with <V>", '<V> comes with me to <S>', "I'm bringing <V> to <S>", '<V> is my companion for <S>', '<V> will be joining me at <S>', '<V> and I are going to <S>',
      "I'm attending <S> in the company of <V>", 'it turns out <V> is coming to <S> with me', "I won't be alone at <S>, <V> comes along", '<V> said yes to coming to <S> with me', "at <S> I'll have <V> by my side",
      'to <S> I am accompanied by <V>', 'the one going to <S> with me is <V>', 'my plus one for <S> is <V>'
    ],
    asks: [
      'who am I going to <S> with', 'who goes with me to <S>', 'who is coming along to <S>', "who's joining me for <S>", 'with whom am I going to <S>', '<S>, who is coming with me', 'who is my plus one for <S>',
      'who will I have with me at <S>', 'who am I bringing to <S>', 'by whom am I accompanied to <S>', 'who do I attend <S> with', "who said they'd come to <S> with me", "I'm not alone at <S>, who's with me",
      "who's my company at <S>", 'which person goes with me to <S>'
    ],
    checks: [
      'am I going to <S> with <V>', 'does <V> come with me to <S>', 'is <V> going to <S> with me', 'is <V> my companion for <S>', 'will <V> join me at <S>', 'do I attend <S> with <V>', 'is <V> my plus one for <S>',
      'am I bringing <V> to <S>', 'do <V> and I go to <S> together', "<V> is coming along to <S>, isn't that so"
    ]
  },
  'make/brand': {
    states: [
      '<V> makes <S>', '<V> built <S>', 'the brand of <S> is <V>', '<S> is of the brand <V>', "as for <S>, it's <a V>", 'the label on <S> says it was made by <V>', '<S> bears the brand <V>', '<V> produced <S>',
      "<V>, that's the brand of <S>", 'it turns out that <S> was made by <V>', "I own <a V>, that's <S>"
    ],
    asks: [
      'what brand is <S>', 'who makes <S>', "what's the brand of <S>", '<S>, what make is it', 'who is the maker of <S>', 'by which company was <S> made', "what's the manufacturer of <S>",
      'which manufacturer is behind <S>', 'what brand did I get for <S>', 'of what brand is <S>', 'what brand name is on <S>', 'could you tell me the make of <S>', 'who produced <S>'
    ],
    checks: [
      'is the brand of <S> <V>', 'was <S> made by <V>', 'is <V> the company behind <S>', 'does <V> make <S>', 'am I right that <S> is <a V>', 'is it <a V>, <S>', 'is <S> of the brand <V>'
    ]
  },
  'price/price': {
    states: [
      '<S> cost me <V>', 'the price of <S> was <V>', '<V> is what <S> cost me', 'for <S> I paid <V>', 'I shelled out <V> for <S>', 'I forked out <V> to get <S>', '<V> went on <S>', '<S> was <V> when I bought it',
      'I bought <S> for <V>', 'the receipt for <S> says <V>', 'I handed over <V> for <S>', 'it turns out I spent <V> to own <S>'
    ],
    asks: [
      'what did <S> cost me', 'how much did I spend on <S>', 'what was <S> when I bought it', 'how much money went on <S>', 'how expensive was <S>', 'what did I shell out for <S>', '<S>, what did I pay for it',
      'what does the receipt for <S> say', 'at what price did I buy <S>', 'what sum did I pay for <S>', 'how much did I hand over for <S>', 'could you tell me how much <S> cost me', 'what did buying <S> cost'
    ],
    checks: [
      'did <S> cost me <V>', 'was <S> <V>', 'was it <V> that I paid for <S>', 'did I get <S> for <V>', 'is <V> what I paid for <S>', 'am I right that <S> cost me <V>', 'did I shell out <V> for <S>',
      "I spent <V> on <S>, didn't I"
    ]
  },
  'bought/': {
    states: [
      "I've owned <S> since <V>", 'the receipt for <S> is dated <V>', '<V> is the day I got <S>', '<V> was the day when I purchased <S>', '<S> was purchased on <V>', 'the date I bought <S> was <V>',
      'on <V> I went to the shop and bought <S>', 'I acquired <S> on <V>', 'it turns out I bought <S> on <V>', '<S> arrived at my home on <V>'
    ],
    asks: [
      'when did I purchase <S>', 'how long have I had <S>', 'since when do I own <S>', '<S>, when did I buy it', 'when was <S> purchased', 'when did <S> become mine', 'when did <S> come to me',
      'what date is on the receipt for <S>', 'what was the date when I got <S>', 'when did I acquire <S>', 'from what date is the purchase of <S>', 'could you tell me when I got <S>', 'which date did I buy <S> on'
    ],
    checks: [
      'did <S> come to me on <V>', 'is <V> the day I got <S>', 'did I acquire <S> on <V>', 'have I owned <S> since <V>', 'is the receipt for <S> dated <V>', 'was <V> the date when I purchased <S>',
      'am I right that I bought <S> on <V>', 'has <S> been mine since <V>'
    ]
  },
  'serial/serial number': {
    states: [
      "<S's> serial number is <V>", 'the serial number of <S> is <V>', 'the serial on <S> reads <V>', '<V> is printed on <S> as serial number', "<V>, that's the serial number of <S>", '<S> came with serial number <V>',
      'on the sticker of <S> you read the serial <V>', 'the serial engraved on <S> is <V>', "it turns out <S's> serial is <V>", 'serial for <S> is <V>', "I looked up the serial of <S>, it's <V>",
      'for <S> the manufacturer stamped serial <V>'
    ],
    asks: [
      "what is <S's> serial number", 'the serial number for <S> please', "<S>, what's the serial", "what's printed on <S> as serial number", 'can you look up the serial of <S>',
      'I need to give them the serial number of <S>', 'which serial did <S> come with', 'what does the sticker on <S> say as serial', "could you tell me <S's> serial", 'what serial number do you have for <S>',
      "what's engraved on <S> as its serial", 'how does the serial number of <S> go', "I've lost the serial number of <S>"
    ]
  },
  'password/password': {
    states: [
      'the password of <S> is <V>', "<S's> password is <V>", '<V> is what you type as the password for <S>', 'I log in to <S> with <V> as my password', "I've set <V> as the password on <S>",
      'to sign in on <S> you need the password <V>', '<S> accepts the password <V>', 'the password that gets you into <S> is <V>', 'it turns out the password on <S> is <V>', "<V>, that's the password for <S>",
      'my login for <S> has the password <V>', 'I secured <S> with the password <V>'
    ],
    asks: [
      "what is <S's> password", 'what password is on <S>', 'which password do I need for <S>', '<S>, what was the password', 'with what password do I sign in on <S>', 'can you give me the password for <S>',
      'what do I type as password on <S>', '<S> wants a password, which one is it', "I can't log in to <S>, what's the password", 'how do I log in to <S>, which password', "what's my password for <S>",
      'could you look up the password of <S>', 'which password gets me into <S>', 'what did I make the password of <S>', 'the password for <S> escapes me'
    ],
    changes: [
      'I changed the password of <S> to <V>', '<S> has a new password: <V>', 'the password of <S> is no longer <OLD> but <V>', "I reset the password of <S>, it's <V> now",
      'sign in on <S> with <V> as password now, not <OLD>', "<OLD> used to be the password for <S>, now it's <V>", 'I gave <S> a different password, <V>'
    ],
    checks: [
      'is the password of <S> <V>', 'is <V> the password for <S>', "is <S's> password <V>", 'do I need the password <V> for <S>', 'does <S> accept the password <V>', 'will the password <V> get me into <S>',
      '<V>, is that the password for <S>', 'have I set <V> as the password on <S>', 'am I right that the password of <S> is <V>', 'is <V> what I type as the password on <S>'
    ]
  },
  'spot/': {
    states: [
      'I hid <S> <V>', '<S> can be found <V>', "<V>, that's where <S> is", 'I tucked <S> away <V>', 'I dropped <S> off <V>', 'if you look for <S>, it is <V>', 'the usual place for <S> is <V>',
      'it turns out that <S> was <V> all along', 'I always put <S> <V>', '<V> is the place of <S>', '<V> you will find <S>'
    ],
    asks: [
      "where's <S>", 'where have I put <S>', 'where did <S> go', '<S>, where did I put it', 'which place do I keep <S> in', 'can you tell me where <S> lies', 'where did I store <S>', 'where should I look for <S>',
      "I'm looking for <S>, where is it", 'I need <S>, where have I left it', 'have you any idea where <S> is', 'in which place is <S> stored'
    ],
    changes: [
      'I put <S> <V> now', "<S> isn't <OLD> any more, it's <V>", "<S> has been moved, it's <V> now", 'instead of <OLD>, <S> is kept <V> now', 'I found a new place for <S>: <V>', "<S> was <OLD>, but I moved it, it's <V>",
      'I store <S> <V> these days, no longer <OLD>', 'the new place for <S> is <V>'
    ],
    checks: [
      'is <S> kept <V>', 'is <V> where I put <S>', 'have I stored <S> <V>', 'is <S> still <V>', 'can I find <S> <V>', 'should I look <V> for <S>', 'did I tuck <S> away <V>', "<S> lies <V>, doesn't it"
    ]
  },
  'name/name': {
    states: [
      '<S> has the name <V>', 'my name for <S> is <V>', '<V> is the name of <S>', "<V>, that's what I call <S>", 'the kids call <S> <V>', 'I baptised <S> <V>', "I've always called <S> <V>", 'when I say <V>, I mean <S>',
      '<S> listens to the name <V>', 'I decided to call <S> <V>'
    ],
    asks: [
      'what do I call <S>', "what's the name of <S>", "what's <S> called", 'which name did I give <S>', '<S>, what do I call it', 'what is my name for <S>', 'what did we decide to call <S>',
      'could you tell me the name of <S>', 'does <S> have a name, which one', 'what name have I got for <S>', 'what did I baptise <S>', 'the name of <S> has slipped my mind'
    ],
    checks: [
      'is <V> the name of <S>', 'is <V> what I call <S>', 'do we call <S> <V>', 'did I christen <S> <V>', 'is my name for <S> <V>', 'does <S> have the name <V>', 'when I say <V>, do I mean <S>',
      'am I right that <S> is called <V>'
    ]
  },
  'repair/': {
    states: [
      '<V> fixed <S>', '<S> was fixed by <V>', '<V> put <S> right', 'I brought <S> to <V> and got it repaired', 'I had <V> mend <S>', 'I got <V> to fix <S>', 'it turns out that <V> fixed <S> for me',
      "<V>, that's who repaired <S>", 'thanks to <V>, <S> works again', '<S> works again because <V> repaired it', 'the repairs on <S> were carried out by <V>', '<V> took <S> apart and repaired it'
    ],
    asks: [
      'who was it that fixed <S>', 'who put <S> right', 'by whom was <S> mended', 'who did I have repair <S>', 'who did I get to fix <S>', '<S>, who repaired it', 'who made <S> work again',
      'who carried out the repairs on <S>', 'to whom did I bring <S> for repair', 'thanks to whom does <S> work again', 'whom did I ask to mend <S>', 'can you tell me who did the repairs on <S>',
      'who worked on <S> when it was broken', '<S> was broken, who fixed it'
    ],
    checks: [
      'was <S> fixed by <V>', 'was it <V> who repaired <S>', 'is <V> the one who fixed <S>', 'did I have <S> repaired by <V>', 'did <V> get <S> working again', 'did I get <V> to mend <S>',
      'am I right that <V> repaired <S>', 'was <V> the person who mended <S>'
    ]
  },
  'lent/': {
    states: [
      '<V> has <S>', '<S> is with <V> right now', '<S> is on loan to <V>', '<V> has got <S> for the moment', 'I loaned <S> to <V>', '<V> asked for <S>, so I lent it out', '<V> still has to give <S> back to me',
      "<S> is at <V>'s at the moment", 'it turns out <V> borrowed <S>', 'I handed <S> to <V> for a while', "<V>, that's who I lent <S> to", 'the one who borrowed <S> is <V>'
    ],
    asks: [
      "who's got <S>", 'who did I loan <S> to', 'to whom did I give <S>', '<S>, who did I lend it to', 'with whom is <S> right now', 'who has got <S> from me on loan', 'who should give <S> back to me',
      'who did I hand <S> to', 'I want <S> back, who has it', 'I lent <S> to somebody, who was it', 'can you tell me who borrowed <S> from me'
    ],
    checks: [
      'did I loan <S> to <V>', 'is <S> with <V>', 'is it <V> who has <S>', 'has <V> got <S>', 'is <V> the one who borrowed <S>', 'am I right that <V> borrowed <S>', 'is <S> on loan to <V>', 'did I hand <S> to <V>'
    ]
  },
  'service/': {
    states: [
      '<S> needs a service <V>', 'the next service of <S> is <V>', '<V> <S> is going to the workshop', "I'm having <S> serviced <V>", "they'll service <S> <V>", '<S> has a service appointment <V>',
      '<S> is booked in for a service <V>', "<V>, that's when <S> gets serviced", 'I was told <S> needs its next check <V>', 'it turns out <S> is due for its service <V>', 'maintenance for <S> is <V>'
    ],
    asks: [
      'when is the next service of <S>', 'when does <S> need a service', 'when does <S> have to be serviced', 'when is <S> serviced next', "when's the service for <S>", '<S>, when is it due for service',
      'when do I have to take <S> in for a service', 'when am I having <S> serviced', 'when is the maintenance for <S>', 'for what day is <S> booked in at the workshop', 'when must <S> be checked',
      "what's the date of the next service of <S>", 'can you tell me when <S> gets serviced', 'when do I bring <S> in for its check'
    ],
    checks: [
      'does <S> need a service <V>', 'is the next service of <S> <V>', 'will <S> be serviced <V>', 'is <S> going to the workshop <V>', 'is <S> booked in for a service <V>', 'do they service <S> <V>',
      'is <V> when <S> gets its service', 'does <S> have to be serviced <V>', 'am I right that <S> is due for a service <V>'
    ]
  },
  'plate/licence plate': {
    states: [
      'the licence plate of <S> is <V>', "<S's> licence plate number is <V>", '<S> has the licence plate <V>', 'the plate on <S> is <V>', '<V> is the registration number of <S>', '<S> bears the registration <V>',
      "<V>, that's the plate of <S>", 'you recognise <S> by the plate <V>', 'the car tag of <S> reads <V>', 'my registration for <S> is <V>', 'it turns out the plate of <S> is <V>', 'the plates on <S> read <V>',
      '<S> was registered with the number plate <V>'
    ],
    asks: [
      "what's the licence plate of <S>", "what is <S's> plate", 'which licence plate does <S> have', "what's the number plate on <S>", "what's the registration number of <S>", "<S>, what's the plate",
      'what plate is on <S>', 'under what plate is <S> registered', 'what do the plates of <S> say', 'can you give me the plate number of <S>', 'they want the registration of <S>, what is it',
      'which plate do I recognise <S> by', "what's <S's> license plate", 'what does it say on the plate of <S>', 'could you look up the licence plate of <S>', 'the plate of <S> has slipped my mind'
    ],
    checks: [
      'is the licence plate of <S> <V>', 'is <V> the plate of <S>', 'is <V> on the plate of <S>', 'is the plate on <S> <V>', "is <S's> registration <V>", 'does <S> have the number plate <V>',
      'do the plates on <S> read <V>', '<V>, is that the plate of <S>', 'am I right that the plate of <S> is <V>', 'does <S> carry the registration <V>'
    ]
  },
  'parking/parking spot': {
    states: [
      'I parked <S> in <V>', '<S> is parked in spot <V>', '<V> is the spot where I left <S>', 'I parked up, <S> is in bay <V>', 'I left <S> parked at <V>', '<S> occupies parking spot <V>', 'today I got bay <V> for <S>',
      "<V>, that's where I parked <S>", 'it turns out I parked <S> in spot <V>', 'go to parking bay <V> and there is <S>'
    ],
    asks: [
      "where's <S> parked", 'where have I parked <S>', 'in which bay is <S> parked', 'where did I leave <S> in the car park', 'what parking spot is <S> in', 'which spot is <S> in', '<S>, which spot did I park it in',
      'at which bay did I park <S>', 'what space did I leave <S> in', "I can't find <S> in the car park, which spot was it", "what's the number of the bay with <S>", 'to which spot do I go for <S>',
      'can you tell me what bay <S> stands in'
    ],
    checks: [
      'is <S> in spot <V>', 'is <S> parked in <V>', 'did I park <S> in bay <V>', 'is <V> the bay where <S> is', 'have I parked <S> in <V>', 'is the parking spot of <S> <V>', 'am I right that I parked <S> at <V>',
      'did I put <S> on parking spot <V>'
    ]
  }
}
