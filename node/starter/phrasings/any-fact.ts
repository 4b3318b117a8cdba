// More phrases to learn from, beside those of facts/fact.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const genericAsks: readonly string[] = [
  "I have a question about <S's> <L>, what is it", "which is <S's> <L>", "what might <S's> <L> be", "what do they say <S's> <L> is", "what should I know as <S's> <L>", "who can tell me <S's> <L>",
  "what have I told you is <S's> <L>", "what did I tell you <S's> <L> was", "what did we say <S's> <L> is", "what is on record as <S's> <L>", "what's listed as <S's> <L>", "quick, <S's> <L>", "<S's> <L> was what again",
  "<S's> <L> is what", "<S's> <L>, any clue", "<S's> <L>, tell me", "<S's> <L>, I need that", "and what about <S's> <L>", "how about <S's> <L>", "so what is <S's> <L>", "I can't remember <S's> <L>",
  "I can't recall what <S's> <L> is", "I don't remember <S's> <L>", "I don't know <S's> <L>, do you", "I keep forgetting <S's> <L>", "I've forgotten <S's> <L>", "I've no idea what <S's> <L> is, help me",
  "I wonder what <S's> <L> is", "I'm wondering about <S's> <L>", "I'm trying to recall <S's> <L>", "I'd like to know <S's> <L>", "I want to know what <S's> <L> is", "I'm asked for <S's> <L>, what is it",
  "they want <S's> <L>, what do I put", "what do I write down for <S's> <L>", "what should I put as <S's> <L>", "<S's> <L> escapes me", "<S's> <L> has slipped my mind", "<S's> <L> is on the tip of my tongue, what is it",
  "could you look up <S's> <L>", "can you check what <S's> <L> is", "would you tell me <S's> <L>", "would you mind telling me <S's> <L>", "will you give me <S's> <L>", "may I have <S's> <L>", "can I get <S's> <L>",
  "let me know <S's> <L>", "let me have <S's> <L>", "help me out, what's <S's> <L>", "refresh my memory, what's <S's> <L>", "say <S's> <L> for me", "show me <S's> <L>", "any chance you know <S's> <L>",
  "have you got <S's> <L>", "are you able to tell me <S's> <L>", "did I ever tell you <S's> <L>"
]

export const genericChanges: readonly string[] = [
  "<S's> <L> has changed, it's <V>", "<S's> <L> changed from <OLD> to <V>", "<S's> <L> changed, <V> it is now", "<S's> <L> went from <OLD> to <V>", "<S's> <L> is now <V> instead of <OLD>", "<S's> <L> is <V> these days",
  "<S's> <L> is <V> from today", "<S's> <L> became <V>", "<S's> <L> has become <V>", "<S's> <L> isn't <OLD> any more, it's <V>", "<S's> <L> isn't <OLD> any longer but <V>", "<S's> <L> is not what it was, it's <V> now",
  "<S's> <L> used to be <OLD>, now it's <V>", "<S's> <L> was <OLD> until recently, now it's <V>", "<S's> <L> has been updated to <V>", "<S's> <L> has been replaced by <V>", "<S's> <L> has been switched to <V>",
  "<S's> current <L> is <V>, the old one was <OLD>", "<S's> latest <L> is <V>", "<S's> old <L> is gone, the new one is <V>", "<S's> old <L> <OLD> is out, <V> is in", "a new value for <S's> <L>: <V>",
  "<S's> <L> is a new one now, it's <V>", "something new about <S's> <L>, it became <V>", "<S's> <L> turned from <OLD> into <V>", "I had to change <S's> <L> to <V>", "<S's> <L> was swapped for <V>",
  "you no longer need <OLD>, <S's> <L> is <V>", "<V> instead of <OLD>, that's <S's> <L> now", "<V> is now <S's> <L>", "<V> is <S's> <L> now, not <OLD>", "<V> took the place of <OLD> as <S's> <L>",
  "<V> is what <S's> <L> has become", "<OLD> is no longer <S's> <L>, <V> is", "<OLD> was <S's> <L>, it's <V> now", "<OLD> is out of date, <S's> <L> is <V>", "not <OLD> any more, <S's> <L> is <V>",
  "it's no longer <OLD>, <S's> <L> is now <V>", "it is <V> now, <S's> <L>", "there's news about <S's> <L>, it changed to <V>", "there has been a change: <S's> <L> is <V>", "they changed <S's> <L> to <V>",
  "they have changed <S's> <L> from <OLD> to <V>", "as of today <S's> <L> is <V>", "as of now <S's> <L> is <V>", "starting today, <S's> <L> is <V>", "since recently <S's> <L> is <V>", "recently <S's> <L> changed to <V>",
  "these days <S's> <L> is <V>", "nowadays <S's> <L> is <V> and no longer <OLD>", "update: <S's> <L> is <V>", "correction: <S's> <L> is <V>", "small change: <S's> <L> is now <V>", "please update <S's> <L> to <V>",
  "please change <S's> <L> to <V>", "you can change <S's> <L> from <OLD> to <V>", "you still have the old one, <S's> <L> is <V> now", "make that <V> for <S's> <L>, no longer <OLD>"
]

export const genericChecks: readonly string[] = [
  "is <S's> <L> really <V>", "is <S's> <L> actually <V>", "is <S's> <L> perhaps <V>", "is <S's> <L> <V> or something else", "is <V> still <S's> <L>", "is <V> truly <S's> <L>", "is <V> correct for <S's> <L>",
  "is <V> right as <S's> <L>", "is <V> what you have as <S's> <L>", "is it right that <S's> <L> is <V>", "is it correct that <S's> <L> is <V>", "is it <V> or not, <S's> <L>", "isn't <S's> <L> <V>", "isn't <V> <S's> <L>",
  "was it <V>, <S's> <L>", "wasn't <S's> <L> <V>", "<S's> <L> is <V>, right", "<S's> <L> is <V>, correct", "<S's> <L> is <V>, isn't it", "<S's> <L> is <V>, or am I wrong", "<S's> <L> is <V>, yes or no",
  "<S's> <L> was <V>, wasn't it", "<S's> <L>, is it <V>", "<S's> <L>, that's <V>, isn't it", "<V> is <S's> <L>, right", "<V> was <S's> <L>, wasn't it", "<V> for <S's> <L>, is that right", "<V> as <S's> <L>, yes or no",
  "does <V> sound right for <S's> <L>", "could <S's> <L> be <V>", "could it be that <S's> <L> is <V>", "can it be that <V> is <S's> <L>", "might <V> be <S's> <L>", "should <S's> <L> be <V>",
  "do you know if <S's> <L> is <V>", "can you tell me whether <S's> <L> is <V>", "can you check whether <S's> <L> is <V>", "could you verify that <S's> <L> is <V>", "please confirm: is <S's> <L> <V>",
  "do I remember correctly that <S's> <L> is <V>", "do I have it right that <S's> <L> is <V>", "do I recall well, is <S's> <L> <V>", "did I get it right that <S's> <L> is <V>", "did I tell you that <S's> <L> is <V>",
  "did we say <V> is <S's> <L>", "didn't I say <S's> <L> is <V>", "have I told you that <S's> <L> is <V>", "have you noted <V> as <S's> <L>", "have you got <S's> <L> down as <V>", "am I correct that <S's> <L> is <V>",
  "am I wrong, or is <S's> <L> <V>", "am I mistaken or is <V> <S's> <L>", "I wonder if <S's> <L> is <V>", "I'd like to know whether <S's> <L> is <V>", "I'm not mistaken, <S's> <L> is <V>, isn't it",
  "if I remember right <S's> <L> is <V>, is it", "yes or no: <S's> <L> is <V>"
]

export const genericStates: readonly string[] = [
  "<V> is what <S's> <L> is", "it's <V>, I mean <S's> <L>", "I was told that <S's> <L> is <V>", "I've been told <S's> <L> is <V>", "it turns out that <S's> <L> is <V>", "I heard <S's> <L> is <V>",
  "I read that <S's> <L> is <V>", "somebody told me that <S's> <L> is <V>", "they say <S's> <L> is <V>", "apparently <S's> <L> is <V>", "as it happens, <S's> <L> is <V>", "as you can see, <S's> <L> is <V>",
  "believe it or not, <S's> <L> is <V>", "for <S's> <L> we have <V>", "for <S's> <L> put <V>", "about <S's> <L>: it's <V>", "regarding <S's> <L>, that is <V>", "concerning <S's> <L>: <V>", "as for <S's> <L>, it's <V>",
  "as to <S's> <L>, it is <V>", "speaking of <S's> <L>, it's <V>", "<S's> <L>, you know, is <V>", "<S's> <L>, by the way, is <V>", "<S's> <L> is of course <V>", "<S's> <L> is actually <V>", "<S's> <L> is simply <V>",
  "<S's> <L> is none other than <V>", "<S's> <L> reads <V>", "<S's> <L> is given as <V>", "<S's> <L> is set to <V>", "<S's> <L> goes like this: <V>", "<S's> <L> has been <V> for a long time", "<S's> <L> remains <V>",
  "<V> is the right answer for <S's> <L>", "<V> counts as <S's> <L>", "the way I know it, <S's> <L> is <V>", "what I have as <S's> <L> is <V>", "what you need to know is that <S's> <L> is <V>",
  "if anyone asks, <S's> <L> is <V>", "if you ever need <S's> <L>, it's <V>", "in case you need it, <S's> <L> is <V>", "I looked up <S's> <L>, it's <V>", "I checked: <S's> <L> is <V>",
  "I asked about <S's> <L> and it is <V>", "I finally know <S's> <L>: <V>", "I've got <S's> <L> here, it's <V>", "I can confirm that <S's> <L> is <V>", "here is <S's> <L>: <V>", "here you have <S's> <L>, <V>",
  "let me give you <S's> <L>: <V>", "let me tell you <S's> <L>, it's <V>", "you asked for <S's> <L>, it's <V>", "you can take <V> as <S's> <L>", "on file <S's> <L> is <V>", "no doubt about it, <S's> <L> is <V>"
]

export const myStates: readonly string[] = [
  '<V> is what my <L> is', "it's <V>, I mean my <L>", 'I have <V> as my <L>', 'mine is <V>, I mean my <L>', 'for my <L> put <V>', 'for my <L> take <V>', "about my <L>: it's <V>", 'regarding my <L>, that is <V>',
  'concerning my <L>: <V>', "as for my <L>, it's <V>", 'as to my <L>, it is <V>', "speaking of my <L>, it's <V>", 'my <L>, you know, is <V>', 'my <L>, by the way, is <V>', 'my <L> is of course <V>',
  'my <L> is actually <V>', 'my <L> is simply <V>', 'my <L> is none other than <V>', 'my <L> reads <V>', 'my <L> is given as <V>', 'my <L> has been <V> for a long time', 'my <L> has been <V> all my life',
  'my <L> remains <V>', 'my personal <L> is <V>', 'my <L> would be <V>', 'the <L> that I have is <V>', 'the <L> of mine is <V>', 'with me the <L> is <V>', 'if anyone asks, my <L> is <V>',
  "if you ever need my <L>, it's <V>", 'if they want my <L>, give them <V>', 'in case you need it, my <L> is <V>', "I'd say my <L> is <V>", "I looked up my <L>, it's <V>", 'I checked, and my <L> is <V>',
  'I usually give <V> as my <L>', 'I put <V> on the form as my <L>', 'I can confirm that my <L> is <V>', 'I was told that my <L> is <V>', 'it turns out that my <L> is <V>', 'believe it or not, my <L> is <V>',
  'as it happens, my <L> is <V>', 'as you can see, my <L> is <V>', 'here is my <L>: <V>', 'here you have my <L>, <V>', 'let me give you my <L>: <V>', "let me tell you my <L>, it's <V>", "you asked for my <L>, it's <V>",
  'you can take <V> as my <L>', 'what you need to know is that my <L> is <V>', "you don't have my <L> yet, it's <V>", 'they have me down with <V> as my <L>'
]
