import { answerCalls } from '../device/answer-calls.ts'
import { ServedHub, ServedReplica } from './served.ts'
import type { Hub, Replica } from './system.ts'
import { countSockets } from './wire.ts'

// One process of a system: main.ts SYSTEM hub|replica OPTIONS. Only what it runs is loaded.

countSockets()
const [system = '', role, options = '{}'] = process.argv.slice(2)
const made = await make()
answerCalls(acknowledge => ('listen' in made ? new ServedHub(made) : new ServedReplica(made, acknowledge)))

async function make(): Promise<Hub | Replica> {
  const isHub = role === 'hub'
  switch (system) {
    case 'hocuspocus': {
      const { HocuspocusHub, hocuspocusReplica } = await import('./hocuspocus.ts')
      return isHub ? new HocuspocusHub(JSON.parse(options) as ConstructorParameters<typeof HocuspocusHub>[0]) : hocuspocusReplica()
    }
    case 'y-websocket': {
      const { YWebsocketHub, yWebsocketReplica } = await import('./y-websocket.ts')
      return isHub ? new YWebsocketHub() : yWebsocketReplica()
    }
    case 'automerge-repo': {
      const { AutomergeHub, AutomergeReplica } = await import('./automerge.ts')
      return isHub ? new AutomergeHub() : new AutomergeReplica()
    }
    case 'kinmesh': {
      const { KinmeshReplica } = await import('./kinmesh.ts')
      return new KinmeshReplica()
    }
    default:
      throw new Error(`there is no system "${system}"`)
  }
}
