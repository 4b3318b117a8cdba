import { type AST, RegExpParser } from '@eslint-community/regexpp'

/** Longest pattern; published ones have up to 700 characters, and become a few thousand where the library spells classes out. */
const maxPatternChars = 16 * 1024
/** A repetition of more than this counts as one without end. */
const maxShort = 64
/** An engine may write out what is counted. */
const maxCount = 1024
/** Ways in which short repetitions of one branch may be tried. */
const maxTries = 256
/** Branches of a pattern with a repetition that may be tried again and again: each costs the square of the text's length at most. */
const maxLong = 16

const parser = new RegExpParser({ ecmaVersion: 2025 })

/**
 * Why a pattern may take more time than the square of the length of a text, or more memory than it should; undefined: it may not. Every engine for JavaScript's patterns goes back and tries
 * again where a branch fails. That stays within bounds if no repetition has a repetition or a choice within (Davis et al. 2018, "exponential"), and of the repetitions
 * of a branch that may have to be tried again, since something after them can fail, one at most is without end ("polynomial"). Refuses some patterns that would do no harm, and none that published tokenizers have.
 */
export function tooCostly({ source, flags }: RegExp): string | undefined {
  if (source.length > maxPatternChars) return `it has ${source.length} characters; at most ${maxPatternChars} are read`
  let pattern: AST.Pattern
  try {
    pattern = parser.parsePattern(source, 0, source.length, { unicode: flags.includes('u'), unicodeSets: flags.includes('v') })
  } catch {
    return 'it cannot be read'
  }
  try {
    const branches = pattern.alternatives.map(({ elements }) => costOf(elements, false))
    if (branches.some(({ long }) => long > 1)) return 'it tries several repetitions against each other'
    if (branches.some(({ tries }) => tries > maxTries)) return 'it has too many parts that may be there or not'
    return branches.reduce((sum, { long }) => sum + long, 0) > maxLong ? 'it has too many repetitions' : undefined
  } catch (error) {
    if (error instanceof Costly) return error.message
    // The stack, which deep nesting exhausts.
    if (error instanceof RangeError) return 'it nests too deeply'
    throw error
  }
}

class Costly extends Error {}

/** What may be tried again if something after it fails: repetitions without end, and the ways in which the others can be tried. */
type Cost = { readonly long: number; readonly tries: number }

const free: Cost = { long: 0, tries: 1 }

/** `fails`: something after the elements can fail. */
function costOf(elements: readonly AST.Element[], fails: boolean): Cost {
  let [cost, canFail] = [free, fails]
  for (const element of elements.toReversed()) {
    const own = costOfElement(element, canFail)
    cost = { long: cost.long + own.long, tries: cost.tries * own.tries }
    canFail ||= mayFail(element)
  }
  return cost
}

function costOfElement(element: AST.Element, fails: boolean): Cost {
  switch (element.type) {
    case 'Backreference':
      throw new Costly('it refers back to what it found')
    case 'Assertion':
      return element.kind === 'lookahead' || element.kind === 'lookbehind' ? worst(element.alternatives, false) : free
    case 'Group':
    case 'CapturingGroup':
      return withChoice(worst(element.alternatives, fails), element.alternatives.length, fails)
    case 'Quantifier': {
      const { min, max } = element
      if (min > maxCount || (max !== Infinity && max > maxCount)) throw new Costly(`it counts to more than ${maxCount}`)
      if (max <= 1) return times(costOfElement(element.element, fails), fails ? max - min + 1 : 1)
      if (!isFixed(element.element)) throw new Costly('it repeats what has repetitions or choices within')
      if (!fails || min === max) return free
      return max - min > maxShort ? { long: 1, tries: 1 } : { long: 0, tries: max - min + 1 }
    }
    default:
      return free
  }
}

function worst(alternatives: readonly AST.Alternative[], fails: boolean): Cost {
  const costs = alternatives.map(({ elements }) => costOf(elements, fails))
  return { long: Math.max(...costs.map(({ long }) => long)), tries: Math.max(...costs.map(({ tries }) => tries)) }
}

/** Where what follows fails, each branch is tried. */
function withChoice(cost: Cost, branches: number, fails: boolean): Cost {
  return fails ? times(cost, branches) : cost
}

function times({ long, tries }: Cost, ways: number): Cost {
  return { long, tries: tries * ways }
}

/** It is always as long, and there is one way to find it. */
function isFixed(element: AST.Element): boolean {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return element.alternatives.length === 1 && element.alternatives.every(({ elements }) => elements.every(isFixed))
    case 'Quantifier':
      return element.min === element.max && element.max <= maxShort && isFixed(element.element)
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      return true
    default:
      return false
  }
}

function mayFail(element: AST.Element): boolean {
  if (element.type === 'Quantifier') return element.min > 0 && mayFail(element.element)
  if (element.type === 'Group' || element.type === 'CapturingGroup') return element.alternatives.every(({ elements }) => elements.some(mayFail))
  return true
}
