// More phrases to learn from, beside those of tasks/lists.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const adds: readonly string[] = [
  'stick <I> down on my <N> list, would you', 'bung <I> on the <N> list', 'whack <I> on the <N> list for me', 'toss <I> onto the <N> list', 'drop <I> into my <N> list', 'slap <I> on my <N> list',
  'slip <I> onto the <N> list', 'get <I> down on my <N> list for me', 'jot <I> down on the <N> list', 'jot down <I> for the <N> list', 'scribble <I> on my <N> list', 'write down <I> under my <N> list',
  'log <I> on the <N> list', 'record <I> on my <N> list', 'insert <I> into the <N> list', 'append <I> to the <N> list', 'tack <I> onto the end of my <N> list', 'place <I> on the <N> list', 'file <I> under my <N> list',
  'register <I> on the <N> list', 'store <I> in my <N> list', 'set <I> down on the <N> list', 'extend my <N> list with <I>', 'update the <N> list with <I>', 'update my <N> list to include <I>',
  'expand the <N> list by <I>', 'top up the <N> list with <I>', 'make <I> part of my <N> list', 'make sure <I> ends up on the <N> list', 'make a note of <I> on the <N> list', 'have <I> added to the <N> list',
  'I need <I> added to my <N> list', 'I could do with <I> on my <N> list', "I'd love to have <I> on the <N> list", 'I would like <I> put on my <N> list', 'we should have <I> on the <N> list',
  'we ought to add <I> to the <N> list', "let's add <I> to our <N> list", "let's get <I> onto our <N> list", 'let me add <I> to the <N> list', 'may I add <I> to my <N> list', 'can I get <I> on the <N> list',
  'can we add <I> to the <N> list', 'could you add <I> to my <N> list for me', 'would you mind adding <I> to the <N> list', 'mind putting <I> on my <N> list', 'how about adding <I> to the <N> list',
  "why don't you add <I> to my <N> list", 'be so kind as to put <I> on the <N> list', '<N> list: new item, <I>', '<N> list, one more thing: <I>', '<N> list, please put <I> on there', 'new entry for my <N> list: <I>',
  'next on the <N> list: <I>', 'another thing for my <N> list: <I>', 'another item for the <N> list, <I>', "here's something for the <N> list: <I>", 'also for my <N> list: <I>', 'and <I> on my <N> list as well',
  'oh, and <I> for the <N> list too', 'plus <I> on the <N> list', 'to my <N> list please add <I>', 'on my <N> list I want <I>', 'onto the <N> list with <I>', 'under <N> list, write <I>', 'for my <N> list, note <I>',
  'in my <N> list, include <I>', '<I> belongs on the <N> list', '<I> ought to be on my <N> list', '<I> has to go on the <N> list', '<I> must be on my <N> list, add it', '<I> needs adding to the <N> list',
  '<I>, stick it on the <N> list', '<I>, pop that on my <N> list', '<I>, could you add that to the <N> list', 'we ran out of <I>, put that on the <N> list', "we've run out of <I>, add to <N> list",
  "we're low on <I>, so add that to the <N> list", "we're nearly out of <I>, <N> list please", "there's no <I> left, add that to my <N> list", 'no more <I> in the house, put it on the <N> list',
  'I just used the last of <I>, onto the <N> list', "I'm running low on <I>, stick that on my <N> list", 'I almost forgot, <I> goes on my <N> list too', 'I just thought of <I>, add it to the <N> list',
  'we still need <I>, add that to the <N> list', "I don't have <I> yet, put that on the <N> list", "since we're missing <I>, add that to our <N> list", '<I> is missing from my <N> list, add it',
  'you can add <I> to my <N> list', 'go ahead and put <I> on the <N> list', 'the <N> list should have <I> on it', 'the <N> list should also include <I>', 'my <N> list is missing <I>, add that'
]

export const removes: readonly string[] = [
  'please remove <I> from our <N> list now', 'could you kindly remove <I> from my <N> list', "I'd like <I> removed from the <N> list", 'I need <I> gone from my <N> list', 'I want <I> off the <N> list',
  "I'd like to take <I> off my <N> list", "let's take <I> off the <N> list", "let's drop <I> from our <N> list", "let's lose <I> from the <N> list", 'wipe <I> off the <N> list', 'wipe <I> from my <N> list',
  'clear <I> from the <N> list', 'clear <I> off my <N> list', 'rub <I> out on the <N> list', 'rub <I> off the <N> list', 'erase <I> on my <N> list, would you', 'strike through <I> on my <N> list',
  'scratch out <I> on the <N> list', 'knock <I> off my <N> list for me', 'tick <I> off the <N> list', 'tick <I> on my <N> list as done', 'check <I> off my <N> list', 'mark <I> as done on the <N> list',
  'mark <I> as bought on the <N> list', 'mark <I> off my <N> list', 'set <I> to done on my <N> list', 'discard <I> from the <N> list', 'ditch <I> from my <N> list', 'dump <I> from the <N> list',
  'chuck <I> off the <N> list', 'throw <I> off my <N> list', 'kick <I> off the <N> list', 'bin <I> from my <N> list', 'scrap <I> from the <N> list', 'cut <I> from my <N> list', 'cut <I> out of the <N> list',
  'cancel <I> on the <N> list', 'eliminate <I> from my <N> list', 'exclude <I> from the <N> list', 'omit <I> from my <N> list', 'withdraw <I> from the <N> list', 'axe <I> from the <N> list', 'trim <I> off my <N> list',
  'do away with <I> on the <N> list', 'dispose of <I> on my <N> list', 'take out <I> from the <N> list', 'take <I> out of my <N> list', 'unlist <I> from my <N> list', 'would you mind taking <I> off the <N> list',
  'could you get rid of <I> from my <N> list', 'could you scratch <I> off my <N> list', 'will you strike <I> off the <N> list', 'can we drop <I> from the <N> list', 'can I get <I> taken off my <N> list',
  '<I>: remove from <N> list', '<I>, delete that from the <N> list', '<N> list: delete <I>', '<N> list: cross off <I>', '<N> list: <I> done', '<N> list: no more <I>', '<N> list, scratch <I>', '<N> list, drop <I> please',
  'on the <N> list, cross out <I>', 'on my <N> list, tick off <I>', 'from my <N> list please delete <I>', 'off my <N> list goes <I>', 'no more need for <I>, off the <N> list', 'no need for <I> on the <N> list now',
  'no need for <I> after all, remove that from my <N> list', 'I already have <I>, take that off the <N> list', 'already have <I>, cross it off my <N> list', 'already got <I>, so off the <N> list',
  "I've already bought <I>, remove that from my <N> list", 'I bought <I>, cross that off the <N> list', 'bought <I>, tick that off my <N> list', 'just picked up <I>, check that off the <N> list',
  'I got <I> today, strike that from the <N> list', 'we found <I> at home, so take that off the <N> list', 'turns out we have <I>, delete that from the <N> list', 'done with <I>, cross that off my <N> list',
  "I'm done with <I>, tick that off the <N> list", 'I finished with <I>, take it off the <N> list', "I've taken care of <I>, remove that from my <N> list", "I've sorted <I>, knock that off my <N> list",
  "that's <I> dealt with, check it off the <N> list", "I don't want <I> on my <N> list any more", "I don't need <I> after all, drop that from my <N> list", 'I changed my mind about <I>, take that off the <N> list',
  "<I> shouldn't be on my <N> list", "<I> doesn't belong on the <N> list, remove it", '<I> has to come off my <N> list', '<I> can come off the <N> list', '<I> should come off my <N> list now',
  "my <N> list doesn't need <I> any longer", 'the <N> list no longer needs <I>', 'you can cross off <I> from my <N> list', 'someone else is bringing <I>, so off the <N> list with that',
  'make sure <I> is no longer on the <N> list'
]

export const shows: readonly string[] = [
  "what's on the list for <N>", "what's in my <N> list", "what's in the <N> list right now", "what's already on the <N> list", 'what did I put on my <N> list', 'what did we write on the <N> list',
  'what have I added to the <N> list so far', 'what things are on my <N> list', 'what are the items on my <N> list', 'what are all the entries in the <N> list', "what's my <N> list looking like",
  'what does the <N> list look like', 'what does my <N> list include', 'what remains on the <N> list', 'what was on my <N> list again', 'what was it I had on the <N> list', 'what do you have down for the <N> list',
  'what have you got for me on the <N> list', "what's up on the <N> list", 'which things are still on my <N> list', 'which entries does the <N> list have', 'how does my <N> list look', "how's the <N> list looking",
  'how long is my <N> list', 'how many things are on the <N> list', 'how many items do I have on my <N> list', 'is there anything left on my <N> list', 'is there something on the <N> list already',
  'are there any items on my <N> list', 'anything still on the <N> list', 'does my <N> list have anything on it', 'do we have anything left on the <N> list', 'have I put anything on my <N> list',
  "<N> list, what's on it", "<N> list, what's there", '<N> list: show', '<N> list contents', '<N> list items', 'contents of my <N> list', 'the whole <N> list please', 'view the <N> list', 'display the <N> list',
  'open my <N> list', 'bring up the <N> list for me', 'call up the <N> list', 'get my <N> list', 'fetch my <N> list', 'fetch the <N> list for me', 'print out my <N> list', 'list my <N> list',
  'list everything in my <N> list', 'list the items on the <N> list', 'go over my <N> list with me', 'go through the <N> list with me', 'run through my <N> list', 'run down the <N> list for me',
  'walk me through my <N> list', 'take me through the <N> list', 'recite my <N> list', 'read everything on the <N> list', "say what's on my <N> list", 'let me hear my <N> list', 'let me have the <N> list',
  "let's have a look at the <N> list", "let's hear the <N> list", "let's go over the <N> list", "I'd like to see my <N> list", "I'd like to hear the <N> list", "I want to see what's on my <N> list",
  'I want to look at the <N> list', 'I need the <N> list', "I need to know what's on my <N> list", "I forgot what's on my <N> list", "I can't remember what's on the <N> list", "I've lost track of my <N> list, show it",
  "can you list what's on the <N> list", 'can you pull up my <N> list', 'can you go through my <N> list', 'can I have a look at the <N> list', 'can I hear the <N> list', 'could you open the <N> list',
  'could you read out the <N> list', "could you check what's on my <N> list", 'could you give me the <N> list', 'will you read me the <N> list', 'would you mind showing me the <N> list', 'mind reading me my <N> list',
  'please show me everything on the <N> list', 'please tell me what the <N> list says', 'check the <N> list', 'check my <N> list for me', "have a look at the <N> list and tell me what's there", 'peek at the <N> list',
  'give me a rundown of the <N> list', 'give me an overview of my <N> list', "show me what's left on the <N> list", 'show me all items on my <N> list', "I'm at the shop, what's on the <N> list",
  "before I go, what's on my <N> list", "hey, what's on the <N> list"
]
