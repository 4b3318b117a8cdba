import type { UsersTerms } from '../../federated/simulation/experiment.ts'
import { logGamma, seededRandom } from '../../federated/simulation/random.ts'
import { toolDescriptionOf } from '../model/text-request.ts'
import type { Message } from '../model.ts'
import { Dice } from '../starter/dice.ts'
import type { Example } from '../starter/example.ts'
import { generate, type TaskName, weights } from '../starter/generate.ts'
import { conversationOf, type TrainingConversation } from '../train/examples/conversation.ts'

/** What each user of an assistant said to it, in the order of the users. */
export type UserTexts = { readonly training: readonly (readonly TrainingConversation[])[]; readonly heldOut: readonly (readonly TrainingConversation[])[] }

/** Ways of being answered: with a word of address at its end, which no text that the starter model is made of has. */
const addresses = ['my dear', 'sir', 'my friend', 'boss', 'sweetheart', 'captain', 'mate', 'your honour'] as const

/** What is said to nobody, but kept, has no style: it is left out. */
const topics = weights.filter(([name]) => !name.startsWith('learn_'))
/** Away from the seeds whose examples are scored, and from those of bench/starter/style.ts. */
const firstSeed = 100_000_000
/** Seeds of one user of one experiment: more than it may have conversations. */
const seedsOfUser = 2 ** 14
/** Users that seeds are there for, within the 2^40 of the generator. */
const seedsOfExperiment = seedsOfUser * 2 ** 17
const experiments = 256

/**
 * Conversations that the generator of the starter model writes with words and phrases that its training never saw. Users differ in what they talk of, and in how they like to be answered. The same seed gives the same.
 */
export function userTexts({ examples, heldOut, topics: spread, styles }: UsersTerms, users: number, seed: number): UserTexts {
  const all = Array.from({ length: users }, (_, user) => {
    const [shares, dice] = [topicShares(spread, seed, user), new Dice(seededRandom(seed, 'topics of examples', user).word())]
    const first = firstSeed + (seed % experiments) * seedsOfExperiment + user * seedsOfUser
    return Array.from({ length: examples + heldOut }, (_, at) => conversationInStyle(generate(first + at, 'validation', dice.weighted(shares)), addresses[user % styles]!))
  })
  return { training: all.map(each => each.slice(0, examples)), heldOut: all.map(each => each.slice(examples)) }
}

/** How often a user talks of each topic: Dirichlet about how often the generator would by itself. */
function topicShares(spread: number, seed: number, user: number): (readonly [TaskName, number])[] {
  const random = seededRandom(seed, 'topics', user)
  const mean = topics.reduce((sum, [, weight]) => sum + weight, 0) / topics.length
  const logs = topics.map(([, weight]) => logGamma(random, (spread * weight) / mean))
  const most = Math.max(...logs)
  return topics.map(([name], at) => [name, Math.exp(logs[at]! - most)])
}

/** A conversation in which the assistant says what it says to anybody, as this person likes it. */
export function conversationInStyle({ messages, tools, targets }: Example, address: string): TrainingConversation {
  const learned = new Set(targets.map(({ index }) => index))
  return conversationOf({ messages: messages.map((message, index) => hubMessage(message, learned.has(index), address)), ...(tools.length > 0 ? { tools: tools.map(toolDescriptionOf) } : {}) }, 'a generated conversation')
}

/** As files for fine-tuning write it. */
function hubMessage(message: Message, isLearned: boolean, address: string): unknown {
  const { role, text } = message
  if (role !== 'assistant') return { role, content: text }
  const calls = (message.calls ?? []).map(({ name, arguments: given }) => ({ type: 'function', function: { name, arguments: given } }))
  return { role, content: text === '' ? '' : addressed(text, address), ...(calls.length > 0 ? { tool_calls: calls } : {}), weight: isLearned ? 1 : 0 }
}

function addressed(text: string, address: string): string {
  return `${text.replace(/[.!?]$/u, '')}, ${address}${text.endsWith('?') ? '?' : '!'}`
}
