import type { Dialogue } from './dialogue.ts'
import { answering } from './dialogues-answering.ts'
import { doing } from './dialogues-doing.ts'
import { learningDialogues } from './dialogues-learning.ts'

/** Fifty conversations as people have them: written by hand, with none of the generator's phrases. */
export const dialogues: readonly Dialogue[] = [...answering, ...doing, ...learningDialogues]
