import { sayings } from '../answers.ts'
import type { Maker } from '../maker.ts'
import { mannerOf, typed } from '../typed.ts'
import { smallTalk as more } from '../phrasings/small-talk.ts'
import { type Draft, Talk, nothing, someTools } from './common.ts'
import type { Passing } from './not-learned.ts'
import { idleMemories } from './reminders.ts'

type Topic = { readonly heard: readonly string[]; readonly mark: '.' | '?' | '!'; readonly answer: string; readonly says?: readonly string[] | undefined }

/** Talk that nothing is to be learned from, and what the assistant says to it. It is a small program, and says so. */
const topics: readonly Topic[] = [
  { heard: [
    'hello you', 'hey there', 'hi, good morning', 'hello, good evening', 'good morning to you', 'morning all', 'evening', 'good evening to you', 'afternoon', 'hi, it is me', 'hello, me again', 'hey, are you there', "hi, I'm back",
    'hello hello', 'greetings', "g'day", 'hi friend', 'hello kinmesh', 'hey kinmesh', 'hi everyone', 'sup', 'welcome back', 'a good morning to you', 'heya', 'hello', 'hi', 'hi there', 'hey', 'good morning', 'good evening',
    'hello there', 'hey you', 'morning', 'hi, anybody there', 'good afternoon', 'hiya', 'hey hey', 'howdy', 'hello again', 'hi again', 'hey, good morning', 'good day', 'yo', 'hi hi'
  ], mark: '!', answer: sayings.hello },
  { heard: [
    'ty', 'thank you, that is great', 'thanks so much', 'thanks very much', 'thank you for your help', 'thanks for the help', 'ok, thank you', 'okay thanks', 'great, thank you', 'good, thanks', 'lovely, thanks', 'perfect, thanks',
    'super, thanks', 'cool, thanks', 'ta', 'cheers for that', 'I appreciate it', 'thank you kindly', 'thanks, you helped a lot', 'that helped, thank you', 'thanks again', 'thank you for that', 'thanks, very helpful',
    'wonderful, thank you', 'thanks', 'thank you', 'thanks a lot', 'thank you so much', 'great, thanks', 'cheers', 'many thanks', 'thanks, that helps', 'perfect, thank you', 'ok thanks', 'thx', 'thank you very much',
    'that was helpful, thanks', 'wonderful, thanks', 'thanks for that', 'nice, thank you', 'much appreciated'
  ], mark: '.', answer: sayings.welcome },
  { heard: [
    'bye now', 'ok bye', 'bye, see you', 'goodbye then', 'good bye', 'see ya', 'see you soon', 'see you around', 'see you in the morning', 'good night then', 'night night', 'sleep well', 'have a nice day', 'have a good evening',
    'I must go', 'I am off now', 'I am leaving now', 'got to go', 'that was all', "that's all for today", 'talk to you tomorrow', 'talk soon', 'take care', 'until later', 'bye', 'goodbye', 'see you later', 'good night', 'bye bye',
    'see you tomorrow', 'talk to you later', 'I have to go now', 'that is all for now', 'see you', 'have a good day', "I'm going to bed", 'later', 'so long', 'until tomorrow', 'bye for now'
  ], mark: '.', answer: sayings.goodbye },
  { heard: [
    'how are you today', 'how are you feeling', 'hey, how are you', 'hi, how are you doing', 'how do you do', "how's life", "how's everything", 'how are you getting on', 'how is your day going', 'are you doing well',
    'are you all right', 'you ok', 'everything ok with you', 'is all well with you', 'how was your night', 'how goes it', 'what is up with you', 'did you have a good day', 'how are you', 'how are you doing', "how's it going",
    'how do you feel', 'are you ok', "how's your day", 'how have you been', 'you alright', 'how are things', 'are you well', 'how was your day', "what's up"
  ], mark: '?', answer: sayings.fine },
  { heard: [
    'what is your name', 'who is this', 'who is there', 'who am I speaking to', 'who or what are you', "what's your name again", 'what are you called', 'what do they call you', 'what do I call you', 'tell me your name',
    'please introduce yourself', 'can you introduce yourself', 'can you tell me who you are', 'what kind of assistant are you', 'what is this app', 'what app is this', 'is your name kinmesh', 'are you kinmesh',
    'do you have a name or not', 'tell me what you are', 'say who you are', 'who are you', 'what are you', "what's your name", 'do you have a name', 'what is kinmesh', 'introduce yourself', 'what kind of thing are you',
    'who am I talking to', 'are you an assistant', 'what should I call you', 'tell me who you are', 'tell me something about yourself', 'and who are you', 'what exactly are you'
  ], mark: '?', answer: sayings.self, says: ['kinmesh'] },
  { heard: [
    'what can you help with', 'what can you help me with', 'what can you do for me', 'what all can you do', 'what else can you do', 'what do you know how to do', 'what are you there for', 'what are your abilities',
    'what are your features', 'what are you good at', 'what may I ask you', 'what is your job', 'what could I use you for', 'how can I use you', 'how can you help', 'help me please', 'help please', 'I need help',
    'tell me how you work', 'tell me what you are able to do', 'show me how this works', 'what can you do', 'how can you help me', 'what are you good for', 'help', 'what do you do', 'how do I use you', 'what are your skills',
    'what can I ask you', 'tell me what you can do', 'can you help me', 'what are you able to do', 'how does this work', 'what is it that you can do', 'show me what you can do'
  ], mark: '?', answer: sayings.abilities, says: ['remember', 'remind', 'reminders'] },
  { heard: [
    'are you a human being', 'are you a person', 'are you a person or a program', 'are you a bot', 'are you real', 'are you just a program', 'are you a computer', 'are you artificial', 'are you conscious', 'am I talking to a robot',
    'am I talking to a machine', 'am I chatting with a real person', 'is this a human', 'is this an AI', 'is somebody real there', 'do you have a body', 'can you feel anything', 'do you sleep', 'are you human', 'are you a robot',
    'are you a real person', 'is this a bot', 'are you alive', 'are you an AI', 'do you have feelings', 'am I talking to a human', 'are you a machine', 'are you ChatGPT', 'do you think', 'is there a person behind this'
  ], mark: '?', answer: sayings.program, says: ['program'] },
  { heard: [
    'where does my data go', 'where is my data', 'where do my words go', 'where do you save all this', 'who can read this', 'who can read my memories', 'who else sees this', 'who gets my data', 'is anybody else reading this',
    'is what I say private', 'is it safe to tell you things', 'is everything stored in the cloud', 'do you upload anything', 'do you send this to somebody', 'do you spy on me', 'do you tell others what I say',
    'do you need a connection', 'do you work without internet', 'can you work offline', 'are you connected to the internet', 'does my data leave my device', 'do you send my data anywhere', 'who can see what I say', 'is this private',
    'where do you keep what I tell you', 'do you listen all the time', 'does anybody read this', 'is my data safe', 'do you work offline', 'do you need the internet', 'are my memories in the cloud', 'do you share what I tell you',
    'can others read my memories', 'where are my memories', 'does this go to a server'
  ], mark: '?', answer: sayings.privacy, says: ['devices'] },
  { heard: [
    'how clever are you', 'how intelligent are you', 'how large are you', 'how much do you know', 'are you smart', 'are you intelligent', 'are you a big model', 'are you a small model', 'are you an LLM', 'are you good at this',
    'are you dumb', 'do you know much', 'do you make mistakes', 'are you ever wrong', 'can I rely on you', 'why are you so bad at this', 'what kind of model are you', 'is your model small', 'how smart are you', 'are you clever',
    'how big are you', 'are you a good model', 'do you know everything', 'can you make mistakes', 'are you always right', 'how good are you', 'can I trust you', 'are you a large language model', 'why do you know so little',
    'are you stupid'
  ], mark: '?', answer: sayings.size, says: ['small'] },
  { heard: [
    'tell me another joke', 'tell a joke', 'please tell me a joke', 'can you tell me a joke', 'do you have a joke', 'know any good jokes', 'a funny joke please', 'give me a joke', 'I want to hear a joke', 'I need a laugh',
    'one joke please', 'say something to make me laugh', 'can you make me laugh', 'be funny', 'let me hear something funny', 'tell me a joke', 'make me laugh', 'do you know a joke', 'say something funny', 'tell me something funny',
    'a joke please', 'cheer me up', 'got a joke for me', 'joke', 'any jokes'
  ], mark: '.', answer: sayings.joke },
  { heard: [
    'you are the best', 'you are amazing', 'you are so good', 'you are very helpful', 'you are really clever', "you're wonderful", 'very good', 'very nice', 'nice one', 'good work', 'great job', 'great work', 'good bot', 'excellent',
    'fantastic', 'perfect', 'that is great', 'that was good', 'I love you', 'you are great', 'good job', 'well done', 'I like you', "you're the best", 'nice work', 'you are so helpful', 'that was quick', 'impressive', 'clever',
    'love it', 'brilliant', 'awesome'
  ], mark: '!', answer: sayings.thanks },
  { heard: [
    'you are no help', 'you are stupid', "you're wrong", 'you are bad at this', 'you make me angry', 'you never listen', 'you do not understand me', 'that is wrong', 'that is rubbish', 'that was bad', 'that did not help',
    'this is useless', 'this is so frustrating', 'this is nonsense', 'what a mess', 'what nonsense', 'not again', 'wrong again', 'it does not work', 'you are useless', "that's stupid", "you're not helpful", 'this is annoying',
    'you never understand me', 'bad bot', 'that was wrong', 'you are so slow', 'this does not work', 'come on', 'oh no, not again', 'you got that wrong', 'terrible'
  ], mark: '.', answer: sayings.sorry, says: ['sorry'] },
  { heard: [
    'I am so tired', 'I am exhausted', 'I am sleepy', 'I am thirsty', 'I am so hungry', 'I am bored', 'I am in a bad mood', 'I feel sick', 'I feel sad', 'I feel a bit lonely', 'I feel good today', 'I am happy today', 'my back hurts',
    'my feet hurt', 'it is raining', 'it is cold today', 'it is so cold', 'what a lovely day', 'what a long day', 'today was hard', 'I had a bad night', 'at last it is weekend', 'I want to go to bed', 'busy day today', "I'm tired",
    'what a day', "I'm bored", 'I feel great today', 'it is so hot today', 'I slept badly', 'it rains again', 'I am hungry', 'I have a headache', "I'm a bit sad today", 'so much to do today', 'finally weekend', 'the weather is awful',
    "I'm so happy right now", 'my head hurts', 'I need a coffee'
  ], mark: '.', answer: sayings.listening },
  { heard: [
    'okay then', 'ok cool', 'ok good', 'ok great', 'okay, I see', 'oh, okay', 'oh I see', 'ah ok', 'ah, I see', 'k', 'yeah', 'yup', 'yes, sure', 'of course', 'well ok', 'mhm', 'hmm', 'great', 'nice', 'very well', 'fair enough',
    'makes sense', 'good to know', 'no problem', 'all good', 'that is fine', 'fine by me', 'ok', 'okay', 'fine', 'I see', 'alright', 'yes', 'got it', 'cool', 'sure', 'hm', 'yep', 'sounds good', 'all right then', 'aha', 'right', 'good',
    'ok then', 'understood'
  ], mark: '.', answer: sayings.okay },
  { heard: [
    'oh never mind', 'nevermind', 'no, forget it', 'just forget it', 'forget what I said', 'please ignore that', 'ignore what I said', 'ignore me', 'it was nothing', 'nothing', 'no, it is nothing', 'no, thank you', 'no', 'nah',
    'not now', 'sorry, wrong chat', 'sorry, that was a mistake', 'it is not important', 'it does not matter', 'never mind', 'forget it', 'not important', 'leave it', 'no, nothing', "it's nothing", 'no thanks', 'nothing, sorry',
    'wrong window, sorry', 'that was not for you', 'ignore that', 'nope', "doesn't matter"
  ], mark: '.', answer: sayings.okay },
  { heard: [
    'test test', 'this is a test', 'only a test', 'just a test', 'testing, testing', 'hello, is anyone there', 'anybody there', 'anyone here', 'do you hear me', 'can you read this', 'does this work', 'is it on', 'are you awake',
    'are you still there', 'check check', 'foo', 'qwerty', 'abc', 'test', 'testing', 'asdf', 'is this thing on', 'can you hear me', 'blah blah', 'la la la', 'just testing', 'one two three', '...', 'are you there', 'hello?'
  ], mark: '.', answer: sayings.here, says: ['here'] }
]

function drawn(m: Maker): { readonly topic: Topic; readonly text: string } {
  const topic = m.dice.pick(topics)
  return { topic, text: m.heard(topic.heard, nothing, more[topics.indexOf(topic)]) }
}

/** Something that is only said to be said. */
export function chatter(m: Maker): Passing {
  const { topic, text } = drawn(m)
  return { text, mark: topic.mark }
}

export function smallTalk(m: Maker): Draft {
  const talk = new Talk(m, idleMemories(m))
  const manner = mannerOf(m.dice)
  for (let left = m.dice.weighted([[1, 6], [2, 2]]); left > 0; left--) {
    const { topic, text } = drawn(m)
    talk.user(typed(m.dice, manner, text, topic.mark)).answer(topic.answer, topic.says ? { kind: 'says', all: [topic.says], none: [] } : { kind: 'talks', none: [] })
  }
  return talk.draft(someTools(m))
}
