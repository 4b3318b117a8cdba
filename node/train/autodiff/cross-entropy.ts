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
  const place = placeIn(graph, column, 0, classes)
  const log = logSum(graph, scores)
  const loss = lossOf(graph, log, ownScore(graph, scores, place), column)
  return tape.recorded(loss, [scores], () => [scoreGradient(graph, scores, log, counted(graph, column), place)])
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
function pieceLoss(graph: Graph, x: Value, labels: Value, { parts, learned }: Head, before: Value | null): { loss: Value; dx: Value; dHead: Value | null } {
  const logs: Value[] = []
  let from = 0
  const read = parts.map(({ rows, add }) => {
    const scores = gemm(graph, x, add(logs.at(-1) ?? x), { turnB: true })
    const place = placeIn(graph, labels, from, rows)
    from += rows
    logs.push(logSum(graph, scores))
    return { scores, place, own: ownScore(graph, scores, place) }
  })
  const log = logs.length === 1 ? (logs[0] as Value) : logSum(graph, graph.op('Concat', logs, float(sizes(x)[0] as number, logs.length), { attributes: { axis: { int: 1 } } }))
  const own = read.map(each => each.own).reduce((sum, each) => graph.op('Add', [sum, each], like(sum)))
  const loss = lossOf(graph, log, own, labels)
  let [dx, dHead]: [Value | null, Value | null] = [null, before]
  for (const [index, { scores, place }] of read.entries()) {
    const weight = (parts[index] as HeadPart).add(dx ?? loss)
    const again = parts.length === 1 ? scores : gemm(graph, x, weight, { turnB: true })
    const dScores = scoreGradient(graph, again, log, counted(graph, labels), place)
    dx = gemm(graph, dScores, weight, { plus: dx })
    if (learned) dHead = gemm(graph, dScores, x, { turnA: true, plus: dHead })
  }
  return { loss, dx: dx as Value, dHead }
}

/** Where the label of each row is among some of the classes. `inside`, f32 [rows, 1], is 0 where it is none of them; `index`, int32 [rows, 1], is any of them then. */
type LabelPlace = { readonly inside: Value; readonly index: Value }

function placeIn(graph: Graph, labels: Value, from: number, classes: number): LabelPlace {
  const int = (value: number) => graph.constant(Int32Array.of(value), [])
  const local = from === 0 ? labels : graph.op('Sub', [labels, int(from)], like(labels))
  const inside = multiplied(graph, is(graph, 'GreaterOrEqual', local, 0), is(graph, 'Less', local, classes))
  return { inside, index: graph.op('Clip', [local, int(0), int(classes - 1)], like(local)) }
}

/** 1 where a row has a label, 0 elsewhere, f32 [rows, 1]. */
function counted(graph: Graph, labels: Value): Value {
  return is(graph, 'GreaterOrEqual', labels, 0)
}

function is(graph: Graph, comparison: 'GreaterOrEqual' | 'Less', value: Value, bound: number): Value {
  const truth = graph.op(comparison, [value, graph.constant(Int32Array.of(bound), [])], { type: 'bool', shape: value.shape })
  return graph.op('Cast', [truth], float(...value.shape), { attributes: { to: { int: 1 } } })
}

/** log Σ e^score of each row, f32 [rows, 1]. */
function logSum(graph: Graph, scores: Value): Value {
  return graph.op('ReduceLogSumExp', [scores, numbers(graph, 1)], float(sizes(scores)[0] as number, 1), { attributes: { keepdims: { int: 1 } } })
}

/** The score of the label, 0 where it is not inside, f32 [rows, 1]. */
function ownScore(graph: Graph, scores: Value, { inside, index }: LabelPlace): Value {
  return multiplied(graph, graph.op('GatherElements', [scores, index], like(inside), { attributes: { axis: { int: 1 } } }), inside)
}

function lossOf(graph: Graph, log: Value, own: Value, labels: Value): Value {
  const lost = graph.op('Sub', [multiplied(graph, log, counted(graph, labels)), own], like(log))
  return graph.op('ReduceSum', [lost, numbers(graph, 0, 1)], float(), { attributes: { keepdims: { int: 0 } } })
}

/** p − 1 at the label, p elsewhere; 0 in rows that do not count. */
function scoreGradient(graph: Graph, scores: Value, log: Value, counts: Value, { inside, index }: LabelPlace): Value {
  const shares = graph.op('Exp', [graph.op('Sub', [scores, log], like(scores))], like(scores))
  const less = graph.op('Neg', [inside], like(inside))
  return graph.op('ScatterElements', [multiplied(graph, shares, counts), index, less], like(scores), { attributes: { axis: { int: 1 }, reduction: 'add' } })
}
