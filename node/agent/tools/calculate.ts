import jsep from 'jsep'
import { KinmeshError } from '../../../mesh/errors.ts'

/** More is no sum that somebody says. In characters. */
const maxLength = 500
/** Digits that f64 has whatever the sum: 0.1 + 0.2 is 0.3. */
const digits = 12

/** What a sum of numbers with + - * / % and brackets makes; `%` behind a number is a hundredth. @throws KinmeshError `BadExpression` */
export function calculate(expression: string): string {
  if (expression.length > maxLength) throw bad('it is too long')
  const result = valueOf(parse(spelled(expression)))
  if (!Number.isFinite(result)) throw bad('it divides by zero, or is beyond all numbers')
  return new Intl.NumberFormat('en', { maximumSignificantDigits: digits, useGrouping: false }).format(result)
}

/** As the parser reads it: thousands without commas, × and ÷, hundredths. */
function spelled(expression: string): string {
  return expression
    .replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replaceAll(/[×x](?=\s*[\d(])/gi, '*')
    .replaceAll('÷', '/')
    .replaceAll('−', '-')
    .replaceAll(/(\d+(?:\.\d+)?)\s*%(?!\s*[\d(])/g, '($1/100)')
}

function parse(expression: string): jsep.Expression {
  try {
    return jsep(expression)
  } catch (cause) {
    throw bad('it is not a sum', cause)
  }
}

function valueOf(node: jsep.Expression): number {
  if (node.type === 'Literal' && typeof node['value'] === 'number') return node['value']
  if (node.type === 'UnaryExpression' && (node['operator'] === '-' || node['operator'] === '+')) return (node['operator'] === '-' ? -1 : 1) * valueOf(node['argument'] as jsep.Expression)
  if (node.type !== 'BinaryExpression') throw bad('it has more than numbers, + - * / and brackets')
  const [left, right] = [valueOf(node['left'] as jsep.Expression), valueOf(node['right'] as jsep.Expression)]
  switch (node['operator']) {
    case '+': return left + right
    case '-': return left - right
    case '*': return left * right
    case '/': return left / right
    default: throw bad('it has more than numbers, + - * / and brackets')
  }
}

function bad(why: string, cause?: unknown): KinmeshError {
  return new KinmeshError('BadExpression', `this cannot be calculated, because ${why}: use numbers, + - * / and brackets`, { cause })
}
