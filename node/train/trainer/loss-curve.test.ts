import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type LossCurve, lossCurve } from './loss-curve.ts'

const falling = (steps: number, first = 8) => Array.from({ length: steps }, (_, step) => ({ step, loss: 1 + (first - 1) * Math.exp((-10 * step) / steps) }))
const pointsOf = (svg: string, kind: string) => (new RegExp(`class="${kind}" points="([^"]*)"`).exec(svg)?.[1] ?? '').split(' ').map(point => point.split(',').map(Number) as [number, number])
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text)

test('the lines lie where the numbers are: the first step at the left, the lowest loss at the bottom', () => {
  const svg = lossCurve({ training: falling(101), holdout: [{ step: 0, loss: 8 }, { step: 50, loss: 2 }, { step: 100, loss: 4 }] })
  // From 0 at 348 to 8 at 52: 37 for each.
  assert.equal(pointsOf(svg, 'holdout'), [[48, 52], [408, 274], [768, 200]])
})

test('ticks are round numbers, large ones in groups', () => {
  const svg = lossCurve({ training: falling(20_001), holdout: [] })
  assert.equal(texts(svg).slice(2, -2), ['0', '2', '4', '6', '8', '0', '5\u202F000', '10\u202F000', '15\u202F000', '20\u202F000'])
  const fine = lossCurve({ training: [{ step: 0, loss: 0.6931 }, { step: 1, loss: 0.6929 }], holdout: [] })
  assert.ok(['0.69290', '0.69300', '0.69310'].every(tick => texts(fine).includes(tick)), texts(fine).join())
})

test('of many steps no more is drawn than can be seen, and what is wild still is', () => {
  const many = falling(200_000).map(({ step, loss }) => ({ step, loss: loss + (step === 150_000 ? 2 : 0) }))
  const svg = lossCurve({ training: many, holdout: [] })
  assert.ok(svg.length < 30_000, String(svg.length))
  const heights = pointsOf(svg, 'training raw').filter(([x]) => x > 580 && x < 600).map(([, y]) => y)
  assert.ok(Math.max(...heights) - Math.min(...heights) > 40)
})

test('a single step, none at all, equal losses and losses that are no numbers give a picture as well', () => {
  const flat = { step: 3, loss: 2 }
  const odd: LossCurve[] = [
    { training: [], holdout: [] }, { training: [{ step: 0, loss: 0 }], holdout: [] }, { training: [flat, { ...flat, step: 4 }], holdout: [flat] }, { training: [{ step: 0, loss: 5e-9 }], holdout: [{ step: 0, loss: 1e12 }] },
    { training: [{ step: 0, loss: Number.NaN }, { step: 1, loss: Infinity }, { step: 2, loss: 1 }], holdout: [{ step: 2, loss: Number.NaN }] }
  ]
  for (const each of odd) assert.not.match(lossCurve(each), /NaN|Infinity|undefined/)
})

test('a title is text, whatever it holds', () => {
  const svg = lossCurve({ title: '<script>&"', training: falling(5), holdout: [] })
  assert.ok(svg.includes('aria-label="&lt;script>&amp;&quot;"') && !svg.includes('<script'))
})

test.run()
