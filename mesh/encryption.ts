import { noise } from '@libp2p/noise'

type Encrypters = ReturnType<ReturnType<typeof noise>>
type Connection = Parameters<Encrypters['secureOutbound']>[0]

/**
 * Noise that hands each message to the transport as one piece. By itself it hands over length, ciphertext and tag, and as libp2p
 * switches Nagle's algorithm off each leaves in a packet of its own: more packets, any of which may be lost and hold up what follows.
 */
export function encryption(): ReturnType<typeof noise> {
  return components => {
    const encrypter = noise()(components)
    const [secureInbound, secureOutbound] = [encrypter.secureInbound.bind(encrypter), encrypter.secureOutbound.bind(encrypter)]
    encrypter.secureInbound = (connection, options) => secureInbound(inOnePiece(connection), options)
    encrypter.secureOutbound = (connection, options) => secureOutbound(inOnePiece(connection), options)
    return encrypter
  }
}

function inOnePiece<C extends Connection>(connection: C): C {
  const send = connection.send.bind(connection)
  connection.send = data => send(data.subarray())
  return connection
}
