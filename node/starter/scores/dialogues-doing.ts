import type { Dialogue } from './dialogue.ts'

/** Something is to be done, or sounds as if it were. */
export const doing: readonly Dialogue[] = [
  { name: 'milk', turns: [{ user: 'put oat milk and two lemons on the shopping list', calls: [{ name: 'list_add', arguments: { list: 'shopping', items: ['oat milk', 'two lemons'] } }] }, { tool: 'list_add', result: 'ok', talks: true }] },
  { name: 'pasta', turns: [{ user: 'timer 9 minutes', calls: [{ name: 'set_timer', arguments: { duration: '9 minutes' } }] }, { tool: 'set_timer', result: 'runs until 09:49', says: ['09:49'] }] },
  { name: 'call the school', turns: [{ user: 'pls remind me to call the school tomorrow at 8', calls: [{ name: 'set_reminder', arguments: { text: 'call the school', when: 'tomorrow at 8' } }] }, { tool: 'set_reminder', result: 'set for Wednesday 2026-11-18 08:00', says: ['08:00'] }] },
  { name: 'no time given', turns: [{ user: 'Can you remind me to take the chicken out of the freezer?', says: [['when', 'time']] }, { user: 'never mind, did it just now', talks: true }] },
  { name: 'tip', turns: [{ user: 'how much is 12% of 85', calls: [{ name: 'calculate', arguments: { expression: '85 * 12 / 100' } }] }, { tool: 'calculate', result: '10.2', says: ['10.2'] }] },
  { name: 'rent', turns: [{ user: 'Quick one for you: 1240 / 3', calls: [{ name: 'calculate', arguments: { expression: '1240 / 3' } }] }] },
  { name: 'christmas', turns: [{ user: 'my kid keeps asking... how many days until christmas??', calls: [{ name: 'days_between', arguments: { from: 'today', to: 'christmas' } }] }, { tool: 'days_between', result: '38 days', says: ['38'] }] },
  { name: 'weekday', turns: [{ user: 'what weekday is March 3?', calls: [{ name: 'date_add', arguments: { date: 'March 3' } }] }, { tool: 'date_add', result: 'Wednesday 2027-03-03', says: ['wednesday'] }] },
  { name: 'keeps a code', turns: [{ user: "Please remember that Leni's bike lock opens with 0417", calls: [{ name: 'remember', arguments: { text: "Leni's bike lock opens with 0417" } }] }, { tool: 'remember', result: 'ok', talks: true }] },
  { name: 'forget the ex', turns: [{ user: "forget my ex's phone number, I'm done with him", calls: [{ name: 'forget', arguments: { query: "my ex's phone number" } }] }, { tool: 'forget', result: 'forgot 1', talks: true }] },
  { name: 'search again', turns: [{ user: 'Search your memory for the boiler warranty please', calls: [{ name: 'recall', arguments: { query: 'the boiler warranty' } }] }, { tool: 'recall', result: 'nothing found', unknown: true }] },
  { name: 'what do I have', turns: [{ user: "I'm at the shop, what's on my hardware list?", calls: [{ name: 'list_show', arguments: { list: 'hardware' } }] }, { tool: 'list_show', result: 'screws, wood glue, sandpaper', says: ['screws', 'wood glue', 'sandpaper'] }] },
  { name: 'bought it', turns: [{ user: 'got the candles, take them... I mean take candles off the party list', calls: [{ name: 'list_remove', arguments: { list: 'party', items: ['candles'] } }] }] },
  { name: 'disk full', turns: [{ user: 'remember: Opa takes two sugars in his tea', calls: [{ name: 'remember', arguments: { text: 'Opa takes two sugars in his tea' } }] }, { tool: 'remember', result: 'error: disk full', says: ['disk full'] }] },
  { name: 'no weather', turns: [{ user: 'is it going to snow tonight in Bolzano', unknown: true }] },
  { name: 'essay', turns: [{ user: 'Could you write me two pages about the Hanseatic League, with sources', unknown: true }] },
  { name: 'sarcasm', turns: [{ user: 'oh great, another monday. love my life', talks: true }] },
  { name: 'only telling', turns: [{ user: 'The timer on my oven is broken, so annoying', talks: true }] },
  { name: 'reminds of', turns: [{ user: 'that song reminds me of my grandmother', talks: true }] }
]
