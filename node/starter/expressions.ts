/** Numbers of a sum, at most: with more there are too many ways to put them together. */
const maxNumbers = 4
const operators = ['+', '-', '*', '/'] as const

/** What `calculate` may be asked for a message: its numbers in their order, with any operators between them; of two also the other way round, where that is something else; of a share, what it is. None where there are too few numbers, or too many. */
export function expressionsOf(text: string): string[] {
  const numbers = text.match(/\d+(?:\.\d+)?/g) ?? []
  const [first = '', second = ''] = numbers
  if (numbers.length < 2 || numbers.length > maxNumbers) return []
  if (numbers.length === 2 && /%|\bper ?cent\b/i.test(text)) return [`${second} * ${first} / 100`]
  const inOrder = numbers.slice(1).reduce<string[]>((all, number) => all.flatMap(before => operators.map(operator => `${before} ${operator} ${number}`)), [first])
  return numbers.length === 2 ? [...inOrder, `${second} - ${first}`, `${second} / ${first}`] : inOrder
}
