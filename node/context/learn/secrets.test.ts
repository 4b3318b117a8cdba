import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isSecret } from './secrets.ts'

test('what opens something, numbers of cards and accounts, keys of programs, and what is called a secret', () => {
  for (const text of [
    'my password is hunter2', 'the wifi password for the cabin is swordfish', 'Password: abc', 'the printer password is under the desk', 'I changed my passcode to 8812', 'my bank PIN is 4711', 'PIN 0815 for the card', 'the CVV is 123',
    'my card is 4111 1111 1111 1111', '5500-0000-0000-0004 is my card', 'IBAN DE89 3704 0044 0532 0130 00', 'send it to GB82WEST12345698765432 please', 'my api key is abc', 'use sk-abcdefghijklmnop1234', 'the token ghp_abcdefghijklmnopqrstuv',
    'AKIAIOSFODNN7EXAMPLEAB', '-----BEGIN RSA PRIVATE KEY-----', 'Mein Passwort ist geheim1', 'mon mot de passe est soleil', '我的密码是abc123', 'my secret canary is called Rex', "don't tell anybody that I am leaving", 'key 9f86d081884c7d659a2feaa0c55ad015'
  ]) assert.ok(isSecret(text), text)
})

test('what is none of these', () => {
  for (const text of [
    'I forgot my password', 'I bought a pin for my jacket', 'the code for the garage is 4711', 'my phone number is +41 44 123 45 67', 'order 4111 1111 1111 1112 came', 'call 0800 1234567', 'room 1 1234567890 118', 'on 17 3 2026 1430 1045', 'my birthday is on 4 May 1990', 'Anna likes tulips',
    'the page is https://example.org/a/Abcdefghijklmnopqrstuvwxyz0123', 'my secretary is called Ben', 'the serial number is 549664', 'we drive to DE12 for dinner', 'I was born in 1990', '0000 0000 0000 0000'
  ]) assert.not(isSecret(text), text)
})

test('a long text is read in no time worth speaking of', () => {
  for (const text of ['password '.repeat(900), 'a1B'.repeat(2700), '4 '.repeat(4000), 'DE12 '.repeat(1600), 'pin '.repeat(2000)]) isSecret(text)
})

test.run()
