import type { Phrasings } from '../facts/phrasings.ts'

// More phrases to learn from, beside those of facts/life-facts.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const lifePhrasings: Phrasings = {
  'shoe/shoe size': {
    states: [
      '<S> <+take> a <V> in shoes', '<S> <+fit> into a size <V> shoe', '<S> <+have> size <V> feet', 'if anybody buys <O> shoes, get size <V>', "a <V> fits <S's> feet perfectly",
      'trainers, boots, sandals: all <V> for <O>', 'footwear for <O> comes in size <V>', "<V> is what it says in <S's> shoes", '<S> tried on some boots and a <V> was right',
      "they measured <S's> feet in the shop, size <V>", 'shoe-wise <S> <+be> a <V>', "anything but <V> pinches <S's> feet", 'note down the shoe size <V> for <O>', 'it turns out <S> <+walk> around in a size <V>'
    ],
    asks: [
      'what size trainers should one buy for <O>', "what's <S's> foot size", 'boots for <O>, what size would that be', "what number is in <S's> shoes", 'how large a shoe <+do> <S> need',
      'in the shoe shop, what size <+do> <S> ask for', 'which size of footwear <+do> <S> take', 'I want to order shoes for <O>, what size', "size of <S's> feet", "help me out, what size are <S's> feet",
      "what do <S's> shoes come in, size-wise", 'what shoe fits <O>', 'what size boot <+do> <S> take', "what size shall I put down for <S's> shoes", 'how big must shoes be for <O>', '<S> <+wear> shoes in what size again'
    ],
    checks: [
      'would a size <V> boot fit <O>', '<+do> <S> have size <V> feet', "would <V> be right for <S's> feet", '<+be> <S> a <V> in shoes', 'if I order shoes for <O>, is <V> the right size', "does it say <V> in <S's> shoes",
      'can <S> get into a size <V> shoe', '<S> <+take> a <V> in shoes, correct', 'is <V> what <S> <+ask> for in the shoe shop', "are <S's> feet a <V>"
    ],
    who: [
      'who has size <V> feet', 'whose feet fit into a <V>', 'shoes in size <V> would fit whom', 'who takes a <V> in shoes', 'is there anyone with shoe size <V>', 'whose trainers are a <V>', 'whose foot size is <V>',
      'who can I give these size <V> shoes to'
    ]
  },
  'height/height': {
    states: [
      '<S> <+come> to <V> without shoes', 'standing up straight <S> <+be> <V>', 'in <his> socks <S> <+measure> <V>', "<V> tall, that's <O>", 'the tape measure shows <V> for <O>', '<S> shot up to <V>',
      "the passport gives <V> as <S's> height", 'they measured <O> and got <V>', 'height of <O>: <V>', '<S> stopped growing at <V>', 'I was told <S> <+be> about <V> tall', 'it turns out that <S> <+be> all of <V> tall',
      'top to toe it is <V> for <O>'
    ],
    asks: [
      'how high <+do> <S> stand', 'how tall would you say <S> <+be>', '<S> <+be> how tall exactly', 'what does the tape measure say for <O>', 'just how tall did <S> get', 'how many centimetres tall <+be> <S>',
      'how many feet and inches <+be> <S>', 'at what height did <S> stop growing', 'tallness of <O>, please', 'what figure have I given you for how tall <S> <+be>', "what height is in <S's> passport",
      'from top to toe, how long <+be> <S>', 'did I ever say how tall <S> <+be>', 'to what height did <S> grow', 'I wonder how tall <S> <+be>', 'when they measured <O>, how tall <was> <S>'
    ],
    checks: [
      'did <S> grow to <V>', 'would <V> be about right for how tall <S> <+be>', 'is <V> how tall <S> <+be>', "does <S's> passport say <V> for the height", '<+be> <S> really <V> tall',
      '<+do> <S> come to <V> without shoes', 'have I noted that <S> <+stand> <V>', '<V> in <his> socks, is that how tall <S> <+be>', 'did they measure <O> at <V>'
    ],
    who: [
      'who grew to <V>', 'is anyone I know <V> tall', 'who comes to <V> without shoes', '<V> is the height of which person', 'who did they measure at <V>', 'who reaches <V> in height', 'find the person who is <V> tall'
    ]
  },
  'blood/blood type': {
    states: [
      '<S> <+have> <V> blood', "<V> flows in <S's> veins", "<S> <+be> <V>, that's the blood type", 'blood-wise <S> <+be> <V>', "the lab says <S's> blood is <V>", 'if <S> ever <+need> a transfusion, it has to be <V>',
      "<S's> donor card reads <V>", 'the hospital put <O> down as <V> for blood', '<S> donated blood and found out it is <V>', 'blood group <V> is the one <S> <+have>', '<S> <+fall> into blood group <V>',
      'it turns out <S> <+share> the blood group <V>', "in case of an accident: <S's> blood is type <V>"
    ],
    asks: [
      "which group does <S's> blood belong to", "what does <S's> donor card say about blood", "what blood runs in <S's> veins", 'for a transfusion, what type <+do> <S> need', "<S's> blood, which type is it",
      "the hospital wants to know <S's> blood group", 'in an emergency, what blood would <S> need', 'which blood did the lab find for <O>', 'blood type of <O>', 'A, B, AB or O, which <+be> <S>',
      "what did I tell you about <S's> blood group", '<S> <+be> which blood type again', 'what type of blood do I write down for <O>', "how is <S's> blood classified", 'what blood can they give <O>'
    ],
    checks: [
      'is it <V> blood that <S> <+have>', 'would a transfusion for <O> have to be <V>', "does <S's> donor card say <V>", '<+be> <S> blood type <V>', 'is <V> the blood type of <O>', 'can the hospital give <O> <V> blood',
      "<S> <+have> <V> blood, isn't that so", "was <S's> blood found to be <V>", "is <V> the right group for <S's> blood"
    ],
    who: [
      'who has <V> blood', 'in whose veins flows <V> blood', 'who would need <V> blood in an emergency', 'whose donor card says <V>', 'is there anybody with blood type <V>', 'who could donate <V> blood',
      'blood group <V>, who is that'
    ]
  },
  'ride/': {
    states: [
      '<S> <+get> around in <a V>', '<a V> is what <S> <+drive>', '<S> <+be> the owner of <a V>', "the car parked outside <S's> house is <a V>", '<S> <+have> got <a V> to drive around in', '<S> <+run> <a V>',
      "it's <a V> that <S> <+drive> to work", '<S> <+commute> in <a V>', 'as for cars, <S> <+have> <a V>', 'every day <S> <+start> up <his> car, <a V>', 'it turns out <S> <+drive> <a V>',
      "keys to <a V> hang in <S's> hall, it's <his> car", '<S> <+be> the proud driver of <a V>', "on the road you'll see <O> in <a V>"
    ],
    asks: [
      'what <+be> <S> driving', 'what wheels <+do> <S> have', 'what sort of car <+do> <S> run', 'which motor <+do> <S> own', 'what car <+do> <S> have parked outside', "brand of <S's> car",
      'what <+do> <S> drive to work in', 'what <+do> <S> get around in', 'which car belongs to <O>', 'when <S> <+drive>, what car is it', "I need the make of <S's> car", 'what model of car <+do> <S> have',
      '<S> <+drive> what kind of car', "which badge is on <S's> car", 'what car <+be> <S> the owner of', 'behind the wheel of what car <+do> <S> sit'
    ],
    changes: [
      '<S> sold the <OLD> and got <a V>', 'the <OLD> is gone, <S> <+drive> <a V> these days', '<S> switched cars and <+own> <a V> now', '<S> got rid of the <OLD>, <his> car is <a V> now',
      'after the <OLD> broke down <S> bought <a V>', "<a V> has taken the place of <S's> <OLD>", '<S> upgraded to <a V>'
    ],
    checks: [
      'is it <a V> that <S> <+drive>', '<+do> <S> get around in <a V>', "would <S's> car be <a V>", 'is <a V> what <S> <+drive>', '<+be> <S> the owner of <a V>', "is the car in <S's> garage <a V>", '<+do> <S> run <a V>',
      'am I right in thinking <S> <+own> <a V>', "is <S's> vehicle by any chance <a V>", '<a V>, is that what <S> <+drive>'
    ],
    who: [
      'who gets around in <a V>', 'which of my friends drives <a V>', 'who is the owner of <a V>', 'in whose garage stands <a V>', 'who runs <a V>', 'is there anyone who has <a V> as a car', '<a V> belongs to whom',
      'who comes to work in <a V>'
    ]
  },
  'diet/diet': {
    states: [
      '<S> <+live> on <V> food', '<S> only <+touch> <V> food', 'if you cook for <O>, make it <V>', '<S> went <V> a while ago', '<S> <+be> on <V> food only', 'any dish for <O> should be <V>',
      '<S> <+be> strictly <V> when it comes to food', '<V> meals are the only ones <S> <+eat>', 'the doctor put <O> on <V> food', "<S's> way of eating is <V>", "<S's> plate must be <V>", 'food-wise <S> <+be> <V>',
      'it turns out that <S> only <+have> <V> meals', 'when eating out <S> <+pick> something <V>'
    ],
    asks: [
      'what dietary rules <+do> <S> have', 'how <+do> <S> eat, any special diet', 'what way of eating <+have> <S> chosen', 'if <S> <+come> to dinner, what diet must I think of', 'are there dietary needs for <O>, which',
      "what restrictions are there on <S's> meals", "which kind of dishes suits <S's> diet", 'what regime <+be> <S> on, food-wise', 'dietary requirements of <O>', 'what should a cook know about how <S> <+eat>',
      '<S> only <+eat> what kind of meals', 'what sort of eater <+be> <S>, which diet', 'the restaurant asks what diet <S> <+have>', 'what diet did the doctor put <O> on', 'what menu should I order for <O>',
      "eating habits of <O>, what's the diet called"
    ],
    checks: [
      'should dinner for <O> be <V>', '<+be> <S> strictly <V>', 'did <S> go <V>', '<+do> <S> need <V> food', '<+be> <S> still eating <V>', 'does food for <O> have to be <V>', 'is it <V> meals that <S> <+need>',
      '<+do> <S> stick to <V> dishes', 'am I right that <S> only <+eat> <V> food', 'should I order something <V> for <O>'
    ],
    who: [
      'who has gone <V>', 'who needs <V> food', 'for whom should meals be <V>', 'who sticks to <V> dishes', 'which guests eat <V>', 'is anybody on <V> food', 'whose meals have to be <V>', 'who lives on <V> food'
    ]
  },
  'team/<X> team': {
    states: [
      '<S> <+back> <V> in <X>', '<S> <+be> <a X> fan and <V> is the team', '<S> <+be> a supporter of the <X> team <V>', "<V> all the way for <O> when it's about <X>", "<S's> heart beats for <V> in <X>",
      'in <X> <S> always <+want> <V> to win', '<S> <+wear> the scarf of <V> to every <X> game', 'when <X> is on, <S> <+shout> for <V>', '<X> for <O> means <V>', '<S> <+have> been with the <X> team <V> since childhood',
      'as far as <X> goes, <S> <+stand> behind <V>', 'it turns out <S> <+follow> <V> in <X>', 'there is only one <X> team for <O>: <V>'
    ],
    asks: [
      'in <X>, which side <+do> <S> back', 'which <X> team has <S> as a fan', 'who <+be> <S> for when <X> is on', 'whose side <+be> <S> on in <X>', "what <X> team does <S's> heart beat for",
      'which <X> scarf <+do> <S> wear', 'what <X> club <+be> <S> a fan of', 'who <+do> <S> want to win in <X>', 'as <a X> fan, which team <+do> <S> like', 'for which <X> club <+do> <S> shout',
      "when it comes to <X>, what is <S's> team", "I'd like to know who <S> <+root> for in <X>", '<S> <+follow> which club in <X>', '<X>: which team is the one for <O>', 'did I mention what <X> side <S> <+support>'
    ],
    checks: [
      '<+do> <S> root for <V> in <X>', '<+do> <S> back <V> when it comes to <X>', 'in <X>, <+be> <S> for <V>', "does <S's> heart beat for <V> in <X>", '<+do> <S> want <V> to win in <X>',
      '<+be> <S> a supporter of <V> in <X>', 'is it <V> that <S> <+follow> in <X>', 'is <V> the <X> club <S> <+like> best', '<S> <+cheer> for the <X> club <V>, I believe, correct', 'would <S> shout for <V> at <a X> game'
    ],
    who: [
      'who backs <V> when <X> is on', 'whose favourite <X> club is <V>', 'is there a fan of <V> in <X> among us', 'which of them is for <V> in <X>', 'whose heart beats for the <X> team <V>',
      'who wants <V> to win in <X>', 'who never misses <a X> game of <V>'
    ]
  },
  'school/': {
    states: [
      "<V> is <S's> school", '<S> <+be> a pupil at <V>', '<S> <+be> studying at <V>', 'they accepted <O> at <V>', '<S> <+sit> in class at <V>', '<S> started school at <V>', '<V> has <O> as a student',
      'every day there are lessons for <O> at <V>', '<S> <+be> getting <his> education at <V>', 'for <his> studies <S> chose <V>', '<S> <+take> the bus to school, to <V>', 'I was told that <S> <+attend> <V>',
      'it turns out <S> <+be> in a class at <V>', '<S> joined <V> as a student'
    ],
    asks: [
      'which school <+be> <S> at', 'where <+be> <S> being educated', 'where <+be> <S> a pupil', 'school that <S> <+go> to', "where do <S's> lessons take place, at which school", 'which place teaches <O>',
      'where <+be> <S> studying these days', 'at what school <+do> <S> sit in class', 'what is the name of the school for <O>', 'which school accepted <O>', 'in the mornings, which school <+do> <S> go to',
      'where did <S> get a place to study', 'which college or school <+be> <S> at', "what school are <S's> teachers at", "I can't think of where <S> <+go> to school", '<S> <+be> a student where'
    ],
    checks: [
      '<+be> <S> at school at <V>', '<+be> <S> a pupil at <V>', '<+be> <S> enrolled at <V>', '<+do> <S> have classes at <V>', 'is <V> the school <S> <+attend>', 'is it <V> where <S> <+study>',
      'did <V> accept <O> as a student', '<+do> <S> take lessons at <V>', 'is <V> where <S> <+be> getting <his> education', 'did <S> get a place at <V>'
    ],
    who: [
      'who is a pupil at <V>', 'which of the kids attends <V>', 'who got a place at <V>', 'who has lessons at <V>', 'is there anyone at school at <V>', 'who gets an education at <V>', '<V> is the school of which person'
    ]
  },
  'nickname/nickname': {
    states: [
      'everyone just says <V> to <O>', '<S> <+answer> to <V> among friends', '<S> <+be> <V> for short', "<V>, that's how friends know <O>", 'they nicknamed <O> <V>', '<S> got the nickname <V> at school',
      'pals shout <V> when they see <O>', 'nobody uses the full name, <S> <+be> just <V> to everyone', '<S> <+like> it when people say <V> to <O>', "the nickname stuck: <V>, that's <O>", "<S's> pet name is <V>",
      "<V> is short for <S's> real name", "it turns out <S's> mates call <O> <V>", 'you can call <O> <V>'
    ],
    asks: [
      "what is <S's> pet name", "what do <S's> mates call <O>", 'what nickname stuck with <O>', 'what name <+do> <S> answer to among friends', "<S's> name for short, what is it",
      'what <+be> <S> known as to <his> friends', 'how do people call <O> informally', 'how did they nickname <O>', 'nickname of <O>', 'what may I call <O> for short', 'what did they call <O> at school',
      '<+do> <S> have a nickname, what is it', 'what do they shout when they see <O>, which nickname', 'to family <S> <+be> known as what', "I'd like to use <S's> nickname, what was it",
      'which short form of the name <+do> <S> go by'
    ],
    checks: [
      'do they call <O> <V>', '<+do> <S> go by <V> among friends', 'did they nickname <O> <V>', '<+be> <S> known as <V> to friends', "is <V> <S's> pet name", 'can I call <O> <V>', '<+do> <S> answer to <V>',
      'would friends say <V> to <O>', "is it <V> that <S's> mates call <O>", 'at school, did they call <O> <V>'
    ],
    who: [
      'who do people call <V>', 'who did they nickname <V>', 'who answers to <V> among friends', 'whose pet name is <V>', 'who is <V> for short', 'to whom do friends say <V>', 'when people say <V>, who do they mean',
      '<V> is whose nickname'
    ]
  },
  'middle/middle name': {
    states: [
      'in the passport <S> also <+have> <V> between first and last name', "<S's> other given name is <V>", '<S> <was> given <V> as a second name', "<V> comes between <S's> first name and surname",
      '<S> <was> christened with the middle name <V>', "the initial in the middle of <S's> name stands for <V>", "the second of <S's> first names is <V>", '<S> hardly ever <+use> <his> middle name, <V>',
      'officially <S> <+have> the second name <V> too', 'the full name has <V> in the middle for <O>', '<S> <+hide> it, but <his> middle name is <V>', 'it turns out <S> <+have> <V> as <his> second first name',
      'on forms <S> <+write> <V> as a middle name'
    ],
    asks: [
      "what is <S's> other given name", "what comes between <S's> first name and surname", "what does the middle initial of <S's> name stand for", 'what do I write as middle name for <O>', 'second name of <O>',
      'what second name <was> <S> given', 'which name <+do> <S> have in between', "what's the second of <S's> first names", 'middle name of <O>, please', "what is the name in the middle of <S's> full name",
      'with what middle name <was> <S> christened', 'does the passport give <O> a second name, which', 'what other first name <+do> <S> have', "after the first name, what comes next in <S's> full name",
      "the form asks for <S's> middle name", 'what <+be> <S> called in the middle'
    ],
    checks: [
      '<was> <S> given <V> as a second name', "does <V> come between <S's> first and last name", "does <S's> middle initial stand for <V>", 'is <V> the name in the middle for <O>', "is <S's> other given name <V>",
      '<was> <S> christened with <V> as middle name', "is it <V> in the middle of <S's> full name", 'should I put <V> as middle name for <O>', "is <V> the second of <S's> first names"
    ],
    who: [
      'who was given <V> as a second name', 'whose other given name is <V>', 'whose middle initial stands for <V>', 'who was christened with the middle name <V>', 'who has <V> between first name and surname',
      '<V> is whose middle name', 'is there anyone with the middle name <V>', 'who hides the middle name <V>'
    ]
  },
  "pet/<X>'s name": {
    states: [
      "<V> is <S's> <X>", "the <X> at <S's> place is called <V>", '<S> <+have> got <a X> by the name of <V>', "<S's> <X> comes running when you call <V>", "the tag on <S's> <X> reads <V>",
      '<V>, so <S> baptised <his> <X>', "meet <S's> <X>, <V>", '<a X> named <V> lives with <O>', '<S> settled on <V> for <his> <X>', "<S's> <X> listens to <V>", "it turns out <S's> <X> is named <V>",
      "we say <V> to <S's> <X>", '<S> <+look> after <his> <X>, good old <V>'
    ],
    asks: [
      "what's <S's> <X> named", 'what <+do> <S> shout when <his> <X> should come', "what does the tag on <S's> <X> say", '<S> <+have> <a X>, but what is it called', '<S> settled on what name for <his> <X>',
      "who is <S's> <X>, by name", "what name goes with <S's> <X>", "when I pet <S's> <X>, what do I call it", "I'd like to greet <S's> <X> by name", "which name does <S's> <X> have",
      "the <X> at <S's> place, how is it named", "does <S's> <X> have a name, which one", "what does <S's> <X> answer to"
    ],
    checks: [
      "does <S's> <X> answer to <V>", 'is <V> what <S> <+call> <his> <X>', "does the tag on <S's> <X> say <V>", 'is there <a X> named <V> living with <O>', "<V>, is that the name of <S's> <X>",
      'did <S> settle on <V> for <his> <X>', "does <S's> <X> listen to <V>", 'did <S> give <his> <X> the name <V>', "is it <V> that <S's> <X> is called"
    ],
    who: [
      'who named the <X> <V>', 'whose <X> answers to <V>', 'whose <X> is named <V>', 'who keeps <a X> by the name of <V>', 'who lives with <a X> named <V>', '<V> is the <X> of which person',
      '<V> the <X>, who does it belong to', 'whose <X> listens to <V>'
    ]
  },
  "child/<X>'s name": {
    states: [
      "<V> is <S's> <X>", "<S's> <X> was christened <V>", '<S> <+have> <a X> by the name of <V>', "<S's> <X> goes by the name of <V>", 'when the <X> was born <S> picked the name <V>', '<S> settled on <V> for the <X>',
      "<S's> little <X> is named <V>", "<V> it is, that's what <S> named the <X>", '<S> <+be> the proud parent of <V>, <his> <X>', "the <X> in <S's> family is called <V>", "say hello to <V>, <S's> <X>",
      "it turns out <S's> <X> is called <V>", "on the birth certificate <S's> <X> is <V>"
    ],
    asks: [
      "what's <S's> <X> named", 'what did <S> christen the <X>', '<S> settled on which name for the <X>', "the <X> of <O>, what's the name again", "what name is on the birth certificate of <S's> <X>",
      "<S> <+have> <a X>, but what's the name", "by what name does <S's> <X> go", "what name was picked for <S's> <X>", "I want to write a card to <S's> <X>, what's the name", "which name does <S's> <X> have",
      'what <+do> <S> say when <he> <+call> <his> <X>', "I can never think of the name of <S's> <X>"
    ],
    checks: [
      "was <S's> <X> christened <V>", "is <V> <S's> <X>", "does <S's> <X> go by the name <V>", 'did <S> pick the name <V> for <his> <X>', 'did <S> settle on <V> for the <X>', "is it <V> that <S's> <X> is called",
      '<V>, is that what <S> named the <X>', '<+do> <S> have <a X> by the name of <V>', 'is <V> what <S> <+call> <his> <X>'
    ],
    who: [
      'who has <a X> by the name of <V>', 'who named the <X> <V>', 'who christened the <X> <V>', 'whose <X> goes by the name of <V>', '<V> is the <X> of which person', 'who is the parent of <V>, the <X>',
      'who picked the name <V> for the <X>', 'is there anyone whose <X> is <V>'
    ]
  },
  'professional/<X>': {
    states: [
      '<S> always <+go> to <V>, a good <X>', "<V> has been <S's> <X> for years", '<S> <+rely> on <V> as <X>', '<V> takes care of <O> as <X>', '<S> <+swear> by <V>, <his> <X>', 'in matters for <a X>, <S> <+turn> to <V>',
      '<S> found a good <X> in <V>', '<S> <+have> <his> appointments with <V>, the <X>', '<X> for <O>: <V>', 'I was told <S> <+go> to a certain <V> as <his> <X>', "if <S> <+need> <a X>, it's <V> <he> <+ring>",
      'it turns out <V> is the <X> <S> <+have>', 'among all of them, <V> is the <X> <S> picked'
    ],
    asks: [
      'who takes care of <O> as <X>', 'who <+do> <S> ring when <he> <+need> <a X>', 'to whom <+do> <S> turn for <a X>', 'who did <S> pick as <X>', '<X> of <O>, who is it',
      'with which <X> <+do> <S> have <his> appointments', 'who is the <X> that <S> <+rely> on', 'what was the name of the <X> <S> <+see>', 'whose client <+be> <S>, which <X>', 'I need a good <X>, who <+do> <S> go to',
      "under what name do I find <S's> <X>", 'did I tell you which <X> <S> <+use>', 'by whom <+be> <S> looked after, as <X>', 'which <X> <+do> <S> swear by', 'which <X> would <S> call'
    ],
    changes: [
      '<S> switched from <OLD> to <V> as <X>', '<S> changed <X>, now it is <V>', "<V> has taken over from <OLD> as <S's> <X>", "<OLD> retired, so <V> is <S's> <X> now",
      'from now on <S> <+trust> <V> as <X>, no longer <OLD>', '<S> found another <X>, namely <V>', '<S> gave up on <OLD>, the <X> is <V> these days', '<S> moved on to a different <X>, <V>'
    ],
    checks: [
      'does <V> take care of <O> as <X>', '<+do> <S> rely on <V> as <X>', 'is <V> the <X> that <S> <+visit>', 'is it <V> who works for <O> as <X>', 'when <S> <+need> <a X>, <+do> <he> call <V>',
      '<+be> <S> a client of <V>, the <X>', 'is <V> still the <X> <S> <+go> to', '<+do> <S> use <V> as <his> <X>', 'did <S> pick <V> as <X>', '<S> <+turn> to <V> for <a X>, is that correct'
    ],
    who: [
      'who uses <V> as <X>', 'who relies on <V> as <X>', 'for whom does <V> work as <X>', 'who turns to <V> for <a X>', 'who is a client of <V>, the <X>', 'whom does <V> look after as <X>', 'as <X>, <V> works for whom'
    ]
  },
  'marriage/': {
    states: [
      '<S> <+be> wed to <V>', '<S> got hitched to <V>', '<V> is married to <O>', '<S> walked down the aisle with <V>', '<S> <+wear> a wedding ring from <V>', "<V> became <S's> spouse", '<S> exchanged rings with <V>',
      'in marriage <S> chose <V>', '<S> and <V> are husband and wife', '<V> took <O> in marriage', 'it turns out that <S> <+be> married, to <V>', 'the one <S> said I do to is <V>',
      '<S> <+have> been married to <V> for ages', "<S's> other half is <V>"
    ],
    asks: [
      'who did <S> walk down the aisle with', 'who did <S> get hitched to', 'whom did <S> take in marriage', "who is <S's> other half", 'to whom <+be> <S> wed', 'who did <S> exchange rings with',
      'who did <S> tie the knot with', 'name of the person <S> <+be> married to', 'who said yes to <O> at the wedding', '<S> <+be> married, but to whom', '<S> <+share> <his> married life with whom',
      'whose wedding ring <+do> <S> wear', "who became <S's> spouse", "I'd like to know who <S> got married to", 'married to <O>, who would that be', 'spouse of <O>'
    ],
    checks: [
      '<+be> <S> wed to <V>', 'did <S> tie the knot with <V>', 'is <V> married to <O>', 'are <S> and <V> a married couple', "is <S's> better half <V>", 'did <S> say yes to <V> at the wedding',
      'is it <V> that <S> <+be> married to', 'did <S> walk down the aisle with <V>', 'is the person <S> married called <V>', '<S> and <V>, are they married to each other'
    ],
    who: [
      'who tied the knot with <V>', 'who got hitched to <V>', 'who is <V> married to', 'who walked down the aisle with <V>', 'who is the other half of <V>', 'to whom is <V> wed', 'who exchanged rings with <V>',
      '<V> is the spouse of which person'
    ]
  },
  'member/member number': {
    states: [
      'they gave <O> the membership number <V>', '<S> <+be> registered as member <V>', 'the club lists <O> under <V>', "put <V> on the form as <S's> membership number", "<S's> membership ID reads <V>",
      "<V> is printed on <S's> membership card", 'at the desk <S> <+say> the member number <V>', "<S's> membership runs under <V>", 'club card of <O>: number <V>', 'in the list of members <S> <+have> number <V>',
      '<S> <was> assigned the member number <V>', "it turns out <S's> card has the number <V>, as a member", 'as a member <S> <+go> under <V>'
    ],
    asks: [
      "which number is printed on <S's> club card", "what does <S's> membership card say", "number of <S's> membership", 'under which number is the club listing <O>', 'which member number <was> <S> assigned',
      "the desk wants <S's> member number", 'as a member, what number <+be> <S>', 'what do I give as member ID for <O>', 'what ID does the club have for <O>', "I need the digits of <S's> membership",
      'membership number for <O>, please', 'how <+be> <S> numbered as a member', '<S> joined under what member number', "could you look up the number on <S's> member card",
      "what did the club put on <S's> card as a number"
    ],
    checks: [
      '<+be> <S> registered as member <V>', 'did the club give <O> the number <V>', "does <S's> membership card say <V>", "is <V> the number on <S's> member card", '<was> <S> assigned the membership number <V>',
      "is <S's> club number <V>", 'does the club list <O> under <V>', "do I have <V> down as <S's> member ID", 'as a member, <+do> <S> have the number <V>', "is <V> printed on <S's> club card"
    ],
    who: [
      'who is registered as member <V>', 'who has the membership number <V>', 'to whom did the club give the member number <V>', 'membership number <V>, who is that', 'who does the club list under member number <V>',
      'on whose membership card is <V> printed', 'whose club number is <V>', 'who belongs to member number <V>'
    ]
  },
  'user/user name': {
    states: [
      '<S> <+log> in with <V>', '<S> <+use> <V> to log in', 'online they know <O> as <V>', "<V> is <S's> handle", '<S> registered under the user name <V>', '<S> signed up as <V> on the site', "<S's> screen name is <V>",
      "<S's> account goes by <V>", 'for the login <S> <+enter> <V>', "you'll find <O> online as <V>", 'the account <V> belongs to <O>', "<S's> user ID is <V>", '<S> <+post> things as <V>',
      'it turns out <S> <+be> <V> on the net'
    ],
    asks: [
      'what <+do> <S> log in with', "what is <S's> handle", 'what screen name <+do> <S> use', "what is <S's> user ID", 'what <+do> <S> type in as user name', 'under which user name did <S> register',
      'online, who <+be> <S>', 'what login name <+do> <S> have', 'how do I find <O> online, under which name', 'as what did <S> sign up on the site', "name of <S's> account", 'what goes in the login box for <O>',
      'which account belongs to <O>', 'username of <O>', 'what <+do> <S> call <his> account', 'what name <+do> <S> post under'
    ],
    checks: [
      '<+do> <S> log in with <V>', "is <S's> handle <V>", 'is <V> the account of <O>', '<+be> <S> <V> online', 'did <S> register as <V>', "does <S's> account go by <V>", "is <S's> screen name <V>",
      '<+do> <S> type <V> to log in', 'can I find <O> online as <V>', 'the account <V>, is that <O>'
    ],
    who: [
      'who registered as <V>', 'whose handle is <V>', 'who posts as <V>', 'whose account is <V>', 'to whom does the login <V> belong', 'whose screen name is <V>', 'the account <V>, who is behind it',
      'who types in <V> to log in'
    ]
  },
  'present/wish': {
    states: [
      '<S> would love <V> for Christmas', '<S> <+be> hoping for <V> under the tree', '<S> <+have> set <his> heart on <V> as a present', "<V> is at the top of <S's> wish list", '<S> put <V> on <his> Christmas list',
      '<S> <+long> for <V> and <+hope> somebody gives it', 'all <S> <+want> for Christmas is <V>', "<S's> dream present would be <V>", 'I was told <S> <+wish> for <V>',
      'it turns out <S> would really like <V> as a present'
    ],
    asks: [
      'what would <S> love to get', 'what <+be> <S> hoping for under the tree', 'what did <S> put on <his> Christmas list', 'what <+have> <S> set <his> heart on as a present', 'what should Father Christmas bring <O>',
      'what would <S> like to be given', "what's at the top of <S's> wish list", 'what present would <S> be happy about', 'I need something to wrap for <O>, what did I note', '<S> <+wish> for what',
      'which present should I think of for <O>'
    ],
    checks: [
      '<+have> <S> set <his> heart on <V>', 'would <V> make <O> happy as a present', '<+do> <S> dream of getting <V>', 'did <S> put <V> on <his> Christmas list', 'is it <V> that <S> <+wish> for',
      'should Father Christmas bring <O> <V>', 'would <S> like to be given <V>'
    ],
    who: [
      'who has <V> on the wish list', 'who has set their heart on <V>', 'who dreams of getting <V>', 'who would like to be given <V>', 'who put <V> on the Christmas list', 'who is hoping for <V> under the tree'
    ]
  }
}
