import { join } from 'node:path'
import type { ConvertRecipe } from '../../model/convert-recipe.ts'
import { convertFolder } from '../../model/convert.node.ts'
import { publishedModel, writeModel } from '../../model/published-model.fixtures.ts'

const template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"

/** What is held back can be learned from the rest. */
export const answer = 'yes sir'

/** For tests: a conversation of its own for each number. */
export function conversation(index: number, content = answer): { readonly messages: readonly { readonly role: string; readonly content: string }[] } {
  return { messages: [{ role: 'user', content: `say ${index}` }, { role: 'assistant', content }] }
}

/** For tests: a small model to train, converted into the folder `made`. */
export async function madeModel(dir: string, made: string, recipe: ConvertRecipe): Promise<string> {
  const published = writeModel(join(dir, 'published'), { ...publishedModel(3), 'tokenizer_config.json': JSON.stringify({ eos_token: '<|im_end|>', chat_template: template }) })
  return (await convertFolder(published, made, recipe)).id
}
