import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isSupported } from './support.ts'

const said = ['I met Ann, and my sister (the younger one) moved to Oslo last week!', '我喜欢喝咖啡']

test('what somebody said is supported, word for word or in its words of meaning', () => {
  for (const text of ['my sister (the younger one) moved to Oslo', 'I met Ann', 'The younger sister moved to Oslo.', 'sister: Oslo', '喜欢喝咖啡']) assert.ok(isSupported(text, said), text)
})

test('what nobody said is not, nor what says nothing', () => {
  for (const text of ['my sister lives in Oslo', 'my brother moved to Oslo', 'sis', '喜欢喝茶', '', '…']) assert.not(isSupported(text, said), text)
  assert.not(isSupported('anything', []))
})

test.run()
