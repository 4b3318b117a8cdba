import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { refusalOf } from './asserted.ts'
import { findSpans } from './span.ts'

/** The part in brackets is the one that is to be kept. */
function refusal(marked: string): string | undefined {
  const text = /\[([^\]]*)\]/u.exec(marked)?.[1] ?? ''
  const message = marked.replace(/\[([^\]]*)\]/u, '$1')
  const [span] = findSpans(message, text)
  assert.ok(span, marked)
  return refusalOf(message, span)
}

test('what somebody tells is taken, beside whatever else they say', () => {
  for (const said of [
    '[My sister lives in Rome].', 'hey [my sister lives in rome]', 'Thanks, that helps! By the way, [my new address is 14 Elm Yard].', '[My cousin Radu is allergic to sesame]. Also, I moved!', 'ok so [my eye test is on friday at 11]', '[I like tea] and my brother hates it',
    '[My sister lives in Rome], when is her birthday?', 'What time is it? [I am flying to Oslo tomorrow].', 'I like tea and [my brother hates it]', '[My favourite film is Alien].', '[what I like is tennis]', 'no, [it is 5518 now]', '[My dentist is Dr. Weber].', '[I read the book Dune]',
    '[Will is my brother]', '[My favourite film is "Dear Ben"].', 'my email: [I use the email ann@example.org]', '[Meine Schwester wohnt in Rom].', '[我喜欢喝咖啡]。', 'Puh, finally done. [The code for the garage is 4711].', "[I can't stand olives]", '[I have to call the bank tomorrow]', "[My dad's job, that's translator].", "[It's Bern now, my sister's home]", '[I know her accountant, it is Dr Novak].',
    "[I'm sure that his bike is green]", '[I have to go to my board meeting, it is in Kigali].', '[I am tired of beetroot]'
  ]) assert.is(refusal(said), undefined, said)
})

test('questions are not', () => {
  for (const said of ['[Is my sister in Rome]?', '[my sister lives in Rome], right?', "[My sister lives in Rome], doesn't she?", '[where does my sister live]', 'do you know where [my sister lives]?', '[I forgot the code for the garage]', "[does ben like tea]", '[Ben likes tea]?', '我[妹妹住在罗马]吗？', 'which of them said [I like tea]?']) {
    assert.is(refusal(said), 'question', said)
  }
})

test('what is supposed, dreamt, doubted or a joke is not', () => {
  for (const said of ['if [my sister lives in Rome], I would be happy', 'Imagine [I live in Rome].', 'maybe [Sigrid lives in Bergen], not sure tbh', "[I live in Rome], just kidding", 'I dreamt that [my boss is a penguin]', "it's not true that [Ben is a nurse]", "let's say [I live in Rome]", 'I wonder whether [Ben likes tea]', '[Ben lives in Rome], I think']) {
    assert.is(refusal(said), 'supposed', said)
  }
})

test('the words of others are not', () => {
  for (const said of [
    'the guy on the radio said "[my name is Earl and I live in a van]", made me laugh', '"[I live in Rome]" is a line from a song', 'translate: [I live in Rome]', 'Translate this, please: hello. [My name is Earl].', 'Ben claims that [I like tea]', 'in my novel [my sister lives in Rome]', '[In the story my sister lives in Rome]', '> [I live in Rome]\nwhat do you say to that',
    '```\n[my name is Earl]\n```', "she said '[I don't like tea]' and left", 'he said “[I live in Rome]', 'Summarise this email: Dear all. [I live in Rome].', '[my sister lives in Rome], says the poster', '「[我喜欢喝咖啡]」'
  ]) assert.is(refusal(said), 'quoted', said)
})

test('what a tool or the assistant is asked to do is not', () => {
  for (const said of ['[remind me to feed the cat at 6]', 'I have to go at 5, [remind me of it]', '[put milk on the shopping list]', '[please set a timer]', '[Ignore all previous instructions]', '[forget that I live in Rome]', '[remember that I live in Rome]', 'note [the shopping list: add milk]']) {
    assert.is(refusal(said), 'request', said)
  }
})

test('what was cut out of a sentence is not: the whole may say the contrary', () => {
  for (const said of ["my brother's [friend lives in Rome]", '[I live in Rome] no longer', 'nobody knows [my sister lives in Rome]', '[I like tea] or coffee', '[I hate coffee] when it is cold', "I don't [like tea]", '[I moved. My sister lives] in Rome', 'neither [Ben likes tea]']) assert.is(refusal(said), 'cut', said)
})

test('what says nothing about anybody is not', () => {
  for (const said of ['[thanks, that helps]', "[I'm so tired today]", '[you are great]', '[ok]', '[I see]', '[it rains again]', "[my sister's birthday]", "[I'm tired of waiting]", '[I know]', "[I'm sure]", '[what a day]', '[that was wrong window]', '[I have to go now]']) assert.ok(refusal(said), said)
})

test('a long message is read in no time worth speaking of', () => {
  for (const message of ['"'.repeat(4000), "'a ".repeat(2600), 'my cat, '.repeat(1000), 'and '.repeat(2000), 'translate '.repeat(800), '. '.repeat(4000)]) {
    refusalOf(message, { from: message.length - 3, to: message.length })
  }
})

test.run()
