/**
 * The nodes of a strongly connected component out of which no edge leads (Tarjan; the first such one in the order of `nodes`).
 * `edges` may only lead to `nodes`.
 */
export function firstClosedCircle(nodes: readonly number[], edges: (node: number) => number[]): number[] {
  const order = new Map<number, number>()
  const low = new Map<number, number>()
  const stack: number[] = []
  const onStack = new Set<number>()
  for (const root of nodes) {
    if (order.has(root)) continue
    // An explicit call stack: chains of 4096 statements are deeper than the engine's may be.
    const calls: { node: number; targets: number[]; next: number }[] = []
    const enter = (node: number) => {
      order.set(node, order.size)
      low.set(node, order.get(node)!)
      stack.push(node)
      onStack.add(node)
      calls.push({ node, targets: edges(node), next: 0 })
    }
    enter(root)
    while (calls.length > 0) {
      const call = calls[calls.length - 1]!
      const target = call.targets[call.next++]
      if (target === undefined) {
        // The first component that Tarjan completes has no edges to others.
        if (low.get(call.node) === order.get(call.node)) return stack.slice(stack.indexOf(call.node)).sort((a, b) => a - b)
        calls.pop()
        const parent = calls[calls.length - 1]
        if (parent) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(call.node)!))
      } else if (!order.has(target)) {
        enter(target)
      } else if (onStack.has(target)) {
        low.set(call.node, Math.min(low.get(call.node)!, order.get(target)!))
      }
    }
  }
  throw new Error('there is no circle among no nodes')
}
