import { type Graph, type Value, like } from '../../model/graph/graph.ts'
import { multiplied } from './elementwise.ts'
import { gemm } from './linear.ts'
import { float, numbers, reshaped, rowsOf, sizes, stacked } from './shape.ts'
import type { Tape } from './tape.ts'

/** Rows of the matrix that makes scores of a vector: `add` adds them to the graph, f32 [rows, columns], at whatever time they are needed. */
type HeadPart = { readonly rows: number; readonly add: (waitsFor: Value) => Value }
/** Its parts under each other. One that is learned has a single part. */
export type Head = { readonly parts: readonly HeadPart[]; readonly learned: Value | null }

export function learnedHead(weight: Value): Head {
  return { parts: [{ rows: sizes(weight)[0] as number, add: () => weight }], learned: weight }
}

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

/**
 * As `crossEntropy` of x · headᵀ, for x [tokens, columns]. Scores exist for some tokens and one part of the head at a time, and their gradient is found there and then
 * (with several parts, from scores that are computed once more: Wijmans et al. 2024, arXiv:2411.09009).
 */
export function headCrossEntropy(tape: Tape, x: Value, head: Head, labels: Value, atOnce = scoresAtOnce): Value {
  const { graph } = tape
  const [tokens] = sizes(x) as [number]
  const step = Math.max(1, Math.floor(atOnce / Math.max(...head.parts.map(({ rows }) => rows))))
  const dx: Value[] = []
  let [total, dHead]: [Value | null, Value | null] = [null, null]
  for (let from = 0; from < tokens; from += step) {
    const to = Math.min(tokens, from + step)
    const piece = pieceLoss(graph, rowsOf(graph, x, from, to), reshaped(graph, rowsOf(graph, labels, from, to), [to - from, 1]), head, dHead)
    total = total ? graph.op('Add', [total, piece.loss], float()) : piece.loss
    dx.push(piece.dx)
    dHead = piece.dHead
  }
  if (!total) throw new Error('there are no tokens')
  return tape.recorded(total, head.learned ? [x, head.learned] : [x], () => [stacked(graph, dx), dHead])
}

/** `before`: the gradient of the head by earlier pieces. */
function pieceLoss(graph: Graph, x: Value, labels: Value, head: Head, before: Value | null): { loss: Value; dx: Value; dHead: Value | null } {
  const { parts, learned } = head
  const [only] = parts
  // Rows that do not count are left out of the small factor of each product.
  const counts = is(graph, 'GreaterOrEqual', labels, 0)
  const [loss, gradients] = only && parts.length === 1 ? wholeLoss(graph, x, labels, only) : partsLoss(graph, x, labels, parts, counts)
  let [sum, dHead]: [Value | null, Value | null] = [null, before]
  for (const gradient of gradients) {
    const { dScores, weight } = gradient(sum ?? loss)
    sum = gemm(graph, dScores, weight, { plus: sum })
    if (learned) dHead = gemm(graph, dScores, multiplied(graph, x, counts), { turnA: true, plus: dHead })
  }
  return { loss, dx: multiplied(graph, sum as Value, counts), dHead }
}

/** Gradient by the scores of one part, p − 1 at the label and p elsewhere, with the part of the head that it is to be multiplied with. */
type PartGradient = (waitsFor: Value) => { readonly dScores: Value; readonly weight: Value }

function wholeLoss(graph: Graph, x: Value, labels: Value, { rows, add }: HeadPart): [Value, PartGradient[]] {
  const weight = add(x)
  const scores = gemm(graph, x, weight, { turnB: true })
  const { loss, gradient } = lossOf(graph, scores, labels, rows)
  return [loss, [waitsFor => ({ dScores: gradient(), weight: add(waitsFor) })]]
}

function partsLoss(graph: Graph, x: Value, labels: Value, parts: readonly HeadPart[], counts: Value): [Value, PartGradient[]] {
  const column = float(sizes(x)[0] as number, 1)
  const [logs, own]: [Value[], Value[]] = [[], []]
  let from = 0
  const places = parts.map(({ rows, add }) => {
    const scores = gemm(graph, x, add(logs.at(-1) ?? x), { turnB: true })
    logs.push(logSum(graph, scores))
    const place = placeIn(graph, labels, from, rows)
    from += rows
    own.push(multiplied(graph, elementsAt(graph, scores, place), place.inside))
    return place
  })
  const log = logSum(graph, graph.op('Concat', logs, float(sizes(x)[0] as number, logs.length), { attributes: { axis: { int: 1 } } }))
  const lost = own.reduce((rest, each) => graph.op('Sub', [rest, each], column), multiplied(graph, log, counts))
  return [total(graph, lost), parts.map(({ add }, index) => waitsFor => {
    const weight = add(waitsFor)
    const scores = gemm(graph, x, weight, { turnB: true })
    const shares = graph.op('Exp', [graph.op('Sub', [scores, log], like(scores))], like(scores))
    return { dScores: lessAtLabel(graph, shares, places[index] as LabelPlace), weight }
  })]
}

/** The sum of losses of scores [rows, classes], and their gradient, which is wrong in rows that do not count. */
function lossOf(graph: Graph, scores: Value, labels: Value, classes: number): { loss: Value; gradient: () => Value } {
  const logs = graph.op('LogSoftmax', [scores], like(scores), { attributes: { axis: { int: -1 } } })
  const place = placeIn(graph, labels, 0, classes)
  const loss = graph.op('Neg', [total(graph, multiplied(graph, elementsAt(graph, logs, place), place.inside))], float())
  return { loss, gradient: () => lessAtLabel(graph, graph.op('Exp', [logs], like(logs)), place) }
}

/** Where the label of each row is among some of the classes. `inside`, f32 [rows, 1], is 0 where it is none of them; `index`, int32 [rows, 1], is any of them then. */
type LabelPlace = { readonly inside: Value; readonly index: Value }

function placeIn(graph: Graph, labels: Value, from: number, classes: number): LabelPlace {
  const int = (value: number) => graph.constant(Int32Array.of(value), [])
  const local = from === 0 ? labels : graph.op('Sub', [labels, int(from)], like(labels))
  const inside = multiplied(graph, is(graph, 'GreaterOrEqual', local, 0), is(graph, 'Less', local, classes))
  return { inside, index: graph.op('Clip', [local, int(0), int(classes - 1)], like(local)) }
}

/** 1 where it is so, 0 elsewhere, f32 of the same shape. */
function is(graph: Graph, comparison: 'GreaterOrEqual' | 'Less', value: Value, bound: number): Value {
  const truth = graph.op(comparison, [value, graph.constant(Int32Array.of(bound), [])], { type: 'bool', shape: value.shape })
  return graph.op('Cast', [truth], float(...value.shape), { attributes: { to: { int: 1 } } })
}

/** log Σ e^score of each row, f32 [rows, 1]. */
function logSum(graph: Graph, scores: Value): Value {
  return graph.op('ReduceLogSumExp', [scores, numbers(graph, 1)], float(sizes(scores)[0] as number, 1), { attributes: { keepdims: { int: 1 } } })
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
