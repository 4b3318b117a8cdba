import type { FactKind } from './fact.ts'
import { homeFacts } from './home-facts.ts'
import { lifeFacts } from './life-facts.ts'
import { tasteFacts } from './taste-facts.ts'

/** What can be true of a person, the user included. */
export const personFacts: readonly FactKind[] = [...homeFacts, ...tasteFacts, ...lifeFacts]
