// More phrases to learn from, beside those of tasks/common.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const endings: readonly string[] = [
  ", if you don't mind", ', if I may ask', ', if you can', ", if that's ok", ', would you happen to know', ', can you say', ', could you tell me', ', could you help me out', ', tell me please', ', I wonder',
  ', I was wondering', ', I forgot', ", I can't remember", ', I keep forgetting', ', just curious', ', just wondering', ', just checking', ', out of interest', ', once more', ', again', 'then', 'exactly', 'anyway',
  'though', 'thank you', 'pls', ', ta', ', quickly', ', right now', ', my friend', ', I need to know', ", I'd like to know"
]

export const openings: readonly string[] = [
  'excuse me please,', 'pardon me,', 'okay,', 'okay so', 'now,', 'ah,', 'um,', 'erm,', 'hmm,', 'look,', 'a quick one:', 'one quick thing,', 'question for you:', 'I have a question:', 'small question,',
  'I was wondering,', 'out of interest,', 'oh, by the way,', 'come to think of it,', "while I'm here,", 'before I forget,', 'and another thing,', 'let me ask you something:', 'may I ask,', 'help me out,',
  'do me a favour,', "if you don't mind,"
]
