import { type Graph, type Value, like } from '../../model/graph/graph.ts'
import { multiplied } from './elementwise.ts'
import { gemm } from './linear.ts'
import { float, numbers, reshaped, rowsOf, sizes, stacked } from './shape.ts'
import type { Tape } from './tape.ts'

/** Rows of the matrix that makes scores of a vector: `add` adds them to the graph, f32 [rows, columns], at whatever time they are needed. */
type HeadPart = { readonly rows: number; readonly add: (waitsFor: Value) => Value }
/** One matrix, for which scores of all classes are made at once. `learned`: its gradient is wanted. */
type WholeHead = { readonly kind: 'whole'; readonly weight: Value; readonly learned: boolean }
/** Its parts under each other, none of them learned. `rowsAt` adds the rows that `ids` int32 [tokens] name, f32 [tokens, columns]. */
type PartedHead = { readonly kind: 'parted'; readonly parts: readonly HeadPart[]; readonly rowsAt: (ids: Value) => Value }
export type Head = WholeHead | PartedHead

/** Of f32: 16 MB. */
const scoresAtOnce = 4 * 1024 * 1024

/** Sum of −log softmax(scores)[label] over the rows of scores [rows, classes]; labels int32 [rows], a negative one counts nothing. Where `backward` starts, with a gradient of one. */
export function crossEntropy(tape: Tape, scores: Value, labels: Value): Value {
  const { graph } = tape
  const [rows, classes] = sizes(scores) as [number, number]
  const column = reshaped(graph, labels, [rows, 1])
  const { loss, gradient } = lossOf(graph, scores, column, classes)
  return tape.recorded(loss, [scores], () => [multiplied(graph, gradient(), is(graph, 'GreaterOrEqual', column, 0))])
}

export type HeadOptions = {
  /** Whether anything but the loss is wanted. */
  readonly gradients: boolean
  /** Scores that exist at once. */
  readonly atOnce?: number | undefined
}

/** As `crossEntropy` of x · headᵀ, for x [tokens, columns]. Scores exist for some tokens and one part of the head at a time, and once: their gradient is found there and then. */
export function headCrossEntropy(tape: Tape, x: Value, head: Head, labels: Value, { gradients, atOnce = scoresAtOnce }: HeadOptions): Value {
  const { graph } = tape
  const [tokens] = sizes(x) as [number]
  const widest = head.kind === 'whole' ? (sizes(head.weight)[0] as number) : Math.max(...head.parts.map(({ rows }) => rows))
  const step = Math.max(1, Math.floor(atOnce / widest))
  const dx: Value[] = []
  let [total, dHead]: [Value | null, Value | null] = [null, null]
  for (let from = 0; from < tokens; from += step) {
    const to = Math.min(tokens, from + step)
    const [xs, column] = [rowsOf(graph, x, from, to), reshaped(graph, rowsOf(graph, labels, from, to), [to - from, 1])]
    const piece: PieceLoss = head.kind === 'whole' ? wholeLoss(graph, xs, column, head, dHead) : partedLoss(graph, xs, column, head, gradients)
    total = total ? graph.op('Add', [total, piece.loss], float()) : piece.loss
    dx.push(piece.dx)
    dHead = piece.dHead
  }
  if (!total) throw new Error('there are no tokens')
  return tape.recorded(total, head.kind === 'whole' && head.learned ? [x, head.weight] : [x], () => [stacked(graph, dx), dHead])
}

/** Of some tokens. Rows that do not count are left out of the small factor of each product. */
type PieceLoss = { readonly loss: Value; readonly dx: Value; readonly dHead: Value | null }

/** `before`: the gradient of the head by earlier pieces. */
function wholeLoss(graph: Graph, x: Value, labels: Value, { weight, learned }: WholeHead, before: Value | null): PieceLoss {
  const counts = is(graph, 'GreaterOrEqual', labels, 0)
  const { loss, gradient } = lossOf(graph, gemm(graph, x, weight, { turnB: true }), labels, sizes(weight)[0] as number)
  const dScores = gradient()
  const dx = multiplied(graph, gemm(graph, dScores, weight), counts)
  return { loss, dx, dHead: learned ? gemm(graph, dScores, multiplied(graph, x, counts), { turnA: true, plus: before }) : null }
}

/**
 * The gradient by x is the mean of the rows of the head, each as likely as the model finds it, less the row of the label. The mean grows part by part, beside the greatest score so far and the sum of
 * what the scores come to beside that (Milakov and Gimelshein 2018, arXiv:1805.02867).
 */
function partedLoss(graph: Graph, x: Value, labels: Value, { parts, rowsAt }: PartedHead, gradients: boolean): PieceLoss {
  const [tokens, columns] = sizes(x) as [number, number]
  const column = float(tokens, 1)
  let so: { readonly most: Value; readonly total: Value; readonly sum: Value } | null = null
  for (const { add } of parts) {
    // The next part waits until this one is done: else all of them would be unpacked at once.
    const weight: Value = add(so === null ? x : gradients ? so.sum : so.total)
    const scores = gemm(graph, x, weight, { turnB: true })
    const highest = graph.op('ReduceMax', [scores, numbers(graph, 1)], column)
    const most: Value = so ? graph.op('Max', [so.most, highest], column) : highest
    const shares = graph.op('Exp', [graph.op('Sub', [scores, most], like(scores))], like(scores))
    const own = graph.op('ReduceSum', [shares, numbers(graph, 1)], column)
    const faded: Value | null = so && graph.op('Exp', [graph.op('Sub', [so.most, most], column)], column)
    const kept = (value: Value): Value => graph.op('Mul', [value, faded as Value], like(value))
    so = { most, total: so ? graph.op('Add', [kept(so.total), own], column) : own, sum: gemm(graph, shares, weight, { plus: so && kept(so.sum) }) }
  }
  if (!so) throw new Error('the head has no rows')
  const counts = is(graph, 'GreaterOrEqual', labels, 0)
  const rows = rowsAt(graph.op('Clip', [reshaped(graph, labels, [tokens]), graph.constant(Int32Array.of(0), [])], { type: 'int32', shape: [tokens] }))
  const score = graph.op('ReduceSum', [multiplied(graph, x, rows), numbers(graph, 1)], column)
  const log = graph.op('Add', [graph.op('Log', [so.total], column), so.most], column)
  const mean = graph.op('Div', [so.sum, so.total], float(tokens, columns))
  return { loss: total(graph, multiplied(graph, graph.op('Sub', [log, score], column), counts)), dx: multiplied(graph, graph.op('Sub', [mean, rows], like(mean)), counts), dHead: null }
}

/** The sum of losses of scores [rows, classes], and their gradient, which is wrong in rows that do not count. */
function lossOf(graph: Graph, scores: Value, labels: Value, classes: number): { loss: Value; gradient: () => Value } {
  const logs = graph.op('LogSoftmax', [scores], like(scores), { attributes: { axis: { int: -1 } } })
  const place = placeIn(graph, labels, classes)
  const loss = graph.op('Neg', [total(graph, multiplied(graph, elementsAt(graph, logs, place), place.inside))], float())
  return { loss, gradient: () => lessAtLabel(graph, graph.op('Exp', [logs], like(logs)), place) }
}

/** Where the label of each row is among some of the classes. `inside`, f32 [rows, 1], is 0 where it is none of them; `index`, int32 [rows, 1], is any of them then. */
type LabelPlace = { readonly inside: Value; readonly index: Value }

function placeIn(graph: Graph, labels: Value, classes: number): LabelPlace {
  const int = (value: number) => graph.constant(Int32Array.of(value), [])
  const inside = multiplied(graph, is(graph, 'GreaterOrEqual', labels, 0), is(graph, 'Less', labels, classes))
  return { inside, index: graph.op('Clip', [labels, int(0), int(classes - 1)], like(labels)) }
}

/** 1 where it is so, 0 elsewhere, f32 of the same shape. */
function is(graph: Graph, comparison: 'GreaterOrEqual' | 'Less', value: Value, bound: number): Value {
  const truth = graph.op(comparison, [value, graph.constant(Int32Array.of(bound), [])], { type: 'bool', shape: value.shape })
  return graph.op('Cast', [truth], float(...value.shape), { attributes: { to: { int: 1 } } })
}

function elementsAt(graph: Graph, x: Value, { index, inside }: LabelPlace): Value {
  return graph.op('GatherElements', [x, index], like(inside), { attributes: { axis: { int: 1 } } })
}

function total(graph: Graph, column: Value): Value {
  return graph.op('ReduceSum', [column, numbers(graph, 0, 1)], float(), { attributes: { keepdims: { int: 0 } } })
}

function lessAtLabel(graph: Graph, shares: Value, { inside, index }: LabelPlace): Value {
  const less = graph.op('Neg', [inside], like(inside))
  return graph.op('ScatterElements', [shares, index, less], like(shares), { attributes: { axis: { int: 1 }, reduction: 'add' } })
}
