import type { Phrasings } from '../facts/phrasings.ts'

// More phrases to learn from, beside those of tastes in tasks/grounded.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const likingPhrasings: Phrasings = {
  'likes food/': {
    states: [
      '<S> could eat <V> every day', '<V> for dinner makes <O> happy', 'if there is <V> on the menu, <S> <+order> it', '<S> <+adore> <V> on a plate', 'there is nothing <S> would rather eat than <V>',
      '<S> <+have> a weakness for <V> at the table', 'the taste of <V> is heaven for <O>', '<S> never <+say> no to a helping of <V>', '<S> <+be> mad about <V> as a meal', 'give <O> <V> to eat and <he> <+be> happy',
      'one of the foods <S> <+love> is <V>', '<S> <+crave> <V> when hungry', '<S> <+gobble> up <V> whenever there is some', 'it turns out that <S> <+love> eating <V>', '<S> <+lick> <his> plate clean when it is <V>',
      'a dish that <S> <+like> is <V>', '<S> always <+ask> for a second helping of <V>', 'for lunch <S> <+be> glad to have <V>', 'to eat, <S> <+love> <V>', 'you can please <O> with <V> for dinner',
      'food-wise, <V> would always please <O>', "<S's> mouth waters at the thought of <V>", '<S> <+be> partial to <V> at mealtimes', 'I was told that <S> <+like> to eat <V>',
      'yum, some <V>, that is what <S> <+like> to eat'
    ],
    asks: [
      'what could <S> eat every day', 'what meals make <O> happy', 'what would <S> order from the menu', "which foods make <S's> mouth water", 'which foods <+do> <S> adore', 'what can I serve that <S> would enjoy',
      'what <+do> <S> love eating', 'what <+do> <S> find delicious', 'what should be on the table to please <O>', 'dishes <S> <+love>', 'which meals <+be> <S> keen on', '<S> <+like> eating what',
      'what tasty things <+do> <S> crave', 'for dinner, what would please <O>', "I'm cooking, what <+do> <S> enjoy", 'list the foods that <S> <+like>', 'what have I told you about food <S> <+love>',
      'what <+do> <S> eat with pleasure', "what's tasty in <S's> eyes", 'what <+do> <S> never say no to at the table', 'which things to eat <+be> <S> mad about', 'what goes down well with <O> at dinner',
      'foods that taste good to <O>', 'of what <+do> <S> ask for a second helping'
    ]
  },
  'dislikes food/': {
    states: [
      '<S> <+hate> <V> on <his> plate', '<S> cannot stand the taste of <V>', "<V> should stay off <S's> menu, <he> <+hate> the taste", 'eating <V> makes <O> feel sick', 'please never serve <O> <V>',
      '<S> <+leave> <V> on the plate', '<S> <+pick> the <V> out of <his> food', '<S> <+detest> eating <V>', 'yuck, no <V> for <O>', "keep <V> away from <S's> plate", '<S> would rather go hungry than eat <V>',
      'the taste of <V> is awful for <O>', '<S> <+turn> up <his> nose at <V>', '<S> never <+touch> <V> at meals', '<S> <+loathe> <V> as food', 'no <V> for <O>, <he> <+hate> it', "<S> won't eat <V>",
      '<S> <+do> not care for <V> at all as a food', 'it turns out <S> <+do> not like eating <V>', '<S> <+push> away any plate with <V>', 'nobody can get <O> to eat <V>', 'a food that <S> <+dislike> is <V>',
      '<S> <+have> never liked the taste of <V>', "I was told <S> can't stomach <V>", 'a dish with <V> is no treat for <O>'
    ],
    asks: [
      "what foods can't <S> stand", 'what <+do> <S> leave on <his> plate', 'what makes <O> feel sick when <he> <+eat> it', 'what should I never serve <O>', 'what food <+do> <S> detest', "what won't <S> eat",
      'what tastes awful to <O>', 'at what food <+do> <S> turn up <his> nose', 'what must I leave out when I cook for <O>', 'foods <S> <+dislike>', '<S> <+hate> eating what', 'which foods <+do> <S> loathe',
      'what <+do> <S> never touch at meals', 'what <+do> <S> pick out of <his> food', 'what <+do> <S> find disgusting to eat', 'list the foods that <S> <+do> not like', 'what is yucky for <O>',
      'what <+do> <S> not care for as food', "I'm cooking, so what <+do> <S> hate", 'which meals <+be> <S> not fond of', "what should stay off <S's> plate", 'what things to eat can <S> not bear',
      'is there any food that <S> <+avoid>, what', 'what have I said about food <S> <+hate>', 'what can <S> not stomach'
    ]
  },
  'hobbies/': {
    states: [
      '<S> <+do> <V> for fun', 'in <his> spare time <S> <+go> in for <V>', '<V> is a hobby of <O>', '<V> is how <S> <+relax> after work', "<S's> weekends are for <V>", '<S> <+have> taken up <V> as a pastime',
      '<V> keeps <O> busy in <his> free hours', '<S> <+have> a passion for <V>', "<S's> leisure time goes to <V>", "when <S> <+have> a free afternoon, it's <V>", '<S> <+be> hooked on <V> as a hobby',
      '<S> <+devote> every free minute to <V>', '<V> is one of the pastimes <S> <+like>', '<S> <+be> an enthusiast when it comes to <V>', "among <S's> interests is <V>", '<S> got into <V> as a hobby',
      'for leisure, <S> <+pursue> <V>', 'it turns out <S> <+do> <V> in <his> spare time', 'nothing relaxes <O> like <V> after work', "I was told that <S's> hobbies include <V>", '<S> <+unwind> with some <V>',
      'on days off <S> <+love> to do some <V>', "<V> is <S's> thing at the weekend", '<V> is great fun for <O> as a hobby', 'as a pastime <S> <+enjoy> <V>'
    ],
    asks: [
      'what <+do> <S> do for fun', 'what pastimes <+do> <S> have', 'how <+do> <S> spend <his> spare time', 'what <+do> <S> do at weekends for pleasure', "what are <S's> interests",
      'what keeps <O> busy in <his> free hours', 'how <+do> <S> relax after work', "list <S's> pastimes", 'which leisure activities <+do> <S> go in for', 'what <+have> <S> taken up as a pastime',
      'what <+do> <S> have a passion for', 'when <S> <+be> off work, what <+do> <he> do', 'what hobbies have I told you about for <O>', 'things <S> <+do> for fun', 'spare time activities of <O>',
      'what <+do> <S> get up to in <his> leisure time', "what sort of hobbies are <S's> favourites", 'what <+be> <S> hooked on as a hobby', 'what does a free afternoon look like for <O>',
      'which pastimes <+be> <S> fond of', 'how <+do> <S> unwind', '<S> <+enjoy> what in <his> spare time', 'what fun things <+do> <S> do on days off', 'what hobbies would you name for <O>'
    ]
  }
}
