// More phrases to learn from, beside those of tasks/memory-tools.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const forgets: readonly string[] = [
  'forget all you know about <Q>', 'forget whatever I said about <Q>', 'forget that bit about <Q>', 'you can forget about <Q> now', "you don't have to remember <Q>", 'you no longer need to know <Q>',
  "you needn't remember <Q> any longer", 'can you forget about <Q> for me', 'can you erase <Q>', 'could you delete what you know about <Q>', 'could you erase <Q> from your notes', 'could you clear <Q> from your memory',
  'could you unlearn <Q>', 'would you delete <Q> from your notes', 'would you mind forgetting <Q>', 'will you delete everything on <Q>', 'I want you to forget all about <Q>', 'I need you to forget <Q>',
  'I need <Q> wiped from your memory', "I'd like <Q> removed from your memory", "I'd like <Q> erased", "I'd prefer that you forget <Q>", "I'd rather you didn't remember <Q>", "I don't want you to remember <Q>",
  "I don't want you to know <Q> any more", "I don't want <Q> in your memory", "I don't want <Q> stored any more", 'I no longer want <Q> in your notes', "I'd feel better if you forgot <Q>",
  'it would be better if you forgot <Q>', 'please delete <Q> for good', 'please delete anything you know about <Q>', 'please stop remembering anything about <Q>', 'please unlearn <Q>', 'delete all you have on <Q>',
  'delete the note about <Q>', 'delete the entry for <Q>', 'delete anything to do with <Q>', 'delete from memory: <Q>', 'remove any record of <Q>', 'remove all traces of <Q> from your memory', 'erase <Q> from memory',
  'erase everything I said about <Q>', 'erase any mention of <Q> in your notes', 'wipe <Q>', 'wipe the note on <Q>', 'clear what you have about <Q>', 'clear everything on <Q>', 'clear all notes about <Q>',
  'clear away your memories of <Q>', 'drop what I said about <Q>', 'drop the memory of <Q>', 'lose everything you have on <Q>', 'discard <Q>', 'discard the note about <Q>', 'scrap everything about <Q> from memory',
  'scrub your notes of <Q>', 'strike everything about <Q> from your notes', 'cross out <Q> in your notes', 'unremember <Q>', 'get rid of what you know about <Q>', 'get <Q> out of your head', 'put <Q> out of your mind',
  'take <Q> out of your notes please', 'throw away what you know about <Q>', 'throw away your notes about <Q>', 'throw <Q> out of your memory', 'purge <Q>', 'bin your notes on <Q>', 'rub out what you have on <Q>',
  'destroy your notes about <Q>', 'let go of <Q> in your memory', 'let go of everything you know about <Q>', "don't remember <Q> any more", "don't keep anything about <Q>", "don't store <Q> any longer",
  "don't keep <Q> in your notes", 'do not hold on to <Q> in your memory', 'no longer remember <Q>', 'no need to keep <Q> in memory', "there's no need to remember <Q> any more", '<Q>, forget it',
  '<Q>, delete that from your memory', '<Q>, wipe that from memory', '<Q>, you can forget that', '<Q>: forget', '<Q>: delete from memory', '<Q> can go from your memory', 'about <Q>, forget it all',
  'as for <Q>, forget everything', 'anything about <Q> should be deleted from memory', 'everything you know about <Q> should go, delete it', 'make sure you forget <Q>',
  'make sure nothing about <Q> is left in your memory', "that's private, so forget <Q>", "I've changed my mind, forget <Q>", 'that was wrong, forget <Q>', "I shouldn't have told you, forget <Q>"
]

export const remembers: readonly string[] = [
  'keep it in mind that <F>', 'bear in mind: <F>', 'note to you: <F>', 'a note for you: <F>', 'for the record, <F>, please note it', 'for future reference, note that <F>', 'for later: <F>, keep that', 'memo: <F>',
  'remember for later that <F>', 'one more thing to remember: <F>', 'another thing to remember: <F>', "here's something to remember: <F>", 'here is a fact to save: <F>', "here's one for your memory: <F>",
  'a fact for you to keep: <F>', 'something you should remember: <F>', 'something for your notes: <F>', 'store in memory that <F>', 'save this for later: <F>', 'save to memory: <F>', 'record that <F>',
  'record the following: <F>', 'record it somewhere that <F>', 'write it down: <F>', 'write that down, <F>', 'write in your notes that <F>', 'jot it down for me that <F>', 'make a note: <F>',
  'make a note of the fact that <F>', 'make a mental note that <F>', 'make a memory of this: <F>', 'create a note saying <F>', 'create a memory: <F>', 'add to your notes that <F>', 'add this fact: <F>',
  'put it in your notes that <F>', 'put this on record: <F>', 'log that <F>', 'log in your memory that <F>', 'file it away that <F>', 'keep on file that <F>', 'keep hold of this: <F>', 'hang on to this fact: <F>',
  'retain this: <F>', 'retain the information that <F>', 'memorise this: <F>', 'memorize that <F>', 'commit to memory that <F>', 'learn this: <F>', "don't forget: <F>", "don't you forget that <F>",
  "you mustn't forget that <F>", 'mind that you remember <F>', "make sure you don't forget that <F>", 'make sure to note that <F>', 'be sure to remember that <F>', 'see that you remember this: <F>',
  'I want you to know and remember that <F>', "I'd like you to note that <F>", "I'd like you to save this: <F>", "I'd like this saved: <F>", 'I need you to remember that <F>', 'I need you to keep this: <F>',
  'I want this in your memory: <F>', 'I want to save that <F>', "it's important to remember that <F>", 'you should note that <F>', 'you ought to remember that <F>', 'you can note down that <F>', "let's note that <F>",
  "let's save this: <F>", 'can you save this: <F>', 'can you write down that <F>', 'could you store the fact that <F>', 'could you jot down that <F>', 'would you mind remembering that <F>',
  'will you keep this in mind: <F>', '<F>, remember it', '<F>, please remember this', "<F>, don't forget that", '<F>, do not forget it please', '<F>, note that down', '<F>, write that down', '<F>, jot that down for me',
  '<F>, store that', '<F>, save it to your notes', '<F>, put that in your memory', '<F>, just so you remember', '<F>, could you note that', '<F>, will you remember that', '<F>, commit that to memory',
  "<F>, that's worth remembering", '<F>, bear that in mind', '<F>, hold on to that', '<F>, memory note'
]

export const searches: readonly string[] = [
  'search my notes for anything on <Q>', 'search all your notes for <Q>', 'search everything you know for <Q>', 'search the things I told you for <Q>', 'search for anything about <Q> in my notes',
  'search for mentions of <Q> in your memory', 'search back through my notes for <Q>', 'notes search: <Q>', 'search in memory: <Q>', '<Q>: search your memory', '<Q>, look that up in your memory',
  '<Q>, check your notes for that', '<Q>, find that in my memories', '<Q> in my notes, look for that', 'in my memories, find <Q>', 'in your memory, search for <Q>', 'from my notes, get everything about <Q>',
  'through all my notes, look for <Q>', 'look in your notes for anything about <Q>', 'look through your memory for anything on <Q>', 'look through what you know for <Q>', 'look for anything I said about <Q>',
  'look for all notes about <Q>', 'look around in your memory for <Q>', 'take a look through my notes for <Q>', 'have a rummage through my notes for <Q>', 'have a dig through your memory for <Q>',
  'have a search through my memories for <Q>', 'have a root around in your notes for <Q>', 'rummage in my notes for <Q>', 'dig up what I told you about <Q>', 'dig out my notes about <Q>',
  'scour your memory for anything about <Q>', 'trawl my notes for <Q>', 'browse through your notes for <Q>', 'hunt down everything about <Q> in my notes', 'go through your notes and look for <Q>',
  'go over everything I told you and find <Q>', 'go back over my notes for <Q>', 'do a memory search for <Q>', 'do a quick search of your notes for <Q>', 'do a search of your memory: <Q>',
  'try looking for <Q> in your memory', 'try to find <Q> in my memories', 'query my notes: <Q>', 'filter your notes by <Q>', 'find everything I said about <Q>', 'find everything about <Q> in your memory',
  'find any notes that mention <Q>', 'find anything with <Q> in my notes', 'find in my notes: <Q>', 'find me the notes about <Q>', 'check my memories for <Q>', 'check what you have stored on <Q>',
  'check if <Q> comes up in my notes', 'see if <Q> comes up anywhere in your notes', 'see if you can find <Q> in your memory', 'see whether my notes mention <Q>', 'see what comes up in your memory for <Q>',
  "see what's in my notes about <Q>", 'pull up my notes on <Q>', 'pull out all memories about <Q>', 'pull everything on <Q> from my notes', 'bring up my notes about <Q>', 'bring up all memories of <Q>',
  'get everything on <Q> from your memory', 'fetch my notes about <Q>', 'retrieve everything about <Q> from my notes', 'retrieve my notes on <Q>', 'show me all notes that mention <Q>', 'show all memories with <Q>',
  'list everything in your memory about <Q>', 'collect everything I told you about <Q>', 'can you check my notes for <Q>', 'can you go through your memory for <Q>', 'can you dig up anything about <Q> from my notes',
  'could you search for <Q> in my notes', 'could you look through your memory for <Q>', 'could you check your memory for anything on <Q>', 'could you find <Q> in my memories', 'could you scan my notes for <Q>',
  'would you mind searching your notes for <Q>', 'will you search my notes for <Q>', 'I want to search my notes for <Q>', "I'd like you to look for <Q> in my notes", 'I need you to search my memories for <Q>',
  'I need to find <Q> in my notes', 'I need everything about <Q> from your notes', "I'm looking for <Q> in my notes", "I'm looking for what I told you about <Q>, search your memory",
  'I think I told you about <Q>, search your notes', 'I must have mentioned <Q>, look through your memory', "I'm sure <Q> is somewhere in my notes, find it", "I can't recall <Q>, search my notes",
  'is there anything in my notes about <Q>', 'is <Q> anywhere in your notes', 'are there any notes about <Q>', 'do you have any notes on <Q>', 'any mention of <Q> in my notes'
]
