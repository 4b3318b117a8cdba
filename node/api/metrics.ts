import type { DeviceParts } from '../parts.ts'

/** Prometheus text: what this device knows for certain, and nothing that names a person or a word. */
export function metrics({ sync, startedAt, clock, model }: DeviceParts, residentBytes: number): string {
  const peers = sync.peers()
  const lines: string[] = []
  const gauge = (name: string, help: string, ...values: [labels: string, value: number][]) => {
    lines.push(`# HELP kinmesh_${name} ${help}`, `# TYPE kinmesh_${name} gauge`, ...values.map(([labels, value]) => `kinmesh_${name}${labels} ${value}`))
  }
  gauge('uptime_seconds', 'Time since this device was started.', ['', Math.max(0, clock() - startedAt) / 1000])
  gauge('memories', 'Live memories by space.', ...sync.spaces().map((space): [string, number] => [`{space="${space.name}"}`, space.count]))
  gauge('peers', 'Other devices of this mesh.', ['', peers.length])
  gauge('peers_connected', 'Other devices that are connected now.', ['', peers.filter(peer => peer.connected).length])
  gauge('peers_synced', 'Connected devices known to hold the same memories.', ['', peers.filter(peer => peer.synced).length])
  gauge('held_deletions', 'Large deletions that wait for a person.', ['', sync.held().length])
  gauge('faults', 'Faults that a person should read.', ['', sync.faults().length])
  gauge('model_loaded', '1 when a language model is loaded.', ['', model.current ? 1 : 0])
  gauge('resident_memory_bytes', 'Resident memory of the process.', ['', residentBytes])
  return `${lines.join('\n')}\n`
}
