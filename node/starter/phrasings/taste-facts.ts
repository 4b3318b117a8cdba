import type { Phrasings } from '../facts/phrasings.ts'

// More phrases to learn from, beside those of facts/taste-facts.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const tastePhrasings: Phrasings = {
  'allergy/': {
    states: [
      'I was told that <S> <+be> allergic to <V>', 'it turns out <S> <+have> an allergy, namely to <V>', "<V>, that's what <S> <+be> allergic to", 'allergy of <O>: <V>', "<S's> body can't handle <V>, it's an allergy",
      '<V> brings <O> out in a rash, an allergy', 'tests showed that <S> <+have> an allergy to <V>', '<S> <+sneeze> and <+itch> because of <V>, an allergy', 'never give <O> <V>, <he> <+be> allergic to it',
      "<S> can't tolerate <V> because of an allergy", 'an allergy to <V> troubles <O>', '<V> is off limits for <O> for allergy reasons'
    ],
    asks: [
      'allergies of <O>', "what triggers <S's> allergy", 'is there anything <S> <+be> allergic to', 'which allergy <+have> <S> got', 'what brings on an allergy in <O>', 'do you remember what <S> <+be> allergic to',
      'what should I keep away from <O> because of an allergy', 'what gives <O> a rash', 'to what <+be> <S> allergic', "I need to know about <S's> allergy, what is it to", "what's <S's> allergy again, before I cook",
      "did I mention <S's> allergy, what was it to", "what does <S's> body react to with an allergy", "what sets off <S's> allergy", 'what did the allergy test show for <O>'
    ],
    checks: [
      '<+have> <S> got an allergy to <V>', "does <V> trigger <S's> allergy", '<S> <+be> allergic to <V>, correct', 'is <V> off limits for <O> because of an allergy', '<+do> <S> come out in a rash from <V>, an allergy',
      'does <V> make <O> ill, is it an allergy', 'is it <V> that <S> <+be> allergic to', '<+do> <S> get an allergic reaction to <V>', 'did I tell you that <S> <+be> allergic to <V>',
      'must I keep <V> away from <O>, is there an allergy'
    ],
    who: [
      "who can't have <V> because of an allergy", "whose body can't handle <V>, an allergy", 'which person is allergic to <V>', 'is anybody I know allergic to <V>', 'name the people with an allergy to <V>',
      'who gets a rash from <V>', 'for whom is <V> off limits because of an allergy'
    ]
  },
  'food/favourite food': {
    states: [
      "<V> is <S's> favourite food", 'no dish beats <V> for <O>', "I was told that <S's> favourite dish is <V>", 'it turns out <S> <+like> <V> best of all dishes', 'favourite food of <O>: <V>',
      'of all foods <S> <+love> <V> the most', "<V> is <S's> number one dish", "<S's> plate is happiest with <V>, <his> favourite", 'on <his> birthday <S> always <+want> <V> for dinner',
      "<V> tops the list of <S's> favourite dishes", "give <O> the choice of food and it's <V>", "the way to <S's> heart is a plate of <V>", 'what <S> <+love> to eat above all is <V>'
    ],
    asks: [
      'favourite food of <O>', "what is <S's> favourite dish", 'what food <+do> <S> love above all', 'what should I cook to please <O> most', 'what <+do> <S> like eating more than anything',
      "do you remember <S's> favourite food", "what's the number one dish for <O>", 'of all dishes, which <+do> <S> prefer', "I'd like to cook <S's> favourite meal, what is it",
      'did I mention which food <S> <+like> best', 'what food could <S> never get enough of', "which meal tops <S's> list", 'what would <S> choose for a birthday dinner', 'what dish wins with <O> every time',
      "what have I noted as <S's> best loved food"
    ],
    checks: [
      "<V>: is that <S's> favourite food", "does <V> top the list of <S's> dishes", '<S> <+love> <V> more than any other dish, correct', 'is it <V> that <S> <+like> to eat best', "did I say <S's> favourite meal is <V>",
      'is no dish better for <O> than <V>', 'is <V> the number one food for <O>', 'would <S> choose <V> over any other dish'
    ],
    who: [
      'who says <V> is the best food', 'whose number one dish is <V>', '<V> is whose favourite food', 'which person loves to eat <V> above all', 'whose favourite meal is <V>', 'who would choose <V> over any other food',
      'for whom is <V> the best dish of all'
    ]
  },
  'colour/favourite colour': {
    states: [
      "<V> is <S's> favourite colour", "I was told that <S's> favourite colour is <V>", 'it turns out <S> <+like> <V> best of all colours', 'favourite color of <O>: <V>', 'of all colours <S> <+love> <V> the most',
      "<V>, that's the colour <S> <+prefer>", 'no other colour pleases <O> like <V>', '<S> would paint everything <V>, <his> favourite colour', "<V> tops <S's> list of colours", '<S> <+have> always loved the color <V>',
      'if there is a choice of colours, <S> <+pick> <V>', "<S's> number one colour is <V>", 'the tone that makes <O> happiest is <V>', '<S> <+like> no color better than <V>'
    ],
    asks: [
      'favourite colour of <O>', "what is <S's> favourite color", "what's <S's> number one color", 'of all colours, which <+do> <S> like most', 'in which color should I buy something for <O>',
      "do you remember <S's> favourite colour", 'what colour would <S> pick', 'did I mention which colour <S> <+love>', "what colour tops <S's> list", 'which shade <+be> <S> fondest of', 'what color pleases <O> most',
      'which colour would <S> paint <his> walls', 'what tone <+do> <S> prefer to all others', "what have I noted as <S's> preferred colour"
    ],
    checks: [
      "is <S's> favourite colour <V>", "<V>: is that <S's> favourite color", "does <V> top <S's> list of colours", '<S> <+like> the colour <V> best, correct', 'is it <V>, the shade <S> <+like> most',
      'would <S> pick <V> as a colour', "did I say <S's> favourite colour is <V>", 'is <V> the number one color for <O>', '<+be> <S> fondest of the colour <V>', 'is no colour nicer to <O> than <V>'
    ],
    who: [
      'whose number one colour is <V>', '<V> is whose favourite colour', 'who would paint everything <V>', 'which person loves the color <V>', "who picks <V> when there's a choice of colours",
      'who finds <V> the nicest of all colours', 'whose preferred colour is <V>', 'for whom is <V> the best colour'
    ]
  },
  'drink/favourite drink': {
    states: [
      "<V> is <S's> favourite drink", "I was told that <S's> favourite drink is <V>", 'it turns out <S> <+like> <V> best of all drinks', 'favourite beverage of <O>: <V>', 'of all drinks <S> <+love> <V> the most',
      "<S's> glass is always filled with <V>", "<V>, that's <S's> usual", "pour <O> some <V>, it's <his> favourite", 'at the bar <S> always <+ask> for <V>', 'no beverage beats <V> for <O>',
      "<S's> beverage of choice is <V>", '<S> <+quench> <his> thirst with <V>, <his> favourite', "<V> is <S's> number one drink", "<S's> favourite thing to sip is <V>"
    ],
    asks: [
      'favourite drink of <O>', "what is <S's> favourite drink", 'what <+do> <S> like to drink best', "what's <S's> beverage of choice", 'what can I pour <O>', 'of all drinks, which <+do> <S> like most',
      'what <+do> <S> order at the bar', "do you remember <S's> favourite drink", "what should I put in <S's> glass", 'did I mention what <S> <+drink> most happily', "what's the usual for <O>",
      'which beverage <+do> <S> love', "I'm buying a round, what <+do> <S> drink", 'what <+do> <S> sip most happily', '<S> <+be> thirsty, what should I bring <O>', "what have I noted as <S's> preferred drink"
    ],
    checks: [
      "is <S's> favourite drink <V>", "<V>: is that <S's> favourite drink", 'is <V> the usual for <O>', '<S> <+like> <V> best of all drinks, correct', '<+do> <S> usually order <V> to drink',
      'should I pour <O> some <V> as <his> favourite', "did I say <S's> favourite drink is <V>", "is <S's> beverage of choice <V>", 'would <S> pick <V> over any other drink', 'is <V> the number one drink for <O>'
    ],
    who: [
      '<V> is whose favourite drink', 'whose beverage of choice is <V>', 'who asks for <V> at the bar', 'which person drinks <V> most happily', 'who would take <V> over any other drink',
      'who enjoys drinking <V> the most', 'for whom do I pour <V> as the favourite drink'
    ]
  },
  'book/favourite book': {
    states: [
      "<V> is <S's> favourite book", "I was told that <S's> favourite book is <V>", 'it turns out <S> <+like> the novel <V> best', 'favourite book of <O>: <V>', 'of all novels <S> <+love> <V> the most',
      '<S> <+know> <V> by heart, <his> favourite book', "the book on <S's> bedside table is always <V>, <his> favourite", "<V> is <S's> number one novel", "<S> couldn't put <V> down, <his> favourite book",
      'the book dearest to <O> is <V>', 'no author wrote anything better for <O> than <V>', '<S> <+have> read <V> countless times, the best novel for <O>', "top of <S's> bookshelf: <V>",
      'the story <S> <+love> to read most is <V>'
    ],
    asks: [
      'favourite book of <O>', "what is <S's> favourite book", "what's <S's> number one novel", 'of all books, which <+do> <S> love most', "do you remember <S's> favourite book", "which title is top of <S's> bookshelf",
      'did I mention what book <S> <+prefer>', 'what novel <+have> <S> read countless times', 'what book is dearest to <O>', '<S> <+love> a certain book, what is the title', "what's the title of <S's> favourite novel",
      'which story <+do> <S> love reading most', 'what book <+do> <S> know by heart', "what have I noted as <S's> best loved book"
    ],
    checks: [
      "<V>: is that <S's> favourite book", '<S> <+like> the book <V> best, correct', "is the title of <S's> favourite book <V>", "did I say <S's> favourite book is <V>", 'is <V> the number one novel for <O>',
      '<+do> <S> read the book <V> again and again', "does the book <V> top <S's> list", 'is it <V>, the book dearest to <O>'
    ],
    who: [
      '<V> is whose favourite book', 'whose number one novel is <V>', 'who thinks the book <V> is the best ever', 'which person loves reading <V> most', 'who has read the novel <V> countless times',
      'who likes the novel <V> best', 'for whom is <V> the best book ever written'
    ]
  },
  'film/favourite film': {
    states: [
      "<V> is <S's> favourite film", "I was told that <S's> favourite film is <V>", 'it turns out <S> <+like> the movie <V> best', 'favourite movie of <O>: <V>', 'of all movies <S> <+love> <V> the most',
      '<S> <+know> every line of <V>, <his> favourite film', "<V> is <S's> number one movie", 'on film nights <S> always <+put> on <V>, <his> favourite', 'the film dearest to <O> is <V>',
      'no director made anything better for <O> than the film <V>', '<S> <+have> seen <V> countless times, the best movie for <O>', "top of <S's> film list: <V>", 'what <S> <+like> most on the big screen is <V>',
      'the flick <S> <+love> is <V>'
    ],
    asks: [
      'favourite film of <O>', "what is <S's> favourite film", 'which movie <+do> <S> like best', "what's <S's> number one film", 'of all films, which <+do> <S> love most', "do you remember <S's> favourite movie",
      'did I mention what film <S> <+prefer>', 'what movie <+have> <S> seen countless times', 'which film should I put on for <O>', 'what film is dearest to <O>', "what's the title of <S's> favourite movie",
      'which flick <+do> <S> love', 'what film <+do> <S> know line by line', '<S> <+adore> a certain movie, what is it called', "which film tops <S's> list", "what have I noted as <S's> best loved film"
    ],
    checks: [
      "<V>: is that <S's> favourite film", '<S> <+like> the film <V> best, correct', "is the title of <S's> favourite film <V>", "did I say <S's> favourite film is <V>", 'is <V> the number one movie for <O>',
      '<+do> <S> see the film <V> again and again', "does the movie <V> top <S's> list", 'is it <V>, the film dearest to <O>', 'would <S> pick <V> for a film night as <his> favourite'
    ],
    who: [
      '<V> is whose favourite film', 'whose number one movie is <V>', 'who calls the film <V> the best ever', 'who has seen the movie <V> countless times',
      'who knows every line of the film <V>', 'who likes the movie <V> best', 'who would always put on the film <V>'
    ]
  },
  'band/favourite band': {
    states: [
      "<V> is <S's> favourite band", "I was told that <S's> favourite band is <V>", 'it turns out <S> <+like> the band <V> best', 'favourite group of <O>: <V>', 'of all groups <S> <+listen> to <V> the most',
      "<V> is <S's> number one band", '<S> <+be> a huge fan of the band <V>', "<S's> headphones play nothing but the band <V>", 'the band dearest to <O> is <V>', 'posters of <V>, the band <S> <+love>, cover <his> walls',
      'no group makes better music for <O> than <V>', '<S> <+sing> along to every song by the band <V>', "top of <S's> playlist: the band <V>"
    ],
    asks: [
      'favourite band of <O>', "what is <S's> favourite band", 'which band <+do> <S> like best', "what's <S's> number one group", 'of all bands, which <+do> <S> love most', "do you remember <S's> favourite band",
      'what group <+do> <S> listen to most', 'did I mention what band <S> <+prefer>', 'whose concerts <+do> <S> go to', "which band's songs <+do> <S> know by heart", 'which musicians <+do> <S> love most as a band',
      "what band tops <S's> playlist", "<S> <+adore> a certain band, what's it called", "what have I noted as <S's> best loved band"
    ],
    checks: [
      "is <S's> favourite band <V>", "<V>: is that <S's> favourite band", '<S> <+like> the band <V> best, correct', "did I say <S's> favourite band is <V>", 'is <V> the number one band for <O>',
      '<+be> <S> crazy about the band <V>', '<+do> <S> go to the concerts of <V>', "does the band <V> top <S's> playlist", 'is it <V>, the music group <S> <+love> most'
    ],
    who: [
      '<V> is whose favourite band', 'whose number one group is <V>', 'which person plays the songs of <V> all day', 'who knows all the songs of the band <V>', 'who calls <V> the best band ever'
    ]
  },
  'instrument/instrument': {
    states: [
      'I was told that <S> <+play> the <V>', 'it turns out <S> can play the <V>', "the <V> is <S's> instrument", 'musically, <S> <+be> at home on the <V>', 'instrument of <O>: the <V>',
      '<S> <+be> learning to play the <V>', 'a teacher shows <O> how to play the <V>', '<S> <+have> been playing the <V> since childhood', '<S> <+perform> on the <V>', 'in a band <S> <+be> the one on the <V>',
      'you often hear <O> practising the <V>', 'as a musician <S> <+be> on the <V>'
    ],
    asks: [
      'instrument of <O>', 'which musical instrument <+be> <S> learning', 'what <+do> <S> play as a musician', 'musically, what <+do> <S> play', 'do you remember which instrument <S> can play',
      'what instrument did <S> take up', 'on which instrument <+be> <S> any good', 'which instrument <+do> <S> practise', 'what instrument do I hear <O> practising', 'did I mention the instrument <S> <+play>',
      'what instrument <+do> <S> own and play', 'for what instrument <+do> <S> have a teacher', 'what <+do> <S> perform on', "I'd like to know what musical instrument <S> <+play>",
      'which part <+do> <S> play in the band, what instrument'
    ],
    checks: [
      '<S> <+play> the <V>, correct', 'is it the <V> that <S> <+play>', "the <V>: is that <S's> instrument", '<+have> <S> taken up the <V>', '<+do> <S> have lessons on the <V>', 'did I say that <S> <+play> the <V>',
      '<+do> <S> know how to play the <V>', '<+be> <S> the one on the <V> in the band', 'would <S> be able to play something on the <V>', '<+do> <S> perform on the <V>'
    ],
    who: [
      'who knows how to play the <V>', 'who has lessons on the <V>', 'the <V> is whose instrument', 'which person plays the <V>', 'is there anybody I know who plays the <V>', 'who took up the <V>',
      'who performs on the <V>', 'I need somebody on the <V>, who plays it'
    ]
  },
  'hobby/hobby': {
    states: [
      "<V> is <S's> hobby", "I was told that <S's> hobby is <V>", 'it turns out <S> <+be> crazy about <V>', 'hobby of <O>: <V>', '<S> <+spend> most of <his> spare time on <V>', 'on a free day, <S> always <+turn> to <V>',
      '<V> keeps <O> busy on weekends', 'in <his> leisure time <S> <+go> in for <V>', "<S's> great love is <V>, as a hobby", 'nothing relaxes <O> like <V>', "<V> is <S's> favourite way to spend a free day",
      "<S's> pastime: <V>", 'when not working, <S> <+be> busy with <V>', '<V> is what <S> <+live> for outside work'
    ],
    asks: [
      'hobby of <O>', 'what <+do> <S> do in <his> spare time', 'how <+do> <S> spend <his> weekends', 'which pastime <+do> <S> have', 'what keeps <O> busy after work', 'what <+do> <S> do for fun',
      "do you remember <S's> hobby", "what is <S's> favourite leisure activity", 'did I mention what <S> <+be> passionate about', 'what <+have> <S> got as a hobby', 'how <+do> <S> like to pass the time',
      'what does a free day look like for <O>, any hobby', 'what <+do> <S> do when <he> <+be> not working', "what's the thing <S> <+love> doing on weekends", "what have I noted as <S's> pastime",
      'to which hobby <+do> <S> give <his> free hours'
    ],
    checks: [
      "is <S's> pastime <V>", "<V>: is that <S's> hobby", '<S> <+have> <V> as <his> hobby, correct', '<+do> <S> do <V> for fun', "did I say <S's> hobby is <V>", 'does <V> keep <O> busy on weekends',
      'is it <V> that <S> <+do> in <his> spare time', '<+be> <S> keen on <V>, as a hobby', '<+be> <S> passionate about <V>', '<+do> <S> relax with <V> after work'
    ],
    who: [
      '<V> is whose hobby', 'who does <V> for fun', 'whose passion is <V>', 'which person spends free time on <V>', 'is anybody I know into <V>', 'who has <V> as a pastime', 'who relaxes with <V>',
      'who would join me for <V>, whose hobby is it'
    ]
  },
  'language/mother tongue': {
    states: [
      "<V> is <S's> mother tongue", "I was told that <S's> first language is <V>", "it turns out <S's> native tongue is <V>", 'mother tongue of <O>: <V>', '<V> was the first language <S> learned',
      "<S's> first words were in <V>, <his> mother tongue", "<S's> parents raised <O> in <V>", '<S> <+dream> in <V>, <his> first language', 'as mother tongue <S> <+speak> <V>', 'around the family table <S> <+speak> <V>',
      '<V> comes most naturally to <O>, <he> grew up with it', "since childhood <S's> own language has been <V>", 'at home it was always <V> for <O>', '<V> came first for <O>, every other language later',
      '<S> first learned to talk in <V>', 'the first words <S> ever said were in <V>', "in <S's> house everybody speaks <V>, it is <his> native language", "<S's> first language happens to be <V>",
      '<S> <+come> from a <V>-speaking home', "<V> runs in <S's> family, they all speak it natively", "<S> <+dream> and <+count> in <V>, that's <his> first language", 'I was told that <S> grew up with <V> at home',
      'it turns out <S> <+be> a native <V> speaker', 'natively, <S> <+speak> <V>', "just so you know, <V> is <S's> native tongue", '<S> picked up <V> in the cradle'
    ],
    asks: [
      'mother tongue of <O>', "what is <S's> mother tongue", 'what language did <S> grow up speaking', 'which language <+do> <S> speak at home', "what's the language of <S's> family",
      "do you remember <S's> first language", "did I mention what <S's> native language is", 'in which language did <S> learn to talk', "what language were <S's> first words in",
      "which language did <S's> parents speak to <O>", 'what language comes most naturally to <O>', 'of which language <+be> <S> a native speaker', 'in what tongue <+do> <S> dream, the native one',
      'what <+do> <S> speak natively', "what have I noted as <S's> first language", 'what <+be> <S> a native speaker of', 'in what language <was> <S> brought up', 'what tongue <+do> <S> call <his> own',
      'what was the first language <S> ever spoke', "what do they talk in at <S's> home", 'language <S> grew up with, please', "I'd like to know which language <S> learned first", '<S> grew up speaking what again',
      "which one is <S's> native language", 'in which language did <S> say <his> first words', "have I ever mentioned <S's> first language", 'what language comes most naturally to <O> from childhood',
      "what's the family language for <O>", 'as a baby, what did <S> hear at home, which language', "which language runs in <S's> family", 'native speaker of which language <+be> <S>'
    ],
    checks: [
      "is <S's> mother tongue <V>", "<V>: is that <S's> native language", '<S> grew up with <V>, correct', 'is <V> the language <S> grew up with', "did I say <S's> mother tongue is <V>", '<+do> <S> speak <V> natively',
      'did <S> learn <V> from <his> mother', "is it <V> that they speak in <S's> family", "did <S's> parents speak <V> to <O>", "were <S's> first words in <V>", 'is it <V> that <S> grew up with',
      'was <V> the first language <S> learned', '<+be> <S> a native <V> speaker', "did <S's> parents raise <O> in <V>", "do they speak <V> in <S's> family", "<S> grew up with <V>, didn't <he>",
      "<V> is <S's> native tongue, isn't it", "would <V> count as <S's> native language", 'could it be that <S> natively <+speak> <V>', 'did <S> learn <V> as a small child at home'
    ],
    who: [
      '<V> is whose mother tongue', 'who speaks <V> natively', 'who was raised in <V> as a first language', 'which person has <V> as a native language', 'who learned <V> from their mother',
      'who of my people grew up with <V>', 'in whose family do they speak <V>', 'whose native tongue is <V>', 'which of my friends is a native <V> speaker', 'who was brought up in <V>',
      'is there anyone whose native tongue is <V>', 'who learned <V> as a child at home', 'in whose family is <V> spoken', 'who has <V> as a first language', 'do I know a native speaker of <V>'
    ]
  },
  'course/': {
    states: [
      '<V> lessons are on for <O> at the moment', '<S> signed up for <V> lessons', '<S> <+be> trying to pick up some <V>', 'these days <S> <+practise> <V> with a teacher', "<S's> evening class is in <V>",
      "<S's> language course is <V>", '<S> enrolled in <V> for beginners', "there's a <V> course that <S> <+go> to", 'once a week it is <V> class for <O>', 'lately <S> <+have> been working on <his> <V>',
      'I hear <S> <+have> taken up <V> as a new language', 'it turns out <S> <+be> brushing up <his> <V> at night school', '<S> <+do> <V> homework for <his> course', '<V> is what they teach <O> at evening school'
    ],
    asks: [
      'what language <+be> <S> trying to pick up', "which language has <S's> teacher been teaching <O>", "what is <S's> evening class in", 'which language <+be> <S> working on at the moment',
      '<S> signed up for which language class', 'what lessons did <S> enrol in', 'language lessons for <O>, which ones are they', 'what <+be> <S> studying at night school', 'remind me which course <S> signed up for',
      "what language is <S's> homework for", 'what foreign language <+have> <S> taken up', "I can't recall which language <S> <+want> to learn", "which language class is <S's>",
      'the language <S> <+be> learning, what was that', 'what <+be> <S> being taught in the evenings', "please tell me the subject of <S's> language class"
    ],
    checks: [
      'did <S> sign up for <V> lessons', '<+have> <S> taken up <V>', "is <S's> evening class in <V>", 'is it <V> that <S> <+be> learning', "is <S's> language course <V>", 'is <V> the language <S> <+be> studying',
      '<+be> <S> enrolled in <V> classes', 'does anyone teach <O> <V>', '<S> <+go> to <V> lessons, if I remember right', '<+do> <S> have a <V> teacher'
    ],
    who: [
      'who signed up for <V> lessons', 'who has taken up <V>', 'whose evening class is in <V>', 'is anybody I know taking <V> lessons', 'who is trying to pick up <V>', 'who has started a course in <V>',
      'which of us has a <V> teacher', 'who sits in the <V> class'
    ]
  }
}
