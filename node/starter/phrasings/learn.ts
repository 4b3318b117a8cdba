// More phrases to learn from, beside those of tasks/learn.ts: whoever wrote them saw none that are held back for validation and test, and none of these is one.

export const introductions: readonly string[] = [
  '<N> happens to be my <K>', '<N> has become my <K>', '<N> is my <K>, you see', '<N> is the <K> I have told you of', '<N> is a (dear|good) <K> of mine', '<N> is who my <K> is', '<N> is the name my <K> goes by',
  'if I say <N>, I mean my <K>', 'when I talk of <N>, that is my <K>', "whenever I mention <N>, that's my <K>", 'by <N> I mean my <K>', 'in case you wonder who <N> is, my <K>', 'you should know who <N> is, my <K>',
  "you don't know <N> yet, that's my <K>", 'you have not met <N>, my <K>', 'meet <N>, my <K>', 'meet my <K>, <N>', 'say hello to <N>, my <K>', 'say hi to my <K> <N>', 'let me introduce my <K> <N>',
  'let me introduce you to <N>, my <K>', 'let me present my <K>, <N>', 'let me tell you about my <K>, who is called <N>', 'may I introduce <N>, my <K>', 'may I introduce my <K>, <N>', 'may I present <N>, who is my <K>',
  'can I introduce you to <N>, my <K>', 'allow me to introduce <N>, my <K>', "I'd like to introduce <N>, my <K>", "I'd like you to meet my <K> <N>", 'I want to introduce my <K>, <N>',
  'I want you to know who <N> is, my <K>', 'this is <N>, my <K>', 'this here is <N>, a <K> of mine', 'here comes my <K>, <N>', 'there is my <K>, <N>', 'there is <N>, who is my <K>', "there's a <K> of mine called <N>",
  'I am with my <K> now, <N>', 'I have a <K>, and the name is <N>', 'I have a <K>, whom I call <N>', 'I have a <K> who goes by <N>', 'I have a <K> by the name of <N>', 'I have a <K> with the name <N>',
  "I've a <K> called <N>", "I've got a <K>, <N>", 'I refer to my <K> as <N>', 'I always call my <K> <N>', 'everyone calls my <K> <N>', 'everybody knows my <K> as <N>', 'they named my <K> <N>',
  'a <K> of mine goes by <N>', 'a <K> of mine has the name <N>', 'my <K>, <N> by name', "my <K>, that's <N>", 'my <K> happens to be <N>', 'my <K> is a person named <N>', 'my <K> answers to the name of <N>',
  'my <K> bears the name <N>', 'my <K> would be <N>', 'my <K> was named <N>', 'my <K> = <N>', 'the <K> I have is called <N>', 'the person who is my <K> is <N>', 'the one called <N> is my <K>',
  'as for my <K>, the name is <N>'
]

export const plans: readonly string[] = [
  "I've got to <T> <W>", "I'd like to <T> <W>", "I'd love to <T> <W>", "I'd better <T> <W>", 'I had better <T> <W>', 'I shall <T> <W>', 'I will <T> <W>', "I'll <T> <W>", "I'll probably <T> <W>", "I'll have to <T> <W>",
  "I'll need to <T> <W>", "I'll be able to <T> <W>", "I'm planning to <T> <W>", "I'm about to <T>", "I'm expected to <T> <W>", "I'm meant to <T> <W>", "I'm obliged to <T> <W>", "I'm determined to <T> <W>",
  "I'm going to have to <T> <W>", 'I intend to <T> <W>', 'I mean to <T> <W>', 'I hope to <T> <W>', 'I aim to <T> <W>', 'I wish to <T> <W>', 'I really should <T> <W>', 'I really have to <T> <W>',
  'I really need to <T> <W>', 'I simply must <T> <W>', 'I definitely have to <T> <W>', 'I also have to <T> <W>', 'I also want to <T> <W>', 'I decided to <T> <W>', "I've promised that I will <T> <W>",
  'I told them I would <T> <W>', 'I offered to <T> <W>', 'I was asked to <T> <W>', "I've been asked to <T> <W>", 'I made up my mind to <T> <W>', "I've arranged to <T> <W>", "I've made plans to <T> <W>",
  "I've set myself the goal to <T> <W>", 'they want me to <T> <W>', 'my job <W> is to <T>', 'the plan <W> is to <T>', 'the idea is that I <T> <W>', 'the next thing I must do is <T>', "it's my job to <T> <W>",
  'it is high time for me to <T>', 'it falls to me to <T> <W>', 'there is no way around it, I have to <T> <W>', 'what I want to do <W> is <T>', 'what I have planned <W>: <T>', 'all I have to do <W> is <T>',
  '<W> I must <T>', '<W> I need to <T>', '<W> I plan to <T>', "<W> I'm going to <T>", "<W> I'd like to <T>", '<W> I should <T>', '<W> I am supposed to <T>', "<W> I've got to <T>", "<W> I'll finally <T>", '<W> I can <T>',
  "<W> it's my turn to <T>", '<W> is when I want to <T>', 'gotta <T> <W>', 'going to <T> <W>', 'hoping to <T> <W>'
]

export const tastes: readonly string[] = [
  '<V>, I love it', '<V> for me any day', '<V> is great fun if you ask me', '<V> is what I love most', '<V> is right up my street', '<V> is not for me', '<V> is something I can do without',
  '<V> is one of my great loves', '<V> is the best thing there is', '<V> is a horror to me', '<V> gets on my nerves', '<V> gives me a lot of joy', '<V> does nothing for me', '<V> has never appealed to me',
  '<V> always cheers me up', '<V> puts me in a good mood', '<V> drives me mad', '<V> leaves me cold', 'give me <V> and I am happy', 'nothing beats <V>', 'there is nothing better than <V>',
  'nobody likes <V> more than I do', 'you can keep <V>, I hate it', "you can't please me with <V>", 'you can win me over with <V>', 'keep me away from <V>', 'for me it has to be <V>', 'for me there is nothing like <V>',
  "if there is one thing I hate, it's <V>", 'one thing I really enjoy is <V>', "what I don't care for is <V>", 'of all things I like <V> best', 'more than anything I love <V>', 'my great passion is <V>',
  'my big love is <V>', 'I have a soft spot for <V>', 'I have no interest in <V>', 'I have never been into <V>', 'I have grown to love <V>', "I've come to like <V>", "I've gone off <V>", "I've had enough of <V>",
  'I am mad about <V>', 'I am totally into <V>', 'I am quite fond of <V>', 'I am bored by <V>', 'I am a (real|true) lover of <V>', "I can't bear <V>", "I can't get excited about <V>", 'I could do without <V>',
  "I couldn't care less about <V>", "I don't care much about <V>", "I don't really like <V>", 'I enjoy <V> very much', 'I get a lot out of <V>', 'I find <V> boring', 'I think <V> is terrible',
  'I would choose <V> over anything', 'I would do anything for <V>', 'I take great pleasure in <V>', 'I try to avoid <V>', 'I prefer <V> to most things', 'I feel good with <V>', 'not a fan of <V>, sorry',
  "can't stand <V>, never could", 'love <V>', 'hate <V>', 'never really got into <V>', 'always up for <V>'
]

export const trips: readonly string[] = [
  "I'm setting off for <C> <W>", "I'm taking the train to <C> <W>", "I'm catching a plane to <C> <W>", "I'm visiting <P> <W>", "I'm meeting <P> in <C> <W>", "I'm meeting up with <P> <W>", "I'm having lunch with <P> <W>",
  "I'm having <P> over <W>", "I'm going to <C> with <P> <W>", "I'm picking up <P> <W>", "I'm picking <P> up from the station <W>", "I'm spending the day in <C> <W>", "I'm flying out to <C> <W>",
  "I'll be away in <C> <W>", "I'll be on the road to <C> <W>", "I'll be with <P> <W>", "I'll drive to <C> <W>", "I'll see <P> in <C> <W>", "I'll go and see <P> <W>", 'I have a meeting with <P> <W>',
  'I have business in <C> <W>', 'I have arranged to meet <P> <W>', "I've been invited to <C> <W>", "I've got a trip to <C> coming up <W>", 'I fly to <C> <W>', 'I return from <C> <W>', 'we are off to <C> <W>',
  'we are heading for <C> <W>', 'we are meeting <P> <W>', 'we are having dinner with <P> <W>', 'we are visiting <P> in <C> <W>', 'we have a holiday in <C> <W>', 'we booked a trip to <C> <W>',
  "we're going on holiday to <C> <W>", '<P> comes to <C> <W>', '<P> comes to stay with me <W>', '<P> is coming round <W>', '<P> is in town <W>', '<P> is arriving in <C> <W>', '<P> is picking me up <W>',
  '<P> is taking me to <C> <W>', '<P> will be here <W>', '<P> will visit us <W>', '<P> wants to meet me <W>', '<P> and I are having coffee <W>', '<P> leaves for <C> <W>', '<P> drops by <W>', '<W> I drive to <C>',
  '<W> I leave for <C>', "<W> I'm travelling to <C>", "<W> I'm meeting <P>", '<W> I see <P>', '<W> I visit <P> in <C>', '<W> I have a train to <C>', "<W> I'll be in <C>", '<W> we are in <C>', '<W> we visit <P>',
  '<W> <P> is coming', '<W> <P> and I are off to <C>', 'my trip to <C> starts <W>', 'my train to <C> goes <W>', 'my holiday in <C> begins <W>', 'my date with <P> is <W>', 'the trip to <C> is <W>',
  'the bus to <C> leaves <W>'
]
