import type { Phrasings } from '../facts/phrasings.ts'

// More phrases to learn from, beside those of facts/home-facts.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const homePhrasings: Phrasings = {
  'place/': {
    states: [
      'home for <O> is <V>', '<V> is home to <O>', 'fyi <S> <+be> based in <V>', 'I was told that <S> <+live> over in <V>', 'it turns out <S> <+dwell> in <V>', '<S> <+have> got an apartment in <V>',
      "<V>, that's the town where <S> <+stay>", 'if you look for <O>, <he> <+live> in <V>', 'for years now <S> <+have> lived in <V>', '<S> <+be> a resident of <V>', 'the place <S> <+call> home: <V>',
      "<S's> house stands in <V>", "it's <V> that <S> <+live> in", 'city of residence for <O>: <V>'
    ],
    asks: [
      'whereabouts <+do> <S> live', 'in which city can <S> be found', 'do you remember what town <S> <+live> in', "I'd like to know where <S> <+be> living", 'did I ever mention where <S> <+live>', 'home town of <O>',
      'where <+have> <S> got <his> home', 'what town <+be> <S> living in', '<S> <+live> where, exactly', 'the city that <S> <+live> in, which one is it', 'which part of the world <+do> <S> live in',
      'could you say which town <S> <+reside> in', 'city where <S> <+live>', "in which town is <S's> home", "where on the map is <S's> home", 'I keep forgetting where <S> <+live>, help me out'
    ],
    changes: [
      "<V> is <S's> new home town", '<S> packed up and left <OLD> for <V>', 'goodbye <OLD>: <S> <+live> in <V> from now on', 'update: <S> <+be> based in <V> these days', '<S> swapped <OLD> for <V> and <+live> there now',
      "since the move <S's> city is <V>", "<S> <+be> no longer a resident of <OLD>, it's <V> now", '<S> used to live in <OLD> but <+have> made <V> <his> home'
    ],
    checks: [
      'so <S> <+live> in <V>, correct', "<V> is <S's> home town, isn't it", '<+have> <S> got a home in <V>', 'would I find <O> living in <V>', '<+be> <S> a resident of <V>', 'is it <V> that <S> <+live> in',
      'does it say <V> for where <S> <+live>', 'is the town where <S> <+live> called <V>', '<+do> <S> still live over in <V>', "<V>: is that <S's> place of residence"
    ],
    who: [
      'who calls <V> home', 'which person lives in <V>', 'who of my people is living in <V>', 'is there anybody I know in <V>', 'name the people who live in <V>', '<V> is whose home town', 'who could I visit in <V>',
      "who's a resident of <V>"
    ]
  },
  'origin/birthplace': {
    states: [
      '<S> hailed from <V> at birth', 'I was told that <S> <was> born in <V>', 'the place <S> originally <+hail> from is <V>', "<S's> cradle stood in <V>", 'it turns out <S> <+come> from <V> originally',
      "<V> is <S's> birthplace", '<S> grew up in <V> and <was> born there too', 'the hospital where <S> <was> born is in <V>', '<S> first saw the light of day in <V>', "<S's> native town is <V>",
      'birthplace of <O>: <V>', 'it was in <V> that <S> <was> born', "a child of <V>, that's what <S> <+be>"
    ],
    asks: [
      'birthplace of <O>', "tell me the city of <S's> birth", 'which city <was> <S> born in', 'what town <+do> <S> hail from', 'in what place did <S> first see the light of day',
      "where were <S's> parents when <S> <was> born", 'do you remember the place <S> <+come> from originally', "I'd like to know <S's> native town", "where do <S's> origins lie",
      "what does <S's> passport give as place of birth", "where did <S's> life begin", 'did I mention what town <S> <was> born in', 'from what city <+do> <S> originally come', '<S> <was> born where',
      'what goes under place of birth for <O>', 'I need the city in which <S> <was> born'
    ],
    checks: [
      "<S> <was> born in <V>, wasn't it so", '<+do> <S> hail from <V>', "is <S's> native town <V>", 'was it <V> where <S> <was> born', 'did <S> come into the world in <V>', "are <S's> roots in <V>",
      '<V> as place of birth for <O>, correct', 'do I have it right that <S> <was> born in <V>', "does <S's> passport say born in <V>", "did <S's> life begin in <V>"
    ],
    who: [
      'who hails from <V>', 'which person was born in <V>', 'who is a native of <V>', 'who came into the world in <V>', 'name everyone born in <V>', '<V> is whose birthplace', 'who has roots in <V>',
      'who of my people was born in <V>'
    ]
  },
  'work/job': {
    states: [
      "<a V>, that's what <S> <+be> by profession", 'I was told that <S> <+work> as <a V>', 'by profession <S> <+be> <a V>', '<V> is the job <S> <+do>', 'professionally, <S> <+be> <a V>', 'it turns out <S> <+be> <a V>',
      "<S's> line of work: <V>", 'to pay the bills <S> <+work> as <a V>', 'for years <S> <+have> worked as <a V>', "on <S's> business card it says <V> as the job", 'when people ask, <S> <+say> <he> <+be> <a V>',
      "<S's> job title is <V>", "<S's> daily work is that of <a V>"
    ],
    asks: [
      'what line of work <+be> <S> in', 'job of <O>', "what is <S's> job title", 'which profession <+do> <S> have', 'in what job <+do> <S> work', 'do you remember what <S> <+do> professionally',
      "I'd like to know what <S> <+work> as", "how would you describe <S's> job in a word", "what's printed on <S's> business card as profession", '<S> <+work> as what', 'as what <+be> <S> employed',
      "what did I tell you about <S's> profession", 'what sort of job <+have> <S> got', 'what trade <+do> <S> work in', 'what should I put under occupation for <O>'
    ],
    changes: [
      '<S> switched careers and <+be> <a V> these days', 'no longer <a OLD>, <S> <+be> <a V> now', '<S> gave up being <a OLD> and became <a V>', "<V> is <S's> new occupation",
      'since the career change <S> <+work> as <a V>', '<S> <+have> become <a V>', '<S> <+earn> a living as <a V> now, <OLD> is over', "update on <S's> job: <V> instead of <OLD>"
    ],
    checks: [
      '<S> <+work> as <a V>, correct', '<+do> <S> make a living as <a V>', "is <S's> profession <V>", '<a V>, is that what <S> <+be> by trade', '<+be> <S> still working as <a V>', 'did I tell you that <S> <+be> <a V>',
      "is <V> what it says for <S's> job", '<+have> <S> got a job as <a V>', "does being <a V> pay <S's> bills", 'do I remember right that <S> <+work> as <a V>'
    ],
    who: [
      'who is <a V> by trade', 'which person is <a V>', 'who of my people works as <a V>', 'is there <a V> among the people I know', 'who makes a living as <a V>', 'name somebody who is <a V>',
      'who could help me, I need <a V>', '<V> is whose job'
    ]
  },
  'work/employer': {
    states: [
      '<V> employs <O>', "<V> is <S's> employer", '<S> <+be> on the payroll at <V>', 'I was told that <S> <+work> for <V>', 'it turns out <S> <+be> employed by <V>', '<S> <+have> a contract with <V>',
      'the firm that gave <O> a job is called <V>', 'as for work, <S> <+be> at <V>', 'the firm <S> <+be> employed with is <V>', '<S> <+have> been working for <V> for years', "name of <S's> company: <V>",
      'every morning <S> <+head> off to <V> to work', "<S's> paycheck comes from <V>", "over at <V>, that's where <S> <+have> a job"
    ],
    asks: [
      'which company <+do> <S> work for', 'at what company <+be> <S> employed', 'employer of <O>', 'whose payroll <+be> <S> on', 'where <+do> <S> go to work', 'what business <+do> <S> work for',
      'do you remember which firm <S> <+be> with', "I'd like to know who <S's> employer is", 'from whom <+do> <S> get <his> salary', '<S> <+work> for whom', 'what company hired <O>',
      'in which company <+do> <S> have a position', 'did I mention the firm <S> <+work> for', "what name is on <S's> paycheck", "the company that <S> <+work> at, what's it called",
      'what should I write under employer for <O>'
    ],
    changes: [
      '<S> switched from <OLD> to <V>', "<V> is <S's> new employer", '<S> started at <V> after leaving <OLD>', 'since the switch <S> <+be> employed at <V>', "<S's> paycheck comes from <V> now, not from <OLD>",
      '<OLD> let <O> go, so now <he> <+work> for <V>', '<S> <+have> a new position, at <V>', '<S> handed in <his> notice at <OLD> and <+work> at <V> now'
    ],
    checks: [
      '<S> <+work> for <V>, correct', '<+be> <S> on the payroll at <V>', 'is it <V> that employs <O>', '<+be> <S> still with <V>, the company', "does <V> pay <S's> salary", 'is the company <S> <+work> for <V>',
      '<+be> <S> with <V> or am I mistaken', 'did I say that <S> <+work> at <V>', '<+do> <S> go to work at <V>', '<+be> <S> on the staff of <V>'
    ],
    who: [
      'who is on the payroll of <V>', 'which person works for <V>', 'who earns a salary at <V>', 'who of my people is with <V>', 'name somebody employed at <V>', 'who has a contract with <V>', 'who goes to work at <V>',
      '<V> employs whom'
    ]
  },
  'birthday/birthday': {
    states: [
      "on <V> it's cake and candles for <O>", "I was told <S's> birthday is on <V>", 'it turns out <S> <+have> <his> birthday on <V>', "<V>, that's the day <S> <was> born", '<S> <+blow> out the candles on <V>',
      '<V> is when <S> <+turn> another year older', "mark the calendar: <S's> birthday, <V>", 'wish <O> a happy birthday on <V>', 'birthday of <O>: <V>', "<S's> special day, <his> birthday, comes on <V>",
      "<S's> parents welcomed <O> into the world on <V>", 'presents for <O> are due on <V>, <his> birthday'
    ],
    asks: [
      'birthday of <O>', 'on what date <was> <S> born', 'when should I congratulate <O> on <his> birthday', 'when <+do> <S> blow out the candles', "when's the big day for <O>, I mean the birthday",
      "do you remember <S's> birthday", "I'd like to know when <S> <+have> <his> birthday", "for what day should I bake <S's> birthday cake", 'when will <S> be a year older',
      "which date is in the calendar for <S's> birthday", '<S> <was> born when', 'when did <S> come into the world', "did I mention the date of <S's> birthday", 'when are birthday wishes due for <O>',
      "which day did I give you for <S's> birthday"
    ],
    checks: [
      "is <S's> birth date <V>", "does <S's> birthday fall on <V>", '<S> <was> born on <V>, correct', 'do I congratulate <O> on <V>', 'is it <V> when <S> <+celebrate> <his> birthday',
      '<V>: is that the day <S> <was> born', '<+do> <S> turn a year older on <V>', "did I tell you <S's> birthday is <V>", "is <V> down as <S's> birthday", 'is <V> the right day to wish <O> a happy birthday'
    ],
    who: [
      'who gets birthday presents on <V>', 'whose birthday falls on <V>', "is it anybody's birthday on <V>", 'which person was born on <V>', 'who do I congratulate on <V>', '<V> is whose birthday',
      'who blows out candles on <V>'
    ]
  },
  'phone/phone number': {
    states: [
      'you can call <O> at <V>', '<V> reaches <O> by phone', "<S's> digits are <V>", "I was told that <S's> number is <V>", 'it turns out <S> <+have> the number <V>', 'phone number of <O>: <V>',
      '<S> <+pick> up the phone at <V>', '<S> can be reached on <V>', 'if you need <O>, ring <V>', 'the mobile <S> <+use> has the number <V>', "<S's> mobile: <V>", "<V>, that's how to get hold of <O> by phone",
      "<S's> landline is <V>", 'for calls and texts <S> <+use> <V>'
    ],
    asks: [
      'number for <O>', 'phone number of <O>', 'on what number can I call <O>', 'which digits do I dial for <O>', 'how do I get <O> on the line', "what's the number to text <O>", "I want to ring <O>, what's the number",
      'at which number can <S> be reached', "do you remember <S's> phone number", "give me the digits of <S's> phone", 'did I give you a number for <O>', "what is <S's> cell", 'I need to call <O>, which number was it',
      'under what number <+do> <S> answer the phone', "what's <S's> landline", 'what do I type in to phone <O>'
    ],
    checks: [
      'can <S> be reached on <V>', "is <S's> phone number <V>", 'if I dial <V>, do I get <O>', 'is <V> what I dial for <O>', '<+do> <S> have the number <V>', "does <V> belong to <S's> phone",
      'is it <V>, the number to text <O>', "<V>: is that <S's> mobile", "are <S's> digits <V>", 'do you have <V> as the number for <O>'
    ],
    who: [
      'who picks up at <V>', 'who do I get when I dial <V>', 'to whom does the number <V> belong', '<V> is whose number', '<V> just rang me, who is that', 'whose phone has the number <V>',
      'which person can be called on <V>', 'I missed a call from <V>, whose number is it'
    ]
  },
  'email/email address': {
    states: [
      '<V> is where <S> <+get> <his> email', "I was told that <S's> email is <V>", 'it turns out <S> <+use> <V> for mail', 'email address of <O>: <V>', 'drop <O> a line at <V>', 'messages for <O> should be sent to <V>',
      "<S's> mailbox is <V>", "<V>, that's <S's> address for emails", 'to email <O>, type <V>', 'if you want to mail <O>, use <V>', '<S> <+check> <his> email at <V>', '<S> <+answer> mails sent to <V>'
    ],
    asks: [
      'email of <O>', 'email address of <O>', 'how do I email <O>', 'where can I send <O> an email', 'what do I put in the To field to reach <O>', 'which mailbox <+do> <S> use', "I want to mail <O>, what's the address",
      "what's the e-mail for <O>", "do you remember <S's> email address", "what is <S's> inbox address", 'did I give you an email for <O>', 'at which email can <S> be reached', 'under what address <+do> <S> get emails',
      'I need to send <O> a file by email, where to', "what have I noted for <S's> e-mail", 'which address do emails to <O> go to'
    ],
    checks: [
      "is <S's> e-mail address <V>", 'do emails to <O> go to <V>', 'if I write to <V>, will <S> get the mail', 'is <V> where <S> <+get> <his> emails', 'can <S> be reached by email at <V>',
      'does the mailbox <V> belong to <O>', "<V>: is that <S's> email", '<+do> <S> have the email address <V>', 'is it <V> that I use to mail <O>', '<+do> <S> check <his> email at <V>'
    ],
    who: [
      'who reads mail sent to <V>', 'to whom does the email <V> belong', '<V> is whose email', 'I got a mail from <V>, who is that', 'who gets the emails sent to <V>', 'whose inbox is <V>',
      'which person has the email address <V>', 'who is behind the email address <V>'
    ]
  },
  'place/address': {
    states: [
      "<V> is <S's> address", 'I was told that <S> <+live> at <V>', "it turns out <S's> address is <V>", 'postal address of <O>: <V>', 'parcels for <O> are delivered to <V>', "the doorbell with <S's> name is at <V>",
      "if you want to drop in on <O>, it's <V>", "<S's> front door is at <V>", "<V>, that's the street and house where <S> <+live>", "<S's> mail gets delivered to <V>", "a taxi to <S's> place has to go to <V>",
      "<S> can be found at <V>, that's <his> address", "<S's> apartment is at <V>"
    ],
    asks: [
      'address of <O>', 'at what house number <+do> <S> live', 'where do I send a parcel for <O>', 'what street and house number <+have> <S> got', "I want to visit <O>, what's the address",
      'what do I write on an envelope to <O>', "what is <S's> postal address", "do you remember <S's> address", "what should I tell the taxi driver to get to <S's> house", 'which address <+do> <S> live at',
      "did I give you <S's> street address", 'where do letters to <O> go', 'at which door do I ring for <O>', "what have I noted for <S's> home address", "where exactly is <S's> flat, street and number",
      "I need <S's> street address for a card"
    ],
    changes: [
      "<V> is <S's> new address", 'new address for <O>: <V>', '<S> moved house from <OLD> to <V>', "<S's> post goes to <V> now, not to <OLD>", "since the move <S's> address is <V>",
      '<S> gave up the flat at <OLD> and <+live> at <V>', "update <S's> address to <V>", "don't send <S's> letters to <OLD>, use <V> now"
    ],
    checks: [
      'is <V> the address where <S> <+live>', 'do parcels for <O> go to <V>', "<V>: is that <S's> address", "does <S's> post go to <V>", 'can <S> be found at <V>', 'is it <V> I write on an envelope to <O>',
      "is <S's> postal address <V>", 'did I say that <S> <+live> at <V>', '<+be> <S> still at home at <V>'
    ],
    who: [
      'who gets post at <V>', 'to whom do letters to <V> go', '<V> is whose address', 'which person lives at <V>', 'who of my people has a home at <V>', 'whose front door is at <V>', 'who would open the door at <V>'
    ]
  }
}
