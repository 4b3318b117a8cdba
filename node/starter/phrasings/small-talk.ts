// More phrases to learn from, beside those of tasks/small-talk.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

/** For each of its topics. */
export const smallTalk: readonly (readonly string[])[] = [
  [
    'hey again', 'hello to you', 'hey, hello', 'hi kinmesh', 'good morning kinmesh', 'a very good morning', "mornin'", "good mornin'", 'top of the morning', 'evening all', 'evening everyone', 'afternoon all',
    'afternoon everyone', 'howdy partner', 'yoo-hoo', 'ahoy', 'ahoy there', 'ello', 'hullo', 'hallo', 'aloha', 'salutations', 'warm greetings', 'greetings to you', 'greetings, my friend', 'hello my friend', 'hello dear',
    'hello old friend', 'hey buddy', 'hey pal', 'hey mate', 'hi mate', 'hi buddy', 'hi folks', 'hello everybody', 'hello all', 'hello world', 'wassup', 'whazzup', "hey, what's up", 'oh, hello', 'oh hi', 'ah, hello',
    'well hello there', 'why hello', 'here I am again', "I'm back again", "I'm here", "it's me", "hello, it's only me", 'guess who', 'guess who is back', "look who's back", 'nice to see you', 'nice to meet you',
    'good to see you again', 'long time no see', "it's been a while", 'just saying hi', 'just saying hello', 'just wanted to say hi', 'just dropping in to say hello', 'wanted to wish you a good morning',
    'rise and shine', 'wakey wakey', "I'm up, good morning", 'just got up, morning', 'happy Monday', 'happy Friday', "let's start, hello"
  ],
  [
    'tnx', 'thanx', 'thank u', 'tysm', 'lots of thanks', 'a thousand thanks', 'thanks a million', 'thanks a bunch', 'thanks a ton', 'thanks loads', 'thanks heaps', 'thank you a lot', 'thanks kinmesh', 'thanks mate',
    'thanks buddy', 'thanks pal', 'thanks, friend', 'cheers mate', 'many cheers', 'ta very much', 'ta for that', 'really appreciated', "that's appreciated", 'I appreciate that', 'I appreciate your help',
    'I do appreciate this', 'appreciated, thanks', 'much obliged', "I'm obliged", "I'm grateful", 'I am so grateful for this', 'so grateful, thanks', 'I owe you', 'I wanted to say thanks', 'I just want to say thank you',
    'let me thank you', 'allow me to thank you', 'my thanks', 'you have my thanks', 'a big thank you', 'big thanks', 'huge thanks', 'warm thanks', 'sincere thanks', 'thanks for everything', 'thanks for this',
    'thanks for your time', 'thanks for letting me know', 'thank you for telling me', 'ok thx', 'ok ta', 'alright, thanks', 'yes, thanks', 'ah, thanks', 'oh, thanks', 'aw, thanks', 'wow, thanks', 'brilliant, thanks',
    'amazing, thanks', 'awesome, thanks', 'nice, thanks', 'sweet, thanks', 'fab, thanks', "that's it, thanks", "that's just what I needed, thanks", 'just what I wanted, thank you', "that's so kind of you, thank you",
    'how kind of you', "that's sweet of you, thanks", 'good of you to help, thanks', 'you helped me out, thanks', "you've been a great help, thank you", "couldn't have done it without you, thanks", 'no end of thanks',
    'bless you, thanks', 'thank goodness, thanks'
  ],
  [
    'byee', 'byeee', 'bye then', 'goodbye for now', 'goodbye, my friend', 'farewell', 'fare thee well', 'cheerio', 'ta-ta', 'toodle-oo', 'toodles', 'adios', 'ciao', 'au revoir', 'hasta la vista', 'laters',
    'see you next time', 'see you when I get back', 'cya', 'catch ya', 'until next time', 'until we meet again', 'till then', 'till tomorrow', 'speak soon', 'speak tomorrow', "we'll talk tomorrow", "we'll speak again",
    'ttyl', 'bbl', 'brb', 'gtg', 'g2g', 'gotta go', 'gotta run', 'gotta dash', "I've got to run", 'I have to leave', 'I should get going', "I'd better be off", "I'm off", "I'm off to bed, good night", "I'm going now",
    "I'm leaving", "I'm out", "I'm done for now, bye", 'off to work, bye', 'off I go', 'time to go', 'must dash', 'well, I must be going', 'nighty night', 'nite', 'night kinmesh', 'enjoy your evening', 'sweet dreams',
    'sleep tight', 'rest well', 'take it easy', 'stay safe', 'keep well', 'be well', 'mind how you go', 'all the best', "that'll be all, bye", 'nothing more for today, bye', 'signing off', 'over and out', 'logging off',
    'peace out', 'end of chat', "let's stop here for today", "let's call it a day"
  ],
  [
    'how do you feel today', 'how are you this morning', 'how are you this evening', 'how are you tonight', 'how are you these days', 'how are you now', "how're you", 'how r u', 'how are ya', 'how are you holding up',
    'how are things with you', 'how is it going', "how's it hanging", "how's tricks", "how's you", "how's your morning going", "how's your evening", "how's your week", "how's your health", "how's your mood",
    "how's life treating you", "how's the world treating you", "how's everything going", "how's everything with you", "how's everything today", 'how has your day been', 'how was your weekend', 'how was your week',
    'how was your morning', 'how did you sleep', 'how does it go', 'how goes', 'how fare you', 'how do you find yourself today', 'good morning, how are you', 'good evening, how are you', 'and how are you',
    'tell me how you are', 'tell me, how are you', "I hope you're well", 'I hope you are doing well', 'hope you are well', "hope you're having a good day", 'are you good', 'are you doing okay',
    'are you doing all right today', 'are you fine', 'are you feeling better', 'are you in a good mood', 'are you having a good day', 'are things good', 'are things okay with you', 'is everything okay',
    'is everything all right', 'is everything fine with you', 'is everything going well', 'is your day going well', 'all good with you', 'you good', 'you okay today', 'everything good', 'everything fine',
    'everything all right there', 'did you sleep well', 'feeling good today, you', "what's new with you", "what's going on with you", "what's happening with you", "what's cooking", 'can I ask how you are'
  ],
  [
    "who's this", "who's there", "who's that", "who's speaking", "who's talking", "who's on the line", 'who is it', 'who is speaking', 'who is talking to me', 'who is answering me', 'who am I talking with',
    'who do I have the pleasure of talking to', 'who would you be', 'who might you be', 'who are you supposed to be', 'who the heck are you', "who's kinmesh", 'who is kinmesh', "what's kinmesh",
    "what's your name, if I may ask", "what's this app called", "what's this program called", "what's this thing", 'what is this thing called', 'what sort of assistant are you', 'what thing am I talking to',
    'what am I looking at here', 'what name do you go by', 'what name do you have', 'what name should I use for you', 'what do you call yourself', 'what does everyone call you', 'what was your name',
    'what did you say your name was', 'how shall I address you', 'how are you called', 'which assistant are you', 'which app is this', 'which program am I using', 'which assistant is this', 'have you a name',
    'do you go by a name', 'did they give you a name', 'has anyone named you', 'is kinmesh your name', 'is that you, kinmesh', 'are you the kinmesh assistant', 'are you a personal assistant', 'are you my assistant',
    'are you Siri', 'are you Alexa', 'your name', 'name please', 'identify yourself', "tell me who I'm talking to", 'tell me about yourself', 'tell me a bit about you', "tell me what you're called",
    'tell me what I should call you', 'tell me what this is', 'describe yourself', 'explain who you are', 'may I know your name', 'may I ask who you are', "might I know who I'm talking to", "I don't know who you are",
    "I don't know your name", 'I forgot your name', "I've forgotten what you're called", "I'd like to know who you are", "I'd like to know your name", 'let me know your name', "we haven't met, who are you",
    "I don't think we've met", 'and you are', 'remind me who you are'
  ],
  [
    'what can I do with you', 'what can I say to you', 'what does this app do', 'what is it you can do', 'what are you for', 'what are my options', 'what commands are there', 'what commands do you know',
    'what features do you have', 'what kind of things can I ask', 'what sort of help do you give', 'what should I try first', "what's your job", "what's this app for", "what's possible here", 'what else is there',
    'which commands can I use', 'which questions can you answer', 'how do you help', 'how do I use this', 'how do I work with you', 'how do I start', 'how could you help me', 'how could you be useful',
    'how can you be of use', 'how am I supposed to use this', 'in what ways can you help', 'can you assist me', 'can you give me a hand', 'could you list your features', 'would you help me', 'give me some help',
    'give me a tour', 'give me examples of what I can say', 'get help', 'give me a list of commands', 'list your commands', 'show me the ropes', 'show me your features', 'show help', 'show the manual',
    'show me some examples of what I can ask', 'tell me your abilities', 'tell me how to use you', 'tell me about your features', 'explain what you can do', 'walk me through this', 'guide me', 'instructions please',
    'user manual', 'manual please', 'menu', 'options', 'commands', 'features', 'examples please', 'help me out', 'help needed', 'help me use this', 'I could use some help', 'I need a hand', "I'm new to this",
    "I don't know how to use this", "I don't know what to ask you", "I'd like some help", "I'd like to know what you can do", 'any tips on using you', 'are you useful', 'are you any use', 'is there anything you can do',
    'is there a manual', 'do you have any features', 'do you have a help menu', 'do you have special skills', 'do you do anything useful'
  ],
  [
    'are you a living thing', 'are you a man or a woman', 'are you male or female', 'are you an actual human', 'are you one of us', 'are you made of flesh and blood', 'are you made by humans', 'are you self-aware',
    'are you aware of yourself', 'are you ever tired', 'are you ever sad', 'are you ever lonely', 'are you ever bored', 'are you afraid of anything', 'are you able to feel', 'are you capable of feelings',
    'are you in love', 'how old are you', 'when were you born', 'when is your birthday', 'where are you from', 'where do you come from', 'who created you', 'who are your parents', 'am I chatting with a machine',
    'is this a person', 'is this automated', 'is this some kind of robot', 'is there a human behind this', 'is there a person on the other side', 'is anybody real in there', 'is it a person typing',
    'is a human reading and answering', 'is someone typing these answers', 'does a human write your answers', 'do you get tired', 'do you ever dream', 'do you feel', 'do you have dreams', 'do you live somewhere',
    'do you like me', 'do you love me', "do you miss me when I'm gone", 'do you want to be human', 'do you wish you were human', "do you know that you're a bot", 'do you mind being a program', 'can you love',
    'can you see me', 'can you taste things', 'can you get tired', 'can you be sad', 'could you be a person', 'have you got a body', 'have you ever been sad', 'what is it like to be a bot', 'what do you eat',
    "what's your gender", "what's it like being a machine", 'what age are you', "so you're a robot", 'so you are a machine', "so you're not human", "you're a bot, aren't you", "you're not real",
    "you aren't human, are you", 'you sound like a person', 'you sound human', 'you must be a bot', 'human or machine', 'person or program', 'bot or not', 'real or artificial', "tell me if you're human",
    'I want to talk to a human', "I'd rather talk to a real person", 'let me speak to a human'
  ],
  [
    "where's my data", 'where are my data kept', 'where is my information stored', 'where is this saved', 'where are my notes stored', 'where do you store my data', 'where do you keep everything', 'where does this go',
    'where does my information end up', 'who sees what I write', 'who can see this', 'who can see my data', 'who can read my notes', 'who has my data', 'who reads this', 'who knows what I tell you', 'who is listening',
    'who do you tell', 'who do you share this with', 'what happens to my data', 'what do you do with my data', 'what data do you send', 'what about my privacy', 'what about data protection', 'how private is this',
    'how do you handle my data', "how do I know it's private", 'is it all private', 'is it safe', 'is it kept on my device', 'is this saved on a server', 'is this being recorded', 'is my information shared with anyone',
    'is what I tell you private', 'is anyone listening', 'is someone reading my messages', 'is an internet connection needed', 'do you keep my data', 'do you keep this on my device', 'do you store this online',
    'do you give my data to others', 'do you send anything to a server', 'do you use the internet', 'do you run in the cloud', 'do you record me', 'do you tell anyone', 'does this stay between us',
    'does this stay private', 'does it work offline', 'does it stay on my phone', 'does it all stay on this device', 'does anyone see this', 'can anyone read this', 'can anyone else read my notes',
    'can hackers get my data', 'can I trust you with my data', 'can I be sure that this stays private', 'can I use you offline', 'are you online', 'are you recording me', 'are you listening in all the time',
    'are you sharing my data', 'are you safe to use', 'are you private', 'are my notes private', 'are my secrets safe with you', 'are our chats private', 'have you told anybody what I said', 'will you keep this private',
    'will my data be shared', "I'm worried about my data", "I don't want my data online", 'I hope this is private', 'tell me where my data goes', 'explain your privacy', 'privacy policy', 'offline or online',
    'cloud or local'
  ],
  [
    'how smart is this thing', 'how good is your brain', 'how trustworthy are your answers', "how sure can I be that you're right", 'how big is your model', 'how many parameters do you have',
    'how much do you understand', 'how much did you learn', 'how does your brain work', 'how were you trained', 'how do you compare to ChatGPT', "what's your IQ", "what's your model size",
    "what's your level of intelligence", 'what model are you', 'what model do you use', 'what model is this', 'what are you based on', 'what are your limits', 'what is your IQ', 'what do you know in general',
    'which model are you', 'which model is this', 'are you smarter than me', 'are you stupid or what', 'are you a bit slow', 'are you simple', 'are you as good as ChatGPT', 'are you as smart as the big ones',
    'are you a neural network', 'are you big or small', 'are you perfect or do you make errors', 'are you sure of what you say', 'are your answers right', 'is your brain any good', 'is your knowledge up to date',
    'is your network large', 'is this a big model', 'is this an LLM', 'is everything you say right', 'is what you say always right', 'do you know a lot about the world', 'do you have much knowledge',
    'do you have many parameters', 'do you have limits', 'do you understand everything', 'do you get things wrong', 'do you ever get it wrong', 'do you lie', 'do you always tell the truth', 'do you use a language model',
    "do you think you're smart", 'do you consider yourself intelligent', 'does this use a large model', 'does this use an LLM', 'can I trust your answers', 'can I believe you', 'can I believe what you say',
    'can you be wrong', 'can you lie', 'can you answer everything', 'should I check your answers', 'could you be wrong', 'have you read a lot', 'why are you so small', "why aren't you smarter", "why don't you know more",
    "you're not that smart, right", "you're an LLM, right", "you're just a language model, aren't you", 'tell me how smart you are', 'tell me about your model', 'I wonder how smart you are', 'IQ please',
    'parameter count', 'smart or dumb', 'big model or small one'
  ],
  [
    'tell me one more joke', 'tell me your best joke', 'tell me some jokes', 'tell me something to laugh about', 'tell me something that makes me laugh', 'tell one of your jokes', 'tell another one, a joke',
    'tell jokes', 'got any jokes', 'got a good one, make me laugh', 'have you got a joke for me', 'have you got any jokes', 'have you heard a good joke lately', 'heard any good ones lately', 'do you know any jokes',
    'do you know something funny', 'do you do comedy', 'do you tell jokes', 'do you have any funny stories', 'do you have humour', 'can you cheer me up with a joke', 'can you crack a joke', 'can you entertain me',
    'could you tell me a joke', 'how about a joke', 'how about something funny', "what's a good joke", "what's your best joke", "what's the funniest thing you know", 'what jokes do you know', 'any more jokes',
    'any funny ones', 'any puns for me', 'another joke', 'a joke for me please', 'a pun please', 'joke time', 'joke of the day', 'joke now', 'jokes please', 'time for a joke', 'some humour please',
    'something funny please', 'amuse me', 'make me smile', 'make a funny', 'give us a joke', 'let me hear a joke', "let's have a laugh", 'be silly', 'be a comedian', 'hit me with a joke', 'share a joke',
    "show me you're funny", 'I want to laugh', 'I wanna laugh', 'I need cheering up', 'I need something funny', 'I need a good joke right now', 'I feel like a joke', 'I could use a joke', 'I could do with a joke',
    "I'd like a joke", "I'd like a laugh", "I'd love to hear a joke", "I'm in the mood for a joke", "I haven't laughed today", "you can't make me laugh", 'are you funny', 'are you good at jokes',
    'please make me laugh a little', 'is there a joke you like', 'knock knock', 'ready for a joke, tell me one'
  ],
  [
    "you're great", "you're so good at this", "you're so clever", "you're really good", "you're really helpful", "you're really nice", "you're very clever", "you're very kind", "you're smart", "you're incredible",
    "you're a treasure", "you're a great assistant", "you're my hero", "you're the bomb", "you're getting better", "you're better than the others", 'you did that nicely', 'you are a good assistant',
    'you have such a good memory', 'you make me happy', 'you always know', 'you know me so well', 'you got it', 'you saved my day', 'I love this', 'I love it', "I'm impressed", "I'm glad I have you",
    "I couldn't do without you", 'beautiful', 'marvellous', 'magnificent', 'superb', 'splendid', 'spectacular', 'outstanding', 'very impressive', 'amazing', 'terrific', 'fabulous', 'fab', 'super', 'top marks',
    'first class', 'spot on', 'bingo', 'bravo', 'hats off to you', 'kudos', 'respect', 'congratulations', 'congrats', 'way to go', 'attaboy', 'high five', 'ten out of ten', 'A plus', 'gold star for you', 'thumbs up',
    'you deserve a medal', 'pat on the back', 'take a bow', 'wow', "that's impressive", "that's perfect", "that's so helpful", "that's a good answer", "that's exactly what I wanted", 'that helped a lot', 'this is great',
    'it works, great', 'how clever of you', 'how helpful you are', 'what a great answer', 'best assistant ever', 'so sweet', 'clever bot'
  ],
  [
    "you're not very good", "you're not working", "you're an idiot", "you're a moron", "you're a waste of time", "you're a bad assistant", "you're a stupid machine", "you're terrible", "you're pathetic",
    "you're hopeless", "you're so annoying", "you're driving me mad", "you're slow", "you're talking rubbish", 'you are really annoying', "you don't understand me", "you don't know anything", "you don't make sense",
    "you didn't understand", 'you got it wrong', 'you messed up', 'you let me down', 'you failed me', 'you forget everything', 'you never get it right', "you can't do anything right", "you can't even do that",
    'you suck', 'you idiot', 'you stupid thing', 'you have no idea', "you've made a mistake", 'I hate this', "I don't like you", "I'm angry with you", "I'm annoyed", "I'm disappointed", "I'm not happy with this",
    "I'm getting frustrated", 'I expected better', "I've had enough of this", 'I give up on you', "I'm going to delete you", "I didn't say that", "that's not what I asked", "that's not good", "that's all wrong",
    "that's incorrect", "that's a stupid answer", 'that makes no sense', "that doesn't help me", 'this is not working', "this isn't right", "this doesn't work", 'this thing never works', 'this app is stupid',
    "it's no use", 'no help at all', 'not what I wanted', 'not right', 'wrong', 'garbage', 'awful', 'horrible', 'ridiculous', 'useless', 'stupid bot', 'dumb machine', 'oh shut up', 'go away', "what's wrong with you",
    "why don't you listen", 'how stupid can you be', 'how disappointing', "don't you get it", 'are you even listening to me', 'worst assistant ever', 'my phone is smarter than you', 'so bad', 'I want an apology'
  ],
  [
    "I'm so tired today", "I'm so hungry", "I'm feeling sad", "I'm in a good mood", "I'm a bit worried", "I'm stressed out", "I'm not feeling well", "I'm not in the mood today", "I'm having a good day",
    "I'm upset today", "I'm getting sleepy", "I'm looking forward to tonight", "I'm glad the week is over", 'I feel so tired', 'I feel like staying in bed', 'I had a bad day', 'I have a cold', 'I have so much to do',
    'I have no energy today', "I've got a headache", "I've got so much to do", "I've had a great day", "I've been sitting all day", "I didn't sleep well", 'I slept well', "I can't sleep", "I can't wait for the weekend",
    'I could sleep all day', 'I need a break', 'I need some sleep', 'I wish it was weekend', 'I just got home', 'I just woke up', 'I got no sleep', 'I missed my train', 'my head is killing me', 'my feet are cold',
    'my day was long', 'everything went wrong today', 'nobody called me today', 'no sleep last night', 'feeling down', 'feeling great today', 'so much work today', 'what awful weather', 'today is a good day',
    'today is going well', 'it was a long day', 'it has been a tough week', "it's been one of those days", "it's raining again", "it's pouring", "it's sunny", "it's a nice day", "it's cold outside", "it's so hot today",
    "it's too hot", "it's dark already", "it's finally the weekend", 'it hurts', 'the sun is out', 'the sky is so blue', 'the birds are singing', 'the train was late', "there's so much traffic", 'finally Friday',
    'work was fun today', 'life is good', 'Monday again', 'long day', 'lovely weather today', 'time for a nap', 'another day done', 'ouch, my foot', 'yawn', 'still tired', 'we had a lovely evening', 'everyone is so busy'
  ],
  [
    'okey-dokey', 'okie', 'oki', 'okay, understood', 'oh, I get it', 'all right', 'alrighty', 'righto', 'rightio', 'righty-ho', 'roger that', 'copy', 'ten four', 'affirmative', 'I understand', 'I know', 'I know that',
    'I think so', "I'm happy with that", 'gotcha', 'noted', 'yes indeed', 'yes, exactly', 'yea', 'ya', 'yah', 'yess', 'aye', 'uh-huh', 'mm', 'mmm', 'mmhm', 'kk', 'kay', 'mkay', "m'kay", 'surely', 'certainly',
    'absolutely', 'definitely', 'precisely', 'correct', "that's right", "that's fine", "that's okay then", 'that makes sense', 'that works for me', "that'll do", 'that is right', 'this is good', "it's alright",
    'good to hear', 'fair', 'coolio', 'so be it', "so that's that", 'well, if you say so', 'as I thought', 'no worries', 'np', 'not a bad idea', 'all clear', 'interesting', 'you are right', 'you got a point',
    'whatever you say', 'done deal', 'agreed', 'granted', 'amen', 'naturally', 'obviously'
  ],
  [
    'never mind, forget it', 'nvm', 'nm', 'actually, no', 'oops, wrong button', 'whoops', 'my mistake', 'a mistake, sorry', 'it was just a thought', 'it was meant for someone else', "it wasn't important",
    "it's not that important", "it's not necessary", "it's not worth it", "it's no matter", "it's unimportant", "it doesn't matter", 'it makes no difference', "that wasn't for you", 'that was a typo',
    'that was by accident', 'that was the wrong window', "that won't be necessary", "this isn't for you", 'I sent that by mistake', "I didn't mean to send that", "I wasn't talking to you", 'I was just thinking out loud',
    'I was just thinking aloud', 'I was just talking to myself', 'I take that back', "I don't need anything", "I don't want that anymore", "I'd rather not", 'I need nothing', "I'll leave it", "I'll do it later",
    "I'll do it myself", "don't worry about that", "don't bother", "don't mind me", "don't listen to that", 'pay no attention', 'take no notice', 'ignore it', 'ignore the last message', 'let it be', "let's leave it",
    "let's forget about it", "let's not", 'forget that', "nah, I'm good", 'no, not really', "no, it's fine", "no, that's not necessary", 'no need', 'nope, thanks', 'nay', 'naw', 'noo', 'nothing for now', 'not today',
    'not needed', 'not you', 'maybe later', 'maybe another time', 'some other time', 'wrong chat', 'wrong person', 'typo, sorry', 'only joking', 'kidding', 'jk', 'irrelevant', 'changed my mind', 'as you were',
    'move along', 'abort'
  ],
  [
    'testing one two three', 'test1', 'another test', 'check one two', 'checking', 'just seeing if this works', 'just trying this out', "I'm just testing you", "I'm only testing", 'I am just testing',
    'I want to test this', 'let me test this', "let's see if this works", "let's try this", 'that was a test', 'please say something', 'say anything', "say something if you're there", 'give me a sign of life', 'wake up',
    'come in, kinmesh', 'ping', 'ping pong', 'echo', 'beep', 'boop', 'knock', 'hello, is this thing on', 'oi', 'psst', 'anyone', 'anyone there', 'anybody home', 'is anyone home', 'is anybody there', 'is this working',
    'is it working', 'is the app working', 'is my message coming through', 'does it work', 'do you work', 'do you get this', 'did you get that', 'did you see my message', 'did this work', 'have you gone',
    'can you answer', 'could you answer me', 'are you still running', 'are you on', 'are you on now', 'are you up', 'are you working', 'are you ready', 'are you listening', 'are you receiving me', 'you still here',
    'you still with me', 'where are you', 'ground control to kinmesh', 'it seems to work', 'trying', 'a try', 'testing this', 'tset', 'tes', 'foo bar baz', 'bla bla', 'lorem ipsum', 'dummy text', 'sample'
  ]
]
