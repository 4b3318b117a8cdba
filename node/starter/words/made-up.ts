import type { Dice } from '../dice.ts'
import { type Split, splitOf } from '../split.ts'

/** Ways of building words that are in no dictionary: beginnings of syllables, vowels, ends. What is copied from a prompt then has to be read there, as it was never seen. */
const styles: readonly (readonly [readonly string[], readonly string[], readonly string[]])[] = [
  ['b d f g k l m n p r s t v z br dr fl gr kl pr st tr'.split(' '), 'a e i o u'.split(' '), ['', '', '', 'n', 'r', 's', 'l', 'm', 'rt', 'nd']],
  ['k s t n h m y r w g z d b sh ch ry ky'.split(' '), 'a i u e o ō ū'.split(' '), ['', '', '', '', 'n']],
  ['b c d g j k l m n p r s š t v z ž č st vr kr dr zl'.split(' '), 'a e i o u á é í ě'.split(' '), ['', '', 'k', 'n', 'l', 'v', 'š', 'ch', 'r']],
  ['b d f g h j k l m n r s t v sk st tr br hj kv'.split(' '), 'a e i o u y å ø ö ä'.split(' '), ['', 'n', 'r', 'g', 'ld', 'nd', 'k', 's']],
  ['m n k t s b d g l w z mb nd ng mw kw ny'.split(' '), 'a e i o u'.split(' '), ['', '', '', '', '']],
  ['b c ç d f g h k l m n p r s ş t v y z'.split(' '), 'a e ı i o ö u ü'.split(' '), ['', '', 'n', 'r', 'k', 'm', 'l', 'z']],
  ['h k l m n p w t f v r'.split(' '), 'a e i o u ā ē ī ai au ei ua'.split(' '), ['']],
  ['qu x th ph ch z v r l n m d g s sh w j cr gl'.split(' '), "a e i o ae ia io ei y".split(' '), ['', '', 'x', 'th', 'n', 'l', 's', 'r', 'rn', 'lm']],
  ['b c d f g l ll m n ñ p qu r rr s t v z ch'.split(' ').filter(each => !each.startsWith('rr')), 'a e i o u á é í ó ú'.split(' '), ['', '', 'n', 's', 'r', 'l']]
]

/** A word of two to three syllables, in lower case, that belongs to the split. */
export function madeUpWord(dice: Dice, split: Split): string {
  for (;;) {
    const [begins, vowels, ends] = dice.pick(styles)
    let word = ''
    for (let left = dice.weighted([[2, 6], [3, 3], [1, 0.6]]); left > 0; left--) word += (word === '' && dice.chance(0.2) ? '' : dice.pick(begins)) + dice.pick(vowels) + dice.pick(ends)
    // Short ones spell words that exist: "no", "in", "sure".
    if (word.length >= 5 && word.length <= 11 && splitOf(word) === split) return word
  }
}

/** The same as a name. */
export function madeUpName(dice: Dice, split: Split): string {
  return capital(madeUpWord(dice, split))
}

export function capital(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}

/** Draws until what it draws belongs to the split: for numbers and codes. Give it what has many values. */
export function drawn(split: Split, draw: () => string): string {
  for (;;) {
    const text = draw()
    if (splitOf(text) === split) return text
  }
}
