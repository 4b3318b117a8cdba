import { withArticle } from '../voice.ts'
import { animals, belongings } from '../words/things.ts'
import { madeUpName } from '../words/made-up.ts'
import { code, digits, doctor, fullName } from '../words/values.ts'
import type { FactKind } from './fact.ts'

const sports = ['football', 'hockey', 'basketball', 'rugby', 'handball'] as const

/** Body, belongings, memberships and family. */
export const lifeFacts: readonly FactKind[] = [
  {
    group: 'shoe', kind: 'fact', label: 'shoe size', value: m => String(m.dice.between(35, 47)),
    states: [
      "<S's> shoe size is <V>", "<S's> feet are size <V>", 'in shoes <S> <+need> a <V>', "<V> is <S's> size in shoes", '<S> <+buy> shoes in size <V>', "<S's> shoes are size <V>", 'for <O> shoes must be size <V>',
      'the shoes that fit <O> are size <V>', 'size <V> is what <S> <+wear> on <his> feet', "for the record, <S's> shoe size is <V>", 'shoes for <O> should be in <V>', '<S> <+fit> into size <V> shoes',
      '<S> <+wear> size <V> shoes', '<S> <+take> shoes in size <V>', '<S> <+have> shoe size <V>'
    ],
    asks: [
      "<S's> shoe size", 'tell me what size shoes <S> <+need>', "how big are <S's> feet", "I forgot <S's> size in shoes", "is there a note about <S's> shoe size", 'any idea what shoe size <S> <+take>',
      'in what size <+do> <S> buy shoes', 'remind me which size of shoes <S> <+wear>', 'what size of shoes fits <O>', 'shoes for <O> in which size', 'which size <+be> <S> in shoes', 'in shoes, what size <+do> <S> take',
      'what size of shoes <+do> <S> wear', 'which shoe size <+do> <S> have', "what size are <S's> shoes"
    ],
    checks: [
      '<+do> <S> wear size <V> shoes', "is <S's> shoe size <V>", '<+do> <S> take shoes in size <V>', "are <S's> shoes size <V>", 'do shoes in size <V> fit <O>', "is <V> <S's> size in shoes",
      'is it true that <S> <+wear> size <V> shoes', '<S> <+have> shoe size <V>, right'
    ],
    who: [
      'who wears size <V> shoes', 'who has shoe size <V>', 'whose shoe size is <V>', 'whose shoes are size <V>', 'who takes shoes in size <V>', 'tell me who wears shoes in size <V>', 'whose feet are size <V>',
      'who needs shoes in size <V>'
    ]
  },
  {
    group: 'height', kind: 'fact', label: 'height', value: m => m.dice.pick([`${m.dice.between(148, 202)} cm`, `1.${m.dice.between(50, 99)} m`]),
    states: [
      "<S's> height is <V>", '<S> <+stand> <V> tall', '<V> is how tall <S> <+be>', '<S> <+be> <V> in height', '<S> <+have> a height of <V>', 'from head to foot <S> <+measure> <V>', "<S's> body height is <V>", '<S> grew to <V>',
      "for the record, <S's> height is <V>", "at the doctor's <S> measured <V>", '<S> <+reach> a height of <V>', 'without shoes <S> <+be> <V> tall', '<S> <+be> <V> tall', '<S> <+measure> <V>', '<S> <+be> exactly <V> tall'
    ],
    asks: [
      "<S's> height", 'tell me how tall <S> <+be>', "what is <S's> body height", 'I forgot how tall <S> <+be>', "what's your note on <S's> height", "any idea of <S's> height", 'what height <+do> <S> have',
      'remind me how tall <S> <+be>', 'how much <+do> <S> measure', 'what <+do> <S> measure from head to foot', 'what height <+be> <S>', 'how high <+do> <S> stand without shoes', 'how tall <+be> <S>',
      'how tall did I say <S> <+be>', 'do you know how tall <S> <+be>'
    ],
    checks: [
      '<+be> <S> <V> tall', "is <S's> height <V>", '<+do> <S> measure <V>', '<S> <+be> <V> tall, right', 'is it true that <S> <+be> <V> tall', '<+do> <S> have a height of <V>', '<+do> <S> stand <V> tall',
      'am I right that <S> <+measure> <V>'
    ],
    who: [
      'who is <V> tall', 'whose height is <V>', 'who measures <V>', 'who has a height of <V>', 'tell me who is <V> tall', 'which of them is <V> tall', 'who stands <V> tall', 'do I know anybody who is <V> tall'
    ]
  },
  {
    group: 'blood', kind: 'fact', label: 'blood type', value: m => m.dice.pick(['A positive', 'A negative', 'B positive', 'B negative', 'AB positive', 'AB negative', '0 positive', '0 negative', 'O negative']),
    states: [
      "<S's> blood type is <V>", "the type of <S's> blood is <V>", "<S's> blood is <V>", "<V> is <S's> blood group", '<S> <+belong> to blood group <V>', "doctors say <S's> blood type is <V>", '<S> <+give> blood of type <V>',
      'in an emergency <S> <+need> <V> blood', "<S's> blood is of group <V>", '<S> <was> tested, blood type <V>', "<S's> card says blood group <V>", "for the record, <S's> blood type is <V>", '<S> <+have> blood type <V>',
      "<S's> blood group is <V>", '<S> <+be> blood group <V>'
    ],
    asks: [
      "<S's> blood type", 'tell me what blood group <S> <+have>', 'what kind of blood <+do> <S> have', "I forgot <S's> blood type", "what about <S's> blood group", 'any idea which blood type <S> <+have>',
      'what type of blood <+do> <S> need', "remind me of <S's> blood group", 'to which blood group <+do> <S> belong', "what type is <S's> blood", 'what blood should the doctor give <O>', 'which type of blood <+do> <S> have',
      'what blood type <+do> <S> have', 'which blood group <+do> <S> have', "what's <S's> blood group"
    ],
    checks: [
      '<+do> <S> have blood type <V>', "is <S's> blood group <V>", "is <S's> blood type <V>", '<+do> <S> belong to blood group <V>', "is <S's> blood <V>", '<+do> <S> need <V> blood', 'is it true that <S> <+have> blood group <V>',
      "<S's> blood type is <V>, right"
    ],
    who: [
      'who has blood type <V>', 'whose blood group is <V>', 'who belongs to blood group <V>', 'whose blood is <V>', 'tell me who has blood group <V>', 'whose blood type is <V>', 'who needs <V> blood',
      'which of them has blood type <V>'
    ]
  },
  {
    group: 'ride', kind: 'fact', value: m => madeUpName(m.dice, m.split),
    states: [
      "<S's> car is <a V>", 'the car <S> <+drive> is <a V>', '<S> <+have> <a V> as a car', '<S> <+own> <a V>, a nice car', '<S> <+go> everywhere in <his> car, <a V>', "<V> is the make of <S's> car",
      '<S> <+take> <his> <V> to drive to work', "<S's> vehicle is <a V>", '<S> <+sit> behind the wheel of <a V>', "in <S's> garage stands <a V>", '<S> bought <a V> to drive', 'by car <S> <+go> in <a V>', '<S> <+drive> <a V>',
      '<S> <+drive> an old <V>', '<S> bought a second-hand <V> car', '<S> <+own> a car of the make <V>'
    ],
    asks: [
      "<S's> car", 'tell me what car <S> <+drive>', "what make is <S's> car", 'I forgot which car <S> <+own>', "what about the make of <S's> car", 'any idea what <S> <+drive>', 'what vehicle <+do> <S> own',
      'remind me what kind of car <S> <+have>', "what car stands in <S's> garage", 'which make of car <+do> <S> drive', "what is <S's> car", 'what model of car <+do> <S> own', 'what car <+do> <S> drive',
      'which car <+do> <S> have', 'what kind of car <+do> <S> drive'
    ],
    changes: [
      "<S's> new car is <a V>", '<S> <+have> a new car, <a V> instead of the <OLD>', '<S> bought <a V> in place of <his> old <OLD>', "<S's> car is <a V> now", '<S> <+do> not drive the <OLD> any more but <a V>',
      '<S> traded in the <OLD> for <a V>', '<S> <+drive> <a V> now', '<S> sold <his> <OLD> and <+drive> <a V> now', '<S> swapped <his> <OLD> for <a V>'
    ],
    checks: [
      '<+do> <S> drive <a V>', "is <S's> car <a V>", '<+do> <S> own <a V>', '<S> <+drive> <a V>, right', 'is it true that <S> <+drive> <a V>', '<+do> <S> have <a V> as a car', "is <V> the make of <S's> car",
      "am I right that <S's> car is <a V>"
    ],
    who: [
      'who drives <a V>', 'who owns <a V>', 'whose car is <a V>', 'who has a car of the make <V>', 'tell me who drives <a V>', 'which of them drives <a V>', 'do I know anybody who drives <a V>', 'who goes by car in <a V>'
    ]
  },
  {
    group: 'diet', kind: 'preference', label: 'diet', value: m => m.dice.pick(['vegan', 'vegetarian', 'halal', 'kosher', 'pescatarian', 'gluten-free', 'sugar-free', 'low-salt']),
    states: [
      "<S's> diet is <V>", '<S> <+eat> <V>', '<S> <+follow> a <V> diet', '<V> is how <S> <+eat>', 'for <O> food must be <V>', '<S> <+keep> to <V> food', 'meals for <O> have to be <V>', '<S> <+need> <V> meals',
      'everything <S> <+eat> is <V>', '<S> <+stick> to a <V> diet', 'at restaurants <S> <+order> only <V> dishes', 'when you cook for <O>, make it <V>', '<S> only <+eat> <V> food', '<S> <+be> on a <V> diet',
      '<S> <+cook> <V> only'
    ],
    asks: [
      "<S's> diet", 'tell me what diet <S> <+follow>', 'what kind of meals <+do> <S> need', 'I forgot what diet <S> <+be> on', "look up <S's> diet", 'any idea which diet <S> <+stick> to', 'how must people cook for <O>',
      'remind me what diet <S> <+keep> to', 'what must food be like for <O>', '<+do> <S> follow any diet, which', "what is <S's> diet", 'which diet <+be> <S> following', 'what diet <+be> <S> on', 'which diet <+do> <S> keep',
      'how <+do> <S> eat, any diet'
    ],
    checks: [
      '<+be> <S> on a <V> diet', '<+do> <S> only eat <V> food', '<+do> <S> follow a <V> diet', "is <S's> diet <V>", '<S> <+eat> only <V>, right', 'must meals for <O> be <V>', 'is it true that <S> only <+eat> <V> food',
      '<+do> <S> need <V> meals'
    ],
    who: [
      'who is on a <V> diet', 'who only eats <V> food', 'who follows a <V> diet', 'whose diet is <V>', 'who needs <V> meals', 'tell me who only eats <V> food', 'who keeps to <V> food', 'for whom must food be <V>'
    ]
  },
  {
    group: 'team', kind: 'preference', label: '<X> team', extra: m => m.dice.pick(sports), value: m => `${madeUpName(m.dice, m.split)}${m.dice.pick([' United', ' City', ' Rovers', '', ' FC', ' Wanderers'])}`,
    states: [
      "<S's> favorite <X> team is <V>", "<S's> <X> club is <V>", 'in <X>, <S> <+be> for <V>', '<V> is the <X> team <S> <+like> best', 'when it comes to <X>, <S> <+support> <V>', '<S> <+cheer> for the <X> team <V>',
      '<S> <+follow> every <X> game of <V>', '<S> <+root> for <V> in <X>', '<S> <+love> the <X> club <V>', '<S> never <+miss> <a X> match of <V>', "<S's> club for <X> is <V>", '<S> <+see> every <X> game of <his> team, <V>',
      '<S> <+support> <V>, the <X> team', 'the <X> team <S> <+support> is <V>', '<S> <+be> a fan of the <X> team <V>'
    ],
    asks: [
      "<S's> favorite <X> team", 'tell me what <X> team <S> <+support>', 'who <+do> <S> cheer for in <X>', 'I forgot which <X> club <S> <+like>', "is there a note about <S's> <X> team", 'any idea which <X> team <S> <+follow>',
      'what team <+be> <S> for in <X>', 'remind me what <X> team <S> <+root> for', 'which <X> club <+do> <S> support', "what is <S's> <X> club", 'whose <X> games <+do> <S> follow', 'in <X>, which team <+do> <S> like best',
      'which <X> team <+do> <S> support', 'what <X> team <+be> <S> a fan of', 'what <X> club <+do> <S> like'
    ],
    checks: [
      '<+do> <S> support <V> in <X>', "is <V> <S's> <X> team", '<+be> <S> a fan of the <X> team <V>', "is <S's> <X> club <V>", '<+do> <S> cheer for <V> in <X>', '<S> <+support> the <X> team <V>, right',
      'is it true that <S> <+be> for <V> in <X>', '<+do> <S> follow the <X> team <V>'
    ],
    who: [
      'who supports <V> in <X>', 'who is a fan of the <X> team <V>', 'whose <X> team is <V>', 'who cheers for the <X> team <V>', 'tell me who supports the <X> team <V>', 'who follows every <X> game of <V>',
      'whose <X> club is <V>', 'who roots for <V> in <X>'
    ]
  },
  {
    group: 'school', kind: 'fact', value: m => `${m.surname()} ${m.dice.pick(['School', 'College', 'Academy', 'University', 'Grammar School'])}`,
    states: [
      "<S's> school is <V>", '<V> is the school <S> <+go> to', '<S> <+be> a student at <V>', '<S> <+take> classes at <V>', 'the school <S> <+attend> is called <V>', '<S> <+be> enrolled at <V>',
      'every morning <S> <+go> to school at <V>', '<S> <+have> <his> lessons at <V>', '<V> is where <S> <+study>', '<S> got a place at <V>', "<S's> teachers are at <V>", 'as a student <S> <+be> at <V>', '<S> <+go> to <V>',
      '<S> <+study> at <V>', '<S> <+attend> <V>'
    ],
    asks: [
      "<S's> school", 'tell me where <S> <+study>', "what is <S's> school called", 'I forgot which school <S> <+attend>', "what's your note on <S's> school", 'any idea what school <S> <+go> to',
      'at which school <+be> <S> enrolled', 'remind me where <S> <+go> to school', 'where <+be> <S> a student', 'where <+do> <S> take classes', "name of <S's> school", 'at what school <+do> <S> study',
      'which school <+do> <S> go to', 'what school <+do> <S> attend', 'where <+do> <S> go to school'
    ],
    checks: [
      '<+do> <S> go to <V>', '<+do> <S> study at <V>', '<+do> <S> attend <V>', "is <S's> school <V>", '<S> <+go> to <V>, right', '<+be> <S> a student at <V>', 'is it true that <S> <+be> enrolled at <V>',
      'is <V> where <S> <+study>'
    ],
    who: [
      'who is a student at <V>', 'who takes classes at <V>', 'whose school is <V>', 'who is enrolled at <V>', 'tell me who goes to <V>', 'do I know anybody who studies at <V>', 'who goes to <V>', 'who studies at <V>',
      'which of them attends <V>'
    ]
  },
  {
    group: 'nickname', kind: 'person', label: 'nickname', value: m => madeUpName(m.dice, m.split),
    states: [
      "<S's> nickname is <V>", '<V> is what they call <O>', 'people call <O> <V>', '<S> <+go> by the nickname <V>', '<S> <+be> known as <V> to friends', 'among friends <S> <+be> <V>', '<S> <+have> the nickname <V>',
      "<V> is <S's> nickname", 'for short, people say <V> to <O>', 'the family calls <O> <V>', 'at school they called <O> <V>', '<S> <+like> to be called <V>', 'friends call <O> <V>', 'everybody calls <O> <V>',
      'they gave <O> the nickname <V>'
    ],
    asks: [
      "<S's> nickname", 'tell me what people call <O>', 'what nickname <+do> <S> go by', 'I forgot what friends call <O>', "what about <S's> nickname", 'any idea what they call <O>', 'how <+be> <S> known among friends',
      "remind me of <S's> nickname", 'what <+do> <S> like to be called', 'which nickname did they give <O>', 'what do people say to <O> for short', 'what does the family call <O>', 'what do friends call <O>',
      'what nickname <+do> <S> have', 'what does everybody call <O>'
    ],
    checks: [
      'do friends call <O> <V>', 'does everybody call <O> <V>', "is <S's> nickname <V>", '<+do> <S> have the nickname <V>', 'is <V> what people call <O>', 'friends call <O> <V>, right', '<+do> <S> go by the nickname <V>',
      'is it true that they call <O> <V>'
    ],
    who: [
      'who do friends call <V>', 'who has the nickname <V>', 'whose nickname is <V>', 'who goes by the nickname <V>', 'who is known as <V> to friends', 'tell me who is called <V> by friends', 'who likes to be called <V>',
      'who does everybody call <V>'
    ]
  },
  {
    group: 'middle', kind: 'person', label: 'middle name', value: m => m.firstName(m.dice.chance(0.5)),
    states: [
      "<S's> middle name is <V>", "<V> is <S's> middle name", 'between first name and surname <S> <+have> <V>', 'as a middle name <S> got <V>', "<S's> parents chose <V> as a middle name for <O>",
      'after <his> first name <S> <+have> the middle name <V>', '<S> <+carry> <V> as a middle name', "<V> stands in the middle of <S's> name", "<S's> second given name is <V>", 'for a second name <S> <+have> <V>',
      'the name in the middle for <O> is <V>', "<S's> passport has <V> as a middle name", '<S> <+have> the middle name <V>', "in full <S's> second name is <V>", "<S's> second first name is <V>"
    ],
    asks: [
      "<S's> middle name", "tell me <S's> second name", "what stands in the middle of <S's> name", 'I forgot what middle name <S> <+have>', "look up <S's> middle name", "any idea what <S's> middle name is",
      "what is <S's> second given name", "remind me of <S's> middle name", 'which second name <+do> <S> carry', "which middle name did <S's> parents choose", 'what name <+have> <S> got in the middle',
      'what did <S> get as a middle name', 'what middle name <+do> <S> have', "what's <S's> second name", 'which middle name <+do> <S> have'
    ],
    checks: [
      '<+do> <S> have the middle name <V>', "is <S's> second name <V>", "is <V> <S's> middle name", '<+do> <S> carry <V> as a middle name', "is <S's> middle name <V>", "<S's> middle name is <V>, right",
      'is it true that <S> <+have> the second name <V>', 'did <S> get <V> as a middle name'
    ],
    who: [
      'who has the middle name <V>', 'whose second name is <V>', 'whose middle name is <V>', 'who carries <V> as a middle name', 'who got <V> as a middle name', 'tell me whose middle name is <V>',
      'which of them has the middle name <V>', 'whose second given name is <V>'
    ]
  },
  {
    group: 'pet', kind: 'fact', label: "<X>'s name", extra: m => m.word(animals), value: m => m.firstName(m.dice.chance(0.5)),
    states: [
      "<S's> <X> has the name <V>", '<S> named <his> <X> <V>', '<S> <+own> <a X>, its name is <V>', '<S> <+call> <his> <X> <V>', '<V> is what <S> <+call> <his> <X>', "<S's> <X> answers to the name <V>",
      '<S> gave <his> <X> the name <V>', 'when <S> <+want> <his> <X> to come, <he> <+shout> <V>', 'for <his> <X>, <S> chose the name <V>', '<S> <+have> <a X> and it is called <V>', "<S's> <X> goes by the name <V>",
      "people call <S's> <X> <V>", '<S> <+have> <a X> called <V>', "<S's> <X> is called <V>", '<S> <+have> <a X> named <V>', "<V> is the name of <S's> <X>"
    ],
    asks: [
      "tell me the name of <S's> <X>", "<S's> <X>, what is its name", "I forgot what <S's> <X> is called", "name of <S's> <X>", "any idea what <S's> <X> is called", "remind me of the name of <S's> <X>",
      'what name did <S> give <his> <X>', 'what <+do> <S> call <his> <X>', "to what name does <S's> <X> listen", 'which name did <S> choose for <his> <X>', "what do people call <S's> <X>", "do you know the name of <S's> <X>",
      "what is <S's> <X> called", "what's the name of <S's> <X>", "how is <S's> <X> called", 'what did <S> name <his> <X>'
    ],
    checks: [
      "is <S's> <X> called <V>", '<+do> <S> have <a X> called <V>', "is <V> the name of <S's> <X>", 'did <S> name <his> <X> <V>', "<S's> <X> is called <V>, right", '<+do> <S> call <his> <X> <V>',
      "is it true that <S's> <X> is called <V>", "does <S's> <X> have the name <V>"
    ],
    who: [
      'who has <a X> called <V>', 'whose <X> is called <V>', 'who has <a X> named <V>', 'whose <X> has the name <V>', 'who owns <a X> called <V>', 'tell me whose <X> is called <V>', 'who gave <a X> the name <V>',
      'which of them has <a X> called <V>'
    ]
  },
  {
    group: 'child', kind: 'person', label: "<X>'s name", extra: m => m.dice.pick(['son', 'daughter', 'baby', 'oldest child', 'youngest child']), value: m => m.firstName(m.dice.chance(0.5)),
    states: [
      "the name <V> belongs to <S's> <X>", '<S> named <his> <X> <V>', '<S> <+call> <his> <X> <V>', '<V> is what <S> <+call> <his> <X>', '<S> gave <his> <X> the name <V>', 'for <his> <X>, <S> chose the name <V>',
      "<S's> <X> has the name <V>", "people call <S's> <X> <V>", "as a parent <S> chose <V> as <his> <X>'s name", "<V> is how <S's> <X> is called", "<S's> <X> got the name <V>", "<S's> <X> is called <V>",
      "<S's> <X> is named <V>", "<V> is the name of <S's> <X>"
    ],
    asks: [
      "tell me the name of <S's> <X>", "<S's> <X>, what is the name", "I forgot what <S's> <X> is called", "name of <S's> <X>", "any idea what <S's> <X> is called", "remind me of the name of <S's> <X>",
      'what name did <S> give <his> <X>', 'what name <+have> <S> given the <X>', 'which name did <S> choose for <his> <X>', "what do people call <S's> <X>", "do you know the name of <S's> <X>", 'what <+do> <S> call <his> <X>',
      "what's the name of <S's> <X>", "what is <S's> <X> called", "which name has <S's> <X>", 'what did <S> call <his> <X>'
    ],
    checks: [
      "is <S's> <X> called <V>", "is <S's> <X> named <V>", "is <V> the name of <S's> <X>", 'did <S> call <his> <X> <V>', "<S's> <X> is called <V>, right", 'did <S> name <his> <X> <V>', "is it true that <S's> <X> is called <V>",
      "does <S's> <X> have the name <V>"
    ],
    who: [
      'whose <X> is called <V>', 'whose <X> is named <V>', 'whose <X> has the name <V>', 'who chose the name <V> for the <X>', 'tell me whose <X> is called <V>', 'who calls the <X> <V>', 'whose <X> did they name <V>',
      'who gave the <X> the name <V>'
    ]
  },
  {
    group: 'professional', kind: 'person', label: '<X>', extra: m => m.dice.pick(['dentist', 'doctor', 'accountant', 'vet', 'lawyer', 'physio', 'therapist', 'eye doctor', 'tax adviser']), value: doctor,
    states: [
      "<S's> <X> is <V>", '<V> is the <X> <S> <+go> to', '<S> <+see> <V> as <his> <X>', '<V> works for <O> as <X>', 'as <X>, <S> <+trust> <V>', 'when <S> <+need> a good <X>, <he> <+call> <V>', "<V> is <S's> <X>",
      'for <O> the <X> is <V>', '<S> <+be> a client of <V>, <his> <X>', 'the <X> that <S> <+visit> is <V>', '<S> <+use> <V> as <his> <X>', "<S's> usual <X> is <V>", '<S> <+go> to <V> as <his> <X>', "the name of <S's> <X> is <V>",
      '<S> <+have> <V> as <X>'
    ],
    asks: [
      "tell me the name of <S's> <X>", 'which <X> <+do> <S> go to', "I forgot who <S's> <X> is", "<S's> <X>", "name of <S's> <X>", "any idea who <S's> <X> is", 'remind me who <S> <+have> as <X>',
      'whom <+do> <S> see as <his> <X>', 'who works as <X> for <O>', 'which <X> <+do> <S> trust', "can you say who <S's> <X> is", 'what <X> <+do> <S> use', 'which <X> <+do> <S> visit', "who is <S's> <X>",
      "what's <S's> <X> called", "what is the name of <S's> <X>"
    ],
    changes: [
      '<S> <+go> to <V> as <his> <X> now', 'as <X>, <S> <+have> <V> now', '<S> left the <X> <OLD> and <+go> to <V>', '<S> <+have> a new <X>, <V>', "<S's> <X> is not <OLD> any more but <V>",
      '<S> <+see> <V> as <his> <X> instead of <OLD>', "<S's> new <X> is <V>", '<S> changed <his> <X>: <V> instead of <OLD>', "<S's> <X> is <V> now, not <OLD>"
    ],
    checks: [
      "is <V> <S's> <X>", "is <S's> <X> called <V>", '<+do> <S> go to <V> as <his> <X>', "<S's> <X> is <V>, right", '<+do> <S> have <V> as <X>', '<+do> <S> see <V> as <his> <X>', "is it true that <S's> <X> is <V>",
      'is <V> the <X> <S> <+visit>'
    ],
    who: [
      'who goes to <V> as <X>', 'whose <X> is <V>', 'who has <V> as <X>', 'whose <X> is called <V>', 'who sees <V> as <X>', 'tell me whose <X> is <V>', 'who visits the <X> <V>', 'who trusts <V> as <X>'
    ]
  },
  {
    group: 'marriage', kind: 'person', value: fullName,
    states: [
      '<V> is the person <S> married', "<S's> spouse is <V>", '<S> <+have> <V> as a spouse', "<S's> better half is <V>", '<S> tied the knot with <V>', "<S's> wedding was with <V>", '<V> and <S> are a married couple',
      '<S> <+share> a marriage with <V>', "<S's> partner in marriage is <V>", '<S> said yes to <V> at the wedding', "<S's> marriage is with <V>", 'the person married to <O> is <V>', '<S> <+be> married to <V>', '<S> married <V>',
      '<S> got married to <V>'
    ],
    asks: [
      "<S's> spouse", 'tell me who <S> <+be> married to', "what is the name of <S's> spouse", 'I forgot who <S> married', "is there a note about <S's> spouse", 'any idea who <S> <+be> married to', "with whom was <S's> wedding",
      "remind me who <S's> spouse is", 'who is married to <O>', "who is <S's> better half", "what's <S's> spouse called", 'who did <S> get married to', 'who <+be> <S> married to', 'who did <S> marry', 'whom <+be> <S> married to'
    ],
    checks: [
      '<+be> <S> married to <V>', 'did <S> marry <V>', "is <V> <S's> spouse", 'did <S> get married to <V>', '<S> <+be> married to <V>, right', "is <S's> spouse called <V>", 'is it true that <S> married <V>',
      'are <V> and <S> married'
    ],
    who: [
      'whose spouse is <V>', 'whom did <V> marry', 'who has <V> as a spouse', 'tell me who is married to <V>', 'whose better half is <V>', 'which of them is married to <V>', 'who is married to <V>', 'who married <V>',
      'who got married to <V>'
    ]
  },
  {
    group: 'member', kind: 'fact', label: 'member number', value: m => digits(m, m.dice.between(5, 8)),
    states: [
      "<S's> member number is <V>", "<V> is <S's> membership number", 'as a member <S> <+have> the number <V>', 'at the club <S> <+be> number <V>', "<S's> membership card says <V>", "<S's> member ID is <V>",
      "<S's> club number is <V>", "the number on <S's> member card is <V>", 'for membership <S> <+use> the number <V>', '<S> joined with the member number <V>', "for the record, <S's> member number is <V>",
      'the club gave <O> member number <V>', "<S's> membership number is <V>", '<S> <+have> member number <V>', '<S> <+be> member number <V>'
    ],
    asks: [
      "<S's> member number", "tell me <S's> membership number", "what number is on <S's> membership card", "I forgot <S's> member number", "what's your note on <S's> member number", "any idea what <S's> membership number is",
      "what is <S's> member ID", "remind me of <S's> member number", 'under what number <+be> <S> a member', 'which number did the club give <O>', "what is <S's> club number", 'which membership number <+do> <S> use',
      'what member number <+do> <S> have', "what is <S's> membership number", "which member number is <S's>"
    ],
    checks: [
      "is <S's> membership number <V>", '<+do> <S> have member number <V>', '<+be> <S> member number <V>', "is <V> <S's> member number", "is <S's> member ID <V>", "<S's> membership number is <V>, right",
      "does <S's> member card say <V>", 'is it true that <S> <+have> the member number <V>'
    ],
    who: [
      'whose membership number is <V>', 'who has member number <V>', 'who is member number <V>', 'whose member ID is <V>', 'whose member card says <V>', 'tell me who has member number <V>', 'which of them is member number <V>',
      'to whom belongs member number <V>'
    ]
  },
  {
    group: 'user', kind: 'fact', label: 'user name', value: code,
    states: [
      "<S's> user name is <V>", "<S's> login is <V>", "<V> is <S's> login", '<S> <+sign> in as <V>', "<S's> account is called <V>", '<S> <+have> the user name <V>', 'the user name that <S> <+type> in is <V>',
      'on the internet <S> <+be> <V>', "<S's> username is <V>", '<S> <+go> online under the name <V>', "<S's> account name is <V>", 'for the login <S> <+take> <V>', '<S> <+log> in as <V>', '<S> <+use> the login <V>',
      'online <S> <+be> called <V>'
    ],
    asks: [
      "<S's> login", "tell me <S's> user name", "what is <S's> account called", 'I forgot what login <S> <+use>', "what about <S's> user name", "any idea what <S's> username is", 'how <+do> <S> sign in',
      "remind me of <S's> login", 'under what name <+do> <S> go online', 'as what <+do> <S> log in', "what is <S's> account name", 'which login <+do> <S> have', 'what login <+do> <S> use', 'which user name <+do> <S> have',
      'what <+be> <S> called online'
    ],
    checks: [
      '<+do> <S> log in as <V>', '<+do> <S> use the login <V>', "is <S's> login <V>", '<+be> <S> called <V> online', "is <V> <S's> user name", '<+do> <S> sign in as <V>', "is it true that <S's> login is <V>",
      "<S's> username is <V>, right"
    ],
    who: [
      'who logs in as <V>', 'who uses the login <V>', 'whose login is <V>', 'who is called <V> online', 'whose user name is <V>', 'tell me who signs in as <V>', 'who has the user name <V>', 'whose account is called <V>'
    ]
  },
  {
    group: 'present', kind: 'preference', label: 'wish', value: m => withArticle(m.word(belongings)),
    states: [
      "<S's> wish is <V>", '<V> is what <S> <+want> for Christmas', '<S> <+hope> to get <V> as a present', "<S's> Christmas wish is <V>", 'the present <S> <+want> is <V>', 'a good present for <O> is <V>',
      '<S> <+dream> of getting <V>', 'you can give <O> <V> as a Christmas present', '<S> <+ask> for <V> as a present', "on <S's> wish list is <V>", '<S> would be happy to be given <V>',
      'what <S> <+be> hoping for is <V>, as a present', '<S> <+want> <V> for Christmas', '<S> <+wish> for <V>', '<S> would love to get <V>'
    ],
    asks: [
      "<S's> Christmas wish", 'tell me what <S> <+want> as a present', 'what is a good present for <O>', 'I forgot what <S> <+wish> for', "look up <S's> wish", 'any idea what <S> <+want> for Christmas',
      'what <+do> <S> hope to get', 'remind me what present <S> <+want>', "what is on <S's> wish list", 'which Christmas present suits <O>', 'what <+do> <S> dream of getting', 'what present would make <O> happy',
      'what <+do> <S> want for Christmas', 'what <+do> <S> wish for', 'which present would <S> like'
    ],
    checks: [
      '<+do> <S> want <V> for Christmas', '<+do> <S> wish for <V>', 'would <S> love to get <V>', "is <S's> wish <V>", '<S> <+want> <V> as a present, right', 'is <V> what <S> <+want> for Christmas',
      'is it true that <S> <+hope> to get <V>', "is <V> on <S's> wish list"
    ],
    who: [
      'who wants <V> for Christmas', 'who wishes for <V>', 'who would love to get <V>', 'whose wish is <V>', 'who hopes to get <V> as a present', 'tell me who would be happy about <V>', 'whose Christmas wish is <V>',
      'who is dreaming of getting <V>'
    ]
  }
]
