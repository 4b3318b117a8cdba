// More phrases to learn from, beside those of tasks/grounded.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const abouts: readonly string[] = [
  'what do you have in memory about <O>', 'what have you stored about <O>', 'what have I said about <O>', 'what did I let you know about <O>', 'what can you say about <O>', 'what is known about <O>',
  'what is in your notes about <O>', 'what information do you have about <O>', 'what info is there on <O>', 'what details do you have on <O>', 'which facts do you have about <O>',
  'which things have I told you about <O>', 'how much do you know about <O>', 'how well do you know <O>', 'do you know a lot about <O>', 'do you have anything on <O>', 'do you have any information about <O>',
  'did I tell you anything about <O>', 'did I say something about <O>', 'have I told you anything about <O>', 'have you got anything on <O>', 'have you any information on <O>', 'is there anything you know about <O>',
  'is there anything on <O>', 'can you tell me what you know about <O>', 'can you give me all facts about <O>', 'can you describe <O>', 'could you tell me all you know about <O>',
  'could you tell me what you remember about <O>', 'could you give me an overview of <O>', 'tell me what you have on <O>', 'tell me what I told you about <O>', 'say what you know about <O>', 'give me everything on <O>',
  'give me the facts about <O>', 'give me all the details on <O>', 'give me a summary of what you know about <O>', 'give me the full picture of <O>', 'show me everything about <O>', 'list all facts about <O>',
  'sum up what you know about <O>', 'describe <O>', 'describe <O> to me', 'let me hear all about <O>', 'let me hear what you know about <O>', 'let me see what you have on <O>', 'remind me of everything about <O>',
  'I want to know everything about <O>', 'I want to hear all about <O>', 'I want all the facts about <O>', "I'd like to hear what you know about <O>", "I'd like to know all about <O>", "I'd like a summary of <O>",
  "I'm curious what you know about <O>", 'I need all you have on <O>', 'I need everything about <O>', 'all about <O>', 'all the information on <O>', 'all that I told you about <O>', 'everything about <O>',
  'everything on <O>', 'everything I told you about <O>', 'facts about <O>', 'info on <O>', 'your knowledge about <O>', 'about <O>, tell me everything', '<O>, what do you know', 'so, what do you know about <O> so far'
]

export const befores: readonly string[] = [
  "what was <S's> <L> back then", "what was <S's> <L> at first", "what was <S's> <L> in the beginning", "what was <S's> <L> before it became the current one", "what was <S's> <L> the last time, before the new one",
  "what was <S's> <L> up to now", "what was <S's> former <L>", "what was <S's> last <L>, before this one", "what was the old value of <S's> <L>", "what were you told first as <S's> <L>",
  "what had I told you before about <S's> <L>", "what had been <S's> <L> before now", "what has <S's> <L> been before", "what did I first tell you <S's> <L> was", "what did I say <S's> <L> was originally",
  "what did you have as <S's> <L> at first", "what did you have down for <S's> <L> previously", "what is <S's> previous <L>", "what's <S's> earlier <L>", "what else has <S's> <L> been in the past",
  "which was <S's> <L> earlier on", "can you tell me <S's> former <L>", "can you tell me what <S's> <L> was before", "can you tell me what <S's> <L> used to be", "could you tell me <S's> previous <L>",
  "could you look back at what <S's> <L> was", "can you still remember <S's> old <L>", "can you still tell me <S's> earlier <L>", "do you still know what <S's> <L> was before", "do you still have <S's> old <L>",
  "do you know what <S's> <L> used to be", "do you remember <S's> former <L>", "have you still got <S's> earlier <L>", "tell me what <S's> <L> was before it changed", "tell me what <S's> <L> was at first",
  "tell me <S's> <L> from before", "tell me again <S's> <L> as it was before", "give me <S's> previous <L>", "give me <S's> <L> from before the change", "show me <S's> former <L>",
  "remind me what <S's> <L> was originally", "I need <S's> former <L>", "I need to know <S's> previous <L>", "I need to know what <S's> <L> was before", "I want to know <S's> old <L>",
  "I'd like <S's> earlier <L>, not the new one", "I don't mean the new one, what was <S's> <L> before", "I forgot <S's> old <L>", "I forgot what <S's> <L> used to be", "I forgot <S's> previous <L>, what was it",
  "not now but before: <S's> <L>", "not the new one, <S's> old <L> please", "before the change, <S's> <L> was what", "before this, what did I say <S's> <L> was", "in the past, what was <S's> <L>",
  "and before, what was <S's> <L>", "at first, what was <S's> <L>", "going back in time, what was <S's> <L>", "<S's> previous <L>", "<S's> <L> before", "<S's> <L> before it changed", "<S's> <L> in the past",
  "<S's> <L> until now, what was it", "<S's> <L>, what was it before", "<S's> <L>, but the old one", "<S's> <L>, as it was earlier", "<S's> old <L>, do you still know it", "<S's> original <L>"
]
