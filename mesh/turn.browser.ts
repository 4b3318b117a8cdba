/** Calls back once the event loop has turned, after what arrived meanwhile; returns what calls that off. From the fifth in a row on a timer would let four milliseconds pass. */
export function nextTurn(act: () => void): () => void {
  const { port1, port2 } = new MessageChannel()
  port1.addEventListener('message', () => {
    port1.close()
    act()
  })
  port1.start()
  port2.postMessage(undefined)
  return () => port1.close()
}
