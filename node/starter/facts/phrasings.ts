/** What phrases about a fact are for: those of `FactKind`. */
export type PhraseUse = 'states' | 'asks' | 'changes' | 'checks' | 'who'

/** More phrases to learn from, by kind of fact (`kindOf`) and use. */
export type Phrasings = Readonly<Record<string, Partial<Readonly<Record<PhraseUse, readonly string[]>>>>>
