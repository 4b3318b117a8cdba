import { allergens, colours, drinks, foods, hobbies, instruments, languages } from '../words/things.ts'
import { title } from '../words/values.ts'
import type { FactKind } from './fact.ts'

/** What somebody likes, plays, speaks and learns. */
export const tasteFacts: readonly FactKind[] = [
  {
    group: 'allergy', kind: 'fact', value: m => m.word(allergens),
    states: [
      '<V> makes <O> ill, an allergy', "<S's> allergy is to <V>", '<S> <+get> an allergic reaction to <V>', '<S> must not have <V> because of an allergy', "<S> <+react> badly to <V>, it's an allergy",
      'no <V> for <O>, <he> <+be> allergic', '<S> <+suffer> from an allergy to <V>', 'the doctor found that <S> <+be> allergic to <V>', 'be careful, <S> <+have> an allergy: <V>', 'what <S> <+be> allergic to is <V>',
      'the allergy <S> <+have> is to <V>', 'keep <V> away from <O>, <he> <+be> allergic', '<S> <+be> allergic to <V>', '<S> <+have> an allergy to <V>', '<S> <+be> badly allergic to <V>',
      '<S> cannot stand <V>, <he> <+be> allergic'
    ],
    asks: [
      "<S's> allergy", 'tell me what <S> <+be> allergic to', 'any allergies that <S> <+have>', 'I forgot what <S> <+be> allergic to', "what's your note on <S's> allergy", 'to what <+do> <S> have an allergy',
      'any idea what <S> <+react> badly to', "remind me of <S's> allergy", "what causes <S's> allergic reaction", 'what must <S> not have because of an allergy', "what is <S's> allergy", 'what allergies <+do> <S> suffer from',
      'what <+be> <S> allergic to', 'which allergy <+do> <S> have', 'what allergy <+do> <S> have', 'what <+be> <S> allergic to again'
    ],
    checks: [
      "is <S's> allergy to <V>", '<+do> <S> react badly to <V>', 'is it true that <S> <+be> allergic to <V>', '<+do> <S> suffer from an allergy to <V>', 'is <V> what <S> <+be> allergic to',
      'am I right that <S> <+have> an allergy to <V>', '<+be> <S> allergic to <V>', '<S> <+be> allergic to <V>, right', '<+do> <S> have an allergy to <V>'
    ],
    who: [
      'who reacts badly to <V>', 'whose allergy is to <V>', 'who suffers from an allergy to <V>', 'tell me who is allergic to <V>', 'who gets an allergic reaction to <V>', 'do I know anybody who is allergic to <V>',
      'who is allergic to <V>', 'who has an allergy to <V>', 'is anybody allergic to <V>'
    ]
  },
  {
    group: 'food', kind: 'preference', label: 'favourite food', value: m => m.word(foods),
    states: [
      "<S's> favorite food is <V>", '<V> is what <S> <+like> to eat most', 'nothing tastes better to <O> than <V>', '<S> could eat <V> every day', 'for <O> the best food is <V>', "<S's> favorite meal is <V>",
      '<S> <+enjoy> eating <V> the most', 'when <S> can choose what to eat, <he> <+take> <V>', '<S> <+prefer> <V> to any other dish', '<V> is the dish <S> <+love>', 'to make <O> happy, cook <V>',
      '<S> <+love> <V> more than any other food', '<S> <+like> <V> best of all dishes', "<S's> favourite dish is <V>", 'the food <S> <+like> most is <V>'
    ],
    asks: [
      "<S's> favorite food", 'tell me what <S> <+like> to eat best', 'what food makes <O> happy', 'I forgot what food <S> <+love>', "what about <S's> favourite food", 'what meal <+do> <S> enjoy most',
      'any idea what <S> <+like> to eat', 'remind me which food <S> <+like>', "what is <S's> favorite meal", 'what could <S> eat every day', 'which food <+do> <S> prefer', 'what food <+do> <S> like (best|most)',
      "what's <S's> favourite dish", 'which dish <+do> <S> like best', 'what <+do> <S> like to eat most'
    ],
    checks: [
      '<+do> <S> like <V> best of all dishes', "is <V> <S's> favourite dish", '<+do> <S> love <V> more than any other food', "is <S's> favorite food <V>", 'is <V> the food <S> <+like> most',
      'is it true that <S> <+prefer> <V> to any other dish', 'could <S> eat <V> every day', '<S> <+like> to eat <V> most, right'
    ],
    who: [
      'who likes <V> best of all dishes', 'whose favourite dish is <V>', 'whose favorite food is <V>', 'who could eat <V> every day', 'who loves <V> more than any other food', 'tell me who likes to eat <V> most',
      'who prefers <V> to any other dish', 'for whom is <V> the best food'
    ]
  },
  {
    group: 'colour', kind: 'preference', label: 'favourite colour', value: m => m.word(colours),
    states: [
      "<S's> favorite colour is <V>", '<V> is the color <S> <+love>', 'the shade <S> <+like> most is <V>', '<S> <+prefer> the colour <V>', 'for <O> no color is as nice as <V>', "in <S's> eyes <V> is the finest colour",
      "<V> is <S's> color", '<S> <+find> <V> the nicest of all colours', 'the colour for <O> is <V>', '<S> <+choose> the color <V> whenever possible', '<S> <+love> the colour <V>', 'if it is about colors, <S> <+want> <V>',
      '<S> <+like> <V> best of all colours', "<S's> favourite color is <V>", 'of all colours <S> <+like> <V> most'
    ],
    asks: [
      "<S's> favorite color", 'tell me which colour <S> <+prefer>', 'what color <+do> <S> love', 'I forgot which color <S> <+like>', "look up <S's> favourite colour", 'any idea what colour <S> <+like>',
      "what is <S's> favourite shade", 'remind me what color <S> <+like> most', 'which color <+do> <S> find nicest', 'what colour is right for <O>', 'in what color <+do> <S> want things', 'what shade <+do> <S> prefer',
      'which colour <+do> <S> like (best|most)', "what's <S's> favourite color", 'what colour <+do> <S> like best'
    ],
    checks: [
      "is <V> <S's> favourite color", '<+do> <S> like <V> best of all colours', 'is <V> the colour <S> <+love>', '<+do> <S> prefer the colour <V>', "is <S's> favorite shade <V>", 'is it true that <S> <+love> the color <V>',
      "<S's> favorite color is <V>, right", '<+do> <S> find <V> the nicest color'
    ],
    who: [
      'whose favourite color is <V>', 'who likes <V> best of all colours', 'who loves the colour <V>', 'who prefers the color <V>', 'whose favorite shade is <V>', 'tell me who likes the colour <V> most',
      'for whom is <V> the nicest colour', 'who chooses the color <V>'
    ]
  },
  {
    group: 'drink', kind: 'preference', label: 'favourite drink', value: m => m.word(drinks),
    states: [
      "<S's> favorite drink is <V>", '<V> is what <S> <+like> to drink most', '<S> <+prefer> <V> to any other drink', 'if you bring <O> a drink, make it <V>', 'when thirsty, <S> <+take> <V>', 'the drink <S> <+like> best is <V>',
      'nothing to drink is better for <O> than <V>', '<S> usually <+order> <V> to drink', '<V> is the drink <S> <+love>', '<S> <+enjoy> drinking <V> the most', '<S> <+have> <V> to drink every day', "<S's> usual drink is <V>",
      '<S> <+like> <V> best of all drinks', '<S> always <+drink> <V>', '<S> <+love> a glass of <V>'
    ],
    asks: [
      "<S's> favorite drink", 'tell me what <S> <+drink>', 'what is the best drink for <O>', 'I forgot what <S> <+like> to drink', "is there a note about <S's> favourite drink", 'any idea which drink <S> <+love>',
      'what <+do> <S> order to drink', 'remind me what <S> <+drink> most', "what is <S's> usual drink", 'what drink <+do> <S> prefer', 'what drink should people offer <O>', 'what <+do> <S> enjoy drinking',
      'what <+do> <S> like to drink', 'which drink <+do> <S> like best', 'what <+do> <S> drink most'
    ],
    checks: [
      '<+do> <S> always drink <V>', "is <V> <S's> favorite drink", '<+do> <S> like <V> best of all drinks', '<+do> <S> prefer <V> to any other drink', "is <S's> usual drink <V>", 'is <V> what <S> <+like> to drink most',
      'is it true that <S> <+love> drinking <V>', '<S> <+drink> <V> most, right'
    ],
    who: [
      'who always drinks <V>', 'who likes <V> best of all drinks', 'whose favorite drink is <V>', 'who orders <V> to drink', 'who prefers <V> to any other drink', 'tell me who likes to drink <V>', 'whose usual drink is <V>',
      'who enjoys drinking <V>'
    ]
  },
  {
    group: 'book', kind: 'preference', label: 'favourite book', value: title,
    states: [
      "<S's> favorite book is <V>", '<V> is the book <S> <+love>', '<S> <+read> the book <V> again and again', 'no book is better for <O> than <V>', 'of all books <S> <+prefer> <V>', '<S> <+call> <V> the best book ever',
      'the novel <S> <+like> most is <V>', '<V> is a book <S> never <+get> tired of', 'the best book for <O> is <V>', "<S's> favorite read is <V>", '<S> <+be> a fan of the novel <V>', '<S> <+like> <V> best of all novels',
      'the book <S> <+like> best is <V>', '<S> <+love> the book <V>', "<S's> favourite novel is <V>"
    ],
    asks: [
      "<S's> favorite book", 'tell me what book <S> <+like>', 'what is the best book for <O>', 'I forgot which book <S> <+love>', "what's your note on <S's> favourite book", "any idea what <S's> favorite novel is",
      'what novel <+do> <S> prefer', 'remind me which novel <S> <+like> most', 'which book <+do> <S> read again and again', 'what <+do> <S> like to read most', "what is <S's> favorite read", 'which of all books <+do> <S> prefer',
      'which book <+do> <S> like best', "what's <S's> favourite novel", 'what book <+do> <S> love'
    ],
    checks: [
      "is <V> <S's> favourite novel", '<+do> <S> love the book <V>', 'is <V> the book <S> <+like> best', '<+do> <S> like <V> best of all books', "is <S's> favorite book <V>", '<+do> <S> prefer the novel <V>',
      'is it true that <S> <+love> the novel <V>', "<S's> favorite novel is <V>, right"
    ],
    who: [
      'who loves the book <V>', 'whose favourite novel is <V>', 'whose favorite book is <V>', 'who likes <V> best of all books', 'who reads the book <V> again and again', 'tell me who loves the novel <V>',
      'who prefers the book <V>', 'who is a fan of the novel <V>'
    ]
  },
  {
    group: 'film', kind: 'preference', label: 'favourite film', value: title,
    states: [
      "<S's> favorite film is <V>", '<V> is the movie <S> <+love>', '<S> <+see> the film <V> again and again', 'no movie is better for <O> than <V>', 'of all films <S> <+prefer> <V>', '<S> <+call> <V> the best film ever',
      'the movie <S> <+like> most is <V>', '<V> is a film <S> never <+get> tired of', 'the best movie for <O> is <V>', 'at the cinema <S> liked <V> most of all', '<S> <+be> a fan of the movie <V>',
      '<S> <+like> <V> best of all movies', 'the film <S> <+like> best is <V>', '<S> <+love> the film <V>', "<S's> favourite movie is <V>"
    ],
    asks: [
      "<S's> favorite film", 'tell me what film <S> <+like>', 'what is the best movie for <O>', 'I forgot which film <S> <+love>', "what about <S's> favourite film", "any idea what <S's> favorite movie is",
      'what movie <+do> <S> prefer', 'remind me which movie <S> <+like> most', 'which film <+do> <S> see again and again', 'what <+do> <S> like to see most in the cinema', 'what did <S> like most at the cinema',
      'which of all films <+do> <S> prefer', 'which film <+do> <S> like best', "what's <S's> favourite movie", 'what movie <+do> <S> love'
    ],
    checks: [
      "is <V> <S's> favourite movie", '<+do> <S> love the film <V>', 'is <V> the film <S> <+like> best', '<+do> <S> like <V> best of all films', "is <S's> favorite film <V>", '<+do> <S> prefer the movie <V>',
      'is it true that <S> <+love> the movie <V>', "<S's> favorite movie is <V>, right"
    ],
    who: [
      'who loves the film <V>', 'whose favourite movie is <V>', 'whose favorite film is <V>', 'who likes <V> best of all films', 'who sees the film <V> again and again', 'tell me who loves the movie <V>',
      'who prefers the film <V>', 'who is a fan of the movie <V>'
    ]
  },
  {
    group: 'band', kind: 'preference', label: 'favourite band', value: title,
    states: [
      "<S's> favorite band is <V>", '<V> is the band <S> <+love>', '<S> <+play> the songs of the band <V> all day', 'no band is better for <O> than <V>', 'of all bands <S> <+prefer> <V>',
      '<S> <+see> the band <V> live whenever they play', 'the music group <S> <+like> most is <V>', '<S> <+love> the music of <V>', 'the best band for <O> is <V>', '<S> <+have> all the songs of <V>, <his> favorite band',
      '<S> <+be> crazy about the band <V>', "<S's> favourite music group is <V>", '<S> <+listen> to <V> all the time', '<S> <+be> a big fan of the band <V>', 'the band <S> <+like> best is <V>'
    ],
    asks: [
      "<S's> favorite band", 'tell me which band <S> <+love>', 'what is the best band for <O>', 'I forgot what band <S> <+listen> to', "look up <S's> favourite band", 'any idea what music group <S> <+love>',
      'which music group <+do> <S> prefer', 'remind me which band <S> <+like> most', 'what band <+be> <S> a fan of', 'whose songs <+do> <S> listen to', 'which band <+do> <S> go to see live', 'what band <+be> <S> crazy about',
      'what band <+do> <S> like', 'which band <+do> <S> listen to', 'what music group <+do> <S> like best'
    ],
    checks: [
      '<+do> <S> listen to <V>', "is <V> <S's> favourite band", '<+be> <S> a fan of the band <V>', 'is <V> the band <S> <+like> best', "is <S's> favorite music group <V>", '<+do> <S> love the music of <V>',
      'is it true that <S> <+listen> to the band <V>', '<S> <+be> a fan of <V>, right'
    ],
    who: [
      'who listens to <V>', 'who is a fan of the band <V>', 'whose favourite band is <V>', 'who likes the band <V> best', 'who loves the music of <V>', 'tell me who listens to the band <V>', 'who goes to see the band <V> live',
      'who is crazy about the band <V>'
    ]
  },
  {
    group: 'instrument', kind: 'fact', label: 'instrument', value: m => m.word(instruments),
    states: [
      "<S's> instrument is the <V>", 'the instrument <S> <+play> is the <V>', '<S> <+know> how to play the <V>', '<S> <+have> lessons on the <V>', '<S> <+make> music on the <V>', '<S> <+be> good at playing the <V>',
      'in the orchestra <S> <+play> the <V>', '<S> took up the <V>', '<V> is what <S> <+play> in the orchestra', '<S> can play the <V>', 'for music <S> <+have> the <V>', '<S> <+play> the <V>', '<S> <+be> learning the <V>',
      '<S> <+practise> the <V> every day'
    ],
    asks: [
      "<S's> instrument", 'tell me what instrument <S> <+play>', 'what <+do> <S> play in the orchestra', 'I forgot which instrument <S> <+play>', "is there a note about <S's> instrument",
      'any idea what instrument <S> <+practise>', 'on what instrument <+do> <S> make music', 'remind me which instrument <S> <+be> learning', 'which instrument <+do> <S> have lessons on', 'what instrument can <S> play',
      "what is <S's> instrument", 'which musical instrument <+do> <S> practise', 'which instrument <+do> <S> play', 'what instrument <+do> <S> play', 'what instrument <+be> <S> learning'
    ],
    checks: [
      'can <S> play the <V>', '<+be> <S> learning the <V>', "is <S's> instrument the <V>", '<+do> <S> practise the <V>', 'is <V> the instrument <S> <+play>', '<+do> <S> make music on the <V>', '<+do> <S> play the <V>',
      '<S> <+play> the <V>, right', 'is it true that <S> <+play> the <V>'
    ],
    who: [
      'who is learning the <V>', 'who can play the <V>', 'whose instrument is the <V>', 'who practises the <V>', 'tell me who plays the <V>', 'who makes music on the <V>', 'who plays the <V>', 'who of them plays the <V>',
      'do I know anybody who plays the <V>'
    ]
  },
  {
    group: 'hobby', kind: 'preference', label: 'hobby', value: m => m.word(hobbies),
    states: [
      "<S's> hobby is <V>", '<V> is what <S> <+do> in <his> spare time', 'after work <S> <+like> <V>', "<S> <+love> <V>, it's <his> hobby", "<S's> favorite pastime is <V>", '<S> always <+have> time for <V>',
      'what <S> <+do> for fun is <V>', '<S> <+relax> with <V>', '<S> <+use> <his> weekends for <V>', "<S's> passion is <V>", 'as a hobby <S> <+have> <V>', '<S> <+have> a passion for <V>', '<S> <+be> into <V>',
      '<S> <+enjoy> <V> in <his> free time', '<S> <+spend> every weekend on <V>', '<S> <+be> crazy about <V>'
    ],
    asks: [
      "<S's> hobby", 'tell me what <S> <+do> for fun', "what is <S's> favorite pastime", 'I forgot what hobby <S> <+have>', "what's your note on <S's> hobby", 'any idea what <S> <+do> in <his> spare time', 'how <+do> <S> relax',
      'remind me what <S> <+enjoy> on weekends', 'what <+be> <S> keen on', 'what <+do> <S> like doing after work', "what is <S's> passion", 'what <+be> <S> crazy about', 'what <+do> <S> do in <his> free time',
      'which hobby <+do> <S> have', 'what hobby <+do> <S> have', 'what <+be> <S> into'
    ],
    checks: [
      '<+be> <S> into <V>', '<+do> <S> enjoy <V>', "is <S's> hobby <V>", "is <V> <S's> passion", '<+do> <S> spend <his> free time on <V>', '<+be> <S> crazy about <V>', 'is it true that <S> <+love> <V> as a hobby',
      '<S> <+have> a passion for <V>, right'
    ],
    who: [
      'whose hobby is <V>', 'who is keen on <V>', 'who loves <V> as a hobby', 'tell me who enjoys <V>', 'who spends weekends on <V>', 'who is crazy about <V>', 'who is into <V>', 'who enjoys <V>', 'who of them likes <V>'
    ]
  },
  {
    group: 'language', kind: 'fact', label: 'mother tongue', value: m => m.word(languages),
    states: [
      "<S's> mother tongue is <V>", "<S's> native language is <V>", '<S> <+be> a native speaker of <V>', '<S> <+talk> in <V> with <his> family', '<S> learned <V> from <his> mother', '<V> is the language <S> grew up with',
      '<S> spoke <V> as a child', '<S> <was> raised in <V>, the language', 'the language <S> <+know> from childhood is <V>', 'as a native language <S> <+have> <V>', "<S's> family language is <V>", "<V> is <S's> native tongue",
      '<S> <+speak> <V> at home', '<S> grew up speaking <V>', "<S's> first language is <V>"
    ],
    asks: [
      "<S's> native language", "tell me <S's> first language", "what is <S's> native tongue", 'I forgot what language <S> <+speak> at home', "what about <S's> mother tongue", 'any idea which language <S> grew up with',
      'what language did <S> speak as a child', "remind me of <S's> native language", '<S> <+be> a native speaker of what', "what do they speak in <S's> family", 'which language did <S> learn from <his> mother',
      'in what language <was> <S> raised', 'what language <+do> <S> speak at home', 'which language did <S> grow up with', "what is <S's> first language"
    ],
    checks: [
      '<+do> <S> speak <V> at home', 'did <S> grow up speaking <V>', "is <V> <S's> first language", "is <S's> native language <V>", '<+be> <S> a native speaker of <V>', '<was> <S> raised in <V>',
      'is it true that <S> <+speak> <V> at home', "<S's> first language is <V>, right"
    ],
    who: [
      'who speaks <V> at home', 'who grew up speaking <V>', 'whose first language is <V>', 'whose native language is <V>', 'who is a native speaker of <V>', 'tell me who speaks <V> at home', 'whose mother tongue is <V>',
      'whose family speaks <V>'
    ]
  },
  {
    group: 'course', kind: 'fact', value: m => m.word(languages),
    states: [
      'the language <S> <+be> learning is <V>', '<S> <+be> taking a course in <V>', '<S> <+attend> a <V> class', '<S> <+have> <V> lessons every week', '<S> started to learn <V>', '<S> <+want> to learn <V> and <+take> a course',
      'at the moment <S> <+be> studying <V>', '<V> is the language <S> <+be> studying', '<S> <+learn> <V> in the evening', '<S> signed up for a course in <V>', 'a teacher gives <O> lessons in <V>', '<S> <+be> in a class for <V>',
      '<S> <+be> learning <V>', '<S> <+take> lessons in <V>', '<S> <+go> to evening classes in <V>', '<S> <+study> <V> on the side'
    ],
    asks: [
      'tell me which language <S> <+be> studying', 'in what language <+do> <S> take a course', 'what language course <+do> <S> attend', 'I forgot what language <S> <+be> learning', "look up <S's> language course",
      'any idea which language <S> <+take> lessons in', 'remind me what language <S> <+be> studying', 'which evening classes <+do> <S> go to', "<S's> language course", 'what language did <S> start to learn',
      'for what language <+do> <S> have a teacher', 'which language lessons <+do> <S> have', 'which language <+be> <S> learning', 'what language <+be> <S> learning', 'what language <+do> <S> take lessons in'
    ],
    checks: [
      '<+do> <S> take lessons in <V>', '<+do> <S> go to evening classes in <V>', '<+be> <S> studying <V>', '<+do> <S> attend a course in <V>', '<+be> <S> taking a <V> class', 'am I right that <S> <+be> learning <V>',
      '<+be> <S> learning <V>', '<S> <+be> learning <V>, right', 'is it true that <S> <+be> learning <V>'
    ],
    who: [
      'who studies <V> on the side', 'who goes to evening classes in <V>', 'who is studying <V>', 'who attends a course in <V>', 'tell me who is learning <V>', 'do I know anybody who is learning <V>', 'who is learning <V>',
      'who takes lessons in <V>', 'which of them is learning <V>'
    ]
  }
]
