// More phrases to learn from, beside those of tasks/sums.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const betweenTwo: readonly string[] = [
  'how long is it from <C> until <D>', 'how long from <C> till <D>', 'how long does it take from <C> to <D>', 'how long is the time between <C> and <D>', 'how long is the gap between <C> and <D>',
  'how far apart are <C> and <D>', 'how far is <D> from <C>', 'how far is it between <C> and <D>', 'how many days apart are <C> and <D>', 'how many days is it between <C> and <D>', 'how many days is it from <C> to <D>',
  'how many days after <C> is <D>', 'how many days before <D> is <C>', 'how many days separate <C> and <D>', 'how many days do I have from <C> to <D>', 'how many days do we have between <C> and <D>',
  'how many days will it be from <C> till <D>', 'how many days does it take to get from <C> to <D>', 'how many nights from <C> to <D>', 'how many days would it be from <C> up to <D>',
  'how many days until <D> if I start on <C>', 'how many days until <D>, counting from <C>', 'how much time is there between <C> and <D>', 'how much time is it from <C> to <D>', 'how much time lies between <C> and <D>',
  "what's the difference between <C> and <D>", "what's the difference in days between <C> and <D>", "what's the number of days between <C> and <D>", "what's the time between <C> and <D>",
  "what's the gap in days from <C> to <D>", "what's <D> minus <C> in days", 'between <C> and <D>, how many days', 'between <C> and <D>, how long is that', 'between <C> and <D> there are how many days',
  'from <C> until <D>, how long is it', 'from <C> till <D> is how many days', 'from <C> up to <D>, count the days', '<C> to <D>, how many days', '<C> to <D>, how long is that', '<C> until <D> in days',
  '<C> till <D>: how many days', '<C> and <D>, how far apart', 'days from <C> to <D>', 'days from <C> till <D> please', 'number of days between <C> and <D>', 'difference between <C> and <D> in days',
  'time between <C> and <D>', 'count the days from <C> to <D>', 'work out how many days there are from <C> to <D>', 'calculate the days between <C> and <D>', 'calculate how long it is from <C> to <D>',
  'figure out the number of days from <C> until <D>', 'give me the days between <C> and <D>', 'give me the number of days from <C> to <D>', 'tell me how many days it is from <C> to <D>',
  'tell me how long it is from <C> to <D>', 'could you count the days between <C> and <D>', 'could you tell me how far <C> is from <D>', 'can you tell me how many days are between <C> and <D>',
  'do you know how many days there are from <C> to <D>', 'I need the number of days from <C> to <D>', 'I want to know how long it is between <C> and <D>', "I'd like to know how many days lie between <C> and <D>",
  "I'm away from <C> to <D>, how many days is that", 'it runs from <C> to <D>, how long is that', 'if I leave <C> and return <D>, how many days is that'
]

export const betweens: readonly string[] = [
  'how long is it to <D>', 'how long is it till <D>', 'how long till <D>', 'how long to go until <D>', 'how long before <D>', 'how long do I have until <D>', 'how long do we have to wait for <D>',
  'how long do I still have till <D>', 'how long must I wait until <D>', 'how much longer until <D>', 'how much longer is it to <D>', 'how much time is left until <D>', 'how much time do I have before <D>',
  'how far is <D> from today', 'how far is it to <D>', 'how soon is <D>', 'how close are we to <D>', 'how many days till <D>', 'how many days before <D>', 'how many days to go until <D>',
  'how many days do I have until <D>', 'how many days do we have left before <D>', 'how many more days is it to <D>', 'how many sleeps till <D>', 'how many sleeps until <D>', 'how many nights until <D>',
  'how many days must I wait for <D>', 'how many days stand between today and <D>', 'how many days will it be till <D>', "what's the number of days until <D>", "what's the countdown to <D>", 'countdown to <D>',
  'days to <D>', 'days till <D> please', 'number of days to <D>', 'time left until <D>', '<D>, how many days is that from now', '<D>, how long is that from now', '<D> is how many days away', '<D> is how far away',
  '<D> is in how many days', 'till <D>, how long', 'is it long until <D>', 'is it still a long time to <D>', 'is <D> far off', 'is <D> soon, how many days', 'count the days to <D>', 'count down to <D>',
  'work out how many days it is to <D>', 'work out the days until <D>', 'calculate the days until <D>', 'give me the days until <D>', 'give me the number of days till <D>', 'tell me how long it is until <D>',
  'tell me how far away <D> is', 'tell me in how many days <D> is', 'could you count down the days to <D>', 'can you tell me how long till <D>', 'do you know how many days are left to <D>',
  'I want to know how many days until <D>', "I'd like to know how long it is to <D>", "I can't wait for <D>, how many days", 'when <D> comes, how many days will have passed', 'from now to <D>, how many days',
  'from today to <D> is how long'
]

export const dateAsks: readonly string[] = [
  'what will be the date <A> from now', "what's the date going to be in <A>", "what's the date <A> from today", "what's <A> from now as a date", "what's <A> from today", 'when is <A> from now', 'when is <A> from today',
  'when will it be <A> from now', 'when is it <A> later', 'what date will we have in <A>', 'what date will it be <A> on from today', 'what date will it be after <A>', 'which date is <A> away',
  'which date do I get if I add <A> to today', 'which day comes <A> after today', 'what day is <A> after today', 'what day are we in <A>', 'what day will be <A> later than today', 'on what date will <A> have passed',
  'on which date are <A> over, counting from today', 'on what day are <A> up', 'if I start today, when are <A> over', 'if I wait <A>, what date will it be', 'if I count <A> from today, which day is that',
  'counting <A> from today, where do I end up', 'starting now, what date is it after <A>', 'from today, <A> on, what day is that', '<A> from now is what date', '<A> from today is when',
  '<A> from now, please tell me the date', '<A> on from today, which date', '<A> later, what day will it be', '<A> ahead, what date is that', 'date in <A>', 'date <A> from now', 'day in <A>', 'today + <A>',
  'today plus <A>', "today and <A> more, what's the date then", "in <A>, what's the date", 'in <A> we have which date', "it's due in <A>, what date is that", 'I go away in <A>, what date is that',
  'they said <A> from now, so what date', 'calculate the date in <A>', 'work out the date <A> from now', 'work out what day it will be in <A>', 'count <A> forward from today',
  'count <A> on from now and tell me the date', 'jump <A> ahead and give me the date', 'give me the date in <A>', 'give me the day <A> from today', "give me today's date plus <A>", 'tell me the date <A> from now',
  'tell me which day it will be in <A>', 'tell me when <A> from now is', 'could you work out which date is <A> away', "can you add <A> to today's date", 'can you say what day is <A> from today',
  'do you know what the date will be in <A>', "any idea what day it'll be in <A>", "I'd like to know the date in <A>", 'I want to know which day is <A> from now', "look <A> ahead, what's the date",
  'let me know the date <A> from today', "I wonder what date it'll be in <A>", 'find the date <A> from now'
]

export const dateFrom: readonly string[] = [
  'when is <A> after <D>', 'when is <A> from <D>', 'when will it be <A> past <D>', "what's <A> after <D>", "what's <A> from <D>", "what's <D> plus <A>", 'what is <D> and <A> more', 'what date comes <A> after <D>',
  'what date is <A> from <D>', 'what date is <A> later than <D>', 'what date is it if I add <A> to <D>', 'what date do we have <A> after <D>', 'what date falls <A> after <D>', 'what day is <A> after <D>',
  'what day is it <A> from <D>', 'what day comes <A> after <D>', 'what day do I land on <A> after <D>', 'what will the date be <A> after <D>', "what's the day <A> after <D>", 'which date comes <A> after <D>',
  'which date do I get with <D> plus <A>', 'which date lies <A> behind <D>', 'which day will be <A> after <D>', 'which day comes <A> later than <D>', 'which day is <A> from <D>', 'which date is <A> on from <D>',
  '<A> after <D> is what date', '<A> after <D> is which day', '<A> after <D>, when is that', '<A> from <D>, which date is that', '<A> past <D>, please', '<A> on from <D>, what day is that',
  '<A> later than <D>, what date would that be', '<D> plus <A>', '<D> + <A>', '<D> and then <A>, what date is it', '<D> and <A> on top, which day', 'add <A> to <D>', 'add <A> on to <D> for me',
  'count <A> from <D> and tell me the date', 'start at <D> and go <A> forward', 'take <D> and add <A>', 'jump <A> ahead from <D>', "move <A> on from <D>, what's the date", "from <D>, <A> on, what's the date",
  'from <D> count <A>, which day is it', 'starting <D>, what date is it after <A>', 'starting on <D>, when are <A> over', 'if it starts on <D> and takes <A>, when does it end',
  'if I begin on <D>, what date is it <A> later', 'counted from <D>, when are <A> up', 'beginning with <D>, where are we after <A>', 'work out the date <A> after <D>', 'work out <D> plus <A>',
  'tell me when <A> after <D> is', 'tell me what you get for <D> plus <A>', 'give me the day <A> on from <D>', 'give me <D> plus <A>', 'could you count <A> from <D>', 'can you work out which date is <A> after <D>',
  "can you tell me when it's <A> after <D>", 'I need the date <A> after <D>', "I'd like to know which day is <A> after <D>", "I'm looking for the date <A> from <D>", "it's <A> after <D>, so what date",
  'date <A> after <D>'
]

export const dateNow: readonly string[] = [
  'what date is it right now', 'what date is it now', 'what date is this', 'what date are we on', 'what date are we today', 'what date have we got', 'what date have we got today', 'what date do we have',
  'what date do we have now', 'what date is it currently', 'what date does the calendar show', 'what does the calendar say', 'what does the calendar say today', "what's the current date", "what's the date right now",
  "what's the date now", "what's the date of today", "what's the date again", "what's the date, please", "what's the full date", "what's the full date today", "what's today on the calendar", "what's today's full date",
  'what number of the month is it', 'what number is it today in the month', 'what day of the month is it', 'what day of the month is it today', 'what day of the month are we on', 'what month is it',
  'what month are we in', 'what month and day is it', 'what year is it', 'what year are we in', 'what year do we have', 'which date is it', 'which date is it today', 'which date do we have today', 'which date are we on',
  'which date is it now', 'which day of the month is it', 'which day of the month do we have today', 'which month is it', 'which year is it', 'today is what date', 'today is the what', "today's the how many",
  "today, what's the date", "it's the how manyth today", 'current date', 'the date of today', 'calendar date please', 'day and month please', 'day, month and year please', 'is it the first today',
  'is it the fifth or the sixth today', 'is it the tenth yet', 'is it the twentieth already', 'is today the third', 'is it still March', 'is it May already', 'tell me the current date', 'tell me what date it is',
  'tell me what date we have', 'tell me which date it is today', 'tell me the date of today', 'give me the date', "give me today's date", 'give me the current date', 'give me the full date', 'could you tell me the date',
  "could you tell me today's date", 'could you give me the date', 'could you tell me what the date is', "can you tell me today's date", 'can you tell me what date it is', "can you give me today's date",
  'can you check the date for me', 'do you know the date', "do you know today's date", 'do you know what date it is', "do you have today's date", 'have you got the date', 'got the date', 'any idea what the date is',
  'any idea which date it is today', 'I need the date', "I need today's date", "I need today's date for a letter", 'I need to know the date', "I'd like the date", "I'd like to know today's date",
  'I want to know the date', "I have to sign this, what's the date", 'I have to fill in a form, what date is it', "I've forgotten the date", "I've lost track of the date", 'I forgot what date it is',
  "what should I write as today's date", 'what do I put for the date today', 'remind me of the date', 'remind me what date it is', "hey, what's the date", "sorry, what's the date again", "so what's the date today then",
  "quick, what's the date", 'show me the date', "show today's date", "look at the calendar, what's the date", 'check the calendar, what date is it'
]

export const dayAsks: readonly string[] = [
  "what day's today", 'what day is today', 'what day have we got', 'what day have we got today', 'what day are we on', 'what day are we', 'what day are we today', 'what day is this', 'what day would that be today',
  'what day might it be today', "what's the day today", "what's the day", "what's the weekday", "what's the day of the week", "what's the day of the week today", 'what weekday is it today', 'what weekday is today',
  'what weekday do we have', 'what weekday are we on', 'what day of the week is today', 'what day of the week do we have', 'what day of the week are we on', 'which day of the week is it',
  'which day of the week is today', 'which day do we have today', 'which day are we on', 'which weekday is it', 'which weekday is it today', 'which weekday is today', 'which weekday do we have today', "today's what day",
  "today's which weekday", 'today is what weekday', "today's weekday", "today's day of the week please", 'day of the week please', 'weekday please', 'the day please', 'the weekday today', 'is it Monday today',
  'is today a Tuesday', 'is it Wednesday or Thursday today', 'is it Thursday yet', 'is it already Friday', 'is it Saturday today', 'is it Sunday already', 'is today Saturday or Sunday', 'is it the weekend yet',
  'is it the weekend today', 'is it a weekday today', 'is today a weekday', "it's Monday, right", "it's Tuesday today, isn't it", 'tell me the day', 'tell me the day of the week', "tell me today's weekday",
  'tell me what day of the week it is', 'tell me what weekday we have', 'tell me which day today is', 'give me the day of the week', "give me today's weekday", 'could you tell me what day it is',
  'could you tell me the day of the week', 'can you tell me which weekday it is', 'can you tell me what day of the week today is', 'can you remind me what day it is', "remind me what day it is, I've lost track",
  'remind me, what day is it today', 'do you know what day it is', 'do you happen to know which day it is', 'any idea what day it is', 'any idea which weekday it is today', "I've no idea what day it is",
  "I've lost track of the days, what's today", 'I forgot what day it is', "I don't even know what day it is", 'I keep losing track, which day is it', 'I need to know what day it is',
  "I'd like to know which day of the week it is", 'I want to know what day today is', "I'm on holiday, what day is it again", 'so what day is it then', 'hey, what day is it', 'sorry, what day is it again',
  'wait, what day is it', 'quick, what day is it', 'what day do we have again', 'what day do you have today', 'remind me of the weekday'
]

export const sumAsks: readonly string[] = [
  "what's <E> equal to", 'what does <E> equal', 'what does <E> come to', 'what does <E> come out at', 'what does <E> add up to', 'what does <E> amount to', 'what does <E> work out as', 'what do I get if I do <E>',
  'what do we get with <E>', 'what comes out of <E>', 'what comes out when you do <E>', 'what is the result of <E>', "what's the result for <E>", "what's the solution to <E>", 'give me the answer to <E>',
  'give me the result of <E>', 'get me <E>', 'find <E>', 'find out what <E> is', 'figure out <E>', 'can you figure out <E>', 'help me figure out <E>', 'evaluate <E>', 'could you evaluate <E>', 'determine <E>',
  'reckon up <E>', 'crunch <E> for me', 'crunch the numbers: <E>', 'run the numbers on <E>', 'tot up <E>', 'count this up for me: <E>', 'compute <E> for me', 'compute the value of <E>', "what's the value of <E>",
  'the value of <E> please', 'the result of <E>', 'answer to <E>', '<E> is what', '<E> comes to what', '<E> comes to how much', "<E>, what's that", '<E>, how much is that', '<E>, what does that make',
  '<E>, what do you get', '<E>, quickly', '<E> makes', '<E> equals', '<E>, can you do that', '<E>, work it out for me', '<E>, any idea', '<E>, and fast', 'sum: <E>', 'math: <E>', 'maths: <E>', 'calc <E>',
  'calculation: <E>', 'a quick one: <E>', "here's a sum for you: <E>", "I've got a sum: <E>", 'my homework says <E>, what is it', "for my homework, what's <E>", "I'm stuck on <E>", "I can't work out <E>",
  "I can't do <E> in my head", "I've no calculator here, what's <E>", 'my head hurts, what is <E>', "I'd like to know what <E> is", "I'd like to know <E>", 'I wonder what <E> is', 'I want the answer to <E>',
  'I need the result of <E>', 'I need you to calculate <E>', 'I could do with knowing what <E> is', 'let me know what <E> is', "let's calculate <E>", "let's see, what's <E>", "so what's <E> then", "hey, what's <E>",
  'remind me what <E> is', 'do you know what <E> is', 'any idea what <E> is', 'can you do <E>', 'can you do <E> for me', 'can you solve <E>', 'can you calculate <E>', 'can you compute <E>',
  'could you tell me what <E> is', 'could you do the sum <E>', 'would you mind working out <E>', 'would you work out <E>', 'will you calculate <E>', 'mind telling me what <E> comes to', 'how much would <E> be',
  'how much does <E> come to', 'how much will I get from <E>', 'and what about <E>, how much is that', 'say, how much is <E> exactly', 'check for me what <E> is', 'use your calculator: <E>',
  'type into the calculator: <E>', 'do this sum for me: <E>', 'solve this: <E>', 'work this out: <E>', 'try <E>', 'now do <E>', 'got a number for <E>', 'what number is <E>', 'which number do you get for <E>',
  'what figure do I get for <E>', 'what should <E> be', "what's the total of <E>", 'quick, <E>', 'wanna know <E>'
]

export const timeNow: readonly string[] = [
  'what time have you got', 'what time have we got', 'what time do you have', 'what time do you make it', 'what time do we have now', 'what time is it there', 'what time is it at the moment', 'what time is it by you',
  'what time is it exactly', 'what time would it be', 'what time is this', "what's the time now", "what's the time right now", "what's the time at the moment", "what's the exact time", "what's the current time",
  "what's the clock saying", "what's the hour", "what's on the clock", 'what does your clock say', 'what does the clock show', 'what does the clock read', 'what hour is it', "what o'clock is it",
  "what o'clock do we have", 'which hour is it', 'which hour do we have', 'how late is it already', 'how late is it right now', 'how late do we have', 'how late have we got', 'how early is it', 'how is the time',
  'do you know the time', 'do you know what time it is', 'do you know how late it is', 'do you happen to know the time', 'do you happen to have the time', 'have you got the time', 'have you got the time on you',
  'got the time', 'you got the time', 'got the time on you', 'got a clock there', 'any idea what time it is', 'any idea how late it is', 'any idea of the time', 'any chance you know the time', 'is it late',
  'is it late already', 'is it late yet', 'is it that late already', 'is it very late', 'is it getting late', 'is it still early', 'is it still morning', 'is it noon yet', 'is it midday yet', 'is it midnight yet',
  'is it past midnight', 'is it past noon already', 'is it after six yet', 'is it past ten already', 'is it eight yet', 'is it nearly five', "is it four o'clock yet", 'is it afternoon already',
  'is it bedtime yet, what time is it', 'time now', 'the time right now', 'current time', 'the exact time please', 'hour please', 'tell me the time now', 'tell me the current time', 'tell me the exact time',
  'tell me what time it is', 'tell me how late it is', 'tell me what the clock says', 'say the time', 'give me the current time', 'give me the exact time', 'give me the hour', 'show me the time', 'show the clock',
  'show me the clock', 'read me the clock', 'check the clock', 'check the clock for me', 'check the time', 'check the time for me', 'look at the clock for me', 'could you tell me the time', 'could you give me the time',
  'could you say what time it is', 'could you check the clock', 'could you check what time it is', 'could you tell me how late it is', 'can you tell me what time it is', 'can you tell me how late it is',
  'can you give me the time', 'can you check the time', 'can you see the clock', 'would you tell me the time', 'would you mind telling me the time', 'mind telling me the time', 'may I ask what time it is',
  'might you have the time', 'I need the time', 'I need to know the time', 'I need to know what time it is', "I'd like to know the time", "I'd like to know what time it is", 'I want to know the time',
  'I want to know how late it is', 'I wonder what time it is', "I can't see the clock", "I've lost track of time", "I've lost all sense of time, what time is it", "I don't know what time it is",
  'I just woke up, what time is it', 'am I late, what time is it', 'hey, what time is it', "hey, what's the time", 'so what time is it', "so what's the time then", 'sorry, what time is it', 'quick, what time is it',
  'wait, what time is it', 'wow, what time is it already', 'oh no, what time is it', "excuse me, what's the time", 'remind me what time it is', "right now it's what time", "it's what time", 'it is how late now',
  'what is the time, my friend', 'how far on is the day', 'how far along is the evening', 'what is it by the clock'
]

export const weekdayAsks: readonly string[] = [
  'what day is <D> on', 'what day is <D> going to be', 'what day does <D> land on', 'what day does <D> come on', 'what day will <D> be', 'what day will <D> fall on', 'what day was <D>', 'what weekday will <D> be',
  'what weekday do we have on <D>', 'what weekday is it on <D>', 'what weekday does <D> land on', "what's the weekday of <D>", "what's the weekday on <D>", "what's the day of the week on <D>",
  "what's the day of the week for <D>", 'what sort of day is <D>, a weekday or what', 'what day of the week will <D> be', 'what day of the week do we have on <D>', 'what day of the week comes up for <D>',
  'which day is <D>', 'which day does <D> fall on', 'which weekday will <D> be', 'which weekday will it be on <D>', 'on what weekday is <D>', 'on what weekday does <D> fall', 'on which day of the week does <D> land',
  'on which weekday do we have <D>', '<D> is what day', '<D> is which weekday', '<D> falls on what day', '<D> falls on which weekday', '<D> will be what day of the week', '<D>, what day is it', '<D>: weekday',
  "<D>, that's a what day", '<D>, is that a Monday or what', 'is <D> a Monday or a Tuesday', 'is <D> a weekday, and which', 'is <D> at the weekend', 'is <D> a Saturday or a Sunday', 'does <D> fall on a weekend',
  'does <D> fall on a weekday or the weekend', 'weekday of <D>', 'weekday for <D>', 'day of the week for <D>', 'tell me which weekday <D> is', 'tell me what day of the week <D> falls on',
  'tell me on which day <D> falls', 'give me the weekday of <D>', 'give me the day of the week for <D>', 'look up what day <D> is', 'check which weekday <D> falls on', 'work out the weekday for <D>',
  'find out what day of the week <D> is', 'could you tell me what day <D> is', 'could you check on which weekday <D> falls', 'can you tell me the day of the week of <D>', 'can you say what weekday <D> is',
  'do you know what day <D> is', 'do you know which weekday <D> falls on', 'any idea what day of the week <D> is', 'I want to know what day <D> falls on', "I'd like to know the weekday of <D>",
  'I wonder which day of the week <D> is', "I'm planning something for <D>, what day is that"
]
