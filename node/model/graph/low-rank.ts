import type { DecoderConfig } from '../decoder-config.ts'
import type { Graph, Value } from './graph.ts'
import { like } from './graph.ts'

/** A linear layer by its published name: y = W · x, for W [rows, columns]. */
export type Linear = { readonly name: string; readonly rows: number; readonly columns: number }

/** The linear layers of one decoder layer; those that read the same x stand together, and are one operation in the graph. */
export type LayerLinears = { readonly qkv: readonly Linear[]; readonly output: readonly Linear[]; readonly gateUp: readonly Linear[]; readonly down: readonly Linear[] }

export function layerLinears({ hiddenSize, innerSize, heads, kvHeads, headDim }: DecoderConfig, index: number): LayerLinears {
  const linear = (module: string, rows: number, columns: number): Linear => ({ name: `model.layers.${index}.${module}_proj`, rows, columns })
  const [q, kv] = [heads * headDim, kvHeads * headDim]
  return {
    qkv: [linear('self_attn.q', q, hiddenSize), linear('self_attn.k', kv, hiddenSize), linear('self_attn.v', kv, hiddenSize)],
    output: [linear('self_attn.o', hiddenSize, q)],
    gateUp: [linear('mlp.gate', innerSize, hiddenSize), linear('mlp.up', innerSize, hiddenSize)],
    down: [linear('mlp.down', hiddenSize, innerSize)]
  }
}

/** All linear layers that an adapter may change: neither embedding nor head. */
export function adaptableLinears(config: DecoderConfig): Linear[] {
  return config.layers.flatMap((_, index) => Object.values(layerLinears(config, index)).flat())
}

/** Names of the two inputs that adapt a linear layer: A f32 [columns, rank] and B f32 [rank, rows], of any rank, 0 included. */
export const lowRankInputs = ({ name }: Pick<Linear, 'name'>) => ({ a: `${name} A`, b: `${name} B` })

/**
 * Adds what an adapter adds (Hu et al. 2021, arXiv:2106.09685) to `y`, the outputs of `linears` over `x` side by side: (x · A) · B for each of them. A and B become
 * inputs of the graph, by `lowRankInputs`. With rank 0 that is a zero for every number, and y stays what it is bit for bit (but for a zero's sign).
 */
export function addLowRank(graph: Graph, x: Value, y: Value, linears: readonly Linear[]): Value {
  const leading = x.shape.slice(0, -1)
  const deltas = linears.map(linear => {
    const { a, b } = lowRankInputs(linear)
    const rank = `${linear.name} rank`
    const narrow = graph.op('MatMul', [x, graph.input(a, 'float32', [linear.columns, rank])], { type: 'float32', shape: [...leading, rank] })
    return graph.op('MatMul', [narrow, graph.input(b, 'float32', [rank, linear.rows])], { type: 'float32', shape: [...leading, linear.rows] })
  })
  const [only] = deltas
  return graph.op('Add', [y, deltas.length === 1 && only ? only : graph.op('Concat', deltas, like(y), { attributes: { axis: { int: -1 } } })], like(y))
}
