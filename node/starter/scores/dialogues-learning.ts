import type { Dialogue } from './dialogue.ts'

/** What is to be kept of what somebody says. */
export const learningDialogues: readonly Dialogue[] = [
  { name: 'new flat', learn: true, turns: [{ user: 'Puh, finally done with the boxes. My new address is 14 Elmgrove Yard.', learns: [{ text: 'My new address is 14 Elmgrove Yard', kind: 'fact', subject: 'user' }] }] },
  { name: 'a question only', learn: true, turns: [{ user: "does anyone here know when Rafael's train gets in?", learns: [] }] },
  { name: 'in a dream', learn: true, turns: [{ user: 'lol last night I dreamt that my boss was a penguin', learns: [] }] },
  { name: 'job change', learn: true, memories: [{ day: '2025-09-01', text: 'Hanneke works as a florist' }, { day: '2025-09-02', text: 'Hanneke has a parrot called Kiki' }], turns: [{ user: 'Hanneke works as a bus driver now', learns: [{ text: 'Hanneke works as a bus driver now', kind: 'fact', subject: 'Hanneke', replaces: 'Hanneke works as a florist' }] }] },
  { name: 'two in one', learn: true, turns: [{ user: "My cousin Radu is allergic to sesame. Also, I can't stand olives.", learns: [{ text: 'My cousin Radu is allergic to sesame', kind: 'fact', subject: 'Radu' }, { text: "I can't stand olives", kind: 'preference', subject: 'user' }] }] },
  { name: 'quoted', learn: true, turns: [{ user: 'the guy on the radio said "my name is Earl and I live in a van", made me laugh', learns: [] }] },
  { name: 'thanks', learn: true, earlier: [{ role: 'user', text: 'where do I keep the spare fuses' }, { role: 'assistant', text: 'The spare fuses are in the pantry.' }], turns: [{ user: 'ah right, thank you!!', learns: [] }] },
  { name: 'an appointment', learn: true, turns: [{ user: 'ok so my eye test is on friday at 11', learns: [{ text: 'my eye test is on friday at 11', kind: 'event', subject: 'eye test' }] }] },
  { name: 'not sure', learn: true, turns: [{ user: 'maybe Sigrid lives in Bergen, not sure tbh', learns: [] }] },
  { name: 'a tool does it', learn: true, turns: [{ user: 'remind me to feed the neighbours cat at 6', learns: [] }] }
]
