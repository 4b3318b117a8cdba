import type { Model } from '../model.ts'
import { chatTemplate } from './chat-template.ts'

/** Whether a model is the one that comes with kinmesh, or was made of it: by its chat template, which no other one has. It was taught one form of prompt, and nothing else. */
export function isStarter({ template }: Pick<Model, 'template'>): boolean {
  return template === chatTemplate
}
