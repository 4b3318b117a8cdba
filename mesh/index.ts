/** The face of mesh/ for programs that embed kinmesh. Inside the project, import the file you need. */
export { KinmeshError, isKinmeshError } from './errors.ts'
export { createIdentity, deviceIdOf, parseIdentity, publicKeyOf, serializeIdentity } from './identity.ts'
export { silentLogger } from './log.ts'
export { MembershipLog } from './membership.ts'
export { createMesh } from './mesh.ts'
export type { LogFields, Logger } from './log.ts'
export type { Epoch, Keyring, Member, Removal } from './membership.ts'
export type {
  AddressBook, Channel, ChannelHandler, DeviceCard, DeviceId, Identity, Invite, InviteOptions, JoinOptions, JoinResult, Mesh, MeshOptions, PeerStatus, RelayStatus, Role, WireTap
} from './types.ts'
