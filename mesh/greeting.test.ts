import { streamPair } from '@libp2p/utils'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rejects } from '../tools/assert.ts'
import { maxAddrChars, maxAddrsPerDevice } from './addresses.ts'
import { channelOver } from './channel.ts'
import { type CborValue, encodeCbor } from './codec.ts'
import { isKinmeshError } from './errors.ts'
import { answerGreeting, type Greeting, maxAddrsTold } from './greeting.ts'
import { silentLogger } from './log.ts'
import { maxMembers } from './statement.ts'

const addr = '/ip4/127.0.0.1/tcp/1'

/** What a device makes of this greeting. */
async function heard(greeting: CborValue): Promise<Greeting> {
  const [a, b] = await streamPair()
  const options = { protocol: '/kinmesh/hello/1', log: silentLogger, tap: undefined, peer: 'peer' }
  const [near, far] = [channelOver(a, options), channelOver(b, options)]
  try {
    await near.send(encodeCbor(greeting))
    return await answerGreeting(far, { addrs: [], others: [], relays: false })
  } finally {
    near.abort(new Error('done'))
  }
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

test('a greeting keeps to its bounds', async () => {
  const most = await heard([times(maxAddrsPerDevice, addr), times(maxMembers, ['id', times(maxAddrsTold, addr)]), false])
  assert.equal([most.addrs.length, most.others.length], [maxAddrsPerDevice, maxMembers])
  const wrong: CborValue[] = [
    [times(maxAddrsPerDevice + 1, addr), [], false], [[], times(maxMembers + 1, ['id', []]), false], [[], [['id', times(maxAddrsTold + 1, addr)]], false], [['x'.repeat(maxAddrChars + 1)], [], false],
    [[], [['x'.repeat(65), []]], false], [[7], [], false], [[], [['id', [7]]], false], [[], []], [[], [], 0], [[], [], false, 0], [[], [['id', [], 0]], false], 'hello'
  ]
  for (const greeting of wrong) await rejects(heard(greeting), (error: unknown) => isKinmeshError(error, 'MalformedBytes'))
})

test.run()
