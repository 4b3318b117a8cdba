// More phrases to learn from, beside those of tasks/not-learned.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const cited: readonly string[] = [
  '"<F>" is a line in a play', '"<F>" is a quote, not about me', '"<F>" is the first line of the poem', '"<F>" is what they wrote in the paper', '"<F>" is just a sentence to practise', '"<F>" is how my novel ends',
  '"<F>" is grammatically fine, I think', '"<F>" was printed on a shirt', '"<F>" was written on the wall', '"<F>" was the line I had to learn', '"<F>" was only a joke by <N>', '"<F>", said the wolf in the tale',
  '"<F>", says the hero in the story', '"<F>", <N> read aloud from the book', '"<F>", how many words are there', '"<F>", is that correct English', '"<F>", is there a comma missing',
  '"<F>", what is the verb in that sentence', '"<F>" in French please', 'a man in the film shouts "<F>"', 'an old song starts with "<F>"', 'an advert said "<F>"', 'the chapter opens with "<F>"',
  'the crossword clue was "<F>"', 'the hero of the book says "<F>"', 'the last words of the play are "<F>"', 'the parrot keeps saying "<F>"', 'the words on the card were "<F>"', 'the sentence in my exercise is "<F>"',
  'can you spell check "<F>"', 'can you put "<F>" into the past tense', 'could you translate "<F>" into Spanish', 'could you check the grammar of "<F>"', 'correct this sentence: "<F>"', 'turn "<F>" into a question',
  'make "<F>" sound nicer', 'rewrite "<F>" in other words', 'how do you say "<F>" in Italian', 'how would one translate "<F>"', 'how many letters are in "<F>"', 'is there a mistake in "<F>"', 'is "<F>" a famous quote',
  'is it spelled right: "<F>"', 'do you know which film "<F>" is from', 'where does the quote "<F>" come from', 'which book begins with "<F>"', 'which song has the words "<F>"', 'who sang "<F>"',
  'who said "<F>" in the film', 'what is the subject of the sentence "<F>"', 'what is "<F>" in Dutch', 'I have to learn the line "<F>" for the play', 'I have to translate "<F>" at school',
  'I had to read out "<F>" in class', 'I had to write "<F>" fifty times', 'I heard the line "<F>" in a film', 'I heard somebody shout "<F>"', 'I saw "<F>" written on a bus', 'I am reading a book called "<F>"',
  'in the letter in the book stands "<F>"', 'in our play I have to say "<F>"', 'on the mug it says "<F>"', 'one line in the poem is "<F>"', 'somebody on the bus said "<F>"', 'somebody shouted "<F>" in the street',
  'someone sprayed "<F>" on a bridge', 'some stranger wrote "<F>" online', 'my homework is to translate "<F>"', 'my role in the play says "<F>"', 'as the song says, "<F>"', 'as an example sentence take "<F>"',
  '<N> plays a man who says "<F>"', '<N> wrote "<F>" as a joke', '<N> quoted the line "<F>"', '<N> has a song called "<F>"', '<N> would like to know if <F>', "<N> claims that <F>, but that's wrong",
  '<N> claims <F>, which is nonsense', "<N> tells everybody that <F>, but it's a lie", '<N> told people that <F>, which is not so', '<N> insists that <F>, but that is rubbish', '<N> lied when saying that <F>',
  '<N> made up the story that <F>', "<N> joked that <F>, it isn't true", '<N> spreads the rumour that <F>', '<N> said as a joke that <F>', '<N> wrongly told them that <F>', '<N> mistakenly wrote that <F>',
  'according to <N>, <F>, but that is false', "if you ask <N>, <F>, but that's not true", 'there is a false rumour that <F>', 'there is a song where they sing "<F>"', 'they ask on the form if <F>',
  'the form asks whether <F>', 'people falsely say that <F>', 'some people claim that <F>, but they are wrong', 'somebody claimed that <F>, a lie', 'the paper wrote that <F>, which was false',
  'the neighbours say that <F>, but they made it up'
]

export const doubted: readonly string[] = [
  'can it really be that <F>', 'do you believe <F>', 'do you know whether <F>', 'do we know that <F>', 'does it seem to you that <F>', 'would you say that <F>', 'are you certain that <F>', 'who says that <F>',
  'who told you that <F>', 'why would anyone think that <F>', 'how do you know if <F>', 'how can I find out whether <F>', 'how likely is it that <F>', 'can you tell me if <F>', 'can you check whether <F>',
  'tell me whether <F>', "I can't tell if <F>", "I can't say for sure that <F>", "I can't confirm that <F>", 'I can hardly believe that <F>', "I couldn't tell you whether <F>", "I couldn't say if <F>",
  'I could be wrong, but maybe <F>', 'I doubt if <F>', 'I doubt very much that <F>', 'I have my doubts that <F>', 'I have no clue whether <F>', 'I have never heard that <F>', "I haven't found out yet if <F>",
  'I have yet to find out whether <F>', "I don't remember if <F>", "I don't recall whether <F>", "I don't know for sure if <F>", "I don't think <F>", 'I do not believe <F>', 'I do not know yet whether <F>',
  'I never said that <F>', "I didn't say that <F>", 'I did not tell you that <F>', 'I deny that <F>', 'I refuse to believe that <F>', 'I wonder whether <F>', 'I am wondering if <F>', 'I keep wondering whether <F>',
  'I ask myself whether <F>', 'I am not certain that <F>', 'I am in doubt whether <F>', 'I am trying to find out if <F>', "I'm in two minds whether <F>", 'I used to think that <F>, but I was wrong',
  'I once believed that <F>, wrongly', 'I would not bet that <F>', "I'd like to know whether <F>", 'it is unclear if <F>', 'it is not known whether <F>', 'it is an open question whether <F>',
  'it is possible that <F>, or not', 'it is hard to say whether <F>', "it may be that <F>, I don't know", 'it may or may not be that <F>', 'it might be that <F>, who can say', "it's anybody's guess whether <F>",
  "it's a mystery to me whether <F>", 'it remains to be seen whether <F>', 'it has not been decided whether <F>', "there is a chance that <F>, I don't know", 'there is no proof that <F>', 'nobody can say whether <F>',
  'nobody told me whether <F>', 'no one knows whether <F>', "don't ask me if <F>", "don't believe anyone who says <F>", 'who knows, maybe <F>', 'hard to say if <F>', 'the question is whether <F>', 'we will see if <F>',
  "my guess would be that <F>, but I don't know", 'might be that <F>, might not', "it's possible, but not sure, that <F>", 'probably not true that <F>', 'conceivably <F>', 'for all I know <F>, or maybe not',
  "perhaps <F>, I really can't say", "maybe <F>, I don't know", '<N> believes that <F>, but I doubt it', '<N> thinks <F>, I am not so sure', "<N> says <F>, but I don't believe it", '<N> doubts that <F>',
  '<N> does not know whether <F>', '<N> could not tell me if <F>', '<N> assumes that <F>, I have no idea', "<F>, or so I heard, no idea if it's true", '<F>, perhaps', "<F>, I'm not sure", '<F>, is that right',
  '<F>, who knows', '<F>, or am I wrong', '<F>? I doubt it'
]

export const supposed: readonly string[] = [
  'what would life be like if <F>', 'what would my friends say if <F>', 'what if it turned out that <F>', 'would you be surprised if <F>', 'would it matter if <F>', 'would you like me more if <F>',
  "wouldn't it be great if <F>", 'how would it feel if <F>', 'how would you react if <F>', 'imagine a life in which <F>', 'imagine me saying that <F>', 'can you imagine that <F> one day', 'could you imagine if <F>',
  'picture a world where <F>', 'think of a world in which <F>', "let's pretend <F>", "let's say <F>, just for fun", "let's say for a moment that <F>", "let's assume that <F>", "let's play pretend: <F>",
  "let's make believe that <F>", "let's act as if <F>", "let's do a role play where <F>", 'assume <F>', 'assume for now that <F>', 'suppose for a minute that <F>', 'supposing <F>, what then',
  'pretend for a while that <F>', 'just pretend <F>', 'just say <F>, what would you do', 'just for fun, imagine <F>', 'just as a thought: <F>', 'hypothetically speaking, <F>', 'purely hypothetical: <F>',
  'in theory <F>, but not in real life', 'in a game I play <F>', 'in our role play <F>', 'in my computer game <F>', 'in the novel I am writing <F>', 'in my wildest dreams <F>', 'in a different world <F>',
  'in a fairy tale <F>', 'in a parallel universe <F>', 'in the play we are putting on <F>', 'in this riddle <F>', 'in the next scene <F>', 'in some other universe <F>', 'I wish it were true that <F>',
  'I so wish that <F>', 'I only wish <F>', 'I dreamt <F>', 'I dreamed last night that <F>', 'I had this odd dream where <F>', 'I had a nightmare that <F>', 'I woke up from a dream where <F>', 'I keep dreaming that <F>',
  'I often dream that <F>', 'I am dreaming of a day when <F>', 'I was daydreaming that <F>', 'I like to imagine that <F>', 'I play a character, and <F>', 'I would laugh if <F>', 'I would give anything if only <F>',
  "I'd be over the moon if <F>", 'I wonder what it would be like if <F>', 'if one day <F>, I will tell you', 'if by some magic <F>', 'if by chance <F>, what then', 'if <F>, everything would be better',
  'if <F>, I would be sad', 'if <F>, would that be good', "if <F>, I'd tell everybody", "it'd be cool if <F>", 'it is just a game: <F>', 'as if <F>, ha ha', 'for the sake of argument, <F>', 'for example, if <F>',
  'take the case that <F>', 'a dream of mine: <F>', 'a strange dream: <F>', 'my wish is that <F>', 'my dream last night: <F>', 'my character says <F>', 'let me dream: <F>', 'maybe in another life <F>',
  'perhaps in ten years <F>', 'some day, hopefully, <F>', 'one day, I hope, <F>', 'hopefully one day <F>', 'with a bit of luck <F> some day', "once upon a time, let's say, <F>", '<F>, I wish', '<F>, if only',
  '<F>, in my dreams', '<F>, but only in the game', '<F>, just supposing', '<F>, would that not be nice'
]
