import * as library from '@huggingface/tokenizers'

/** What we use of the library. Its own types name files without extensions, which TypeScript does not follow in ES modules. */
export interface PlainTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] }
  /** Its parts, as the library made them of the file; null where there is none. */
  readonly normalizer: object | null
  readonly pre_tokenizer: object | null
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string
}

const { Tokenizer } = library as unknown as { Tokenizer: new (file: object, config: object) => PlainTokenizer }

export function createPlainTokenizer(file: object): PlainTokenizer {
  return new Tokenizer(file, {})
}
