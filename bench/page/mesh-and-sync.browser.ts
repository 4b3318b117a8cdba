// What a page needs to be a device, and nothing of a page: the bundle whose size is measured.
export { createIdentity, parseIdentity, serializeIdentity } from '../../mesh/identity.ts'
export { createMesh } from '../../mesh/mesh.ts'
export { openIndexedDbStore } from '../../sync/store.browser.ts'
export { openSync } from '../../sync/sync.ts'
