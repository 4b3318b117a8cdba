import { jobs } from '../words/things.ts'
import { address, city, company, email, phone, yearDay } from '../words/values.ts'
import type { FactKind } from './fact.ts'

/** Where somebody lives and works, and how to reach them. */
export const homeFacts: readonly FactKind[] = [
  {
    group: 'place', kind: 'fact', value: city,
    states: [
      '<V> is where <S> <+live>', '<S> <+reside> in <V>', '<S> <+be> at home in <V>', "<S's> home town is <V>", 'the city <S> <+live> in is <V>', '<S> <+rent> a place in <V>', '<S> settled down in <V>',
      '<S> <+have> <his> home in <V>', "you will find <O> in <V>, that's home", 'at the moment <S> <+be> resident in <V>', '<S> <+live> in <V>', '<S> <+be> living in <V>', '<S> <+have> a flat in <V>', "<S's> home is in <V>",
      '<S> <+be> based in <V>', '<S> <+live> over in <V> these days'
    ],
    asks: [
      'tell me where <S> <+live>', 'any idea where <S> <+live>', 'I forgot what city <S> <+live> in', 'remind me in which town <S> <+have> <his> home', 'where <+be> <S> based', "<S's> home town", 'where <+do> <S> reside',
      'what place <+do> <S> call home', "what is <S's> city of residence", 'where <+be> <S> at home', 'where <+do> <S> live', 'what city <+do> <S> live in', 'in which (city|town) <+do> <S> live',
      'which (city|town) <+be> <S> living in', "where is <S's> home", 'do you know where <S> <+live>', 'where did I say <S> <+live>', 'in what town <+be> <S> living'
    ],
    changes: [
      '<S> settled in <V>, no longer in <OLD>', '<S> <+have> relocated to <V>', "<S's> home is <V> now instead of <OLD>", 'these days <S> <+reside> in <V>', '<S> moved to <V>', '<S> <+live> in <V> now',
      '<S> <+have> moved from <OLD> to <V>', '<S> <+do> not live in <OLD> any more, <he> moved to <V>', '<S> <+be> living in <V> now', '<S> left <OLD> and <+live> in <V> now'
    ],
    checks: [
      '<+do> <S> reside in <V>', "is <S's> home in <V>", '<+be> <S> based in <V>', 'is <V> where <S> <+live>', '<+do> <S> have <his> home in <V>', 'am I right that <S> <+be> at home in <V>', '<+do> <S> live in <V>',
      '<+be> <S> living in <V>', '<S> <+live> in <V>, right', 'is it true that <S> <+live> in <V>'
    ],
    who: [
      'who is at home in <V>', 'who resides in <V>', 'who has a flat in <V>', 'whose home is in <V>', 'tell me who lives in <V>', 'any idea who is based in <V>', 'who lives in <V>', 'who do I know in <V>',
      'do I know anybody who lives in <V>', 'which of my people lives in <V>'
    ]
  },
  {
    group: 'origin', kind: 'fact', label: 'birthplace', value: city,
    states: [
      '<V> is where <S> <was> born', "<S's> place of birth is <V>", "<S's> birthplace is the city of <V>", "<S's> roots are in <V>", '<S> <+be> from <V> originally', 'by birth <S> <+be> from <V>',
      '<S> spent <his> childhood in <V>', 'the town where <S> <was> born is <V>', '<S> came into the world in <V>', "<S's> parents had <O> in <V>", 'originally <S> <+be> a native of <V>', "<S's> passport says born in <V>",
      '<S> <was> born in <V>', '<S> <+come> from <V> originally', '<S> grew up in <V>', '<S> <was> born and raised in <V>'
    ],
    asks: [
      'where <+do> <S> come from originally', "<S's> place of birth", 'where <+be> <S> from originally', 'tell me where <S> <was> born', 'I forgot the town where <S> <was> born', "what is <S's> place of birth",
      'any idea where <S> grew up', "remind me where <S's> roots are", 'where did <S> spend <his> childhood', "what about <S's> birthplace", 'where did <S> grow up', 'what town <was> <S> born in', 'where <was> <S> born',
      'in which (city|town) <was> <S> born', 'what city <was> <S> born in', 'do you know where <S> <was> born'
    ],
    checks: [
      '<+do> <S> come from <V> originally', "is <V> <S's> birthplace", 'did <S> grow up in <V>', '<+be> <S> from <V> originally', 'is <V> where <S> <was> born', "am I right that <S's> place of birth is <V>",
      '<was> <S> born in <V>', 'is it true that <S> <was> born in <V>', '<S> <was> born in <V>, right'
    ],
    who: [
      'who comes from <V> originally', 'who grew up in <V>', 'whose birthplace is <V>', 'who is from <V> originally', 'tell me who was born in <V>', 'whose place of birth is <V>', 'who was born in <V>',
      'who of them was born in <V>', 'do I know somebody who was born in <V>'
    ]
  },
  {
    group: 'work', kind: 'fact', label: 'job', value: m => m.word(jobs),
    states: [
      "<S's> job is being <a V>", "<S's> profession is <V>", '<S> <+make> a living as <a V>', 'by trade <S> <+be> <a V>', "<S's> occupation is <V>", '<S> <was> trained as <a V> and <+work> as one', '<S> <+be> employed as <a V>',
      '<S> <+earn> a living as <a V>', 'what <S> <+do> for work: <a V>', '<S> <+be> working as <a V>', '<S> <+work> as <a V>', '<S> <+be> <a V>', '<S> <+be> <a V> by profession', '<S> <+earn> <his> money as <a V>',
      '<S> <+have> a job as <a V>'
    ],
    asks: [
      "what is <S's> occupation", 'tell me what <S> <+do> for a living', "<S's> profession", "what's <S's> trade", 'how <+do> <S> earn <his> money', 'I forgot what <S> <+work> as', 'any idea what job <S> <+have>',
      'remind me what <S> <+do> for work', 'what <+be> <S> by profession', 'how <+do> <S> make a living', "look up <S's> occupation", 'what <+do> <S> do for a living', 'what <+do> <S> work as', 'what <+do> <S> do for work',
      'what kind of work <+do> <S> do', "what is <S's> profession"
    ],
    changes: [
      '<S> <+have> a new job as <a V>', '<S> <+be> working as <a V> now', '<S> changed jobs from <OLD> to <V>', "<S's> new profession is <V>", '<S> used to be <a OLD>, now <he> <+be> <a V>', '<S> <+work> as <a V> now',
      '<S> <+be> not <a OLD> any more but <a V>', '<S> became <a V>', '<S> gave up <his> old job and <+be> <a V> now'
    ],
    checks: [
      '<+be> <S> <a V> by profession', "is <S's> job <V>", '<+do> <S> earn <his> money as <a V>', '<+be> <S> employed as <a V>', 'is it true that <S> <+work> as <a V>', "is <V> <S's> occupation", '<+be> <S> <a V>',
      '<+do> <S> work as <a V>', '<S> <+be> <a V>, right'
    ],
    who: [
      'who earns money as <a V>', 'who has a job as <a V>', 'whose profession is <V>', 'do I know <a V>', 'tell me who works as <a V>', 'who is employed as <a V>', 'who works as <a V>', 'who is <a V>', 'which of them is <a V>'
    ]
  },
  {
    group: 'work', kind: 'fact', label: 'employer', value: company,
    states: [
      "<S's> employer is the company <V>", '<S> <+be> with <V>, the company', '<S> <+have> a position at <V>', "<S's> firm is called <V>", '<S> <+be> on the staff of <V>', '<V> is the company <S> <+work> for',
      'the company that pays <O> is <V>', '<V> is where <S> <+work>', '<S> <+go> to work at <V>', '<S> <+get> <his> salary from <V>', '<S> <was> hired by <V>', '<S> <+work> for <V>', '<S> <+work> at <V>',
      '<S> <+be> employed at <V>', '<S> <+have> a job at <V>'
    ],
    asks: [
      "what's the name of <S's> employer", "who is <S's> employer", "<S's> company", 'tell me where <S> <+work>', 'what firm <+be> <S> with', 'who employs <O>', 'I forgot which company <S> <+work> for',
      'any idea who <S> <+work> for', "remind me what <S's> firm is called", 'at which firm <+do> <S> have a job', "who pays <S's> salary", "is there a note about <S's> employer", 'who <+do> <S> work for', 'where <+do> <S> work',
      'what company <+do> <S> work for', 'which company <+do> <S> work at'
    ],
    changes: [
      '<S> left <OLD> and <+be> at <V> now', "<S's> employer is <V> now", '<S> <was> hired by <V>, no more <OLD>', '<S> <+do> not work for <OLD> any more but for <V>', '<S> quit at <OLD> and joined <V>',
      '<S> <+work> for <V> now', '<S> changed from <OLD> to <V>', '<S> <+have> a new job at <V>'
    ],
    checks: [
      '<+be> <S> employed at <V>', "is <V> <S's> employer", '<+do> <S> have a job at <V>', 'is it true that <S> <+work> for <V>', 'is <V> where <S> <+work>', "is <S's> firm called <V>", '<+do> <S> work for <V>',
      '<+do> <S> work at <V>', '<S> <+work> for <V>, right'
    ],
    who: [
      'who is employed at <V>', 'who has a job at <V>', 'whose employer is <V>', 'tell me who works for <V>', 'do I know anybody who works at <V>', 'who is on the staff of <V>', 'who works for <V>', 'who works at <V>',
      'which of them works at <V>'
    ]
  },
  {
    group: 'birthday', kind: 'fact', label: 'birthday', value: yearDay,
    states: [
      "<V> is <S's> birthday", '<S> <+turn> a year older on <V>', "<S's> big day is <V>, <his> birthday", "the date of <S's> birthday is <V>", "<S's> date of birth: <V>", "it is <S's> birthday on <V>",
      'every year on <V> <S> <+have> a birthday', "<S's> birth date is <V>", "put <V> down as <S's> birthday", "<S's> birthday falls on <V>", "<S's> birthday cake is for <V>", "<S's> day of birth is <V>",
      "<S's> birthday is on <V>", '<S> <+have> <his> birthday on <V>', '<S> <was> born on <V>', '<S> <+celebrate> <his> birthday on <V>'
    ],
    asks: [
      "<S's> birth date", "tell me when <S's> birthday is", "I forgot when <S's> birthday is", "what's your note on <S's> date of birth", 'any idea when <S> <was> born', "remind me of <S's> birthday",
      "what's the date of <S's> birthday", 'on which day <+do> <S> celebrate <his> birthday', 'when <+do> <S> turn a year older', "which day of the year is <S's> birthday", "what is <S's> birth date",
      'when do people wish <O> a happy birthday', "when is <S's> birthday", 'when <+do> <S> have <his> birthday', "what day is <S's> birthday", 'when <was> <S> born', "on what date is <S's> birthday"
    ],
    checks: [
      "is <S's> birthday on <V>", '<was> <S> born on <V>', "is <V> <S's> birthday", '<+do> <S> have <his> birthday on <V>', "<S's> birthday is on <V>, right", 'is it true that <S> <was> born on <V>',
      'is <V> the day when <S> <was> born', '<+do> <S> celebrate <his> birthday on <V>'
    ],
    who: [
      'whose birthday is on <V>', 'who was born on <V>', 'who has a birthday on <V>', 'who celebrates on <V>', 'tell me who was born on <V>', 'whose birth date is <V>', 'do I know anybody who was born on <V>',
      'who turns a year older on <V>'
    ]
  },
  {
    group: 'phone', kind: 'fact', label: 'phone number', value: phone,
    states: [
      "<S's> phone number is <V>", 'call <O> on <V>', 'to ring <O>, dial <V>', "<S's> telephone is <V>", "<V> is <S's> number", "<S's> cell is <V>", 'you get <O> on the phone at <V>', '<V> is the number to call <O>',
      'text <O> at <V>', 'for phone calls <S> <+have> <V>', '<S> <+have> the mobile number <V>', '<S> <+answer> <his> phone at <V>', "<S's> number is <V>", 'you can reach <O> at <V>', "<S's> mobile number is <V>"
    ],
    asks: [
      "<S's> phone", "tell me <S's> mobile number", 'what do people dial to call <O>', "I forgot <S's> number", "what about <S's> phone number", "any idea what <S's> cell number is", "what is <S's> telephone number",
      'how do people reach <O> by phone', 'what number do people ring for <O>', "remind me of <S's> number", 'which number <+have> <S> got', 'at which number can people phone <O>', 'what number can I reach <O> at',
      "what's <S's> number", 'how can I call <O>'
    ],
    checks: [
      "is <S's> number <V>", "is <V> <S's> mobile number", 'can people reach <O> at <V>', 'is <V> the number to call <O>', 'do people dial <V> for <O>', "<S's> number is <V>, right", "is it true that <S's> phone is <V>",
      'can people call <O> on <V>'
    ],
    who: [
      'whose number is <V>', 'who can I reach at <V>', 'who has the number <V>', 'whose phone number is <V>', 'who answers at <V>', 'tell me whose mobile number is <V>', 'to whom belongs the number <V>', 'who do I call at <V>'
    ]
  },
  {
    group: 'email', kind: 'fact', label: 'email address', value: email,
    states: [
      "<S's> e-mail address is <V>", 'you can email <O> at <V>', 'write to <O> at <V>', "<V> is <S's> email", 'mails to <O> go to <V>', 'send mail for <O> to <V>', '<S> <+have> the email address <V>', "<S's> inbox is <V>",
      '<S> <+read> <his> mail at <V>', 'for mails <S> <+use> <V>', 'for email <S> <+have> <V>', '<S> can be reached by email at <V>', "<S's> email is <V>", '<S> <+use> the email <V>', "<S's> mail address is <V>"
    ],
    asks: [
      "<S's> email", "look up <S's> email", "tell me <S's> mail address", "I forgot <S's> email", 'where do people send a mail to <O>', 'what email address <+have> <S> got', 'to which mail address do people write to <O>',
      "any idea what <S's> email is", "remind me of <S's> email", 'how can people reach <O> by email', 'where <+do> <S> get <his> mails', "what is <S's> e-mail address", "what's <S's> email", 'where can I email <O>',
      'which email <+do> <S> use'
    ],
    checks: [
      "is <S's> email <V>", "is <V> <S's> mail address", 'can people email <O> at <V>', '<+do> <S> use the email <V>', "<S's> email is <V>, right", '<+do> <S> read <his> mail at <V>', 'do mails to <O> go to <V>',
      "is it true that <S's> email is <V>"
    ],
    who: [
      'whose email is <V>', 'who uses the email <V>', 'who has the mail address <V>', 'who can I email at <V>', 'whose mail address is <V>', 'tell me whose email is <V>', 'who reads mail at <V>', 'to whom belongs the email <V>'
    ]
  },
  {
    group: 'place', kind: 'fact', label: 'address', value: address,
    states: [
      "<S's> address is <V>", '<V> is where <S> <+live>', "<S's> home address is <V>", 'letters to <O> go to <V>', '<S> <+have> a flat at <V>', "send <S's> post to <V>", "you find <S's> door at <V>",
      "<S's> street and number: <V>", '<S> <+be> at home at <V>', 'to visit <O>, go to <V>', '<S> <+reside> at <V>', "for the record, <S's> address is <V>", '<S> <+live> at <V>', "<S's> flat is at <V>", "<S's> house is at <V>"
    ],
    asks: [
      "<S's> home address", "is there a note about <S's> address", "tell me <S's> address", "I forgot <S's> street and number", 'in what street <+do> <S> live', "where should <S's> post go", "what exactly is <S's> address",
      "remind me of <S's> address", 'any idea at what address <S> <+live>', "where is <S's> house", 'which street <+do> <S> live in', 'where should a letter to <O> go', "what's <S's> street address",
      'at which address <+do> <S> live', 'what address <+do> <S> live at'
    ],
    changes: [
      '<S> <+reside> at <V> now', "<S's> address is no longer <OLD> but <V>", "<S's> flat is at <V> now", '<S> <+do> not live at <OLD> any more but at <V>', "<S's> home address changed to <V>", 'letters to <O> go to <V> now',
      '<S> <+live> at <V> now', '<S> moved from <OLD> to <V>', "<S's> new address is <V>"
    ],
    checks: [
      '<+do> <S> live at <V>', "is <S's> address <V>", "is <V> <S's> home address", "is <S's> flat at <V>", '<S> <+live> at <V>, right', 'do letters to <O> go to <V>', "is <V> <S's> street and number",
      'is it true that <S> <+live> at <V>'
    ],
    who: [
      'who lives at <V>', 'whose address is <V>', 'whose flat is at <V>', 'who is at home at <V>', 'tell me who lives at <V>', 'who resides at <V>', 'whose house is at <V>', 'do I know anybody who lives at <V>'
    ]
  }
]
