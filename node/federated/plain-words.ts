import { epsilonOfRounds } from '../../federated/privacy/accountant.ts'
import { type Task, uploadBytes } from './task.ts'

/** What a person reads before agreeing, by question. Each answer is a sentence or a few. */
export type PlainWords = readonly { readonly about: 'what' | 'learns from' | 'leaves' | 'to whom' | 'who reads it' | 'privacy' | 'afterwards'; readonly text: string }[]

/** Names of devices, where they are known. */
export type DeviceNames = (device: string) => string | undefined

/** Names that are listed; the rest is counted. */
const shownDevices = 8

/** What a task means for a person, from its terms alone: written by code, so that nobody who proposes a task writes what is said of it. */
export function plainWords(task: Task, nameOf: DeviceNames = () => undefined): PlainWords {
  return [
    { about: 'what', text: `"${task.name}": several devices improve ${task.model.name} together, in up to ${count(task.rounds, 'round')}. Each trains on what it has, ${count(task.training.steps, 'step')} in a round, and ${aggregationText(task)}.` },
    { about: 'learns from', text: `Conversations on this device and your corrections of them, at least ${count(task.examples.least, 'example')}. They stay on this device; no word of them is sent.` },
    { about: 'leaves', text: `In each round ${count(task.parameters, 'number')}, ${bytes(uploadBytes(task))} at most: by how much training changed an adapter beside the model. ${weightText(task)}` },
    { about: 'to whom', text: whoText(task, nameOf) },
    { about: 'who reads it', text: readersText(task) },
    { about: 'privacy', text: privacyText(task) },
    { about: 'afterwards', text: 'You may leave at any time, and remove the adapter from this device. What was sent by then is part of what others have, and cannot be taken back.' }
  ]
}

const aggregationTexts: Readonly<Record<string, string>> = {
  'ffa': 'the changes are averaged',
  'median': 'of each number the middle one of all devices is taken, so that a single one that is wrong moves nothing',
  'trimmed-mean': 'the changes are averaged without the largest and the smallest of each number',
  'krum': 'the changes of the device that is most like the others are taken',
  'multi-krum': 'the changes of the devices that are most like each other are averaged',
  'norm-clip': 'the changes are averaged, long ones shortened'
}

function aggregationText({ aggregation }: Task): string {
  return `${aggregationTexts[aggregation]} (${aggregation})`
}

function weightText({ privacy, examples }: Task): string {
  if (privacy) return 'How many examples it learned from is not sent.'
  return `Beside them goes from how many examples it learned, as ${examples.most.toLocaleString('en-US')} at most.`
}

function whoText({ participants }: Task, nameOf: DeviceNames): string {
  const to = 'to all that take part in a round'
  if (participants.kind === 'personal') return `Your own devices take part and nobody else; the numbers go ${to}.`
  const names = participants.devices.map(device => nameOf(device) ?? device).sort()
  const more = names.length - shownDevices
  return `${count(names.length, 'device')} may take part: ${names.slice(0, shownDevices).join(', ')}${more > 0 ? ` and ${more} more` : ''}. The numbers go ${to}.`
}

function readersText({ secure }: Task): string {
  if (secure) return `Nobody reads the numbers of this device alone: they are masked, and only the sum of ${count(secure.threshold, 'device')} or more can be opened. All who take part get the mean.`
  return 'Each device that takes part can read the numbers of this device one by one, as it repeats the mean from them; numbers like these can give away parts of what was said.'
}

function privacyText({ privacy, rounds }: Task): string {
  if (!privacy) return 'No noise is added: whoever reads the numbers may find out that something was said, or what. No privacy budget is spent, as none would mean anything.'
  const { noiseMultiplier, sampleRate, budget, noiseIn } = privacy
  const cost = (of: number) => figure(epsilonOfRounds([{ noiseMultiplier, sampleRate, rounds: of }], budget.delta))
  const where = noiseIn === 'each' ? 'This device adds noise to what it sends' : 'Each device adds its part of the noise, which is enough only in the sum of all'
  return `${where}, ${figure(noiseMultiplier)} times as much as one device can add. One round costs ε = ${cost(1)} and all of them ${cost(rounds)}; this device stops at ε = ${figure(budget.epsilon)} (δ = ${budget.delta}): ${meaning(budget.epsilon)}.`
}

/** What may be said of a budget: the factor between the chances of any result with this device and without it. */
function meaning(epsilon: number): string {
  const strength = epsilon <= 1 ? 'strong' : epsilon <= 4 ? 'fair' : 'weak'
  return `a ${strength} promise, by which nothing that comes of it is more than ${figure(Math.exp(epsilon))} times likelier because this device took part`
}

function figure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 })
}

function count(value: number, what: string): string {
  return `${value.toLocaleString('en-US')} ${what}${value === 1 ? '' : 's'}`
}

/** In steps of 1,000. */
function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  let [rest, unit] = [value, 0]
  while (rest >= 1000 && unit < units.length - 1) [rest, unit] = [rest / 1000, unit + 1]
  return `${unit === 0 ? rest : Number(rest.toPrecision(3))} ${units[unit]}`
}
