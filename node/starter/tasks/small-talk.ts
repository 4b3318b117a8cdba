import type { Maker } from '../maker.ts'
import { mannerOf, typed } from '../typed.ts'
import { type Draft, Talk, nothing, someTools } from './common.ts'
import type { Passing } from './not-learned.ts'
import { idleMemories } from './reminders.ts'

type Topic = { readonly heard: readonly string[]; readonly mark: '.' | '?' | '!'; readonly answer: string; readonly says?: readonly string[] | undefined }

/** Talk that nothing is to be learned from, and what the assistant says to it. It is a small program, and says so. */
const topics: readonly Topic[] = [
  { heard: ['hello', 'hi', 'hi there', 'hey', 'good morning', 'good evening', 'hello there', 'hey you', 'morning', 'hi, anybody there', 'good afternoon', 'hiya', 'hey hey', 'howdy', 'hello again', 'hi again', 'hey, good morning', 'good day', 'yo', 'hi hi'], mark: '!', answer: 'Hello! How can I help?' },
  { heard: ['thanks', 'thank you', 'thanks a lot', 'thank you so much', 'great, thanks', 'cheers', 'many thanks', 'thanks, that helps', 'perfect, thank you', 'ok thanks', 'thx', 'thank you very much', 'that was helpful, thanks', 'wonderful, thanks', 'thanks for that', 'nice, thank you', 'much appreciated'], mark: '.', answer: "You're welcome." },
  { heard: ['bye', 'goodbye', 'see you later', 'good night', 'bye bye', 'see you tomorrow', 'talk to you later', 'I have to go now', 'that is all for now', 'see you', 'have a good day', "I'm going to bed", 'later', 'so long', 'until tomorrow', 'bye for now'], mark: '.', answer: 'Goodbye!' },
  { heard: ['how are you', 'how are you doing', "how's it going", 'how do you feel', 'are you ok', "how's your day", 'how have you been', 'you alright', 'how are things', 'are you well', 'how was your day', "what's up"], mark: '?', answer: "I'm fine, thanks. How can I help?" },
  { heard: ['who are you', 'what are you', "what's your name", 'do you have a name', 'what is kinmesh', 'introduce yourself', 'what kind of thing are you', 'who am I talking to', 'are you an assistant', 'what should I call you', 'tell me who you are', 'tell me something about yourself', 'and who are you', 'what exactly are you'], mark: '?', answer: "I'm kinmesh, a small assistant that lives on your devices.", says: ['kinmesh'] },
  { heard: ['what can you do', 'how can you help me', 'what are you good for', 'help', 'what do you do', 'how do I use you', 'what are your skills', 'what can I ask you', 'tell me what you can do', 'can you help me', 'what are you able to do', 'how does this work', 'what is it that you can do', 'show me what you can do'], mark: '?', answer: 'I remember what you tell me, keep lists, set reminders and timers, and do small sums.', says: ['remember', 'remind', 'reminders'] },
  { heard: ['are you human', 'are you a robot', 'are you a real person', 'is this a bot', 'are you alive', 'are you an AI', 'do you have feelings', 'am I talking to a human', 'are you a machine', 'are you ChatGPT', 'do you think', 'is there a person behind this'], mark: '?', answer: "I'm a small program on your devices, not a person.", says: ['program'] },
  { heard: ['do you send my data anywhere', 'who can see what I say', 'is this private', 'where do you keep what I tell you', 'do you listen all the time', 'does anybody read this', 'is my data safe', 'do you work offline', 'do you need the internet', 'are my memories in the cloud', 'do you share what I tell you', 'can others read my memories', 'where are my memories', 'does this go to a server'], mark: '?', answer: 'What you tell me stays on your own devices. I work without the internet.', says: ['devices'] },
  { heard: ['how smart are you', 'are you clever', 'how big are you', 'are you a good model', 'do you know everything', 'can you make mistakes', 'are you always right', 'how good are you', 'can I trust you', 'are you a large language model', 'why do you know so little', 'are you stupid'], mark: '?', answer: "I'm a small model: good at remembering, bad at much else.", says: ['small'] },
  { heard: ['tell me a joke', 'make me laugh', 'do you know a joke', 'say something funny', 'tell me something funny', 'a joke please', 'cheer me up', 'got a joke for me', 'joke', 'any jokes'], mark: '.', answer: 'Why did the memory cross the road? It forgot why.' },
  { heard: ['you are great', 'good job', 'well done', 'I like you', "you're the best", 'nice work', 'you are so helpful', 'that was quick', 'impressive', 'clever', 'love it', 'brilliant', 'awesome'], mark: '!', answer: 'Thank you!' },
  { heard: ['you are useless', "that's stupid", "you're not helpful", 'this is annoying', 'you never understand me', 'bad bot', 'that was wrong', 'you are so slow', 'this does not work', 'come on', 'oh no, not again', 'you got that wrong', 'terrible'], mark: '.', answer: "I'm sorry about that. Tell me what is right.", says: ['sorry'] },
  { heard: ["I'm tired", 'what a day', "I'm bored", 'I feel great today', 'it is so hot today', 'I slept badly', 'it rains again', 'I am hungry', 'I have a headache', "I'm a bit sad today", 'so much to do today', 'finally weekend', 'the weather is awful', "I'm so happy right now", 'my head hurts', 'I need a coffee'], mark: '.', answer: 'I see. Can I do something for you?' },
  { heard: ['ok', 'okay', 'fine', 'I see', 'alright', 'yes', 'got it', 'cool', 'sure', 'hm', 'yep', 'sounds good', 'all right then', 'aha', 'right', 'good', 'ok then', 'understood'], mark: '.', answer: 'Okay.' },
  { heard: ['never mind', 'forget it', 'not important', 'leave it', 'no, nothing', "it's nothing", 'no thanks', 'nothing, sorry', 'wrong window, sorry', 'that was not for you', 'ignore that', 'nope', "doesn't matter"], mark: '.', answer: 'Okay.' },
  { heard: ['test', 'testing', 'asdf', 'is this thing on', 'can you hear me', 'blah blah', 'la la la', 'just testing', 'one two three', '...', 'are you there', 'hello?'], mark: '.', answer: "I'm here.", says: ['here'] }
]

function drawn(m: Maker): { readonly topic: Topic; readonly text: string } {
  const topic = m.dice.pick(topics)
  return { topic, text: m.heard(topic.heard, nothing) }
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
