import type { Dialogue } from './dialogue.ts'

/** Asked for what is known, or not. */
export const answering: readonly Dialogue[] = [
  { name: 'birthday present', memories: [{ day: '2026-03-02', text: "Mum's birthday: June 11" }, { day: '2026-05-20', text: 'My mum collects teapots' }, { day: '2026-08-01', text: 'Dad turns 70 next spring' }], turns: [{ user: 'argh when was mums bday again??', says: [['june 11', '11 june']] }] },
  { name: 'dog or cat', memories: [{ day: '2025-12-24', text: 'we got a puppy, her name is Wurst' }, { day: '2026-01-03', text: 'Our neighbours have a cat named Pixel.' }], turns: [{ user: 'someone at the park asked for the name of our puppy and i blanked. what is it', says: ['wurst'], not: ['pixel'] }] },
  { name: 'moved twice', memories: [{ day: '2024-02-10', text: 'Jonas lives in Ulm' }, { day: '2026-06-30', text: 'Jonas moved to Ghent for his new job' }, { day: '2025-04-04', text: 'Jonas lives in Aachen now' }], turns: [{ user: 'I want to send Jonas a postcard, which city is he in these days?', says: ['ghent'], not: ['ulm', 'aachen'] }] },
  { name: 'wifi for guests', memories: [{ day: '2026-09-09', text: 'Guest wifi password is plum-Kettle-88' }, { day: '2026-09-09', text: 'The office wifi password is 7yTr-00' }], turns: [{ user: 'Hi! My in-laws are here, what do I type in for the guest wifi?', says: ['plum-kettle-88'], not: ['7ytr-00'] }] },
  { name: 'never told', memories: [{ day: '2026-10-01', text: 'My sister Paula is a vet.' }], turns: [{ user: 'Remind me, how old is Paula?', unknown: true }] },
  { name: 'nothing at all', turns: [{ user: 'whats my locker number', unknown: true }] },
  { name: 'parking level', memories: [{ day: '2026-11-17', text: 'I parked on level 3, row D' }, { day: '2026-11-12', text: 'I parked on level 1, row B' }], turns: [{ user: 'ok shopping done. where did i leave the car', says: [['level 3', 'row d']], not: ['level 1'] }] },
  { name: 'allergies of guests', memories: [{ day: '2026-02-14', text: 'Noor is allergic to pistachios' }, { day: '2026-02-14', text: 'Felipe does not eat pork' }, { day: '2026-07-08', text: 'Noor likes spicy food' }], turns: [{ user: "Cooking for Noor tonight. Anything she's allergic to?", says: ['pistachios'], not: ['pork'] }, { user: 'and Felipe, what does he not eat?', says: ['pork'], not: ['pistachios'] }] },
  { name: 'the plumber', memories: [{ day: '2025-11-30', text: "The plumber's name is Mr. Okonkwo, 0171 555 320" }], turns: [{ user: 'the sink is leaking AGAIN. what is the number of that plumber?', says: ['0171 555 320'] }] },
  { name: 'two sisters', memories: [{ day: '2026-01-01', text: 'My sister Ines lives in Porto' }, { day: '2026-01-01', text: 'My sister Clara lives in Lyon' }], turns: [{ user: 'where does Clara live', says: ['lyon'], not: ['porto'] }, { user: 'And Ines?', says: ['porto'], not: ['lyon'] }] },
  { name: 'train seat', memories: [{ day: '2026-11-10', text: 'Train to Krakow leaves 7:52 on Friday, coach 4 seat 61' }], turns: [{ user: 'which seat do i have on the train on friday?', says: ['61'] }] },
  { name: 'ex dentist', memories: [{ day: '2023-05-05', text: 'My dentist is Dr. Abel' }, { day: '2026-08-19', text: "I don't go to Dr. Abel any more, my dentist is Dr. Sandu now" }], turns: [{ user: 'my tooth hurts. who is my dentist', says: ['sandu'] }] },
  { name: 'capital', turns: [{ user: 'hey do you happen to know the capital of Burkina Faso?', unknown: true }] },
  { name: 'world cup', memories: [{ day: '2026-06-01', text: 'I play football on Sundays' }], turns: [{ user: 'so who won the world cup in 2010', unknown: true }] },
  { name: 'who are you', turns: [{ user: 'hmm so what are you exactly, some kind of chatgpt?', says: [['kinmesh', 'program', 'assistant']] }] },
  { name: 'privacy', turns: [{ user: 'be honest: does any of what I type here end up on some server?', says: [['devices', 'device']] }] },
  { name: 'book', memories: [{ day: '2026-04-23', text: 'I finished reading Middlemarch' }, { day: '2026-04-25', text: "Tomasz has my copy of The Leopard" }], turns: [{ user: "I can't find The Leopard anywhere. Who has it?", says: ['tomasz'] }] },
  { name: 'right or wrong', memories: [{ day: '2026-03-03', text: "Ayşe's boat is called Martı" }], turns: [{ user: "Ayşe's boat is called Yunus, isn't it?", says: ['martı'] }] },
  { name: 'corrects', memories: [{ day: '2026-07-07', text: 'Gate code of the allotment: 2290' }], turns: [{ user: 'gate code allotment?', says: ['2290'] }, { user: 'no they changed it last week, it is 5518 now', talks: true, not: ['2290'] }, { user: 'so what is the gate code for the allotment', says: ['5518'], not: ['2290'] }] },
  { name: 'told a minute ago', turns: [{ user: 'Our new cleaner is called Bronisława and she comes on Tuesdays.', talks: true }, { user: 'what was the name of the cleaner again? I already forgot, lol', says: ['bronisława'] }] },
  { name: 'what is today', now: '2027-02-05T18:03', turns: [{ user: "I've completely lost track, which day of the week is it?", says: ['friday'] }] }
]
