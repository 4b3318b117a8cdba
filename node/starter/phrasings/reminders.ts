// More phrases to learn from, beside those of tasks/reminders.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const answersWhen: readonly string[] = [
  '<W> thank you', "<W>, if that's okay", '<W>, if possible', '<W> sounds good', '<W> sounds right', '<W> is fine by me', '<W> is okay', '<W> should work', '<W> should be fine', '<W> would suit me', '<W> suits me',
  '<W> then', '<W> I guess', '<W> I think', "<W> I'd say", "<W>, let's say", '<W> maybe', "<W>, that's best", '<W>, that would be ideal', '<W> it is', '<W> might be best', '<W> ideally', '<W> preferably',
  "<W> is what I'd like", '<W> is when I want it', 'do that <W>', 'make that <W>', "let's do <W>", "let's go with <W>", 'go for <W>', "I'd prefer it <W>", 'I need it <W>', 'I guess <W>', 'I suppose <W>',
  'set it for me <W>', 'remind me of it <W>', 'tell me <W>', 'ping me <W>', 'nudge me <W>', 'what about <W>', 'um, <W>', 'hmm, <W>', 'ah, <W>', 'right, <W>', 'okay, <W>', 'ideally <W>', 'preferably <W>', 'probably <W>',
  'perhaps <W>', 'just <W>', 'it should be <W>', 'that would be <W>', 'the reminder should come <W>', 'can you do it <W>', 'could it be <W>', 'would <W> work', 'could you do <W>'
]

export const both: readonly string[] = [
  'remind me <W> that I need to <T>', 'remind me that I should <T> <W>', 'remind me about this <W>: <T>', 'remind me: <T>, <W>', 'remind: <T> <W>', 'reminder <W>, <T>', '<W> reminder: <T>', '<W>: <T>, set a reminder',
  '<W>, nudge me to <T>', '<W>, give me a shout to <T>', "<W> I've got to <T>, can you remind me", '<W> I must <T>, set a reminder please', '<W> I should <T>, so remind me', '<W> I want to <T>, make a reminder',
  "<W> I'm supposed to <T>, don't let me forget", '<T> <W>, remind me', "<T> <W>, don't let me forget", '<T>, remind me about that <W>', '<T>: reminder <W>', '<T>, give me a reminder <W>',
  '<T>, could you remind me of that <W>', 'give me a nudge to <T> <W>', 'give me a heads up <W> to <T>', 'give me a ping to <T> <W>', 'give me a prompt <W> to <T>', 'shout at me <W> to <T>', 'send a reminder <W> to <T>',
  'send me a notification <W> to <T>', 'warn me <W> that I have to <T>', 'jog my memory <W> to <T>', 'let me know <W> that I need to <T>', "let me know <W> that it's time to <T>", 'get back to me <W> about this: <T>',
  'get me to <T> <W>', 'make sure I <T> <W>', "make sure that I don't forget to <T> <W>", 'make sure you remind me <W> to <T>', 'see to it that I <T> <W>', 'see that I remember to <T> <W>', 'help me remember to <T> <W>',
  'help me to remember <W> to <T>', 'be sure to remind me <W> to <T>', 'do not let me miss this <W>: <T>', "don't allow me to forget to <T> <W>", 'never let me forget to <T> <W>', "I mustn't forget to <T> <W>",
  'I always forget things, so remind me <W> to <T>', "I'll forget otherwise, remind me to <T> <W>", 'I might forget to <T> <W>, please remind me', "I'm afraid I'll forget to <T> <W>, set a reminder",
  "I've got to <T> <W>, set me a reminder", "I've got to <T> <W>, give me a nudge", 'I have to <T> <W>, can you set a reminder', 'I need to <T> <W>, ping me', 'I need to <T> <W>, could you remind me',
  "I'm meant to <T> <W>, remind me", "I'm supposed to <T> <W>, please set a reminder", 'I plan to <T> <W>, add a reminder', "I'd like to <T> <W>, can you remind me", "I'd like to set a reminder to <T> <W>",
  "I'd like to get a reminder <W> to <T>", 'I want you to remind me <W> to <T>', 'I need you to remind me to <T> <W>', 'I need a nudge <W> to <T>', 'I could do with a reminder <W> to <T>',
  'I could use a reminder to <T> <W>', "I'd appreciate a reminder <W> to <T>", 'it would help to be reminded <W> to <T>', "it'd be great if you reminded me <W> to <T>", 'would you mind reminding me <W> to <T>',
  'would you be able to remind me to <T> <W>', 'can I get a reminder to <T> <W>', 'can I have a reminder <W> to <T>', 'could I get a reminder <W> to <T>', 'may I have a reminder <W> to <T>',
  'can you make sure I <T> <W>', 'can you ping me <W> to <T>', 'could you poke me <W> to <T>', 'could you put a reminder in <W> to <T>', 'set up a reminder: <T>, <W>', 'set reminder <W> <T>',
  'get a reminder going to <T> <W>', 'leave me a reminder <W> to <T>', 'book a reminder <W> to <T>', 'put down a reminder <W> to <T>', 'stick a reminder in <W> to <T>', 'make me a reminder <W> to <T>',
  'write me a reminder to <T> <W>', 'add reminder <W>: <T>', 'one more reminder: <T> <W>', 'another reminder, <W>: <T>', 'and remind me to <T> <W> as well', "let's set a reminder to <T> <W>",
  'let me be reminded <W> to <T>', 'set an alert <W> to <T>', 'set a notification <W> to <T>'
]

export const labelled: readonly string[] = [
  'set the <X> timer to <D>', 'set a timer called <X> for <D>', 'set a timer named <X>, <D>', 'set up a <X> timer for <D>', 'set a countdown of <D> for the <X>', 'start a <D> <X> timer', 'start timing the <X>, <D>',
  'start a timer labelled <X> for <D>', '<X> timer of <D>, start it', '<X>: <D> timer', '<D> <X> timer', 'timer: <X>, <D>', 'timer <D> for the <X>', "timer for <D>, it's for the <X>", 'timer for <D>, call it <X>',
  'countdown for the <X>: <D>', 'count down <D> for the <X>', 'can you time <D> for the <X>', 'can you put a timer on the <X> for <D>', 'can I have a <D> timer for the <X>', 'can I get a <X> timer for <D>',
  'could you start a <D> timer for the <X>', 'could you do a <X> timer, <D>', 'would you time the <X>, <D> please', 'will you set a <D> timer for the <X>', 'for the <X>, <D> on the timer',
  'for the <X>: start a <D> timer', 'for the <X> I need a timer of <D>', 'I need to time the <X> for <D>', 'I need <D> for the <X>, set a timer', "I'd like a <X> timer for <D>", "I'd like a <D> timer for the <X>",
  'I could do with a timer for the <X>, <D>', 'I could use a <D> timer for the <X>', 'the <X> needs <D>, start a timer', 'the <X> takes <D>, timer please', 'the <X> has to go for <D>, set a timer',
  'the <X> should be done in <D>, start a timer', "I've just started the <X>, give me a timer for <D>", 'give me <D> for the <X>', 'give me a <X> timer of <D>', 'tell me when the <X> is done, <D> timer',
  'beep for the <X> in <D>', 'beep in <D> for the <X>', 'ping me in <D> for the <X>', 'let me know in <D> about the <X>, timer please', "let's do a <X> timer of <D>", "let's time the <X>: <D>", 'make a <X> timer, <D>',
  'create a <X> timer for <D>', 'add a <X> timer of <D>', 'one more timer: <X>, <D>', 'put <D> on the timer for the <X>', 'put on a <X> timer for <D>', 'stick <D> on for the <X>', 'pop a timer on for the <X>: <D>',
  'get a timer going for the <X>, <D>', 'begin a <D> countdown for the <X>', 'time <D> for the <X>'
]

export const neverMinds: readonly string[] = [
  'nevermind', 'ah, never mind about it', 'forget about that', 'no, forget that', 'leave it for now', 'let it go', "let's not bother", 'drop the reminder', 'just skip the reminder', 'scrap that', 'scrap it',
  'scratch that', 'ditch it', 'cancel, thanks', "I'd like to cancel", 'call it off', 'abort', 'stop', "oh, don't bother", "don't worry about it", "don't set a reminder", "please don't", "there's no need now",
  "it's not needed", "it isn't necessary", 'not necessary any more', "it's fine without", "it's okay, leave it", "it's all right, I don't need it", "it doesn't matter now", 'not important', "it's not that important",
  'not worth it', 'no, thank you', 'nah', 'I changed my mind', "I've changed my mind, no reminder", 'changed my mind, drop it', "I don't want a reminder after all", "I won't need it", "I'll manage without",
  "I'll remember it myself", 'I can remember that on my own', "I'd rather not", 'on second thought, no', 'on second thoughts, leave it', 'actually, no', "actually, I don't need that", 'maybe another time',
  'some other time', 'another time then', 'not today', 'sorry, forget I asked', 'forget I said anything', 'ignore what I said', 'disregard that'
]

export const taskOnly: readonly string[] = [
  'remind me that I need to <T>', 'remind me I should <T>', 'remind me about this: <T>', 'remind me: <T>', '<T>, remind me', '<T>, please remind me of that', '<T>, set a reminder for that', '<T>, can I get a reminder',
  "<T>, don't let me forget", '<T>: reminder please', 'put a reminder in for me to <T>', 'pop in a reminder to <T>', 'stick in a reminder to <T>', 'make me a reminder: <T>', 'enter a reminder: <T>',
  'one more reminder: <T>', 'another reminder please: <T>', 'oh, and remind me to <T>', 'nudge me to <T>', 'give me a shout to <T>', 'ping me to <T>', 'poke me to <T>', 'prompt me to <T>', 'alert me to <T>',
  'bug me to <T>', 'nag me to <T>', 'notify me that I have to <T>', "don't let me forget that I have to <T>", "make sure I don't forget to <T>", 'make sure that I <T>', 'make sure you remind me to <T>',
  'see to it that I remember to <T>', 'help me remember to <T>', 'help me not forget to <T>', 'jog my memory to <T>', "I mustn't forget to <T>", 'I keep forgetting to <T>, remind me',
  'I always forget to <T>, set a reminder', "I'm bound to forget to <T>, please remind me", 'I must <T>, set a reminder please', "I've got to <T>, give me a reminder", 'I should <T>, so please remind me',
  "I'm supposed to <T>, can you remind me", 'I still have to <T>, set a reminder', "I need to <T>, don't let me forget", 'I want to <T>, make a reminder for that', 'I want a reminder to <T>',
  'I want you to remind me to <T>', 'I could use a reminder to <T>', 'I could do with a nudge to <T>', "I'd appreciate a reminder to <T>", 'can I get a reminder to <T>', 'could I have a reminder to <T>',
  'could you set up a reminder to <T>', 'would you mind reminding me to <T>', 'would you set me a reminder: <T>', 'be so kind as to remind me to <T>', 'it would be good to be reminded to <T>'
]

export const timers: readonly string[] = [
  'set me a <D> timer', 'set up a <D> countdown', 'start timing <D>', 'start timing <D> from now', 'start a countdown, <D>', 'start a <D> countdown please', 'start counting down <D>', 'start the clock, <D>',
  'timer, make it <D>', '<D> countdown', '<D> on a timer, starting now', '<D>, starting now', '<D> from now, set a timer', '<D>, start the countdown', '<D>, could you time that', 'countdown: <D>', 'countdown from <D>',
  'count off <D>', 'count <D> for me', 'can you count down <D>', 'can you do a <D> timer', 'can you get a timer going, <D>', 'can you put <D> on the timer', 'can I get a timer for <D>', 'can I have a <D> timer',
  'could I get a <D> countdown', 'could you start a timer of <D>', 'could you time <D> please', 'could you run a <D> timer', 'could you count down from <D>', 'could you put <D> on the clock', 'would you set a <D> timer',
  'would you mind setting a timer for <D>', 'would you time <D> for me', 'will you set a timer of <D>', 'will you time <D>', 'will you count <D> down for me', 'may I have a timer for <D>', 'I need <D> on the timer',
  'I need to time <D>', 'I need exactly <D>, set a timer', 'I want a <D> countdown', 'I want you to count down <D>', "I'd like a <D> timer please", "I'd like <D> on the clock", "I'd like you to time <D>",
  'I could do with a timer for <D>', 'I could use a <D> timer', 'I have <D>, start a timer', "I've got <D>, start the clock", "I'm taking a break for <D>, set a timer", "I've got to wait <D>, start a timer",
  'give me <D> on the clock', 'give me a <D> timer', 'give me a shout in <D>', 'let me have a timer for <D>', 'let me know when <D> is up', 'let me know when <D> has passed', 'tell me when <D> has passed', 'beep in <D>',
  'beep after <D>', 'beep when <D> is up', 'buzz me in <D>', 'ring in <D>', 'ring after <D>', 'ring me when <D> is over', 'ding me in <D>', 'ping me after <D>', 'ping me when <D> is up', 'alert me when <D> is over',
  'notify me after <D>', 'sound the alarm in <D>', "let's do a <D> timer", "let's start a countdown of <D>", "let's time <D>", "let's say <D> on the timer", 'make the timer <D>', 'create a <D> timer',
  'add a <D> timer please', 'launch a <D> timer', 'kick off a <D> countdown', 'begin a <D> timer', 'begin timing <D>', 'begin counting down from <D>', 'get a <D> timer started', 'put on a <D> timer',
  'pop <D> on the timer', 'whack <D> on the timer', 'switch on a <D> timer', 'another timer: <D>', 'another <D> timer please', 'new <D> timer', 'a quick <D> timer please', 'time me for <D>', 'time <D>',
  'time <D> starting now', 'keep time for <D>', 'go for <D>, timer on'
]
