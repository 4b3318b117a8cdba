import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { calculate } from './calculate.ts'

test('sums of numbers', () => {
  const sums = {
    '1 + 2 * 3': '7', '(1 + 2) * 3': '9', '0.1 + 0.2': '0.3', '10 / 4': '2.5', '-3 - -4': '1', '340 * 18 / 100': '61.2', '1,250 + 1': '1251', '12 × 3': '36', '12 x (3)': '36', '9 ÷ 3': '3', '18% * 50': '9', '200 * 5 %': '10', '2 / 3': '0.666666666667', '1e3 + 1': '1001',
    '123456789 * 1000': '123456789000', '1 / 3 * 3': '1', '5': '5'
  }
  for (const [expression, result] of Object.entries(sums)) assert.is(calculate(expression), result, expression)
})

test('what is none, or has no result, is a named error and nothing is run', () => {
  for (const expression of ['', '1 +', '1 2', 'process.exit(1)', 'constructor', '[1]', '"1" + 2', '1 / 0', '2 ** 9', '2 ^ 3', 'a + 1', '1 ? 2 : 3', '1; 2', '9e999', '1+'.repeat(300) + '1', '('.repeat(200), '10 % 3', '1 && 2']) {
    assert.throws(() => calculate(expression), (error: unknown) => isKinmeshError(error, 'BadExpression'), expression)
  }
})

test.run()
