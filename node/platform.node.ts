import { arch, hostname, platform } from 'node:os'

// The Node half of "#node/platform"; a browser half has the same names.
export { listen } from './api.node.ts'
export { openMcpServers } from './agent/mcp/servers.node.ts'
export { openSkills } from './agent/skills/skills.node.ts'
export { openChosenEncoder } from './model/encoder/chosen-encoder.node.ts'
export { openChosenModel } from './model/chosen-model.node.ts'
export { openModelShare } from './model/share/share.node.ts'
export { openConversations } from './conversations.node.ts'
export { openDocuments } from './documents/documents.node.ts'
export { examine } from './doctor/examine.node.ts'
export { openFederated } from './federated/open-federated.node.ts'
export { openHome, tokenFile, type Home } from './home.node.ts'
export { pageFiles } from './page-files.node.ts'
export { openTermIndex } from './context/term-index.node.ts'
export { openMemoryVectors } from './context/vectors/open-memory-vectors.node.ts'
export { version } from './version.node.ts'
export { openSqliteStore as openStore } from '../sync/store.node.ts'

/** A first name for this device. */
export function machineName(): string {
  return hostname().split('.')[0] || 'device'
}

/** Where it runs, for the person who confirms a newcomer. */
export function machinePlace(): string {
  return `${platform()} ${arch()}, node ${process.versions.node.split('.')[0]}`
}

export function residentBytes(): number {
  return process.memoryUsage.rss()
}

/** Calls `work` now and then, without keeping the process alive; returns how to end that. */
export function every(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms)
  timer.unref()
  return () => clearInterval(timer)
}
