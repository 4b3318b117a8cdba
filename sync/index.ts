/** The face of sync/ for programs that embed kinmesh. Inside the project, import the file you need. */
export type { Change, Fault, HeldDeletion, Item, ItemValue, MemberStatus, PeerSync, Space, SpaceName, Sync, Version } from './types.ts'
