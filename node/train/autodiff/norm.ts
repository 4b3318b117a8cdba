import { type Value, like } from '../../model/graph/graph.ts'
import { multiplied } from './elementwise.ts'
import { float, numbers, sizes, summed } from './shape.ts'
import type { Tape } from './tape.ts'

/** RMSNorm of each row (Zhang and Sennrich 2019, arXiv:1910.07467): x · r · gamma, r = 1 / √(mean x² + epsilon). x [..., columns], gamma [columns]. */
export function rmsNorm(tape: Tape, x: Value, gamma: Value, epsilon: number): Value {
  const { graph } = tape
  const row = [...sizes(x).slice(0, -1), 1]
  const [y, r] = graph.node('SimplifiedLayerNormalization', [x, gamma], [like(x), float(...row)], { attributes: { axis: { int: -1 }, epsilon } }) as [Value, Value]
  return tape.recorded(y, [x, gamma], dy => {
    // dx = r · g − x · r³ · mean(g · x), with g = dy · gamma.
    const scaled = multiplied(graph, dy, gamma)
    const mean = graph.op('ReduceMean', [multiplied(graph, scaled, x), numbers(graph, -1)], float(...row), { attributes: { keepdims: { int: 1 } } })
    const cubed = multiplied(graph, r, multiplied(graph, r, r))
    const along = multiplied(graph, x, multiplied(graph, cubed, mean))
    const dx = graph.op('Sub', [multiplied(graph, scaled, r), along], like(x))
    return [dx, summed(graph, multiplied(graph, dy, multiplied(graph, x, r)), 1)]
  })
}
