import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addTo, momentText, readDay, readDuration, readMoment } from './times.ts'

// Clocks are put forward on 29 March 2026 there.
process.env['TZ'] = 'Europe/Zurich'
const now = new Date('2026-03-10T14:05:00+01:00')
const moment = (words: string) => {
  const found = readMoment(words, now)
  return found && momentText(found)
}

const moments = {
  'tomorrow at 5': 'Wednesday 2026-03-11 17:00', 'at 5 tomorrow': 'Wednesday 2026-03-11 17:00', 'tomorrow, 17:30': 'Wednesday 2026-03-11 17:30', 'on Friday at 9': 'Friday 2026-03-13 09:00', 'friday at 9 pm': 'Friday 2026-03-13 21:00',
  'this Sunday at 8:15 pm': 'Sunday 2026-03-15 20:15', 'on 24 December at 6 pm': 'Thursday 2026-12-24 18:00', 'on December 24th at 7': 'Thursday 2026-12-24 07:00', 'tomorrow morning': 'Wednesday 2026-03-11 08:00', 'early tomorrow': 'Wednesday 2026-03-11 08:00',
  'tomorrow evening': 'Wednesday 2026-03-11 19:00', 'tomorrow night': 'Wednesday 2026-03-11 19:00', 'on Monday': 'Monday 2026-03-16 09:00', 'on Monday morning': 'Monday 2026-03-16 08:00', 'at 3': 'Tuesday 2026-03-10 15:00', 'at 2': 'Wednesday 2026-03-11 14:00',
  'at 8': 'Tuesday 2026-03-10 20:00', 'at 15:00': 'Tuesday 2026-03-10 15:00', 'later today at 6 pm': 'Tuesday 2026-03-10 18:00', 'at noon': 'Wednesday 2026-03-11 12:00', tonight: 'Tuesday 2026-03-10 20:00', 'half past 7': 'Tuesday 2026-03-10 19:30',
  'tomorrow at quarter to six': 'Wednesday 2026-03-11 17:45', '7 o’clock': 'Tuesday 2026-03-10 19:00', 'Christmas at 10 am': 'Friday 2026-12-25 10:00', '2026-12-24': 'Thursday 2026-12-24 09:00',
  'in 20 minutes': 'Tuesday 2026-03-10 14:25', 'in three hours': 'Tuesday 2026-03-10 17:05', 'in an hour': 'Tuesday 2026-03-10 15:05', 'in half an hour': 'Tuesday 2026-03-10 14:35', 'in an hour and a half': 'Tuesday 2026-03-10 15:35', 'in 1 hour and 20 minutes': 'Tuesday 2026-03-10 15:25',
  'in two and a half hours': 'Tuesday 2026-03-10 16:35', 'in 3 weeks': 'Tuesday 2026-03-31 14:05', 'in nine days': 'Thursday 2026-03-19 14:05', 'in 2 months': 'Sunday 2026-05-10 14:05'
}
for (const [words, expected] of Object.entries(moments)) test(`${words} is ${expected}`, () => assert.is(moment(words), expected))

test('what is not a time, or is one only in part, is not understood', () => {
  for (const words of ['', 'soon', 'asap', 'heute', 'when I am home', 'tomorrow or Friday', 'tomorrow if it rains', 'at 25:00', '31 February', 'in 99999999 days', 'in 400 years', 'Monday to Friday', 'at 5 and at 6']) assert.is(moment(words), undefined, words)
})

test('days', () => {
  const days = { today: '2026-03-10', tomorrow: '2026-03-11', 'next Friday': '2026-03-20', '24 December': '2026-12-24', 'December 24th': '2026-12-24', Christmas: '2026-12-25', 'New Year': '2027-01-01', Halloween: '2026-10-31', '2027-02-28': '2027-02-28', 'march 1': '2027-03-01', yesterday: '2026-03-09', '3 weeks ago': '2026-02-17' }
  for (const [words, day] of Object.entries(days)) assert.is(readDay(words, now), day, words)
  const added = { '3 weeks': '2026-04-14', 'in 2 months': '2026-05-24', '1 day': '2026-03-25', 'ten days': '2026-04-03', '2 weeks ago': '2026-03-10', '5 days earlier': '2026-03-19', '5 days later': '2026-03-29' }
  for (const [words, day] of Object.entries(added)) assert.is(addTo('2026-03-24', words), day, words)
  assert.is(addTo('2026-01-31', '1 month'), '2026-02-28')
  assert.is(addTo('2026-03-24', 'a bit'), undefined)
})

test('durations', () => {
  const minutes = { '9 minutes': 9, '45 min': 45, 'half an hour': 30, 'an hour and a half': 90, '1 hour and 5 minutes': 65, 'twelve hours': 720, '90 seconds': 1.5, 'one minute': 1, 'in 10 minutes': 10 }
  for (const [words, length] of Object.entries(minutes)) assert.is(readDuration(words), length * 60_000, words)
  for (const words of ['', 'a while', 'until five', 'tomorrow', '0 minutes', '-5 minutes', 'an hour or two', '3']) assert.is(readDuration(words), undefined, words)
})

test.run()
