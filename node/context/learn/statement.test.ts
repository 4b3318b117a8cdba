import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { plainItems } from './rules.ts'
import { isSameAttribute, isSameValue, readStatement } from './statement.ts'

const read = (text: string, about?: string) => {
  const found = readStatement(text, about)
  return found && [[...found.owners].join('/'), found.attribute, found.value].join(' · ')
}

test('what has one value at a time is read with its owner, however it is said', () => {
  for (const [text, said] of [
    ['I live in Rome.', 'user · home · Rome'], ["we're living in Bern these days", 'user · home · Bern'], ['My mother has moved from Bern to Basel', 'mother · home · Basel'], ["I don't live in Rome any more, I moved to Oslo", 'user · home · Oslo'], ['my sister Ana lives in Rome now', 'sister/ana · home · Rome'],
    ['my dentist is now Dr. Weber', 'user · dentist · Dr. Weber'], ['My new phone number is 0791234567', 'user · phone · 0791234567'], ["Anna's birthday is on 4 May", 'anna · birthday · on 4 May'], ["my sister's favourite dish is dolma", 'sister · favourite food · dolma'], ['my favorite movie: Alien', 'user · favourite film · Alien'],
    ['the code for the garage is 4711', 'garage · code · 4711'], ['they changed the code for the garage to 5518', 'garage · code · 5518'], ["the garage's code is no longer 4711 but 5518", 'garage · code · 5518'], ['Rome is my birthplace', 'user · birthplace · Rome'], ['I am 40 years old', 'user · age · 40'], ['Ben works as a nurse', 'ben · job · nurse'],
    ['I love pancakes', 'user · taste pancak · yes'], ["I don't like pancakes any more", 'user · taste pancak · no'], ['my garage has the code 4711', 'garage · code · 4711']
  ] as const) assert.is(read(text), said, text)
  assert.is(read('she works for Acme', 'Ana'), 'ana · employer · Acme')
})

test('what may be so beside something else is not', () => {
  for (const text of ['my doctor is nice', 'my house is old', 'the meeting room is free', 'my sister is tall', 'My wife is a nurse', 'I have a bike', 'she works for Acme', 'Ben went to Rome', 'it is 5518', '我住在罗马', 'my idea is good', '']) assert.is(read(text), undefined, text)
})

test('two that say the same, and two that do not', () => {
  const [rome, home, oslo, ben] = ['I live in Rome', 'my home is in Rome', 'I moved to Oslo', 'Ben lives in Rome'].map(text => readStatement(text)!)
  assert.equal([isSameAttribute(rome!, home!), isSameValue(rome!, home!), isSameAttribute(rome!, oslo!), isSameValue(rome!, oslo!), isSameAttribute(rome!, ben!)], [true, true, true, false, false])
})

test('plain statements of a message, each for itself', () => {
  const texts = (message: string) => plainItems(message).map(({ text, kind, subject }) => `${kind} ${subject}: ${text}`)
  assert.equal(texts('Hi there! I moved to Oslo and my sister lives in Bern. By the way, my favourite film is Dune; I love tea but I hate olives.'), [
    'fact user: I moved to Oslo', 'fact sister: my sister lives in Bern', 'preference user: my favourite film is Dune', 'preference user: I love tea', 'preference user: I hate olives'
  ])
  assert.equal(texts('My dog is called Rex. The code for the garage is 4711'), ['person dog: My dog is called Rex', 'fact garage: The code for the garage is 4711'])
  assert.equal(texts('she lives in Rome. Is my name Ben? If I live in Rome, I am happy. "I live in Rome", he said. thanks!'), [])
})

test.run()
